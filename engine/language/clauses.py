"""Which words of a request speak of which action: a small tagger over the text encoder's word pieces.

"she bows, and before that she waves" -> [["she waves"], ["she bows"]], in the order in which things are to happen;
"walk on while waving, then sit" -> [["walk on", "waving"], ["sit"]]: what happens at once stands together.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from engine.retrieval.text_encoder import DIM, MAX_PIECES, EncodedText

FILE = "clauses.safetensors"
MAX_SEGMENTS = 6
"""Actions one after another that are told apart, each of one or two calls."""
NUM_TAGS = 1 + 2 * MAX_SEGMENTS
WIDTH, LAYERS, HEAD = 128, 2, 32
"""Shape of a fresh tagger; HEAD: width of one attention head."""
MIN_CHARS = 3
SWITCH, SWITCH_NONE = 2.0, 0.7
"""Cost of a change of tag between neighbours, and of one to or from none, in nats."""
SCALE = 8.0
"""Brings words without context to about the size of those in context."""


class ClauseTagger(nn.Module):
    """Word pieces -> logits (B, W, NUM_TAGS): 0 none, else 1 + twice the segment, + 1 more for its second call.

    It reads the pieces with and without their context: in context, "then" and "before" hardly differ from what is
    around them.
    """

    def __init__(self, width: int = WIDTH, layers: int = LAYERS) -> None:
        super().__init__()
        self.enter = nn.Linear(2 * DIM, width)
        self.place = nn.Embedding(MAX_PIECES, width)
        layer = nn.TransformerEncoderLayer(
            width, width // HEAD, 3 * width, 0.05, "gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.leave = nn.Linear(width, NUM_TAGS)

    def forward(self, text: EncodedText) -> torch.Tensor:
        device = self.leave.weight.device
        pieces = torch.cat([text.pieces, SCALE * text.words], -1).to(device)
        x = self.enter(pieces) + self.place(torch.arange(pieces.shape[1], device=device))
        return self.leave(self.layers(x, src_key_padding_mask=~text.mask.to(device)))


def load_tagger(folder: Path) -> ClauseTagger | None:
    """The tagger of a language model's folder; None for a model that was trained without one."""
    if not (folder / FILE).is_file():
        return None
    state = {k: v.float() for k, v in load_file(folder / FILE).items()}
    layers = len({k.split(".")[2] for k in state if k.startswith("layers.layers.")})
    tagger = ClauseTagger(state["leave.weight"].shape[1], layers)
    tagger.load_state_dict(state)
    return tagger.eval()


@torch.inference_mode()
def split_request(request: str, tagger: ClauseTagger, text: EncodedText) -> list[list[str]]:
    """The words of each action, by segment; [] when the request asks for one action only. text: of the request."""
    return clauses_of(request, likeliest_tags(tagger(text)[0]), text)


def likeliest_tags(logits: torch.Tensor) -> list[int]:
    """The likeliest run of tags of pieces with these logits (W, NUM_TAGS), if a change of tag costs SWITCH (Viterbi).

    A single word that leans elsewhere then stays with its neighbours: in "turns left" both are of one action.
    """
    scores = logits.float().log_softmax(-1)
    change = torch.full((NUM_TAGS, NUM_TAGS), -SWITCH).fill_diagonal_(0.0)
    change[0, 1:] = change[1:, 0] = -SWITCH_NONE
    best, back = scores[0], []
    for row in scores[1:]:
        best, before = (best[:, None] + change).max(0)
        best = best + row
        back.append(before)
    tags = [int(best.argmax())]
    for before in reversed(back):
        tags.append(int(before[tags[-1]]))
    return tags[::-1]


def clauses_of(request: str, tags: list[int], text: EncodedText) -> list[list[str]]:
    """The request cut up by the tags of its pieces, one or two clauses a segment; [] unless there are two in all."""
    runs: dict[int, list[list[int]]] = {}
    previous = 0
    for tag, (start, stop) in zip(tags, text.places[0].tolist(), strict=True):
        if stop == 0:
            continue
        if tag and tag == previous:
            runs[tag][-1][1] = stop
        elif tag:
            runs.setdefault(tag, []).append([start, stop])
        previous = tag
    segments: dict[int, list[str]] = {}
    for tag, found in sorted(runs.items()):
        words = clause_words(request, found)
        if words:
            segments.setdefault((tag - 1) // 2, []).append(words)
    cut = list(segments.values())
    return cut if sum(map(len, cut)) > 1 else []


def clause_words(request: str, places: list[list[int]]) -> str:
    """The words in these stretches of a request, widened to whole words; '' when they are too few to mean anything."""
    pieces = (_whole_words(request, start, stop) for start, stop in places)
    text = " ".join(piece for piece in pieces if piece)
    return text if len(text) >= MIN_CHARS else ""


def _whole_words(request: str, start: int, stop: int) -> str:
    """The stretch, widened to where its first word begins and its last word ends."""
    while start > 0 and request[start - 1].isalnum() and request[start].isalnum():
        start -= 1
    while stop < len(request) and request[stop].isalnum() and request[stop - 1].isalnum():
        stop += 1
    return request[start:stop].strip(" ,.;:")
