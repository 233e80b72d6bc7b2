"""Bring a shape in T-pose exactly onto SMPL's mean rest joints, and find the regressor of its joints.

The residual of a well-chosen shape is a few centimetres; a thin-plate spline through the hinges spreads it smoothly
over the mesh. Joints inside the trunk need no such move: where SMPL puts them is a convention.
"""

from __future__ import annotations

import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.optimize import nnls

from engine.body.unpose import rest_positions
from engine.core.skeleton import JOINT_NAMES, MEAN_STANDING_HEIGHT, PARENTS, J

_DEPTH_SHIFT = -0.02
"""Metres along Z: the trunk of the mesh sits that far in front of SMPL's spine."""
_FOLLOWS = {"knee": 1.0, "ankle": 1.0, "foot": 1.0, "shoulder": 0.65, "elbow": 1.0, "wrist": 1.0, "hand": 1.0}
"""How much of the way to its SMPL place the mesh around a joint moves; the trunk stays."""
_RINGS = {
    "elbow": 0.05, "wrist": 0.04, "knee": 0.06, "ankle": 0.05, "foot": 0.04, "hand": 0.04, "shoulder": 0.08,
    "hip": 0.11, "neck": 0.07, "head": 0.08,
}  # fmt: skip
"""Half width, metres along the bone, of the band of skin that a joint is regressed from; 0.09 for the others."""


def fit_to_mean(vertices: np.ndarray, joints: np.ndarray) -> np.ndarray:
    """T-posed vertices (V, 3) and joints (24, 3), pelvis at 0 -> vertices (V, 3) that fit SMPL's mean joints."""
    shift = np.array([0, 0, _DEPTH_SHIFT])
    vertices, joints = vertices + shift, joints + shift
    target = rest_positions()
    follow = np.array([_FOLLOWS.get(name.split("_")[-1], 0.0) for name in JOINT_NAMES])
    source, moves = [*joints], [*((target - joints) * follow[:, None])]
    for j, point in _anchors(vertices, joints):
        move = moves[j].copy()
        if JOINT_NAMES[j].endswith("foot"):
            move[1] = -MEAN_STANDING_HEIGHT - point[1]
        source.append(point)
        moves.append(move)
    spline = RBFInterpolator(np.array(source), np.array(moves), kernel="thin_plate_spline", degree=1)
    return vertices + spline(vertices)


def _anchors(vertices: np.ndarray, joints: np.ndarray) -> list[tuple[int, np.ndarray]]:
    """Points beyond the last joints, each with the joint that it moves with: crown, fingertips, heels and toes."""
    points = [(J["head"], vertices[vertices[:, 1].argmax()])]
    for side, sign in (("left", 1), ("right", -1)):
        points.append((J[f"{side}_hand"], vertices[(sign * vertices[:, 0]).argmax()]))
        foot = vertices[(sign * vertices[:, 0] > 0) & (vertices[:, 1] < joints[J[f"{side}_ankle"], 1])]
        for k in (foot[:, 2].argmin(), foot[:, 2].argmax()):
            points.append((J[f"{side}_foot"], np.array([foot[k, 0], vertices[:, 1].min(), foot[k, 2]])))
    return points


def bone_axis(j: int, joints: np.ndarray) -> np.ndarray:
    """(3,) unit direction of the limb at joint j: from its parent to its first child, or to itself at an end."""
    child = next((k for k in range(24) if PARENTS[k] == j), j)
    axis = joints[child] - joints[PARENTS[j] if PARENTS[j] >= 0 else j]
    return axis / np.linalg.norm(axis)


def fit_regressor(
    template: np.ndarray, joints: np.ndarray, shapes: np.ndarray, shape_joints: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Non-negative regressor (24, V) of the joints, each from a band of skin around it.

    template: (V, 3), joints: (24, 3), exact there to rounding.  shapes: (S, V, 3), shape_joints: (S, 24, 3), fitted.
    weights: (V, 24) skinning, which keeps a band on its own limb.
    """
    regressor = np.zeros((24, len(template)))
    for j, name in enumerate(JOINT_NAMES):
        band = _band(j, name, template, joints, weights)
        rows = [template[band].T * 30, np.full((1, len(band)), 100.0), *(s[band].T for s in shapes)]
        values = [joints[j] * 30, [100.0], *shape_joints[:, j]]
        x, _ = nnls(np.vstack(rows), np.concatenate(values), maxiter=50 * len(band))
        used = np.flatnonzero(x > 1e-6)
        exact = np.vstack([template[band[used]].T, np.ones(len(used))])
        x[used] += np.linalg.pinv(exact) @ (np.append(joints[j], 1) - exact @ x[used])
        regressor[j, band[used]] = x[used]
    return regressor


def _band(j: int, name: str, template: np.ndarray, joints: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Indices of the vertices around joint j on its own limb."""
    near = {j, PARENTS[j], *(k for k in range(24) if PARENTS[k] == j)} - {-1}
    along = np.abs((template - joints[j]) @ bone_axis(j, joints))
    width = _RINGS.get(name.split("_")[-1], 0.09)
    own = weights[:, sorted(near)].sum(1) > 0.5
    radius = np.linalg.norm(template - joints[j], axis=1) < 0.25
    return np.flatnonzero(own & radius & (along < width))
