"""lean: lean the trunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.parts import PARTS
from engine.edit.pose import doubles, level_axes, rewritten, spread, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import EASE_S, Span

EASE_DEG_S = 100.0


@EDITS.register("lean")
@dataclass(frozen=True)
class Lean:
    """Lean the trunk forward, backward or to a side; pelvis and legs stay as they are."""

    direction: str = argument("choice", choices=("forward", "backward", "left", "right"), help="where to")
    degrees: float = argument("number", low=0, high=90, unit="degrees", help="how far the chest is turned")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The spine's three joints share the turn; the level direction is that of the pelvis."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        _, world = world_of(quat, root, motion.betas)
        left, front = level_axes(world[:, 0])
        axis = {"forward": left, "backward": -left, "left": -front, "right": front}[self.direction]
        ease_s = max(EASE_S, self.degrees / EASE_DEG_S)
        turn = axis * (np.radians(self.degrees) * frames.weight(ease_s))[:, None]
        quat = spread(quat, world, PARTS["torso"], turn, (0.45, 0.3, 0.25))
        where = self.direction if self.direction in ("forward", "backward") else f"to the {self.direction}"
        text = f"Leaned the trunk {self.degrees:g} degrees {where} {frames.eased(ease_s)}."
        return rewritten(motion, frames, text, PARTS["torso"], quat)
