"""Which foot stands on the floor when: from the heights and speeds of the sole's points, with hysteresis."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_propagation, gaussian_filter1d

from engine.core.skeleton import sole_points
from engine.core.types import Motion

NEAR_M, AWAY_M = 0.02, 0.035
"""A contact begins below the first height of the lowest point of the sole and ends above the second."""
SLOW_M_S, FAST_M_S = 0.35, 0.8
"""A contact begins with a point near the floor slower than the first speed, and ends when all exceed the second."""
RISE_M_S = 0.35
"""A foot whose sole rises or falls faster than this has left the floor, or not reached it."""
SMOOTH_S = 0.04
ON_FLOOR_M = 0.02
"""Points within this height of the lowest one carry the foot."""


def point_speeds(points: np.ndarray, fps: float) -> np.ndarray:
    """Floor-plane speeds (T, ...) in m/s of points (T, ..., 3), by central differences, lightly smoothed."""
    if len(points) < 2:
        return np.zeros(points.shape[:-1])
    path = gaussian_filter1d(points[..., [0, 2]].astype(np.float64), max(SMOOTH_S * fps, 1e-3), axis=0, mode="nearest")
    return np.linalg.norm(np.gradient(path, 1 / fps, axis=0), axis=-1)


def contact_from_soles(points: np.ndarray, fps: float) -> np.ndarray:
    """Contact (T, 2) of the left and the right foot; points (T, 2, 3, 3) from `sole_points`, floor at y = 0."""
    height = points[..., 1]
    lowest = height.min(-1)
    carrying = height < lowest[..., None] + ON_FLOOR_M
    speed = np.where(carrying, point_speeds(points, fps), np.inf).min(-1)
    possible = (lowest < AWAY_M) & (speed < FAST_M_S) & (_rise(lowest, fps) < RISE_M_S)
    certain = possible & (lowest < NEAR_M) & (speed < SLOW_M_S)
    along_time = np.array([[0, 1, 0]] * 3, bool)
    return binary_propagation(certain, structure=along_time, mask=possible)


def _rise(lowest: np.ndarray, fps: float) -> np.ndarray:
    """Vertical speed (T, 2) in m/s, without its sign, of the lowest point of each sole."""
    if len(lowest) < 2:
        return np.zeros_like(lowest)
    return np.abs(np.gradient(lowest.astype(np.float64), 1 / fps, axis=0))


def foot_contact(motion: Motion) -> np.ndarray:
    """Contact (T, 2) of the left and the right foot of a motion at any frame rate."""
    return contact_from_soles(sole_points(*motion.world()), motion.fps)


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """The stretches [start, stop) of a boolean series (T,) in which it is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
