"""Moving and turning a whole motion on the floor; the poses stay bit-identical."""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion
from engine.edit.anchor import Anchor

HEADINGS = {"forward": 0.0, "left": np.pi / 2, "backward": np.pi, "right": -np.pi / 2}
"""Direction in the world -> heading in radians."""


def turned(motion: Motion, point: np.ndarray, radians: float) -> Motion:
    """Turned to the left about a point (3,); only the pelvis and the path change, the heights do not."""
    turn = R.quat_from_axis("y", np.asarray(radians))
    quat, root = motion.joint_quat.copy(), motion.root_pos.copy()
    quat[:, 0] = R.quat_mul(turn, quat[:, 0].astype(np.float64))
    root[:] = point + R.quat_rotate(turn, root.astype(np.float64) - point)
    root[:, 1] = motion.root_pos[:, 1]
    return motion.with_(root_pos=root, joint_quat=quat)


def moved(motion: Motion, offset: np.ndarray) -> Motion:
    """Moved by offset (3,) metres; what it does not move along keeps its bits."""
    root = motion.root_pos.astype(np.float64) + offset
    return motion.with_(root_pos=np.where(offset == 0, motion.root_pos, root))


def brought_to(motion: Motion, start: Anchor) -> Motion:
    """Turned and moved on the floor so that its first frame stands and faces as `start` says."""
    here = Anchor.of(motion)
    out = turned(motion, here.point, start.heading - here.heading)
    return moved(out, (start.point - here.point) * np.array([1.0, 0, 1]))
