"""Which words of a request speak of which action of a sequence: a small tagger over the text encoder's word pieces.

"she bows, and before that she waves" -> ["she waves", "she bows"], in the order in which things are to happen.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from engine.retrieval.text_encoder import DIM, MAX_PIECES, EncodedText, TextEncoder

FILE = "clauses.safetensors"
MAX_CLAUSES = 3
WIDTH, LAYERS, HEADS = 128, 2, 4
MIN_CHARS = 3
RATHER_CUT = 1.0
"""How much less likely, in nats, no clause is than it seems: short requests are cut too seldom otherwise."""
SCALE = 8.0
"""Brings words without context to about the size of those in context."""


class ClauseTagger(nn.Module):
    """Word pieces -> logits (B, W, 1 + MAX_CLAUSES): 0 none, k the k-th action to happen.

    It reads the pieces with and without their context: in context, "then" and "before" hardly differ from what is
    around them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.Linear(2 * DIM, WIDTH)
        self.place = nn.Embedding(MAX_PIECES, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 3 * WIDTH, 0.05, "gelu", batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.leave = nn.Linear(WIDTH, 1 + MAX_CLAUSES)

    def forward(self, text: EncodedText) -> torch.Tensor:
        device = self.leave.weight.device
        pieces = torch.cat([text.pieces, SCALE * text.words], -1).clone().to(device)
        x = self.enter(pieces) + self.place(torch.arange(pieces.shape[1], device=device))
        return self.leave(self.layers(x, src_key_padding_mask=~text.mask.clone().to(device)))


def load_tagger(folder: Path) -> ClauseTagger | None:
    """The tagger of a language model's folder; None for a model that was trained without one."""
    if not (folder / FILE).is_file():
        return None
    tagger = ClauseTagger()
    tagger.load_state_dict({k: v.float() for k, v in load_file(folder / FILE).items()})
    return tagger.eval()


@torch.inference_mode()
def split_request(request: str, tagger: ClauseTagger, encoder: TextEncoder) -> list[str]:
    """The words of each action of a sequence, in the order of the actions; [] when the request asks for one only."""
    text = encoder([request])
    logits = tagger(text)[0]
    logits[:, 0] -= RATHER_CUT
    tags = logits.argmax(-1).tolist()
    return clauses_of(request, tags, text)


def clauses_of(request: str, tags: list[int], text: EncodedText) -> list[str]:
    """The request cut up by the tags of its pieces; [] unless they name two or more stretches."""
    places = text.places[0].tolist()
    runs: dict[int, list[list[int]]] = {}
    previous = 0
    for tag, (start, stop) in zip(tags, places, strict=True):
        if stop == 0:
            continue
        if tag and tag == previous:
            runs[tag][-1][1] = stop
        elif tag:
            runs.setdefault(tag, []).append([start, stop])
        previous = tag
    longest = {tag: max(found, key=lambda r: r[1] - r[0]) for tag, found in runs.items()}
    words = [_whole_words(request, start, stop) for _, (start, stop) in sorted(longest.items())]
    words = [w for w in words if len(w) >= MIN_CHARS]
    return words if len(words) > 1 else []


def _whole_words(request: str, start: int, stop: int) -> str:
    """The stretch, widened to where its first word begins and its last word ends."""
    while start > 0 and request[start - 1].isalnum() and request[start].isalnum():
        start -= 1
    while stop < len(request) and request[stop].isalnum() and request[stop - 1].isalnum():
        stop += 1
    return request[start:stop].strip(" ,.;:")
