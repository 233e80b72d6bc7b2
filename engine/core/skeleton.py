"""The SMPL skeleton: 22 joints that a `Motion` animates (24 with the hands), rest offsets, forward kinematics.

The offsets are SMPL's mean skeleton, made exactly left-right symmetric. A body package may install its own rest
joints with `use_rest_joints`; until then, and for zero betas, the mean skeleton holds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.core.rotations import quat_mul, quat_rotate

JOINT_NAMES = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hand", "right_hand",
)  # fmt: skip
PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)
NUM_JOINTS = 22
J = {name: i for i, name in enumerate(JOINT_NAMES)}
MIRROR = tuple(
    J[n.replace("left", "right") if n.startswith("left") else n.replace("right", "left")] for n in JOINT_NAMES
)
"""Joint index on the other side of the body, for all 24 joints."""

PARTS: dict[str, tuple[int, ...]] = {
    "torso": (3, 6, 9, 12, 15),
    "left_arm": (13, 16, 18, 20),
    "right_arm": (14, 17, 19, 21),
    "left_leg": (1, 4, 7, 10),
    "right_leg": (2, 5, 8, 11),
    "root": (0,),
}
"""Body parts as joint indices; together they hold each of the 22 joints once."""

# Offset from the parent, metres, Y up, facing +Z, left is +X; left side only. Source: SMPL's mean rest joints, widely
# published as a humanoid description; left and right averaged, spine put on the sagittal plane.
_HALF = {
    "pelvis": (0, 0, 0), "spine1": (0, 0.1090, -0.0267), "spine2": (0, 0.1352, 0.0011), "spine3": (0, 0.0529, 0.0254),
    "neck": (0, 0.2139, -0.0429), "head": (0, 0.0650, 0.0513),
    "left_hip": (0.0686, -0.0910, -0.0056), "left_knee": (0.0363, -0.3789, -0.0067),
    "left_ankle": (-0.0147, -0.3982, -0.0430), "left_foot": (0.0259, -0.0520, 0.1213),
    "left_collar": (0.0803, 0.1203, -0.0364), "left_shoulder": (0.0935, 0.0316, -0.0090),
    "left_elbow": (0.2567, -0.0131, -0.0245), "left_wrist": (0.2523, 0.0084, -0.0034),
    "left_hand": (0.0843, -0.0072, -0.0126),
}  # fmt: skip


def _mean_offsets() -> np.ndarray:
    flip = np.array([-1.0, 1, 1])
    rows = [_HALF[n] if n in _HALF else flip * _HALF[n.replace("right", "left")] for n in JOINT_NAMES]
    return np.asarray(rows, np.float64)


MEAN_OFFSETS = _mean_offsets()
"""(24, 3) metres: rest offset of each joint from its parent."""
MEAN_STANDING_HEIGHT = 0.9421
"""Height of the pelvis above the sole, metres, when the mean skeleton stands in its rest pose."""
SOLE = (("ankle", (0.0, -0.074, -0.035)), ("foot", (0.0, -0.022, 0.0)), ("foot", (0.0, -0.020, 0.065)))
"""Points of the left sole as (joint, offset in that joint's frame, metres): heel, ball, tip of the toes."""

_rest_joints: Callable[[np.ndarray], np.ndarray] | None = None


def use_rest_joints(provider: Callable[[np.ndarray], np.ndarray] | None) -> None:
    """Install the loaded body's rest joints: betas (10,) -> rest joints (24, 3) metres. None: the mean skeleton."""
    global _rest_joints
    _rest_joints = provider


def rest_offsets(betas: np.ndarray | None = None) -> np.ndarray:
    """Rest offset from the parent (24, 3), metres, of the loaded body for `betas`; the pelvis row is zero."""
    if _rest_joints is None:
        return MEAN_OFFSETS
    rest = np.asarray(_rest_joints(np.zeros(10) if betas is None else betas), np.float64)
    return np.concatenate([np.zeros((1, 3)), rest[1:] - rest[list(PARENTS[1:])]])


def forward_kinematics(
    joint_quat: np.ndarray, root_pos: np.ndarray, offsets: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Local rotations (T, J, 4) wxyz and root_pos (T, 3) -> world positions (T, J, 3) and rotations (T, J, 4).

    J is 22 or 24; `offsets` (>= J, 3) defaults to the loaded body's with zero betas.
    """
    num_joints = joint_quat.shape[-2]
    offsets = (rest_offsets() if offsets is None else offsets).astype(joint_quat.dtype)
    pos = np.empty((*joint_quat.shape[:-1], 3), joint_quat.dtype)
    world = np.empty_like(joint_quat)
    pos[..., 0, :], world[..., 0, :] = root_pos, joint_quat[..., 0, :]
    for j in range(1, num_joints):
        p = PARENTS[j]
        world[..., j, :] = quat_mul(world[..., p, :], joint_quat[..., j, :])
        pos[..., j, :] = pos[..., p, :] + quat_rotate(world[..., p, :], offsets[j])
    return pos, world


def local_from_world(world: np.ndarray) -> np.ndarray:
    """World rotations (..., J, 4) -> parent-relative rotations (..., J, 4)."""
    conj = world[..., list(PARENTS[1 : world.shape[-2]]), :] * np.array([1, -1, -1, -1], world.dtype)
    out = world.copy()
    out[..., 1:, :] = quat_mul(conj, world[..., 1:, :])
    return out


def sole_points(pos: np.ndarray, world: np.ndarray) -> np.ndarray:
    """World positions (T, 2, 3, 3) of heel, ball and toe tip of the left and the right foot.

    pos (T, >=22, 3) metres, world (T, >=22, 4) rotations.
    """
    feet = []
    for side, flip in (("left", 1.0), ("right", -1.0)):
        pts = []
        for name, offset in SOLE:
            j = J[f"{side}_{name}"]
            o = np.array([offset[0] * flip, *offset[1:]], pos.dtype)
            pts.append(pos[:, j] + quat_rotate(world[:, j], o))
        feet.append(np.stack(pts, 1))
    return np.stack(feet, 1)
