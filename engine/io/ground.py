"""Placing a motion in the world: soles on y = 0 and, if wished, a start at x = z = 0."""

from __future__ import annotations

import numpy as np

from engine.core.skeleton import J, sole_points
from engine.core.types import Motion

STILL_SPEED = 0.25
"""Ankle speed below which a foot may stand, metres per second."""
LAYER = 0.04
"""Thickness of the level in which standing feet gather, metres."""
SINK = 0.028
"""Deepest that the lowest sole point of a clip may lie under the floor, metres."""


def floor_height(motion: Motion) -> float:
    """Height of the floor that the clip stands on, metres: the lowest level at which slow feet gather.

    Where no foot ever stands, a low percentile of the lowest sole. The lowest sole point of all is never more than
    3 cm below it.
    """
    pos, world = motion.world()
    height = sole_points(pos, world)[..., 1].min(-1).astype(np.float64)
    feet = pos[:, [J["left_ankle"], J["right_ankle"]]]
    speed = np.zeros(height.shape)
    if motion.num_frames > 2:
        speed = np.linalg.norm(np.gradient(feet, axis=0), axis=-1) * motion.fps
    return float(min(_stance_level(height, speed), height.min() + SINK))


def _stance_level(height: np.ndarray, speed: np.ndarray) -> float:
    """height, speed: (T, 2) per foot. The median of the lowest layer that holds 8 % of the slow feet."""
    low = np.percentile(height.min(1), 2)
    still = np.sort(height[(speed < STILL_SPEED) & (height < low + 0.3)])
    if len(still) < 8:
        return float(np.percentile(height.min(1), 5))
    dense = np.searchsorted(still, still + LAYER) - np.arange(len(still)) >= max(6, 0.08 * len(still))
    level = still[np.argmax(dense)] if dense.any() else still[0]
    return float(np.median(still[(still >= level) & (still <= level + LAYER)]))


def place(motion: Motion, recenter: bool, floor: float | None = None) -> Motion:
    """The motion with its floor at y = 0, and starting at x = z = 0 if `recenter`.

    floor: its height in metres where the file says it; else it is where the feet stand.
    """
    shift = np.zeros(3, np.float32)
    if recenter:
        shift[:] = motion.root_pos[0]
    shift[1] = floor_height(motion) if floor is None else floor
    return motion.with_(root_pos=motion.root_pos - shift)
