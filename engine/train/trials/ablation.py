"""What each part of a turn is worth: the same requests and seeds with one draft, with references, with the loop of
drafts and refinement, and with both. Run: python -m engine eval ablation
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.core.config import Config
from engine.core.features import encode_features
from engine.loop.request import TurnOptions
from engine.retrieval.text_encoder import TextEncoder
from engine.train.metrics.generation import Sessions, generate
from engine.train.metrics.goals import Goal
from engine.train.metrics.network import FOLDER, Evaluator, load_evaluator
from engine.train.metrics.pairs import NUM_PAIRS, Pair, held_out_pairs
from engine.train.metrics.scores import Row, score_row
from engine.train.suite.entries import Entry, load_suite
from engine.train.suite.runner import Result, run_entries
from engine.train.trials.setup import load_trial, per_cent, recall_of, spread

log = logging.getLogger(__name__)
SINGLE, RETRIEVAL, LOOP, BOTH = "single draft", "with references", "with the loop", "with both"
SETTINGS: Mapping[str, TurnOptions] = MappingProxyType(
    {
        SINGLE: TurnOptions(candidates=1, rounds=0, retrieve=False),
        RETRIEVAL: TurnOptions(candidates=1, rounds=0),
        LOOP: TurnOptions(retrieve=False),
        BOTH: TurnOptions(),
    }
)
LEAST_GAIN, LEAST_STEP = 5.0, 0.1
"""Points that the pass rate must rise by with both, and with every single step."""
MIN_PAIRS = 4
"""Fewest pairs that scores make sense of."""


@dataclass(frozen=True)
class AblationRow:
    """One setting: results of the suite, and the evaluator's scores of held-out requests."""

    setting: str
    results: tuple[Result, ...]
    scores: Row
    seconds: float

    @property
    def share(self) -> float:
        """Of the suite, per cent."""
        return per_cent([r.passed for r in self.results])

    @property
    def fid(self) -> float:
        assert self.scores.fid is not None
        return self.scores.fid.mean


@dataclass(frozen=True)
class AblationFigures:
    """A row for each of SETTINGS."""

    rows: tuple[AblationRow, ...]

    def row(self, setting: str) -> AblationRow:
        return next(r for r in self.rows if r.setting == setting)

    def goals(self) -> list[Goal]:
        single, retrieval, loop, both = map(self.row, SETTINGS)
        steps = [(retrieval, single), (loop, single), (both, retrieval), (both, loop)]
        goals = [
            Goal(f"{one.setting} over {other.setting}", LEAST_STEP, one.share - other.share, "points", at_least=True)
            for one, other in steps
        ]
        goals.append(Goal(f"{BOTH} over {SINGLE}", LEAST_GAIN, both.share - single.share, "points", at_least=True))
        return [*goals, Goal(f"FID {BOTH} less that of a {SINGLE}", 0.0, both.fid - single.fid)]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_ablation(config: Config, limit: int | None = None) -> AblationFigures:
    """All settings, with the shipped library. limit: only so many prompts of the suite and so many held-out requests.

    UserError for missing weights, and for models that take no references.
    """
    with tempfile.TemporaryDirectory() as home:
        trial = load_trial(config, Path(home))
        recall_of(trial.models)
        evaluator, encoder = load_evaluator(config.assets / FOLDER), TextEncoder(config)
        pairs = held_out_pairs(NUM_PAIRS if limit is None else min(NUM_PAIRS, max(MIN_PAIRS, limit)))
        return run_ablation(trial, evaluator, encoder, spread(load_suite(), limit), pairs)


def run_ablation(
    engine: Sessions, evaluator: Evaluator, encoder: TextEncoder, entries: list[Entry], pairs: list[Pair]
) -> AblationFigures:
    """Every setting on the same entries of the suite and the same pairs, from the same seeds."""
    texts, keys = [p.text for p in pairs], [p.key for p in pairs]
    said = evaluator.texts(texts, encoder)
    real = evaluator.motions([encode_features(p.motion) for p in pairs])
    rows = []
    for setting, options in SETTINGS.items():
        log.info("%s", setting)
        results = tuple(run_entries(entries, engine, options=options))
        made = generate(engine, texts, options=options)
        moved = evaluator.motions([encode_features(m) for m in made.motions])
        rows.append(AblationRow(setting, results, score_row(setting, [moved], said, keys, real), made.seconds))
    return AblationFigures(tuple(rows))


def format_ablation(figures: AblationFigures) -> str:
    """A line for each setting."""
    heads = ("prompts", "passed", "over single", "pairs", "top 1", "top 3", "FID", "MM-Dist", "s each")
    lines = [f"{'':18}" + "".join(f"{head:>13}" for head in heads)]
    first = figures.rows[0].share
    for row in figures.rows:
        scores = row.scores
        cells = (
            str(len(row.results)), f"{row.share:.1f} %", f"{row.share - first:+.1f}", str(scores.num_motions),
            f"{scores.top[0].mean:.3f}", f"{scores.top[-1].mean:.3f}", f"{row.fid:.3f}",
            f"{scores.mm_dist.mean:.3f}", f"{row.seconds:.1f}",
        )  # fmt: skip
        lines.append(f"{row.setting:18}" + "".join(f"{cell:>13}" for cell in cells))
    return "\n".join(lines)
