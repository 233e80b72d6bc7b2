"""crouch: lower the pelvis over feet that stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.legs import ANKLES, LEG_JOINTS, legs_to, slack
from engine.edit.pose import doubles, rewritten, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import EASE_S, Span

EASE_CM_S = 60.0
"""A large change takes longer to come and go, at about this speed."""


@EDITS.register("crouch")
@dataclass(frozen=True)
class Crouch:
    """Lower the pelvis by so many centimetres while the feet stay where they are; negative raises it."""

    centimeters: float = argument("number", low=-20, high=60, unit="cm", help="positive is lower")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The legs follow by inverse kinematics. Raising ends where a leg is straight, and the account says so."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        before = world_of(quat, root, motion.betas)
        ankles = before[0][:, ANKLES]
        ease_s = max(EASE_S, abs(self.centimeters) / EASE_CM_S)
        down = self.centimeters / 100 * frames.weight(ease_s)
        if self.centimeters < 0:
            down = np.maximum(down, -slack(quat, root, ankles, motion.betas, motion.fps))
        path = root - down[:, None] * np.array([0, 1.0, 0])
        quat = legs_to(quat, path, before, ankles, motion.betas)
        most = 100 * float(np.abs(down).max())
        short = f", as far as the legs reach of {-self.centimeters:g} cm" if most < abs(self.centimeters) - 0.5 else ""
        how = "Lowered" if self.centimeters >= 0 else "Raised"
        text = f"{how} the pelvis by {most:.3g} cm{short} {frames.eased(ease_s)}; the feet stay."
        return rewritten(motion, frames, text, LEG_JOINTS, quat, path)
