"""look: turn the head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import J
from engine.core.types import Motion
from engine.edit.parts import PARTS
from engine.edit.pose import doubles, level_axes, rewritten, spread, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import EASE_S, Span

EASE_DEG_S = 150.0
FRONT = np.array([0, 0, 1.0])


@EDITS.register("look")
@dataclass(frozen=True)
class Look:
    """Turn the head to a side, up or down by so many degrees; forward turns it back by at most so many."""

    direction: str = argument("choice", choices=("left", "right", "up", "down", "forward"), help="where to look")
    degrees: float = argument("number", low=0, high=90, unit="degrees", help="how far the head turns")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Neck and head share the turn; forward is where the chest faces, level."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        _, world = world_of(quat, root, motion.betas)
        ease_s = max(EASE_S, self.degrees / EASE_DEG_S)
        head, chest = world[:, J["head"]], world[:, J["spine3"]]
        if self.direction == "forward":
            turn = R.quat_to_aa(R.quat_between(R.quat_rotate(head, FRONT), level_axes(chest)[1]))
            angle = np.linalg.norm(turn, axis=-1, keepdims=True)
            turn = turn * np.minimum(1, np.radians(self.degrees) / np.maximum(angle, 1e-9))
        else:
            side, up = R.quat_rotate(head, np.array([1.0, 0, 0])), R.quat_rotate(chest, np.array([0, 1.0, 0]))
            axis = {"left": up, "right": -up, "up": -side, "down": side}[self.direction]
            turn = axis * np.radians(self.degrees)
        quat = spread(quat, world, PARTS["head"], turn * frames.weight(ease_s)[:, None], (0.5, 0.5))
        where = self.direction if self.direction in ("up", "down", "forward") else f"to the {self.direction}"
        most = "at most " if self.direction == "forward" else ""
        text = f"Turned the head {most}{self.degrees:g} degrees {where} {frames.eased(ease_s)}."
        return rewritten(motion, frames, text, PARTS["head"], quat)
