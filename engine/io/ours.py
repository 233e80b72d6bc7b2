"""Recognising skeletons that Kinetalk wrote: rest offsets near ours, and the body shape that explains them."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import normalize
from engine.core.skeleton import MEAN_OFFSETS, PARENTS, rest_offsets

_NEAR = np.cos(np.radians(12))
_EXACT_M, _FIT_M = 1e-5, 1e-3
"""Offsets that differ by less are the same; betas that leave no more than the second explain them."""


def is_our_rest(offsets: np.ndarray, parents: list[int]) -> bool:
    """Whether offsets (J, 3) from the parents, in SMPL's order and any unit, point as ours do."""
    if tuple(parents) != PARENTS[: len(parents)]:
        return False
    ours = MEAN_OFFSETS[1 : len(offsets)]
    return bool(((normalize(offsets[1:]) * normalize(ours)).sum(-1) > _NEAR).all())


def betas_of(offsets: np.ndarray) -> np.ndarray:
    """Shape numbers (10,) of the loaded body with rest offsets (J, 3) metres; zeros where none fit to a millimetre.

    Rest joints are linear in the shape (Loper et al. 2015, eq. 8 and 10), so this is a least-squares problem.
    """
    rows = slice(1, len(offsets))
    base = rest_offsets(np.zeros(10))[rows]
    missing = (offsets[rows] - base).ravel()
    if np.abs(missing).max() < _EXACT_M:
        return np.zeros(10)
    basis = np.stack([(rest_offsets(row)[rows] - base).ravel() for row in np.eye(10)], 1)
    betas = np.linalg.lstsq(basis, missing, rcond=1e-4)[0]
    fits = np.abs(basis @ betas - missing).max() < _FIT_M and np.abs(betas).max() < 20
    return betas if fits else np.zeros(10)
