"""What is known of a draft before anybody judges it: measured facts, the critic's readings, and one score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.assess.agree import agreement, segment_frames
from engine.assess.critic import Critic, Reading
from engine.assess.measure import measure
from engine.assess.physical import physical
from engine.core.features import encode_features
from engine.core.plan import Plan
from engine.core.types import Motion

CRITIC_SHARE = 0.5
"""How much the critic's reading counts beside the measured facts."""
PHYSICAL_WEIGHT = 0.5
DOUBTFUL = 0.6
"""Under this fit the critic's complaint is told."""
NOT_AS_PLANNED = "Not as planned: "
"""Before the complaints, which '; ' parts."""


@dataclass(frozen=True)
class Report:
    """score: agreement with the plan less what is physically wrong, at most 1.  readings: the critic's.

    complaints: what does not fit the plan, and what is physically wrong.
    """

    score: float
    readings: tuple[Reading, ...] = ()
    complaints: tuple[str, ...] = ()


def report(plan: Plan, motion: Motion, critic: Critic | None = None) -> Report:
    """Measure a motion against the plan that it was made for. critic: None leaves that to the measured facts."""
    fit, complaints = agreement(plan, motion)
    readings = critic.judge(plan, encode_features(motion)) if critic is not None else []
    if readings:
        fit += CRITIC_SHARE * (float(np.mean([r.fit for r in readings])) - fit)
    faults = physical(motion)
    score = float(fit - PHYSICAL_WEIGHT * faults.penalty)
    return Report(score, tuple(readings), (*complaints, *faults.lines()))


def in_words(plan: Plan, motion: Motion, found: Report) -> str:
    """A report as a person and the language model read it: for each part the facts and how well the critic reads each
    call out of it, then what does not fit."""
    told = _facts(plan, motion, found.readings)
    return f"{told} {NOT_AS_PLANNED}{'; '.join(found.complaints)}." if found.complaints else told


def _facts(plan: Plan, motion: Motion, readings: Sequence[Reading]) -> str:
    found = {r.segment: r for r in readings}
    told = []
    for number, (start, stop) in enumerate(segment_frames(plan, motion.num_frames)):
        head = f"Part {number + 1}: " if len(plan.segments) > 1 else ""
        text = "; ".join(measure(motion.slice(start, stop)).lines())
        told.append(f"{head}{text}.{_read(plan, number, found.get(number))}")
    return " ".join(told)


def _read(plan: Plan, number: int, reading: Reading | None) -> str:
    """How well the critic reads the calls out of a part, and what it sees where that is not much."""
    if reading is None:
        return ""
    names = (call.name.replace("_", " ") for call in plan.segments[number].calls)
    fits = ", ".join(f"{name} {fit:.2f}" for name, fit in zip(names, reading.calls, strict=True))
    doubts = "; ".join(d for d, fit in zip(reading.doubts, reading.calls, strict=True) if d and fit < DOUBTFUL)
    return f" Reads as {fits}{': ' if doubts else ''}{doubts}."
