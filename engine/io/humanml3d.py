"""HumanML3D's 263 numbers a frame (Guo et al. 2022, section 3), both ways: root, joints, rotations, speeds, contacts.

0         turn of the root to the next frame, half angle in radians
1, 2      planar step of the root to the next frame, metres, in the frame of the root
3         height of the root, metres
4:67      21 joints in the frame of the root, metres
67:193    21 rotations, 6D, of bones drawn along the axes, by the shortest turn from each parent
193:259   22 steps of the joints to the next frame, metres, in the frame of the root
259:263   contact of left ankle, left toe, right ankle, right toe
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.core import rotations as R
from engine.core.skeleton import NUM_JOINTS, PARENTS, J

FPS = 20.0
NUM_FEATURES = 263
_SMOOTH_FRAMES = 20
"""Width of the filter over the root's facing, frames."""
_STILL_M2 = 0.002
"""Squared step to the next frame below which a foot stands."""
_CHAINS = ((0, 2, 5, 8, 11), (0, 1, 4, 7, 10), (0, 3, 6, 9, 12, 15), (9, 14, 17, 19, 21), (9, 13, 16, 18, 20))
_LEFT, _RIGHT, _UP, _DOWN, _AHEAD = (1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1)
_DRAWN = np.array(
    [(0, 0, 0), _LEFT, _RIGHT, _UP, _DOWN, _DOWN, _UP, _DOWN, _DOWN, _UP, _AHEAD, _AHEAD, _UP, _LEFT, _RIGHT, _AHEAD]
    + [_DOWN] * 6,
    float,
)
"""Direction (22, 3) in which the template draws the bone that ends in each joint."""
_FEET = ("left_ankle", "left_foot", "right_ankle", "right_foot")


def joints_from_features(features: np.ndarray) -> np.ndarray:
    """Vectors (T, 263) -> joint positions (T, 22, 3), metres, Y up, starting at the origin and facing +Z."""
    half = np.concatenate([[0.0], np.cumsum(features[:-1, 0])])
    facing = np.stack([np.cos(half), 0 * half, -np.sin(half), 0 * half], -1)
    step = np.stack([features[:-1, 1], 0 * half[1:], features[:-1, 2]], -1)
    path = np.concatenate([np.zeros((1, 3)), np.cumsum(R.quat_rotate(facing[1:], step), 0)])
    joints = features[:, 4:67].reshape(-1, NUM_JOINTS - 1, 3)
    joints = R.quat_rotate(np.repeat(facing[:, None], NUM_JOINTS - 1, 1), joints) + path[:, None]
    path[:, 1] = features[:, 3]
    return np.concatenate([path[:, None], joints], 1)


def features_from_joints(pos: np.ndarray) -> np.ndarray:
    """Joint positions (T, 22, 3), metres, Y up, toe joints on y = 0 in stance, at 20 fps -> vectors (T, 263).

    The released files leave the last frame out, because nothing follows it; here the last step is repeated instead, so
    that no frame is lost.
    """
    pos = pos.astype(np.float64)
    turn = _turn_to_front(pos)
    ahead = np.concatenate([pos, pos[-1:] + (pos[-1:] - pos[-2:-1] if len(pos) > 1 else 0)])
    next_turn = np.concatenate([turn, R.quat_mul(R.quat_mul(turn[-1:], R.quat_inv(turn[-2:-1])), turn[-1:])
                                if len(turn) > 1 else turn])  # fmt: skip
    spin = R.quat_mul(next_turn[1:], R.quat_inv(turn))
    step = R.quat_rotate(next_turn[1:], np.diff(ahead[:, 0], axis=0))
    around = np.repeat(turn[:, None], NUM_JOINTS, 1)
    steps = np.diff(ahead, axis=0)
    local = R.quat_rotate(around, pos - pos[:, :1] * [1, 0, 1])
    still = (steps[:, [J[name] for name in _FEET]] ** 2).sum(-1) < _STILL_M2
    parts = [
        np.arcsin(np.clip(spin[:, 2], -1, 1))[:, None],
        step[:, [0, 2]],
        pos[:, 0, 1:2],
        local[:, 1:].reshape(len(pos), -1),
        _bone_rot6d(pos, turn).reshape(len(pos), -1),
        R.quat_rotate(around, steps).reshape(len(pos), -1),
        still,
    ]
    return np.concatenate(parts, 1).astype(np.float32)


def _turn_to_front(pos: np.ndarray) -> np.ndarray:
    """Rotations (T, 4) about Y that bring the body's facing, smoothed over time, to +Z."""
    across = pos[:, J["right_hip"]] - pos[:, J["left_hip"]]
    across = across + pos[:, J["right_shoulder"]] - pos[:, J["left_shoulder"]]
    front = np.cross([0, 1.0, 0], R.normalize(across))
    front = R.normalize(gaussian_filter1d(front, _SMOOTH_FRAMES, axis=0, mode="nearest") * [1, 0, 1])
    angle = np.unwrap(np.arctan2(front[:, 0], front[:, 2]))
    return R.quat_from_axis("y", -angle)


def _bone_rot6d(pos: np.ndarray, turn: np.ndarray) -> np.ndarray:
    """Rotations (T, 21, 6) of the template's bones, each by the shortest turn from its parent."""
    out = np.zeros((len(pos), NUM_JOINTS, 4))
    for chain in _CHAINS:
        world = turn
        for joint in chain[1:]:
            along = R.normalize(pos[:, joint] - pos[:, PARENTS[joint]])
            now = R.quat_between(_DRAWN[joint], along)
            out[:, joint] = R.quat_mul(R.quat_inv(world), now)
            world = now
    return R.rotmat_to_rot6d(R.quat_to_rotmat(out[:, 1:]))
