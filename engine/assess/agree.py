"""How well measured facts fit what a plan asks.

Each action names its checks in `CHECKS`; a check looks at the facts of the action's own stretch of time and its
arguments and returns a fit in [0, 1] with a complaint in words where it is poor.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.assess.checks import CHECKS, Fit
from engine.assess.measure import Facts, measure
from engine.core.plan import Call, Plan
from engine.core.types import Motion

POOR = 0.75
"""A fit below this is worth a complaint."""


def agreement(plan: Plan, motion: Motion) -> tuple[float, list[str]]:
    """Fit in [0, 1] of a motion to the segments of its plan (for `append`: of the new part alone), and complaints.

    A plan without segments (edits, questions) fits anything.
    """
    if not plan.segments:
        return 1.0, []
    fits: list[Fit] = [_duration(plan, motion)]
    means = [fits[0].score] if fits[0].score < 1 else []
    for (start, stop), segment in zip(segment_frames(plan, motion.num_frames), plan.segments):
        facts = measure(motion.slice(start, stop))
        for call in segment.calls:
            found = check(call, facts)
            fits.extend(found)
            if found:
                scores = [fit.score for fit in found]
                means.append(0.5 * float(np.mean(scores)) + 0.5 * min(scores))
    poor = sorted((fit for fit in fits if fit.score < POOR and fit.complaint), key=lambda fit: fit.score)
    return float(np.mean(means)) if means else 1.0, [fit.complaint for fit in poor]


def check(call: Call, facts: Facts) -> list[Fit]:
    """What the checks of one action say; none for an action without checks."""
    return [run(facts, call.args) for run in CHECKS.get(call.name, ())]


def segment_frames(plan: Plan, num_frames: int) -> list[tuple[int, int]]:
    """Frames [start, stop) of each segment, at least one, scaled to a motion of so many."""
    edges = np.cumsum([0, *(segment.num_steps for segment in plan.segments)])
    frames = np.round(edges / edges[-1] * num_frames).astype(int)
    return [(int(a), max(int(b), int(a) + 1)) for a, b in pairwise(frames)]


def _duration(plan: Plan, motion: Motion) -> Fit:
    wanted = plan.num_steps * 0.2
    off = abs(motion.duration_s - wanted) / wanted
    text = f"it lasts {motion.duration_s:.1f} s instead of {wanted:.1f} s"
    return Fit(float(np.clip(1.1 - off, 0, 1)), text)
