"""Curves over time in numpy: easing, key poses, oscillators, envelopes, smooth noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

Array = np.ndarray


def smooth(x: Array | float) -> Array:
    """Smoothstep of x clipped to [0, 1]: zero speed at both ends."""
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def minjerk(x: Array | float) -> Array:
    """Minimum-jerk profile (Flash and Hogan 1985) of x clipped to [0, 1]."""
    x = np.clip(x, 0, 1)
    return x**3 * (10 + x * (6 * x - 15))


def overshoot(x: Array | float, amount: float = 0.12) -> Array:
    """Minimum jerk that goes past its goal by about `amount` and settles."""
    x = np.clip(x, 0, 1)
    return minjerk(x * 1.5) + amount * np.sin(np.pi * np.clip(x * 1.5 - 0.5, 0, 1)) ** 2 * (x > 1 / 3)


EASES = {"smooth": smooth, "minjerk": minjerk, "overshoot": overshoot, "linear": lambda x: np.clip(x, 0, 1)}


def keys(t: Array, points: Sequence[tuple[float, object]], ease: str = "minjerk") -> Array:
    """Key poses -> curve: t (T,), points (time, value) in the order of time; value is a number or a vector (D,).

    Held before the first and after the last key, eased from one to the next: (T,) or (T, D). Repeat a value to hold it.
    """
    times = np.array([p[0] for p in points], np.float64)
    values = np.array([p[1] for p in points], np.float64)
    if len(points) == 1:
        return np.broadcast_to(values[0], (*np.shape(t), *values.shape[1:])).copy()
    k = np.clip(np.searchsorted(times, t, side="right") - 1, 0, len(points) - 2)
    x = EASES[ease]((t - times[k]) / np.maximum(times[k + 1] - times[k], 1e-6))
    x = x.reshape(*x.shape, *[1] * (values.ndim - 1))
    return values[k] * (1 - x) + values[k + 1] * x


def envelope(t: Array, attack: float, release: float, start: float | None = None, end: float | None = None) -> Array:
    """0 -> 1 over `attack` seconds from `start`, back to 0 over `release` seconds until `end` (default: all of t)."""
    start = float(t[0]) if start is None else start
    end = float(t[-1]) if end is None else end
    return minjerk((t - start) / max(attack, 1e-3)) * minjerk((end - t) / max(release, 1e-3))


def cycles(t: Array, count: float, start: float, end: float) -> Array:
    """Phase in radians: 0 before `start`, 2 pi * count after `end`, uniform between. Use np.sin, np.cos on it."""
    return 2 * np.pi * count * np.clip((t - start) / max(end - start, 1e-3), 0, 1)


def pulses(t: Array, times: Sequence[float], width: float) -> Array:
    """Sum of smooth bumps of height 1 and full width `width` seconds, centred on `times`."""
    x = np.abs(np.asarray(t)[:, None] - np.asarray(times, np.float64)[None]) / (width / 2)
    return (np.cos(np.pi * np.clip(x, 0, 1)) * 0.5 + 0.5).sum(1)


def noise(rng: np.random.Generator, num_frames: int, amount: float, smooth_frames: float = 12.0) -> Array:
    """Smooth random curve (T,) with standard deviation `amount` and mean near zero."""
    raw = gaussian_filter1d(rng.standard_normal(num_frames + int(8 * smooth_frames)), smooth_frames, mode="wrap")
    raw /= max(float(raw.std()), 1e-6)
    return amount * raw[:num_frames]


def breathing(rng: np.random.Generator, t: Array) -> Array:
    """Breath (T,) between -1 and 1, about 15 breaths a minute, random phase."""
    return np.sin(2 * np.pi * (rng.uniform(0.22, 0.32) * t + rng.uniform()))
