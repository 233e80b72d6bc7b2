"""Trains the plan prior: small heads on the frozen text encoder. Run: python -m engine train prior

The encoder does not change, so every request is read once; what is read is kept in the work folder.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from engine.core.config import Config
from engine.core.plan import ActionSpec, Call, parse_plan
from engine.data.captions import caption_plan
from engine.data.compose import catalogue, sample_plan
from engine.data.sampling import sample_single
from engine.data.spoken import sample_spoken
from engine.data.wordings import wordings
from engine.language.clauses import clause_words
from engine.language.prior import PlanPrior, request_vectors
from engine.retrieval.text_encoder import DIM, TextEncoder
from engine.train.batches import LENGTH_MULTIPLE
from engine.train.tagging import several_actions

log = logging.getLogger(__name__)
CLAUSE_SHARE = 0.3
"""Share of the requests that are one clause of a request for several actions."""
WORDED_SHARE = 0.5
"""Share of the whole requests whose action is drawn by the number of its wordings: what can be said in many ways needs
more examples, and is asked for more often."""
SPOKEN_SHARE = 0.2
"""Share of the whole requests that are of those written by hand."""
READ_AT_ONCE = 64
SINGLE = {"single": 1.0, "composite": 0.0, "sequence": 0.0}


@dataclass(frozen=True)
class PriorRecipe:
    """requests: how many are drawn; steps of `batch` of them for the actions, value_steps for each slot.

    drop: share of what is seen that is left out in a step.  smoothing: of the labels, so that nothing is ruled out.
    """

    requests: int = 70000
    steps: int = 3000
    value_steps: int = 1500
    batch: int = 256
    lr: float = 1.5e-3
    drop: float = 0.3
    smoothing: float = 0.05
    seed: int = 0


def draw_request(rng: np.random.Generator, known: Mapping[str, ActionSpec]) -> tuple[str, Call]:
    """A request for one action, or the clause of a longer one that is for it."""
    while rng.random() < CLAUSE_SHARE:
        text, spans, plan = several_actions(rng, known)
        call = spans[int(rng.integers(len(spans)))].call
        words = clause_words(text, [[s.start, s.stop] for s in spans if s.call == call])
        if words:
            return words, plan.segments[call // 2].calls[call % 2]
    if rng.random() < SPOKEN_SHARE:
        text, _, plan = sample_spoken(rng, several=False)
        return text, plan.segments[0].calls[0]
    if rng.random() < WORDED_SHARE:
        names, shares = _worded(tuple(known))
        plan = sample_single(rng, known, str(rng.choice(names, p=shares)))
    else:
        plan = sample_plan(rng, known, shares=SINGLE)
    return caption_plan(plan, rng), plan.segments[0].calls[0]


@lru_cache(maxsize=1)
def _worded(names: tuple[str, ...]) -> tuple[list[str], np.ndarray]:
    """Names of actions, and each one's share of all wordings."""
    counts = np.array([sum(map(len, wordings()[name].phrases.values())) for name in names], float)
    return list(names), counts / counts.sum()


def read_requests(texts: Sequence[str], encoder: TextEncoder) -> torch.Tensor:
    """What the prior sees of the requests, (N, 768) in half precision."""
    out = torch.zeros(len(texts), 2 * DIM, dtype=torch.float16)
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.autocast(encoder.device, dtype=torch.bfloat16), torch.no_grad():
        for i in range(0, len(order), READ_AT_ONCE):
            rows = order[i : i + READ_AT_ONCE]
            out[rows] = request_vectors(encoder.read([texts[r] for r in rows], LENGTH_MULTIPLE)).half().cpu()
            if i % (READ_AT_ONCE * 100) == 0:
                log.info("read %d of %d requests", i, len(order))
    return out


def _requests(recipe: PriorRecipe, known: Mapping[str, ActionSpec], work: Path) -> tuple[torch.Tensor, list[Call]]:
    """Vectors and calls of the recipe's requests, from the work folder if they are there."""
    path = work / f"requests-{recipe.seed}-{recipe.requests}.npz"
    if not path.is_file():
        rng = np.random.default_rng([recipe.seed, 31])
        texts, calls = zip(*(draw_request(rng, known) for _ in range(recipe.requests)), strict=True)
        vectors = read_requests(texts, TextEncoder(Config.from_env()))
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, vectors=vectors.numpy(), calls=np.array([str(c) for c in calls]))
    with np.load(path, allow_pickle=False) as z:
        lines = [parse_plan(f"make {call} for 1.0") for call in z["calls"]]
        return torch.from_numpy(z["vectors"]), [line.segments[0].calls[0] for line in lines]


def train_prior(recipe: PriorRecipe, work: Path, out: Path) -> PlanPrior:
    """Train every head and write the prior to `out`."""
    torch.manual_seed(recipe.seed)
    known = catalogue()
    vectors, calls = _requests(recipe, known, work)
    prior = PlanPrior.of(known)
    every = torch.arange(len(calls))
    labels = torch.tensor([prior.names.index(c.name) for c in calls])
    _fit(prior.action, vectors, labels, every, recipe, recipe.steps)
    for slot, values in prior.slots.items():
        having = torch.tensor([i for i, c in enumerate(calls) if slot in c.args], dtype=torch.long)
        labels = torch.tensor([values.index(c.args[slot]) if slot in c.args else 0 for c in calls])
        _fit(prior.value[slot], vectors, labels, having, recipe, recipe.value_steps)
    prior.save(out)
    return prior.eval()


def _fit(
    head: nn.Module, vectors: torch.Tensor, labels: torch.Tensor, rows: torch.Tensor, recipe: PriorRecipe, steps: int
) -> None:
    if not len(rows):
        return
    optimizer = torch.optim.AdamW(head.parameters(), recipe.lr, weight_decay=0.05, fused=True)
    loss = torch.zeros(())
    for step in range(steps):
        pick = rows[torch.randint(len(rows), (recipe.batch,))]
        x = F.dropout(vectors[pick].float(), recipe.drop)
        loss = F.cross_entropy(head(x), labels[pick], label_smoothing=recipe.smoothing)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] = recipe.lr * (1 - step / steps)
    log.info("a head over %d: loss %.3f", len(set(labels[rows].tolist())), loss.item())
