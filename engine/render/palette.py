"""Colours and surface normals that the browser, the MP4 and the contact sheet share."""

from __future__ import annotations

import numpy as np

PERSON_COLORS: tuple[tuple[float, float, float], ...] = ((0.36, 0.55, 0.86), (0.93, 0.60, 0.32))
"""sRGB, 0 to 1: first and second person; blue and orange stay apart in every kind of colour blindness."""
BESIDE_COLOR = (0.85, 0.54, 0.24)
"""sRGB, 0 to 1: the person of another version that stands beside, which is the ghost's colour in the browser."""
BESIDE_PAIR_COLORS: tuple[tuple[float, float, float], ...] = ((0.68, 0.77, 0.91), (0.95, 0.82, 0.70))
"""sRGB, 0 to 1: two persons of another version, paler than those of this one."""
GHOST_ALPHA = 0.3


def linear(srgb: tuple[float, ...]) -> list[float]:
    """sRGB colour (3 values, 0 to 1) -> linear light, which glTF asks for (IEC 61966-2-1)."""
    c = np.asarray(srgb[:3], np.float64)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4).round(5).tolist()


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Area-weighted unit normals (V, 3) float32 of vertices (V, 3) and faces (F, 3); +Y where there is no surface."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    corner, count = faces.ravel(), len(vertices)
    total = np.stack([np.bincount(corner, np.repeat(face[:, k], 3), count) for k in range(3)], 1)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-12, total / np.maximum(length, 1e-12), [0.0, 1.0, 0.0]).astype(np.float32)
