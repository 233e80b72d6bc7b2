"""Rotations along time: their mean, their deviations from it, and low-pass filtering."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.core import rotations as R

MAX_RAD = np.radians(170)


def mean_quat(quat: np.ndarray) -> np.ndarray:
    """Mean rotations (J, 4) of quat (T, J, 4): the largest eigenvector of the products (Markley et al. 2007)."""
    _, vectors = np.linalg.eigh(np.einsum("tji,tjk->jik", quat, quat))
    return vectors[..., -1]


def amplified(quat: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Rotations (T, J, 4) whose deviation from their mean over time is scaled by factor (T,)."""
    mean = mean_quat(quat)
    away = R.quat_to_aa(R.quat_mul(R.quat_inv(mean)[None], quat)) * factor[:, None, None]
    angle = np.linalg.norm(away, axis=-1, keepdims=True)
    away = away * np.minimum(1, MAX_RAD / np.maximum(angle, 1e-9))
    return np.where(factor[:, None, None] == 1, quat, R.quat_mul(mean[None], R.quat_from_aa(away)))


def tilt_amplified(quat: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """The same for a pelvis (T, 4): its tilt is scaled, the way that it faces is kept."""
    turn = R.quat_from_axis("y", R.heading(quat))
    tilt = R.quat_mul(R.quat_inv(turn), quat)
    return R.quat_mul(turn, amplified(tilt[:, None], factor)[:, 0])


def low_pass(quat: np.ndarray, frames: float) -> np.ndarray:
    """Rotations (T, J, 4) after a Gaussian with this standard deviation in frames."""
    return R.normalize(gaussian_filter1d(R.quat_continuous(quat), max(frames, 1e-3), axis=0, mode="nearest"))


def low_pass_path(path: np.ndarray, frames: float) -> np.ndarray:
    """Positions (T, 3) after the same; the ends go on as they went, so that a walk is not braked there."""
    pad = min(int(4 * frames) + 1, len(path) - 1)
    if pad < 1:
        return path
    before, after = 2 * path[:1] - path[pad:0:-1], 2 * path[-1:] - path[-2 : -pad - 2 : -1]
    return gaussian_filter1d(np.concatenate([before, path, after]), max(frames, 1e-3), axis=0)[pad:-pad]


def faded(quat: np.ndarray, other: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Rotations (T, J, 4) gone over to others by weight (T,)."""
    return R.quat_slerp(quat, other, np.repeat(weight[:, None], quat.shape[1], 1))
