"""bend_path: let the way curve."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.bend import bend
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import whole


@EDITS.register("bend_path")
@dataclass(frozen=True)
class BendPath:
    """Let the way curve by so many degrees over the clip; positive is to the left."""

    degrees: float = argument("number", low=-360, high=360, unit="degrees", help="positive is left")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Only the pelvis' orientation and the path change; the first frame and the heights stay bit-identical."""
        out = bend(motion, self.degrees)
        root = out.root_pos.copy()
        root[:, 1] = motion.root_pos[:, 1]
        quat = motion.joint_quat.copy()
        quat[1:, 0] = out.joint_quat[1:, 0]
        side = "left" if self.degrees >= 0 else "right"
        text = f"Bent the way by {abs(self.degrees):g} degrees to the {side} over {motion.duration_s:.2f} s."
        return Edited(motion.with_(root_pos=root, joint_quat=quat), text, whole(out, frozenset({0})))
