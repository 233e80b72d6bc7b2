"""Mesh work for the default body: mirror pairs, smooth skinning weights, a symmetric mesh with fewer faces."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from engine.core.skeleton import MIRROR

FLIP = np.array([-1.0, 1, 1])


def mirror_index(vertices: np.ndarray) -> np.ndarray:
    """(V,) for each vertex of a left-right symmetric mesh (V, 3) the one on the other side."""
    distance, index = _nearest(vertices * FLIP, vertices)
    assert distance.max() < 1e-4 and (index[index] == np.arange(len(index))).all(), "the mesh is not symmetric"
    return index


def symmetric(points: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Mean of points (..., N, 3) and their mirror image; `index` (N,) holds the pairs."""
    return (points + (points * FLIP)[..., index, :]) / 2


def adjacency(faces: np.ndarray, count: int) -> csr_matrix:
    """(count, count) 0/1 matrix of the mesh's edges."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    ones = np.ones(len(edges))
    both: Any = coo_matrix((ones, edges.T), (count, count)) + coo_matrix((ones, edges.T[::-1]), (count, count))
    return csr_matrix((both > 0).astype(np.float64))


def smooth_weights(weights: np.ndarray, faces: np.ndarray, index: np.ndarray, steps: int) -> np.ndarray:
    """Diffuse skinning weights (V, 24) over the mesh `steps` times, and make them symmetric; `index`: (V,) pairs."""
    edges = adjacency(faces, len(weights))
    mean = diags(1 / np.maximum(np.asarray(edges.sum(1)).ravel(), 1)) @ edges
    for _ in range(steps):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    return (weights + weights[index][:, list(MIRROR)]) / 2


def strongest(weights: np.ndarray, count: int = 4) -> np.ndarray:
    """Keep the `count` largest weights of each row (V, 24), scaled to a sum of one."""
    rest = np.argsort(-weights, 1, kind="stable")[:, count:]
    out = weights.copy()
    np.put_along_axis(out, rest, 0.0, 1)
    out[out < 1e-3] = 0.0
    return out / out.sum(1, keepdims=True)


def decimate(
    vertices: np.ndarray, faces: np.ndarray, index: np.ndarray, num_faces: int
) -> tuple[np.ndarray, np.ndarray]:
    """A symmetric mesh of about `num_faces` faces on a subset of the vertices.

    vertices: (V, 3); faces: (F, 3); index: (V,) mirror pairs.  Returns the kept vertices (N,) as indices into
    `vertices`, and faces (F', 3) that index into the kept ones. The tongue, hidden inside the head, is dropped.
    """
    import fast_simplification  # pyright: ignore[reportMissingImports]  (development extra)

    simplify: Any = fast_simplification.simplify
    count = len(vertices)
    _, part = connected_components(adjacency(faces, count), directed=False)
    centred = [c for c in range(part.max() + 1) if np.abs(vertices[part == c, 0].mean()) < 1e-3]
    body = max(centred, key=lambda c: (part == c).sum())
    hidden = np.isin(part, [c for c in centred if c != body])
    left = (vertices[:, 0] >= -1e-6) & ~hidden
    half = np.flatnonzero(left)
    renumber = np.full(count, -1)
    renumber[half] = np.arange(len(half))
    half_faces = renumber[faces[left[faces].all(1)]]
    points, less = simplify(
        vertices[half].astype(np.float32), half_faces.astype(np.int32), target_count=num_faces // 2, agg=3
    )
    chosen = half[_snap(points, vertices[half])]
    triangles = chosen[less]
    triangles = np.concatenate([triangles, index[triangles][:, ::-1]])
    a, b, c = triangles.T
    triangles = triangles[(a != b) & (b != c) & (c != a)]
    kept, flat = np.unique(triangles, return_inverse=True)
    return kept, flat.reshape(-1, 3)


def _snap(points: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    """(N,) index of the nearest candidate (M, 3) of each point (N, 3); points of the seam stay on the seam."""
    seam = np.flatnonzero(np.abs(candidates[:, 0]) < 1e-6)
    on_seam = np.abs(points[:, 0]) < 1e-5
    index = _nearest(points, candidates)[1]
    index[on_seam] = seam[_nearest(points[on_seam], candidates[seam])[1]]
    return index


def _nearest(points: np.ndarray, candidates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance (N,) to, and index (N,) of, the nearest candidate (M, 3) of each point (N, 3)."""
    distance, index = KDTree(candidates).query(points)
    return np.asarray(distance), np.asarray(index)
