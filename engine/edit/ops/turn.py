"""turn: rotate the whole clip on the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, argument


@EDITS.register("turn")
@dataclass(frozen=True)
class Turn:
    """Turn the whole motion on the floor about where it begins; positive is to the left. Poses stay as they are."""

    degrees: float = argument("number", default=90, low=-360, high=360, unit="degrees", help="positive is left")

    def apply(self, motion: Motion, anchor: Anchor) -> tuple[Motion, str]:
        """Only the pelvis' orientation and its path change; the heights stay bit-identical."""
        turn = R.quat_from_axis("y", np.asarray(np.radians(self.degrees)))
        quat = motion.joint_quat.copy()
        quat[:, 0] = R.quat_mul(turn, quat[:, 0].astype(np.float64))
        root = motion.root_pos.copy()
        root[:] = anchor.point + R.quat_rotate(turn, root.astype(np.float64) - anchor.point)
        root[:, 1] = motion.root_pos[:, 1]
        side = "left" if self.degrees >= 0 else "right"
        text = f"Turned the whole motion {abs(self.degrees):g} degrees to the {side}."
        return motion.with_(root_pos=root, joint_quat=quat), text
