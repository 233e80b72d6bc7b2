"""Counting in noisy signals: peaks, dips, oscillations, turns of an angle, and stretches of time."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_closing, gaussian_filter1d
from scipy.signal import find_peaks

from engine.core.contacts import runs

SMOOTH_S = 0.05


def smoothed(signal: np.ndarray, fps: float, seconds: float = SMOOTH_S) -> np.ndarray:
    """The series (T, ...) after a Gaussian of that standard deviation along time."""
    return gaussian_filter1d(np.asarray(signal, np.float64), max(seconds * fps, 1e-3), axis=0, mode="nearest")


def peaks(
    signal: np.ndarray, fps: float, prominence: float, above: float | None = None, gap_s: float = 0.2
) -> np.ndarray:
    """Frames of the peaks of a series (T,) that stand out by `prominence`, gap_s apart or more, higher than `above`.

    A rise that is still up when the clip ends, or a fall from where it began, is no peak.
    """
    if len(signal) < 3:
        return np.zeros(0, int)
    return find_peaks(smoothed(signal, fps), height=above, prominence=prominence, distance=max(1, round(gap_s * fps)))[
        0
    ]


def bumps(signal: np.ndarray, fps: float, prominence: float, above: float | None = None) -> np.ndarray:
    """Like `peaks`, but a hill cut off by the start or the end of the clip counts too."""
    low = np.min(signal, initial=0.0)
    pad = max(2, round(0.3 * fps))
    padded = np.concatenate([np.full(pad, low), np.asarray(signal, np.float64), np.full(pad, low)])
    found = peaks(padded, fps, prominence, above) - pad
    return np.unique(np.clip(found, 0, len(signal) - 1))


def oscillations(signal: np.ndarray, fps: float, amplitude: float, min_gap_s: float = 0.1) -> int:
    """How many times the series (T,) swings to and fro by at least `amplitude` (there and back is one)."""
    up = peaks(signal, fps, amplitude, gap_s=min_gap_s)
    down = peaks(-np.asarray(signal), fps, amplitude, gap_s=min_gap_s)
    return int(max(len(up), len(down)))


def spans(mask: np.ndarray, fps: float, min_s: float = 0.15, bridge_s: float = 0.2) -> tuple[tuple[float, float], ...]:
    """(start_s, end_s) of the stretches of a mask (T,), gaps up to bridge_s closed, shorter ones than min_s dropped."""
    pad = max(1, round(bridge_s * fps))
    if mask.any() and pad > 1:
        padded = np.pad(mask, pad)
        mask = binary_closing(padded, np.ones(pad))[pad:-pad]
    kept = [(a, b) for a, b in runs(mask) if b - a >= min_s * fps - 1e-6]
    return tuple((round(a / fps, 2), round(b / fps, 2)) for a, b in kept)


def winding(x: np.ndarray, y: np.ndarray, min_radius: float) -> float:
    """Signed number of turns that the point (x, y), both (T,), makes around the origin, farther than min_radius."""
    angle = np.unwrap(np.arctan2(y, x))
    step = np.diff(angle)
    step[np.minimum(np.hypot(x, y)[1:], np.hypot(x, y)[:-1]) < min_radius] = 0
    return float(step.sum() / (2 * np.pi))
