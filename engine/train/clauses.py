"""Trains the clause tagger on, with the reader as it is, in cheap steps. Run: python -m engine train clauses

It learns together with the language model first; what it still mixes up then is learnt here. Resumable.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from engine.core.config import Config
from engine.data.compose import catalogue
from engine.language.clauses import FILE, ClauseTagger, load_tagger
from engine.language.reader import tuned
from engine.retrieval.text_encoder import TextEncoder
from engine.train.batches import LENGTH_MULTIPLE
from engine.train.progress import Checkpoint, rate_share
from engine.train.tagging import tagged_request, tagging_loss

log = logging.getLogger(__name__)
WARM_STEPS = 50


@dataclass(frozen=True)
class ClausesRecipe:
    """steps of `batch` requests; lr of AdamW."""

    steps: int = 1600
    batch: int = 48
    lr: float = 8e-4
    seed: int = 0
    save_every_s: float = 60.0


def train_clauses(recipe: ClausesRecipe, work: Path, folder: Path, max_steps: int | None = None) -> ClauseTagger:
    """Go on with the tagger of a language model's folder (or begin one) and write it back there."""
    torch.manual_seed(recipe.seed)
    encoder, known = tuned(TextEncoder(Config.from_env()), folder), catalogue()
    tagger = load_tagger(folder) or ClauseTagger()
    tagger.train()
    optimizer = torch.optim.AdamW(tagger.parameters(), recipe.lr, betas=(0.9, 0.98), weight_decay=0.01)
    parts = {"tagger": tagger, "optimizer": optimizer}
    checkpoint = Checkpoint(work / "clauses.pt", parts, recipe.save_every_s)
    step = checkpoint.restore()
    rng, last = np.random.default_rng([recipe.seed, 5, step]), min(recipe.steps, max_steps or recipe.steps)
    mean = right = 0.0
    while step < last:
        texts, spans = zip(*(tagged_request(rng, known) for _ in range(recipe.batch)), strict=True)
        with torch.autocast("cpu", dtype=torch.bfloat16), torch.no_grad():
            text = encoder.read(list(texts), LENGTH_MULTIPLE)
        loss, share = tagging_loss(tagger, text, spans)
        for group in optimizer.param_groups:
            group["lr"] = recipe.lr * rate_share(step, recipe.steps, WARM_STEPS)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
        optimizer.step()
        step += 1
        mean, right = 0.98 * mean + 0.02 * loss.item(), 0.98 * right + 0.02 * share
        if step % 100 == 0:
            log.info("step %d of %d, loss %.3f, %.0f %% cut rightly", step, recipe.steps, mean, 100 * right)
        checkpoint.keep(step, now=step == last)
    save_tagger(tagger, folder)
    return tagger.eval()


def save_tagger(tagger: ClauseTagger, folder: Path) -> None:
    """Write clauses.safetensors, in float16."""
    save_file({k: v.half().contiguous().cpu() for k, v in tagger.state_dict().items()}, folder / FILE)
