"""What should mislead the engine: a first draft that shows something else, and references that do not fit.

Run: python -m engine eval robustness
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch

from engine.core.config import Config
from engine.core.plan import Plan
from engine.core.types import Motion
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.language.interface import DraftProgress, LanguageModel
from engine.loop.events import Reference
from engine.loop.models import Codec, Models
from engine.loop.recall import Found, Recall
from engine.train.metrics.goals import Goal
from engine.train.suite.entries import Entry, load_suite
from engine.train.suite.runner import Result, run_entries
from engine.train.trials.setup import Trial, load_trial, per_cent, recall_of, spread

log = logging.getLogger(__name__)
LEAST_MENDED, MOST_LOST = 80.0, 2.0
"""Per cent of the prompts that must still pass after a wrong first draft; points that wrong references may cost."""
WRONG_SHARE = 0.3
"""Probability that a reference is replaced."""
UNLIKE = 0.35
"""A clip is beside the point if its caption is less like the request than that."""
DRAFT_SEED, REFERENCE_SEED = 71, 72


class WrongFirst:
    """A language model whose first motion of every turn is a random other one, in all candidates."""

    def __init__(self, inner: LanguageModel, codec: Codec) -> None:
        self._inner, self._codec = inner, codec
        self._rng, self._turn = np.random.default_rng(DRAFT_SEED), None
        self.replaced = 0

    def __getattr__(self, name: str) -> Any:
        """Everything else is the model's."""
        return getattr(self._inner, name)

    def stream_motion(
        self, request: str, plan: Plan, generator: torch.Generator, candidates: int = 1, *more: Any
    ) -> Iterator[DraftProgress]:
        """The first time in a turn a motion of other actions that is as long, then as the model does."""
        if generator is self._turn:
            yield from self._inner.stream_motion(request, plan, generator, candidates, *more)
            return
        self._turn = generator
        self.replaced += 1
        codes = self._codec.encode(self._other(plan))
        codes = codes[np.arange(plan.num_steps) % len(codes)]
        yield DraftProgress(
            plan.num_steps, plan.num_steps, np.stack([codes] * candidates), np.full(candidates, -9.0, np.float32)
        )

    def _other(self, plan: Plan) -> Motion:
        """A performance of a random plan that shares no action with this one."""
        known, named = catalogue(), {c.name for s in plan.segments for c in s.calls}
        while True:
            drawn = sample_plan(self._rng, known)
            if named.isdisjoint(c.name for s in drawn.segments for c in s.calls):
                return perform_plan(drawn, self._rng)


class WrongReferences:
    """A recall in which every reference is replaced, with a probability, by a random clip that is beside the point."""

    def __init__(self, inner: Recall, share: float = WRONG_SHARE) -> None:
        self._inner, self._share, self._rng = inner, share, np.random.default_rng(REFERENCE_SEED)
        self._clips = [e for e in inner.library.entries() if inner.library.holds(e.clip_id)]
        self.found, self.replaced = 0, 0

    def __getattr__(self, name: str) -> Any:
        """Everything else is the recall's."""
        return getattr(self._inner, name)

    def find(self, request: str, *more: Any) -> tuple[Plan, list[Found]]:
        """What is found, some of it replaced; the scores stay as they were found."""
        plan, found = self._inner.find(request, *more)
        self.found += len(found)
        return plan, [self._wrong(request, f) if self._rng.random() < self._share else f for f in found]

    def _wrong(self, request: str, found: Found) -> Found:
        self.replaced += 1
        drawn = [self._clips[i] for i in self._rng.choice(len(self._clips), min(8, len(self._clips)), replace=False)]
        request_vector, *vectors = self._inner.library.encoder([request, *(e.caption for e in drawn)]).sentence
        like = [float(v @ request_vector) for v in vectors]
        far = next((k for k, value in enumerate(like) if value < UNLIKE), int(np.argmin(like)))
        reference = found.reference
        return replace(
            found, reference=Reference(drawn[far].clip_id, drawn[far].caption, reference.part, reference.score)
        )


@dataclass(frozen=True)
class RobustnessFigures:
    """Results of the same prompts and seeds as they are, after a wrong first draft, and with wrong references.

    drafts: first drafts that were replaced.  wrong, found: references that were replaced, of all that were found.
    """

    plain: tuple[Result, ...]
    wrong_first: tuple[Result, ...]
    wrong_references: tuple[Result, ...]
    drafts: int
    wrong: int
    found: int

    @property
    def mended(self) -> float:
        """Per cent that still pass after a wrong first draft, of those that pass otherwise."""
        return per_cent([now.passed for was, now in zip(self.plain, self.wrong_first, strict=True) if was.passed])

    @property
    def lost(self) -> float:
        """Points that the pass rate falls by with wrong references."""
        return per_cent([r.passed for r in self.plain]) - per_cent([r.passed for r in self.wrong_references])

    def goals(self) -> list[Goal]:
        return [
            Goal("pass after a wrong first draft", LEAST_MENDED, self.mended, "%", at_least=True),
            Goal(f"{100 * WRONG_SHARE:.0f} % wrong references cost", MOST_LOST, self.lost, "points"),
        ]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def robustness_entries(limit: int | None = None) -> list[Entry]:
    """Entries of the suite whose only turn makes a motion, at most `limit`, spread over the categories."""
    return spread([e for e in load_suite() if e.plan.task == "make" and not e.before], limit)


def measure_robustness(config: Config, limit: int | None = None) -> RobustnessFigures:
    """All figures, with the shipped library. limit: only so many prompts.

    UserError for missing weights, and for models that take no references.
    """
    with tempfile.TemporaryDirectory() as home:
        models = load_trial(config, Path(home)).models
        recall_of(models)
        return run_robustness(models, robustness_entries(limit))


def run_robustness(models: Models, entries: Sequence[Entry]) -> RobustnessFigures:
    """The entries three times, from the same seeds."""
    first, references = WrongFirst(models.language, models.codec), WrongReferences(recall_of(models))
    return RobustnessFigures(
        _passes("as they are", models, entries),
        _passes("after a wrong first draft", replace(models, language=cast(LanguageModel, first)), entries),
        _passes("with wrong references", replace(models, recall=cast(Recall, references)), entries),
        first.replaced,
        references.replaced,
        references.found,
    )


def _passes(name: str, models: Models, entries: Sequence[Entry]) -> tuple[Result, ...]:
    log.info("%s", name)
    return tuple(run_entries(entries, Trial(models)))


def format_robustness(figures: RobustnessFigures) -> str:
    """A line for each run, then which prompts were lost."""
    runs = {
        "as they are": figures.plain,
        "after a wrong first draft": figures.wrong_first,
        "with wrong references": figures.wrong_references,
    }
    lines = [f"{'prompts':28}{'passed':>10}{'share':>9}"]
    for name, results in runs.items():
        passed = [r.passed for r in results]
        lines.append(f"{name:28}{f'{sum(passed)}/{len(passed)}':>10}{per_cent(passed):>7.1f} %")
    lines.append(f"{figures.drafts} first drafts replaced: {figures.mended:.1f} % of what passes otherwise still does")
    lines.append(f"{figures.wrong} of {figures.found} references replaced: {figures.lost:+.1f} points lost")
    for name, results in list(runs.items())[1:]:
        lost = [now for was, now in zip(figures.plain, results, strict=True) if was.passed and not now.passed]
        lines += [f"lost {name}: [{r.category}] {r.prompt!r}: {r.measured}" for r in lost]
    return "\n".join(lines)
