"""Which foot stands when, and at what height: from the heights and speeds of the sole's points, with hysteresis.

The floor is at y = 0; steps, rungs and slopes are known only by the feet that rest on them (`ground_under`).
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_propagation, gaussian_filter1d

from engine.core.skeleton import J, sole_points
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
RAISED_M, STEP_M = 0.05, 0.12
"""A foot rests on something other than the floor where it stands further from the floor's height than the first, in a
clip with feet that stand further up than the second: a body that is up by less floats, and one that is down sinks."""
CARRY_S, LEG_M, ASIDE_M = 0.15, 0.5, 0.4
"""A raised foot carries the body if for so long it rests while the other is no lower, with the pelvis over it: so far
up, and no further to the side."""
Plant = tuple[int, int, np.ndarray]
"""A foot at rest: first frame, frame after the last, heights (3,) of the three points of its sole."""


def point_speeds(points: np.ndarray, fps: float) -> np.ndarray:
    """Floor-plane speeds (T, ...) in m/s of points (T, ..., 3), by central differences, lightly smoothed."""
    if len(points) < 2:
        return np.zeros(points.shape[:-1])
    path = gaussian_filter1d(points[..., [0, 2]].astype(np.float64), max(SMOOTH_S * fps, 1e-3), axis=0, mode="nearest")
    return np.linalg.norm(np.gradient(path, 1 / fps, axis=0), axis=-1)


def contact_from_soles(points: np.ndarray, fps: float, ground: np.ndarray | float = 0.0) -> np.ndarray:
    """Contact (T, 2) of the left and the right foot; points (T, 2, 3, 3) from `sole_points`.

    ground: height (T, 2, 3) under each point from `ground_under`; the floor at y = 0 where it is not given.
    """
    height = points[..., 1] - ground
    lowest = height.min(-1)
    speed = _slowest(points, height, fps)
    possible = (lowest < AWAY_M) & (speed < FAST_M_S) & (_rise(points[..., 1].min(-1), fps) < RISE_M_S)
    certain = possible & (lowest < NEAR_M) & (speed < SLOW_M_S)
    along_time = np.array([[0, 1, 0]] * 3, bool)
    return binary_propagation(certain, structure=along_time, mask=possible)


def _slowest(points: np.ndarray, height: np.ndarray, fps: float) -> np.ndarray:
    """Speed (T, 2) in m/s of the slowest of the points that carry a foot by their height (T, 2, 3)."""
    carrying = height < height.min(-1)[..., None] + ON_FLOOR_M
    return np.where(carrying, point_speeds(points, fps), np.inf).min(-1)


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


def ground_under(pos: np.ndarray, points: np.ndarray, fps: float) -> np.ndarray:
    """Height (T, 2, 3), metres, of what is under each point of the soles: 0, but for feet that rest on a step or slope.

    pos (T, 22, 3) joints, points (T, 2, 3, 3) soles. A foot on its way has the lower of the places it comes from and
    goes to under it; so has a foot in the air that carries nobody.
    """
    height = points[..., 1].astype(np.float64)
    lowest = height.min(-1)
    ground = np.zeros(height.shape)
    if np.abs(lowest).max() <= STEP_M:
        return ground
    still = (_slowest(points, height, fps) < SLOW_M_S) & (_rise(lowest, fps) < RISE_M_S)
    long = max(2, round(CARRY_S * fps))
    carries = still & _over(pos, points, lowest) & (lowest[:, ::-1] > lowest - ON_FLOOR_M)
    rests = [(side, a, b) for side in (0, 1) for a, b in runs(still[:, side]) if b - a >= long]
    levels = [float(np.median(lowest[a:b, side])) for side, a, b in rests]
    carried = [carries[a:b, side].sum() >= long for side, a, b in rests]
    base = min(levels, default=0.0)
    base = base if 0 < base < STEP_M else 0.0
    stood = [level for level, held in zip(levels, carried, strict=True) if held]
    if not stood or max(stood) - min(base, *stood) <= STEP_M:
        return ground
    plants: tuple[list[Plant], list[Plant]] = ([], [])
    for (side, a, b), level, held in zip(rests, levels, carried, strict=True):
        if abs(level - base) < RAISED_M:
            plants[side].append((a, b, np.zeros(3)))
        elif held:
            plants[side].append((a, b, _rest_heights(height[a:b, side])))
    for side in (0, 1):
        if any(place.any() for _, _, place in plants[side]):
            ground[:, side] = _between(height[:, side], plants[side])
    return ground


def _rest_heights(height: np.ndarray) -> np.ndarray:
    """Heights (3,) of what is under the points of a resting foot, `height` (T, 3): it rolls over it, not into it."""
    place = np.percentile(height, 10, axis=0, method="lower")
    return place + np.median((height - place).min(-1))


def _over(pos: np.ndarray, points: np.ndarray, lowest: np.ndarray) -> np.ndarray:
    """Frames (T, 2) in which an upright body is over the foot: on it, if it is on anything."""
    pelvis, neck = pos[:, 0].astype(np.float64), pos[:, J["neck"], 1]
    aside = np.linalg.norm(points[..., [0, 2]].mean(2) - pelvis[:, None, [0, 2]], axis=-1)
    return (aside < ASIDE_M) & (pelvis[:, None, 1] - lowest > LEG_M) & (neck > pelvis[:, 1])[:, None]


def _between(height: np.ndarray, plants: list[Plant]) -> np.ndarray:
    """Ground (T, 3) under points `height` (T, 3) of one foot from where it rests, in the order of time."""
    ground = np.zeros(height.shape)
    spans = []
    for a, b, place in plants:
        gap = (height - place).min(-1)
        near = (gap > -0.5 * NEAR_M) & (gap < AWAY_M)
        if place.any() and near[a:b].any():
            inside = a + np.flatnonzero(near[a:b])
            a, b = int(inside[0]), int(inside[-1]) + 1
            while a > 0 and near[a - 1]:
                a -= 1
            while b < len(height) and near[b]:
                b += 1
        spans.append((a, b))
    edges = [0, *(edge for span in spans for edge in span), len(height)]
    for k, (a, b) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
        if a >= b:
            continue
        level = np.min([place for _, _, place in plants[max(k - 1, 0) : k + 1]], axis=0)
        low = height[a:b].min(0)
        ground[a:b] = level if (level - low).max() < RAISED_M else max(low.min(), min(level.min(), 0.0))
    for (a, b), (_, _, place) in zip(spans, plants, strict=True):
        ground[a:b] = place
    return ground


def floor_at(motion: Motion, frame: int) -> float:
    """Height, metres, of what the lower of the feet that carry the body in that frame is on; 0 on the flat floor."""
    pos, world = motion.world()
    points = sole_points(pos, world)
    ground = ground_under(pos, points, motion.fps)
    on = (points[..., 1] - ground)[frame].min(-1) < AWAY_M
    level = ground[frame].min(-1)
    return float(level[on].min() if on.any() else level.min())
