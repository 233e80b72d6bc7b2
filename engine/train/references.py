"""References of varying fitness for training: the model is to use the good ones and to ignore the bad."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from engine.core.plan import STEP_S, ActionSpec, Call, Plan, Segment
from engine.data.captions import caption_plan
from engine.language.interface import MotionReference
from engine.language.stream import AS_SHOWN, MAX_REFERENCES, REFERENCE_STEPS
from engine.tokens.features import group_columns
from engine.train.corpus import MotionSample

SHARE = 0.55
"""Share of the motions that are learnt with references."""
FITNESS = {"same": 0.55, "near": 0.2, "other": 0.25}
"""How a reference fits: the same calls, the same action with other values, or anything."""
SECOND_SHARE = 0.4
PART_SHARE = 0.6
"""Share of the references for two things at once that show only the part that each thing is done with."""
SHOWN_SHARE = 0.25
"""Share of motions with a reference of the same calls whose plan only says that it be done as shown."""
ITSELF_SHARE = 0.3
"""Share of those in which the reference is that very motion: to copy is learnt before to vary."""
MIXED_SHARE = 0.3
"""Share of motions done as shown that are put together of the parts of two, so that they cannot be known by heart."""


class ReferenceDrawer:
    """Draws references from performances of a single action (or two at once)."""

    def __init__(self, samples: Sequence[MotionSample], known: Mapping[str, ActionSpec]) -> None:
        self._known = known
        self._all = [s for s in samples if len(s.plan.segments) == 1]
        self._same: dict[str, list[MotionSample]] = defaultdict(list)
        self._having: dict[str, list[MotionSample]] = defaultdict(list)
        self._near: dict[str, list[MotionSample]] = defaultdict(list)
        for sample in self._all:
            calls = sample.plan.segments[0].calls
            self._same[_key(calls)].append(sample)
            for call in calls:
                self._having[str(call)].append(sample)
                self._near[call.name].append(sample)

    def draw(self, rng: np.random.Generator, sample: MotionSample) -> tuple[list[MotionReference], MotionSample]:
        """References for a motion, most often none or one, and the motion with its plan as they leave it."""
        if rng.random() > SHARE or not self._all:
            return [], sample
        if len(sample.plan.segments) == 1 and rng.random() < SHOWN_SHARE:
            found = self._shown(rng, sample)
            if found is not None:
                return found
        count = 1 + int(rng.random() < SECOND_SHARE)
        references = [self._reference(rng, sample) for _ in range(min(count, MAX_REFERENCES))]
        return references, sample

    def _reference(self, rng: np.random.Generator, sample: MotionSample) -> MotionReference:
        calls = sample.plan.segments[int(rng.integers(len(sample.plan.segments)))].calls
        kind, call, same = "whole", calls[0], self._same[_key(calls)]
        if len(calls) == 2 and rng.random() < PART_SHARE:
            call = calls[int(rng.integers(2))]
            kind, same = "upper" if self._known[call.name].part == "upper" else "legs", self._having[str(call)]
        fitness = str(rng.choice(list(FITNESS), p=list(FITNESS.values())))
        rows = {"same": same, "near": self._near[call.name], "other": self._all}[fitness]
        rows = [r for r in (_one(rng, rows) for _ in range(3)) if r is not None and r is not sample]
        return self._of(rng, rows[0] if rows else _one(rng, self._all) or sample, kind)

    def _shown(
        self, rng: np.random.Generator, sample: MotionSample
    ) -> tuple[list[MotionReference], MotionSample] | None:
        """A motion whose plan says no more than that it be done as the reference shows."""
        length = sample.plan.segments[0].seconds
        plan = Plan(sample.plan.task, (Segment((Call(AS_SHOWN),), length),))
        if rng.random() < MIXED_SHARE:
            other = _one(rng, self._all)
            if other is None or other is sample:
                return None
            steps = min(len(sample.codes), len(other.codes))
            own = group_columns(str(rng.choice(["legs", "upper"])), sample.codes.shape[1])
            codes = sample.codes[:steps].copy()
            codes[:, own] = other.codes[:steps, own]
            plan = Plan(sample.plan.task, (Segment((Call(AS_SHOWN),), steps * STEP_S),))
            done = MotionSample(plan, codes)
            return [MotionReference(caption_plan(other.plan, rng), "whole", codes)], done
        same = [s for s in self._same[_key(sample.plan.segments[0].calls)] if s is not sample]
        if rng.random() < ITSELF_SHARE or not same:
            same = [sample]
        return [self._of(rng, same[int(rng.integers(len(same)))], "whole")], MotionSample(plan, sample.codes)

    def _of(self, rng: np.random.Generator, sample: MotionSample, kind: str) -> MotionReference:
        return MotionReference(caption_plan(sample.plan, rng), kind, sample.codes[:REFERENCE_STEPS])


def _key(calls: Sequence[Call]) -> str:
    return " & ".join(map(str, calls))


def _one(rng: np.random.Generator, rows: Sequence[MotionSample]) -> MotionSample | None:
    return rows[int(rng.integers(len(rows)))] if rows else None
