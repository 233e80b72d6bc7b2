"""The rows of scores: real performances, the same plans performed again, and what the engine generates; CMU apart."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.features import encode_features
from engine.core.types import Motion
from engine.data.compose import perform_plan
from engine.retrieval.text_encoder import TextEncoder
from engine.train.metrics.generation import Generated, Sessions, generate
from engine.train.metrics.goals import Goal
from engine.train.metrics.network import Evaluator
from engine.train.metrics.pairs import (
    EVAL_SEED,
    NUM_PAIRS,
    Pair,
    cmu_held_out,
    held_out_pairs,
    held_out_plans,
    performed_again,
)
from engine.train.metrics.scores import Row, score_row

log = logging.getLogger(__name__)
SHARE_OF_REAL = 0.85
"""R-Precision top 3 of generated motion, as a share of the real row's."""
SAMPLED_PROMPTS, SAMPLES = 20, 10
"""MultiModality is taken on so many prompts with so many samples each; Guo et al. 2022 use 100 and 32."""


@dataclass(frozen=True, eq=False)
class Metrics:
    """rows: real, performed again, generated.  cmu: real CMU motion with its captions, None without the pack.

    pairs: the held-out ones.  repeats: what was generated of them, once for each repeat.  samples: number of a pair ->
    motions of its text with different seeds.
    """

    rows: tuple[Row, ...]
    cmu: Row | None
    pairs: list[Pair]
    repeats: list[Generated]
    samples: dict[int, list[Motion]]

    @property
    def failed(self) -> tuple[str, ...]:
        return tuple(text for generated in self.repeats for text in generated.failed.values())

    def goals(self) -> list[Goal]:
        real, generated = self.rows[0], self.rows[-1]
        share = generated.top[2].mean / real.top[2].mean
        return [Goal("R-Precision top 3, share of real", SHARE_OF_REAL, share, at_least=True)]

    def to_dict(self) -> dict[str, Any]:
        return {
            "rows": [row.to_dict() for row in self.rows],
            "cmu": self.cmu.to_dict() if self.cmu else None,
            "failed": list(self.failed),
            "seconds_each": float(np.mean([g.seconds for g in self.repeats])),
            "goals": [goal.to_dict() for goal in self.goals()],
        }


def measure_metrics(
    engine: Sessions, evaluator: Evaluator, encoder: TextEncoder, limit: int | None = None, repeats: int = 1
) -> Metrics:
    """Score `limit` held-out pairs (all if None). repeats: how often everything is generated, with other seeds."""
    count = min(limit or NUM_PAIRS, NUM_PAIRS)
    log.info("performing %d held-out plans", count)
    pairs = held_out_pairs(count)
    texts, keys = [p.text for p in pairs], [p.key for p in pairs]

    def embed(motions: Sequence[Motion]) -> np.ndarray:
        return evaluator.motions([encode_features(m) for m in motions])

    said, real = evaluator.texts(texts, encoder), embed([p.motion for p in pairs])
    chosen = np.linspace(0, count - 1, min(SAMPLED_PROMPTS, count)).round().astype(int).tolist()
    rows = [
        score_row("real", [real], said, keys, real, [[embed(m) for m in performed_samples(chosen, count)]]),
        score_row("performed again", [embed(performed_again(count))], said, keys, real),
    ]
    made = [generate(engine, texts, repeat) for repeat in range(repeats)]
    samples = generated_samples(engine, pairs, made[0], chosen)
    groups = [[embed(samples[i]) for i in chosen]]
    rows.append(score_row("generated", [embed(g.motions) for g in made], said, keys, real, groups))
    return Metrics(tuple(rows), score_cmu(embed, evaluator, encoder), pairs, made, samples)


def performed_samples(chosen: Sequence[int], count: int) -> list[list[Motion]]:
    """SAMPLES performances of each chosen pair's plan."""
    plans = list(held_out_plans(count).items())
    return [
        [perform_plan(plans[i][1], np.random.default_rng([EVAL_SEED, plans[i][0], 4, k])) for k in range(SAMPLES)]
        for i in chosen
    ]


def generated_samples(
    engine: Sessions, pairs: Sequence[Pair], made: Generated, chosen: Sequence[int]
) -> dict[int, list[Motion]]:
    """SAMPLES motions of each chosen pair's text; the first is the one that was made already."""
    log.info("%d samples of %d prompts", SAMPLES, len(chosen))
    samples = {i: [made.motions[i]] for i in chosen}
    for k in range(1, SAMPLES):
        more = generate(engine, [pairs[i].text for i in chosen], sample=k)
        for i, motion in zip(chosen, more.motions, strict=True):
            samples[i].append(motion)
    return samples


def score_cmu(
    embed: Callable[[Sequence[Motion]], np.ndarray], evaluator: Evaluator, encoder: TextEncoder
) -> Row | None:
    """Real CMU motion never trained on with its captions: how far the evaluator can be trusted there."""
    pairs = cmu_held_out()
    if not pairs:
        log.warning("the CMU pack is not there: no scores of real capture")
        return None
    texts = evaluator.texts([p.text for p in pairs], encoder)
    return score_row("CMU, real", [embed([p.motion for p in pairs])], texts, [p.key for p in pairs])


COLUMNS = ("motions", "pairs", "pool", "top 1", "top 2", "top 3", "FID", "MM-Dist", "Diversity", "MultiModality")


def cells(row: Row) -> tuple[str, ...]:
    """A row as it is shown, in the order of COLUMNS."""
    fid, multi = (str(e) if e else "-" for e in (row.fid, row.multimodality))
    tops = tuple(map(str, row.top))
    return (row.name, str(row.num_motions), str(row.pool), *tops, fid, str(row.mm_dist), str(row.diversity), multi)


def format_metrics(metrics: Metrics) -> str:
    """The table, with what was not made."""
    table = [COLUMNS, *(cells(row) for row in (*metrics.rows, *([metrics.cmu] if metrics.cmu else [])))]
    widths = [max(len(line[i]) for line in table) + 2 for i in range(len(COLUMNS))]
    lines = ["".join(text.rjust(width) for text, width in zip(line, widths, strict=True)) for line in table]
    return "\n".join([*lines, *(f"no motion: {text}" for text in metrics.failed)])
