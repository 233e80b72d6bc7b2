"""scale_path: a longer or shorter way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.legs import LEG_JOINTS, moved_feet, steady
from engine.edit.pose import doubles, rewritten
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.spans import Span


@EDITS.register("scale_path")
@dataclass(frozen=True)
class ScalePath:
    """Make the way on the floor longer or shorter; steps grow with it, and planted feet stay planted."""

    factor: float = argument("number", low=0, high=5, unit="times", help="2 is twice as far, 0 is on the spot")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The path is scaled about where the person begins, the legs follow by inverse kinematics."""
        frames = Span().frames(motion, anchor)
        quat, root = doubles(motion, frames)
        away = (self.factor - 1) * (root - root[0]) * np.array([1.0, 0, 1])
        shift = steady(away, motion) - away[:, None]
        quat, path = moved_feet(quat, root + away, shift, motion.betas, motion.fps, frames.weight())
        ways = [float(np.linalg.norm(np.diff(p[:, [0, 2]], axis=0), axis=-1).sum()) for p in (root, path)]
        text = f"Scaled the way on the floor by {self.factor:g}: {ways[0]:.2f} m became {ways[1]:.2f} m."
        return rewritten(motion, frames, text, LEG_JOINTS, quat, path)
