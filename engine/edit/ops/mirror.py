"""mirror: swap left and right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.mirror import mirror_quat
from engine.core.skeleton import MIRROR, NUM_JOINTS
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited
from engine.edit.scope import whole


@EDITS.register("mirror")
@dataclass(frozen=True)
class Mirror:
    """Swap left and right of the whole motion, in the plane that the first person faces along when it begins."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Local rotations are mirrored exactly; the path and the pelvis are reflected in the plane of the anchor."""
        quat = mirror_quat(motion.joint_quat[:, MIRROR[:NUM_JOINTS]])
        turn = R.quat_from_axis("y", np.asarray(anchor.heading))
        relative = R.quat_mul(R.quat_inv(turn), motion.joint_quat[:, 0].astype(np.float64))
        quat[:, 0] = R.quat_mul(turn, mirror_quat(relative))
        across = np.array([np.cos(anchor.heading), 0, -np.sin(anchor.heading)])
        offset = motion.root_pos.astype(np.float64) - anchor.point
        root = motion.root_pos - 2 * (offset @ across)[:, None] * across
        out = motion.with_(root_pos=root, joint_quat=quat)
        return Edited(out, "Mirrored: left and right are swapped.", whole(out))
