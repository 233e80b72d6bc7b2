"""exaggerate: larger movements of the upper body and more bounce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.filters import amplified
from engine.edit.legs import ANKLES, LEG_JOINTS, legs_to, slack
from engine.edit.parts import PARTS
from engine.edit.pose import doubles, rewritten, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.spans import Span


@EDITS.register("exaggerate")
@dataclass(frozen=True)
class Exaggerate:
    """Exaggerate the motion: arms, trunk, head and the bounce of the pelvis together; the feet stay where they are."""

    factor: float = argument("number", low=1, high=3, unit="times", help="1.5 is half as much again")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Deviations from the mean are scaled; the legs follow the pelvis as far as they reach."""
        frames = Span().frames(motion, anchor)
        quat, root = doubles(motion, frames)
        before = world_of(quat, root, motion.betas)
        joints = PARTS["upper"]
        quat[:, joints] = amplified(quat[:, joints], np.full(frames.count, self.factor))
        rise = (self.factor - 1) * (root[:, 1] - root[:, 1].mean())
        ankles = before[0][:, ANKLES]
        path = root.copy()
        path[:, 1] += np.minimum(rise, slack(quat, root, ankles, motion.betas, motion.fps))
        quat = legs_to(quat, path, before, ankles, motion.betas)
        text = f"Exaggerated arms, trunk, head and bounce by {self.factor:g}; the feet stay where they are."
        return rewritten(motion, frames, text, {*joints, *LEG_JOINTS}, quat, path)
