"""What of a draft is to be made anew: the part, the segments, or all of it, from what the critic read in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.assess.critic import Reading
from engine.core.plan import ActionSpec, Plan
from engine.language.decoding import FREE
from engine.tokens.features import TOKEN_GROUPS, group_columns

WEAK = 0.6
"""A segment, or one of two things at once, that the critic reads with less than this is made anew."""


@dataclass(frozen=True, eq=False)
class Refinement:
    """keep: codes (N, Q) that stay, FREE elsewhere; None to make all of it anew.  words: what is made anew."""

    keep: np.ndarray | None
    words: str


def refinement(
    plan: Plan, codes: np.ndarray, readings: Sequence[Reading], catalogue: Mapping[str, ActionSpec]
) -> Refinement:
    """How to mend a draft with these codes (N, Q), of which the critic read this in each segment of the plan."""
    keep, anew, at = codes.copy(), [], 0
    found = {reading.segment: reading for reading in readings}
    for number, segment in enumerate(plan.segments):
        steps = slice(at, at + segment.num_steps)
        at += segment.num_steps
        reading = found.get(number)
        if reading is None or reading.fit >= WEAK:
            continue
        weak = [k for k, fit in enumerate(reading.calls) if fit < WEAK]
        if len(segment.calls) == 2 and len(weak) == 1:
            group = "upper" if catalogue[segment.calls[weak[0]].name].part == "upper" else "legs"
            keep[steps, group_columns(group, codes.shape[1])] = FREE
            anew.append(" and ".join(TOKEN_GROUPS[group]) + _of(number, plan))
        else:
            keep[steps] = FREE
            anew.append(f"part {number + 1}")
    if not anew or (keep == FREE).all():
        return Refinement(None, "all of it")
    return Refinement(keep, ", ".join(anew))


def _of(number: int, plan: Plan) -> str:
    return f" of part {number + 1}" if len(plan.segments) > 1 else ""
