"""The tokenizer's view of the features of engine.core.features: by part, and as joint positions with gradients."""

from __future__ import annotations

import torch

from engine.core.features import joint_features
from engine.core.skeleton import MEAN_OFFSETS, NUM_JOINTS, PARENTS, PARTS

TIPS = ((15, (0.0, 0.06, 0.14)), (20, (0.16, 0.0, 0.0)), (21, (-0.16, 0.0, 0.0)))
"""Points beyond the last joints (joint, offset in metres): the nose and the fingertips show how head and hands turn."""
NUM_POINTS = NUM_JOINTS + len(TIPS)
TOKEN_PARTS: dict[str, tuple[int, ...]] = {
    "legs": (*PARTS["root"], *PARTS["left_leg"], *PARTS["right_leg"]),
    "trunk": PARTS["torso"],
    "arms": (*PARTS["left_arm"], *PARTS["right_arm"]),
}
"""The joints whose rotations each part of the tokenizer codes; the legs carry the root's features too."""
TOKEN_GROUPS: dict[str, tuple[str, ...]] = {"whole": tuple(TOKEN_PARTS), "legs": ("legs",), "upper": ("trunk", "arms")}
"""Parts of the tokenizer that go together: an action of the legs has its own, an upper one moves trunk and arms."""


def part_features(part: str) -> list[int]:
    """Indices of the features of a part of TOKEN_PARTS; together the parts hold each of the 136 once."""
    root = list(range(4)) if part == "legs" else []
    return root + joint_features(TOKEN_PARTS[part])


def group_columns(group: str, count: int) -> list[int]:
    """Which of the `count` codes of a step belong to a group of TOKEN_GROUPS; every level holds all parts in turn."""
    parts = list(TOKEN_PARTS)
    return [i for i in range(count) if parts[i % len(parts)] in TOKEN_GROUPS[group]]


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
