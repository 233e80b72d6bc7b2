"""Requests that change what trunk and arms do in a motion, and nothing else ("instead of waving, clap"): only their
codes are made anew; legs, path, and all that comes before and after stay bit-identical.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.plan import STEP_S, ActionSpec, Call, Plan, Segment, parse_plan
from engine.core.types import MODEL_FPS, Motion, Scene
from engine.edit.script import apply_edits
from engine.edit.spans import ALL
from engine.language.decoding import FREE
from engine.loop.models import Models
from engine.loop.versions import Version
from engine.tokens.features import group_columns


@dataclass(frozen=True, eq=False)
class Change:
    """What is made anew of a motion. spans: (start_s, end_s) in which its upper body changes.

    keep: codes (N, Q) of the motion that stay, FREE elsewhere.
    """

    before: Motion
    spans: Sequence[tuple[float, float]]
    keep: np.ndarray

    def merged(self, made: Motion) -> Motion:
        """The motion before with the upper body of what was made, in the spans."""
        scene = Scene((self.before,))
        for start_s, end_s in self.spans:
            whole = end_s - start_s >= self.before.duration_s
            span = ALL if whole else f"{start_s:.2f}s-{end_s:.2f}s"
            taken = made.slice(round(start_s * made.fps), round(end_s * made.fps))
            overlay = Call("overlay", {"version": "1", "part": "upper", "span": span})
            scene = apply_edits(scene, [overlay], versions={1: taken}).scene
        return scene.motions[0]


def change_of(models: Models, version: Version | None, plan: Plan) -> Change | None:
    """What of the current version a new plan changes; None where it is more than what trunk and arms do.

    The version must still be as it was planned: an edit in time would have moved everything.
    """
    if version is None or not version.plan or len(version.scene.motions) != 1:
        return None
    before, last = version.scene.motions[0], parse_plan(version.plan)
    as_planned = before.num_frames == plan.num_steps * models.codec.frames_per_step and before.fps == MODEL_FPS
    if last.task != "make" or len(last.segments) != len(plan.segments) or not as_planned:
        return None
    changed = [_upper_alone(a, b, models.language.catalogue) for a, b in zip(last.segments, plan.segments, strict=True)]
    if None in changed or not any(changed):
        return None
    with models.lock:
        keep = models.codec.encode(before)
    spans, at = [], 0
    for segment, upper in zip(plan.segments, changed, strict=True):
        if upper:
            keep[at : at + segment.num_steps, group_columns("upper", keep.shape[1])] = FREE
            spans.append((at * STEP_S, (at + segment.num_steps) * STEP_S))
        at += segment.num_steps
    return Change(before, spans, keep)


def _upper_alone(last: Segment, new: Segment, known: Mapping[str, ActionSpec]) -> bool | None:
    """Whether only what goes on over the legs has changed; False where nothing has, None where more has."""
    if last.num_steps != new.num_steps:
        return None

    def base(calls: Sequence[Call]) -> list[Call]:
        return [c for c in calls if c.name not in known or known[c.name].part != "upper"]

    if base(last.calls) != base(new.calls) or not base(new.calls):
        return None
    return last.calls != new.calls
