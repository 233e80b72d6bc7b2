"""Bend a motion: let it turn by so much more (or less) on its way, the path along with it."""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion

TURN_M = 0.35
"""A radian of turning counts as much as this many metres of way when the bend is spread over a stretch."""
EVEN_M_S = 0.05
"""What every second counts besides, so that a body that hardly moves is bent evenly."""


def bend(motion: Motion, degrees: float, start: int = 0, stop: int | None = None) -> Motion:
    """The motion with its heading turned by `degrees` (left positive) between the frames start and stop.

    The turn is spread over the stretch as the body travels and turns in it; what comes before stays bit-identical, what
    comes after is turned as a whole. Length, frame rate and betas stay.
    """
    stop = motion.num_frames if stop is None else stop
    assert 0 <= start < stop <= motion.num_frames, f"no stretch: {start} to {stop} of {motion.num_frames}"
    quat, path = motion.joint_quat.astype(np.float64), motion.root_pos.astype(np.float64)
    way = np.linalg.norm(np.diff(path[:, [0, 2]], axis=0), axis=1)
    effort = way + TURN_M * np.abs(np.diff(R.hip_heading(quat[:, 0]))) + EVEN_M_S / motion.fps
    effort[:start] = 0
    effort[max(start, stop - 1) :] = 0
    done = np.concatenate([[0.0], np.cumsum(effort)])
    share = done / done[-1] if done[-1] > 0 else (np.arange(motion.num_frames) >= stop - 1).astype(float)
    turn = R.quat_from_axis("y", np.radians(degrees) * share)
    steps = R.quat_rotate(turn[:-1], np.diff(path, axis=0))
    bent = np.concatenate([path[:1], path[:1] + np.cumsum(steps, axis=0)])
    root = R.quat_mul(turn, quat[:, 0])
    before = slice(0, start + 1)
    bent[before], root[before] = path[before], quat[before, 0]
    quat[:, 0] = root
    return motion.with_(root_pos=bent, joint_quat=R.quat_continuous(quat))
