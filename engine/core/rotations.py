"""Rotations in numpy: unit quaternions are wxyz, axis-angle is radians, rot6d is the first two columns of the matrix.

Every function is vectorised over leading axes and follows the dtype of its input. Conversions rest on scipy's
`Rotation`; products and rotations of vectors are written out because they sit in inner loops.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

Array = np.ndarray


def _as(out: Array, like: Array) -> Array:
    dtype = like.dtype if like.dtype.kind == "f" else np.float64
    return np.ascontiguousarray(out, dtype=dtype)


def normalize(v: Array, eps: float = 1e-12) -> Array:
    """(..., D) -> unit vectors; a zero vector stays zero."""
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), eps)


def quat_mul(a: Array, b: Array) -> Array:
    """Hamilton product a * b of (..., 4) wxyz quaternions: rotate by b first, then by a."""
    aw, ax, ay, az = np.moveaxis(a, -1, 0)
    bw, bx, by, bz = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        -1,
    )


def quat_inv(q: Array) -> Array:
    """Inverse of unit quaternions (..., 4)."""
    return q * np.array([1, -1, -1, -1], dtype=q.dtype)


def quat_rotate(q: Array, v: Array) -> Array:
    """Rotate vectors v (..., 3) by unit quaternions q (..., 4)."""
    u = q[..., 1:]
    t = 2 * np.cross(u, v)
    return v + q[..., :1] * t + np.cross(u, t)


def quat_identity(*shape: int, dtype=np.float32) -> Array:
    """Identity quaternions of shape (*shape, 4)."""
    q = np.zeros((*shape, 4), dtype)
    q[..., 0] = 1
    return q


def quat_from_aa(aa: Array) -> Array:
    """Axis-angle (..., 3) radians -> quaternions (..., 4)."""
    aa = np.asarray(aa)
    q = Rotation.from_rotvec(aa.reshape(-1, 3)).as_quat()
    return _as(q[:, [3, 0, 1, 2]].reshape(*aa.shape[:-1], 4), aa)


def quat_to_aa(q: Array) -> Array:
    """Quaternions (..., 4) -> axis-angle (..., 3) radians, angle within [0, pi]."""
    r = Rotation.from_quat(q.reshape(-1, 4)[:, [1, 2, 3, 0]]).as_rotvec()
    return _as(r.reshape(*q.shape[:-1], 3), q)


def quat_to_rotmat(q: Array) -> Array:
    """Quaternions (..., 4) -> rotation matrices (..., 3, 3)."""
    m = Rotation.from_quat(q.reshape(-1, 4)[:, [1, 2, 3, 0]]).as_matrix()
    return _as(m.reshape(*q.shape[:-1], 3, 3), q)


def quat_from_rotmat(m: Array) -> Array:
    """Rotation matrices (..., 3, 3) -> quaternions (..., 4) with w >= 0."""
    q = Rotation.from_matrix(m.reshape(-1, 3, 3)).as_quat(canonical=True)
    return _as(q[:, [3, 0, 1, 2]].reshape(*m.shape[:-2], 4), m)


def quat_from_axis(axis: str, angle: Array) -> Array:
    """Rotation by `angle` (...,) radians about the 'x', 'y' or 'z' axis -> (..., 4)."""
    angle = np.asarray(angle)
    q = np.zeros((*angle.shape, 4), angle.dtype if angle.dtype.kind == "f" else np.float64)
    q[..., 0] = np.cos(angle / 2)
    q[..., "xyz".index(axis) + 1] = np.sin(angle / 2)
    return q


def quat_between(a: Array, b: Array) -> Array:
    """Smallest rotations taking directions a to b, both (..., 3) -> (..., 4)."""
    a, b = np.broadcast_arrays(normalize(np.asarray(a)), normalize(np.asarray(b)))
    w = 1 + (a * b).sum(-1, keepdims=True)
    q = np.concatenate([w, np.cross(a, b)], -1)
    other = np.where(np.abs(a[..., :1]) < 0.9, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    flip = np.concatenate([np.zeros_like(w), normalize(np.cross(a, other))], -1)
    return _as(normalize(np.where(w < 1e-6, flip, q)), a)


def quat_slerp(a: Array, b: Array, t: Array) -> Array:
    """Shortest-arc interpolation between unit quaternions (..., 4); t (...,) in [0, 1]."""
    t = np.asarray(t)[..., None]
    dot = (a * b).sum(-1, keepdims=True)
    b = np.where(dot < 0, -b, b)
    dot = np.clip(np.abs(dot), 0, 1)
    angle = np.arccos(dot)
    near = angle < 1e-4
    s = np.where(near, 1, np.sin(angle))
    wa = np.where(near, 1 - t, np.sin((1 - t) * angle) / s)
    wb = np.where(near, t, np.sin(t * angle) / s)
    return _as(normalize(wa * a + wb * b), a)


def quat_continuous(q: Array) -> Array:
    """(T, ..., 4): flip signs so that neighbours in time lie on the same half of the sphere."""
    flips = np.cumprod(np.where((q[1:] * q[:-1]).sum(-1) < 0, -1, 1), axis=0)
    out = q.copy()
    out[1:] *= flips[..., None].astype(q.dtype)
    return out


def rotmat_to_rot6d(m: Array) -> Array:
    """(..., 3, 3) -> (..., 6), the first two columns (Zhou et al. 2019, eq. 15)."""
    return np.concatenate([m[..., 0], m[..., 1]], -1)


def rotmat_from_rot6d(d: Array) -> Array:
    """(..., 6) -> (..., 3, 3) by Gram-Schmidt."""
    a = normalize(d[..., :3])
    b = d[..., 3:] - (a * d[..., 3:]).sum(-1, keepdims=True) * a
    b = normalize(b)
    return np.stack([a, b, np.cross(a, b)], -1)


def hip_heading(root_quat: Array) -> Array:
    """Heading (T,) radians, unwrapped, of pelvis orientations (T, 4), from the direction of the left hip.

    The hip axis stays level when a body bows or lies on its back, where its front has no heading.
    """
    left = quat_rotate(root_quat, np.array([1.0, 0, 0]))
    return np.unwrap(np.arctan2(-left[..., 2], left[..., 0]))


def heading(q: Array) -> Array:
    """Heading (...,) radians of a body orientation (..., 4): the way its +Z points on the floor, 0 along +Z,
    growing to the left (towards +X)."""
    forward = quat_rotate(q, np.array([0, 0, 1], dtype=q.dtype))
    return np.arctan2(forward[..., 0], forward[..., 2])
