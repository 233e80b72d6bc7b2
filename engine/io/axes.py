"""Which way is up in a file, and turning it to Y up."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import Array, quat_mul, quat_rotate

Z_UP_TO_Y_UP = np.array([np.sqrt(0.5), -np.sqrt(0.5), 0, 0])
"""Quaternion that turns (x, y, z) of a Z-up world to (x, z, -y)."""


def up_axis(stand: Array, default: str) -> str:
    """'y' or 'z': the axis that the upright body follows. `default` decides for bodies that are never upright.

    stand: (T, 3) from the ankles to the head in the file's axes. The upper quartile counts, so that a clip that
    starts or ends upright is understood although it spends most of its time on the floor.
    """
    unit = stand / np.maximum(np.linalg.norm(stand, axis=-1, keepdims=True), 1e-9)
    y, z = np.percentile(unit[:, 1], 75), np.percentile(unit[:, 2], 75)
    if max(y, z) < 0.6 or abs(y - z) < 0.15:
        return default
    return "y" if y > z else "z"


def turn_to_y_up(up: str) -> Array:
    """Quaternion (4,) from the file's world to ours."""
    return Z_UP_TO_Y_UP if up == "z" else np.array([1.0, 0, 0, 0])


def rotate_world(root_pos: Array, root_quat: Array, turn: Array) -> tuple[Array, Array]:
    """Positions (T, 3) and orientations (T, 4) in a world turned by `turn` (4,)."""
    return quat_rotate(turn, root_pos), quat_mul(np.broadcast_to(turn, root_quat.shape), root_quat)
