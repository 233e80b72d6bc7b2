"""stance: feet farther apart or nearer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion
from engine.edit.legs import ANKLES, LEG_JOINTS, moved_feet, steady
from engine.edit.pose import doubles, level_axes, rewritten, step, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import Span

NEAREST_M = 0.06
"""Ankles come no nearer to each other than this."""
EASE_STEP_S, LIFT_M = 0.5, 0.03
"""Within the clip the feet go to their new places in a low step, one after the other."""


@EDITS.register("stance")
@dataclass(frozen=True)
class Stance:
    """Put the feet farther apart by so many centimetres, or nearer (negative); planted feet stay planted."""

    centimeters: float = argument("number", low=-40, high=60, unit="cm", help="positive is wider")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Each foot goes half of the way by inverse kinematics; the pelvis sinks where a leg is too short."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        pos, world = world_of(quat, root, motion.betas)
        left, _ = level_axes(world[:, 0])
        planted = R.normalize(steady(left, motion, frames.start)) * np.array([1.0, -1.0])[:, None]
        gap = ((pos[:, ANKLES[0]] - pos[:, ANKLES[1]]) * left).sum(-1)
        half = max(self.centimeters / 200, min(0.0, (NEAREST_M - float(np.median(gap))) / 2))
        ramp = frames.ramp(EASE_STEP_S)
        gone = np.stack([step(ramp, 0.0, 0.5), step(ramp, 0.5, 1.0)], 1)
        shift = half * planted * gone[..., None]
        shift[..., 1] += LIFT_M * 4 * (gone * (1 - gone)) * min(1.0, abs(half) / 0.05)
        quat, path = moved_feet(quat, root, shift, motion.betas, motion.fps, frames.weight(EASE_STEP_S))
        less = 200 * abs(half) < abs(self.centimeters) - 0.5
        come = f", as near as they go of {-self.centimeters:g} cm" if less else ""
        how = "farther apart" if self.centimeters >= 0 else "nearer to each other"
        text = f"Put the feet {200 * abs(half):.3g} cm {how}{come} {frames.eased(EASE_STEP_S)}."
        return rewritten(motion, frames, text, LEG_JOINTS, quat, path)
