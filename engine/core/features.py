"""Motion as features for the models: 136 numbers a frame at 20 fps, in the frame of the body's heading.

    0      pelvis height, metres
    1, 2   planar velocity to the left and forward of the heading, metres per frame
    3      turn of the heading, radians per frame
    4:136  22 local joint rotations, 6D; the pelvis without its heading

The heading is taken from the hip axis, which stays level when a body bows or lies on its back.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import NUM_JOINTS
from engine.core.types import MODEL_FPS, Motion

NUM_FEATURES = 4 + 6 * NUM_JOINTS


def joint_features(joints: Iterable[int]) -> list[int]:
    """Indices of the features that are the rotations of these joints, in the order of the joints' numbers."""
    return [4 + 6 * joint + i for joint in sorted(joints) for i in range(6)]


def encode_features(motion: Motion) -> np.ndarray:
    """Motion (any rate) -> (T, 136) float32 features at 20 fps. The first frame has zero velocity."""
    motion = motion.resample(MODEL_FPS)
    quat = motion.joint_quat.astype(np.float64)
    yaw = R.hip_heading(quat[:, 0])
    unturn = R.quat_from_axis("y", -yaw)
    quat[:, 0] = R.quat_mul(unturn, quat[:, 0])
    step = np.diff(motion.root_pos.astype(np.float64), axis=0, prepend=motion.root_pos[:1])
    step = R.quat_rotate(unturn, step)
    turn = np.diff(yaw, prepend=yaw[:1])
    rot6d = R.rotmat_to_rot6d(R.quat_to_rotmat(quat)).reshape(len(quat), -1)
    root = np.stack([motion.root_pos[:, 1], step[:, 0], step[:, 2], turn], 1)
    return np.concatenate([root, rot6d], 1).astype(np.float32)


def decode_features(features: np.ndarray) -> Motion:
    """(T, 136) features -> Motion at 20 fps that starts at x = z = 0 with heading 0."""
    f = np.asarray(features, np.float64)
    quat = R.quat_from_rotmat(R.rotmat_from_rot6d(f[:, 4:].reshape(len(f), NUM_JOINTS, 6)))
    yaw = np.cumsum(f[:, 3]) - f[0, 3]
    turn = R.quat_from_axis("y", yaw)
    quat[:, 0] = R.quat_mul(turn, quat[:, 0])
    flat = np.stack([f[:, 1], np.zeros(len(f)), f[:, 2]], 1)
    path = np.cumsum(R.quat_rotate(turn, flat), axis=0)
    path -= path[:1]
    path[:, 1] = f[:, 0]
    return Motion(path, R.quat_continuous(quat), MODEL_FPS)
