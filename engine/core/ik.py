"""Two-bone inverse kinematics, vectorised over frames: legs and arms for the data engine, retargeting and clean-up."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import normalize, quat_from_rotmat


def solve_two_bone(
    root: np.ndarray, target: np.ndarray, upper: float, lower: float, pole: np.ndarray, soft_share: float = 0.98
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the middle and the end joint, each (T, 3) metres.

    root, target: (T, 3) world positions of the first joint and of where the end should go.  upper, lower: bone
    lengths.  pole: (T, 3) direction towards which the middle joint bends.  A target beyond soft_share of the whole
    length is approached asymptotically (no pop when a limb straightens).
    """
    reach = target - root
    dist = np.linalg.norm(reach, axis=-1)
    axis = reach / np.maximum(dist, 1e-6)[..., None]
    full = max(0.9995, (1 + soft_share) / 2) * (upper + lower)
    soft = soft_share * (upper + lower)
    over = np.maximum(dist - soft, 0)
    dist = np.where(over > 0, soft + (full - soft) * (1 - np.exp(-over / (full - soft))), dist)
    dist = np.maximum(dist, abs(upper - lower) + 0.02)
    side = pole - axis * (pole * axis).sum(-1, keepdims=True)
    side = normalize(side)
    cos = np.clip((upper**2 + dist**2 - lower**2) / (2 * upper * dist), -1, 1)[..., None]
    mid = root + upper * (axis * cos + side * np.sqrt(1 - cos**2))
    return mid, root + axis * dist[..., None]


def bone_quat(direction: np.ndarray, hinge: np.ndarray, rest_direction: np.ndarray, rest_hinge: np.ndarray):
    """World rotation (T, 4) that turns a bone from its rest direction to `direction` and its hinge axis to `hinge`.

    direction, hinge: (T, 3) world; rest_direction, rest_hinge: (3,) in the rest pose. The direction is met exactly,
    the hinge as nearly as it can be.
    """

    def frame(along: np.ndarray, across: np.ndarray) -> np.ndarray:
        along = normalize(along)
        across = normalize(across - along * (across * along).sum(-1, keepdims=True))
        return np.stack([along, across, np.cross(along, across)], -1)

    now = frame(direction, hinge)
    rest = frame(np.asarray(rest_direction, now.dtype), np.asarray(rest_hinge, now.dtype))
    return quat_from_rotmat(now @ np.swapaxes(rest, -1, -2))
