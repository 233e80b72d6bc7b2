"""Trains the clause tagger on captions of sequences and on requests that ask for one thing. A few minutes on a CPU."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from engine.core.config import Config
from engine.core.plan import parse_plan
from engine.data.captions import caption_spans
from engine.data.compose import catalogue, sample_plan
from engine.data.dialogues import sample_turn
from engine.language.clauses import FILE, MAX_CLAUSES, ClauseTagger
from engine.retrieval.text_encoder import EncodedText, TextEncoder
from engine.train.batches import SEQUENCES

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClauseRecipe:
    """steps of `batch` requests, sequence_share of which are sequences."""

    steps: int = 1500
    batch: int = 64
    lr: float = 1.5e-3
    sequence_share: float = 0.65
    seed: int = 0


Spans = list[tuple[int, int]]


class RequestMaker:
    """Draws requests with the places of their clauses; none for a request of one action, an edit or a question."""

    def __init__(self, recipe: ClauseRecipe) -> None:
        self.recipe, self.known = recipe, catalogue()

    def draw(self, rng: np.random.Generator) -> tuple[str, Spans]:
        if rng.random() < self.recipe.sequence_share:
            return caption_spans(sample_plan(rng, self.known, MAX_CLAUSES, SEQUENCES), rng)
        while True:
            turn = sample_turn(rng, lambda r: sample_plan(r, self.known))
            if len(parse_plan(turn.plan).segments) < 2:
                return turn.request, []


def piece_tags(text: EncodedText, spans: list[Spans]) -> torch.Tensor:
    """Tags (B, W) int64 of word pieces: k + 1 inside the k-th span of their request, 0 outside, -100 for padding."""
    tags = torch.zeros(text.mask.shape, dtype=torch.long)
    for row, found in enumerate(spans):
        start, stop = text.places[row, :, 0], text.places[row, :, 1]
        for k, (a, b) in enumerate(found):
            tags[row, (start >= a) & (stop <= b) & (stop > 0)] = k + 1
    return tags.masked_fill(~text.mask.cpu(), -100)


def train_clauses(recipe: ClauseRecipe, work: Path, out: Path, max_steps: int | None = None) -> None:
    """Train (or go on training) and write the tagger into the folder `out`. work: folder of the resumable state."""
    torch.manual_seed(recipe.seed)
    tagger, encoder, maker = ClauseTagger().train(), TextEncoder(Config.from_env()), RequestMaker(recipe)
    optimizer = torch.optim.AdamW(tagger.parameters(), recipe.lr, weight_decay=0.01)
    parts = {"tagger": tagger, "optimizer": optimizer}
    state_path, step = work / "clauses.pt", 0
    if state_path.is_file():
        state = torch.load(state_path, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        step = state["step"]
        log.info("going on from step %d", step)
    rng, last = np.random.default_rng([recipe.seed, step]), min(recipe.steps, max_steps or recipe.steps)
    while step < last:
        texts, spans = zip(*(maker.draw(rng) for _ in range(recipe.batch)), strict=True)
        text = encoder(list(texts))
        logits = tagger(text)
        tags = piece_tags(text, list(spans))
        loss = F.cross_entropy(logits.flatten(0, 1), tags.flatten())
        for group in optimizer.param_groups:
            group["lr"] = recipe.lr * min(1.0, (step + 1) / 100) * max(0.02, 1 - step / recipe.steps)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 50 == 0 or step == last:
            right = ((logits.argmax(-1) == tags) | (tags < 0)).all(1).float().mean()
            log.info("step %d of %d, loss %.3f, whole requests right %.2f", step, recipe.steps, loss.item(), right)
            torch.save({k: p.state_dict() for k, p in parts.items()} | {"step": step}, state_path)
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.half().contiguous() for k, v in tagger.state_dict().items()}, out / FILE)
