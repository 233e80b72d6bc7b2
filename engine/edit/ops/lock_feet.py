"""lock_feet: planted feet do not slide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.clean import lock_feet
from engine.edit.legs import ANKLES, LEG_JOINTS
from engine.edit.pose import rewritten
from engine.edit.registry import EDITS, Anchor, Edited
from engine.edit.spans import Span


@EDITS.register("lock_feet")
@dataclass(frozen=True)
class LockFeet:
    """Stop planted feet from sliding: each stays where it stands, the legs follow by inverse kinematics."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Only the legs and the path change."""
        frames = Span().frames(motion, anchor)
        out = lock_feet(motion)
        slid = float(np.abs(out.joint_positions()[:, ANKLES] - motion.joint_positions()[:, ANKLES]).max())
        text = f"Locked the planted feet; a foot was moved by up to {100 * slid:.1f} cm."
        return rewritten(motion, frames, text, LEG_JOINTS, out.joint_quat, out.root_pos)
