"""twist: turn the trunk over the hips."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion
from engine.edit.parts import PARTS
from engine.edit.pose import doubles, rewritten, spread, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import EASE_S, Span

EASE_DEG_S = 100.0


@EDITS.register("twist")
@dataclass(frozen=True)
class Twist:
    """Turn the trunk over the hips by so many degrees; positive is to the left. Pelvis and legs stay as they are."""

    degrees: float = argument("number", low=-90, high=90, unit="degrees", help="positive is left")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The spine's three joints share the turn, about the axis of the pelvis."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        _, world = world_of(quat, root, motion.betas)
        up = R.quat_rotate(world[:, 0], np.array([0, 1.0, 0]))
        ease_s = max(EASE_S, abs(self.degrees) / EASE_DEG_S)
        turn = up * (np.radians(self.degrees) * frames.weight(ease_s))[:, None]
        quat = spread(quat, world, PARTS["torso"], turn, (0.3, 0.35, 0.35))
        side = "left" if self.degrees >= 0 else "right"
        text = f"Twisted the trunk {abs(self.degrees):g} degrees to the {side} {frames.eased(ease_s)}."
        return rewritten(motion, frames, text, PARTS["torso"], quat)
