"""Spikes in a motion: frames that jump away from their neighbours and come back."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter

from engine.core import rotations as R
from engine.core.contacts import runs

SPIKE_S = 0.1
"""Spikes last no longer than this, or a single frame; what lasts longer is motion."""
AROUND_S = 0.5
"""The usual step from frame to frame is the median over so long."""
ANGLE_RAD, PATH_M = np.radians(10.0), 0.03
"""A spike begins and ends with a jump of at least this."""
TIMES, BACK = 6.0, 0.5
"""The jump is so many times the usual step, and what is left of it after the spike is less than this share."""


def _spikes(values: np.ndarray, fps: float, least: float) -> np.ndarray:
    """Frames (T,) in which values (T, D) have jumped away, to come back soon after."""
    bad = np.zeros(len(values), bool)
    if len(values) < 4:
        return bad
    jump = np.linalg.norm(np.diff(values, axis=0), axis=-1)
    usual = median_filter(jump, max(5, round(AROUND_S * fps)), mode="nearest")
    large = np.flatnonzero(jump > np.maximum(least, TIMES * usual))
    longest = max(1, round(SPIKE_S * fps))
    for k, before in enumerate(large):
        for after in large[k + 1 :]:
            left = np.linalg.norm(values[after + 1] - values[before])
            if after - before <= longest and left < BACK * min(jump[before], jump[after]):
                bad[before + 1 : after + 1] = True
                break
    return bad


def despiked(quat: np.ndarray, fps: float) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (T, J, 4) with the spikes of each joint bridged by slerp, and where they were (T, J)."""
    smooth = R.quat_continuous(quat)
    bad = np.stack([_spikes(smooth[:, j], fps, float(ANGLE_RAD) / 2) for j in range(quat.shape[1])], 1)
    for j in np.flatnonzero(bad.any(0)):
        for a, b in runs(bad[:, j]):
            share = np.arange(1, b - a + 1) / (b - a + 1)
            ends = [np.repeat(smooth[[at], j], b - a, 0) for at in (a - 1, b)]
            smooth[a:b, j] = R.quat_slerp(ends[0], ends[1], share)
    return smooth, bad


def despiked_path(path: np.ndarray, fps: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions (T, 3) with spikes bridged by straight lines, and where they were (T,)."""
    bad = _spikes(path, fps, PATH_M)
    good = np.flatnonzero(~bad)
    level = np.stack([np.interp(np.arange(len(path)), good, path[good, k]) for k in range(3)], -1)
    return level, bad
