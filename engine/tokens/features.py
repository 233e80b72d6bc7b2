"""Motion as features for the tokenizer: 136 numbers a frame at 20 fps, in the frame of the body's heading.

    0      pelvis height, metres
    1, 2   planar velocity to the left and forward of the heading, metres per frame
    3      turn of the heading, radians per frame
    4:136  22 local joint rotations, 6D; the pelvis without its heading

The heading is taken from the hip axis, which stays level when a body bows or lies on its back.
"""

from __future__ import annotations

import numpy as np
import torch

from engine.core import rotations as R
from engine.core.skeleton import MEAN_OFFSETS, NUM_JOINTS, PARENTS, PARTS
from engine.core.types import MODEL_FPS, Motion

NUM_FEATURES = 4 + 6 * NUM_JOINTS
TIPS = ((15, (0.0, 0.06, 0.14)), (20, (0.16, 0.0, 0.0)), (21, (-0.16, 0.0, 0.0)))
"""Points beyond the last joints (joint, offset in metres): the nose and the fingertips show how head and hands turn."""
NUM_POINTS = NUM_JOINTS + len(TIPS)
TOKEN_PARTS: dict[str, tuple[int, ...]] = {
    "legs": (*PARTS["root"], *PARTS["left_leg"], *PARTS["right_leg"]),
    "trunk": PARTS["torso"],
    "arms": (*PARTS["left_arm"], *PARTS["right_arm"]),
}
"""The joints whose rotations each part of the tokenizer codes; the legs carry the root's features too."""


def part_features(part: str) -> list[int]:
    """Indices of the features of a part of TOKEN_PARTS; together the parts hold each of the 136 once."""
    root = list(range(4)) if part == "legs" else []
    return root + [4 + 6 * joint + i for joint in sorted(TOKEN_PARTS[part]) for i in range(6)]


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


def _rotmat(rot6d: torch.Tensor) -> torch.Tensor:
    a, b = rot6d[..., :3], rot6d[..., 3:]
    a = torch.nn.functional.normalize(a, dim=-1)
    b = torch.nn.functional.normalize(b - (a * b).sum(-1, keepdim=True) * a, dim=-1)
    return torch.stack([a, b, torch.cross(a, b, dim=-1)], -1)


def feature_joints(features: torch.Tensor, integrate: bool = False, tips: bool = False) -> torch.Tensor:
    """Differentiable joint positions (..., T, 22, 3) metres of features (..., T, 136) on the mean skeleton.

    integrate False: every frame in its own heading frame, pelvis over the origin. True: along the integrated path.
    tips: also the points of TIPS, (..., T, 25, 3).
    """
    mats = _rotmat(features[..., 4:].reshape(*features.shape[:-1], NUM_JOINTS, 6))
    root = torch.zeros_like(features[..., :3])
    first = mats[..., 0, :, :]
    if integrate:
        yaw = torch.cumsum(features[..., 3], -1) - features[..., :1, 3]
        c, s, o = torch.cos(yaw), torch.sin(yaw), torch.zeros_like(yaw)
        turn = torch.stack([c, o, s, o, o + 1, o, -s, o, c], -1).reshape(*yaw.shape, 3, 3)
        first = turn @ first
        left, ahead = features[..., 1], features[..., 2]
        path = torch.cumsum(torch.stack([c * left + s * ahead, -s * left + c * ahead], -1), -2)
        path = path - path[..., :1, :]
        root = torch.stack([path[..., 0], features[..., 0], path[..., 1]], -1)
    else:
        root = torch.stack([root[..., 0], features[..., 0], root[..., 2]], -1)
    offsets = torch.as_tensor(MEAN_OFFSETS, dtype=features.dtype, device=features.device)
    world, pos = [first], [root]
    for j in range(1, NUM_JOINTS):
        p = PARENTS[j]
        world.append(world[p] @ mats[..., j, :, :])
        pos.append(pos[p] + (world[p] @ offsets[j]))
    if tips:
        pos += [pos[j] + world[j] @ offsets.new_tensor(offset) for j, offset in TIPS]
    return torch.stack(pos, -2)
