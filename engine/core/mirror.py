"""Reflection of a motion in the body's left-right plane (the world plane x = 0)."""

from __future__ import annotations

import numpy as np

from engine.core.skeleton import MIRROR, NUM_JOINTS
from engine.core.types import Motion


def mirror_quat(quat: np.ndarray) -> np.ndarray:
    """Rotations (..., 4) wxyz reflected in x = 0."""
    return quat * np.array([1, 1, -1, -1], quat.dtype)


def mirror_motion(motion: Motion) -> Motion:
    """What the motion looks like in a mirror at x = 0: left and right limbs change places. Its own inverse."""
    swap = list(MIRROR[:NUM_JOINTS])
    return motion.with_(
        root_pos=motion.root_pos * np.array([-1, 1, 1], np.float32),
        joint_quat=mirror_quat(motion.joint_quat[:, swap]),
    )
