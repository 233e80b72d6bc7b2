"""From Anny's rest pose to SMPL's: where SMPL's 24 joints lie among Anny's bones, and the T-pose of a shape.

Joints that show as hinges (shoulder, elbow, wrist, knee, ankle) are Anny's own; those inside the trunk are SMPL's
conventions rather than anatomy (its hips, for one, lie 4 cm nearer to the middle), so they are placed by blends of
Anny's bone heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.core.rotations import quat_between, quat_from_rotmat, quat_slerp, quat_to_rotmat
from engine.core.skeleton import JOINT_NAMES, MEAN_OFFSETS, PARENTS, J

_TRUNK: dict[str, dict[str, float]] = {
    "pelvis": {"root": 0.75, "spine04": 0.25},
    "spine1": {"spine04": 0.4, "spine03": 0.6},
    "spine2": {"spine02": 0.75, "spine01": 0.25},
    "spine3": {"spine02": 0.4, "spine01": 0.6},
    "neck": {"neck01": 1.4, "neck02": -0.4},
    "head": {"neck02": 0.5, "neck03": 0.5},
}
_SIDE: dict[str, dict[str, float]] = {
    "hip": {"root": 0.36, "upperleg02.": 0.64},
    "knee": {"lowerleg01.": 1.0},
    "ankle": {"foot.": 1.0},
    "foot": {"toe2-1.": 0.5, "toe3-1.": 0.5},
    "collar": {"clavicle.": 0.3, "shoulder01.": 0.7},
    "shoulder": {"upperarm01.": 1.0},
    "elbow": {"lowerarm01.": 1.0},
    "wrist": {"wrist.": 1.0},
    "hand": {"wrist.": 0.2, "finger3-1.": 0.8},
}
_GROUP: tuple[tuple[str, str], ...] = (
    ("root", "pelvis"), ("pelvis", "pelvis"), ("spine05", "pelvis"), ("spine04", "spine1"), ("spine03", "spine1"),
    ("spine02", "spine2"), ("spine01", "spine3"), ("neck03", "head"), ("neck", "neck"), ("head", "head"),
    ("eye", "head"), ("upperleg", "hip"), ("lowerleg", "knee"), ("foot", "ankle"), ("toe", "foot"),
    ("clavicle", "collar"), ("shoulder01", "collar"), ("upperarm", "shoulder"), ("lowerarm", "elbow"),
    ("wrist", "wrist"), ("metacarpal", "wrist"), ("finger", "hand"),
)  # fmt: skip
"""Prefix of an Anny bone -> SMPL joint that moves its skin; the first prefix that fits counts."""


def joint_blend(bones: Sequence[str]) -> np.ndarray:
    """(24, B) weights that give SMPL's joints from Anny's bone heads."""
    index = {name: i for i, name in enumerate(bones)}
    blend = np.zeros((24, len(bones)))
    for j, name in enumerate(JOINT_NAMES):
        side, _, rest = name.partition("_")
        for bone, weight in (_SIDE[rest] if rest else _TRUNK[name]).items():
            blend[j, index[bone + side[0].upper() if bone.endswith(".") else bone]] = weight
    return blend


def skin_groups(bones: Sequence[str]) -> np.ndarray:
    """(B,) the SMPL joint that moves the skin of each Anny bone."""
    groups = []
    for bone in bones:
        name = next(joint for prefix, joint in _GROUP if bone.startswith(prefix))
        side = {"L": "left_", "R": "right_"}[bone[-1]] if f"left_{name}" in J else ""
        groups.append(J[side + name])
    return np.array(groups)


def rest_positions() -> np.ndarray:
    """(24, 3) metres: SMPL's mean rest joints, pelvis at the origin."""
    rest = np.zeros((24, 3))
    for j in range(1, 24):
        rest[j] = rest[PARENTS[j]] + MEAN_OFFSETS[j]
    return rest


class Unposer:
    """Carries rest shapes of Anny to SMPL's T-pose; linear in the shape, since its rotations are fixed once.

    bones: names of Anny's B bones; weights: (V, B) its skinning; vertices: (V, 3), heads: (B, 3) the shape that the
    rotations are taken from.
    """

    def __init__(self, bones: Sequence[str], weights: np.ndarray, vertices: np.ndarray, heads: np.ndarray) -> None:
        self._blend = joint_blend(bones)
        self._weights = weights
        self._group = skin_groups(bones)
        self._knees = {j: _ring(vertices, self._blend[j] @ heads) for j in (J["left_knee"], J["right_knee"])}
        self._joint_rotmat = _joint_rotations(self._joints(vertices, heads), _palm(bones, heads))
        self._rotmat = self._joint_rotmat[self._group].copy()
        for side in ("left", "right"):
            self._spread_twist(bones, side)

    def _spread_twist(self, bones: Sequence[str], side: str) -> None:
        """Let the far half of the forearm take half of the hand's turn about it, as the two bones there do."""
        elbow, wrist = J[f"{side}_elbow"], J[f"{side}_wrist"]
        quats = quat_from_rotmat(self._joint_rotmat[[elbow, wrist]])
        half = quat_to_rotmat(quat_slerp(quats[0], quats[1], np.array(0.5)))
        along = MEAN_OFFSETS[wrist]
        back = quat_to_rotmat(quat_between(half @ self._joint_rotmat[elbow].T @ along, along))
        self._rotmat[list(bones).index(f"lowerarm02.{side[0].upper()}")] = back @ half

    def _joints(self, vertices: np.ndarray, heads: np.ndarray) -> np.ndarray:
        """(24, 3) joints. Anny's knee bones slide 1 cm along the leg between shapes; the skin around them does not."""
        joints = self._blend @ heads
        for j, ring in self._knees.items():
            joints[j] = ring @ vertices
        return joints

    def __call__(self, vertices: np.ndarray, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Vertices (V, 3) and bone heads (B, 3) of a shape -> vertices (V, 3), joints (24, 3), pelvis at 0."""
        joints = self._joints(vertices, heads)
        posed = np.zeros_like(joints)
        for j in range(1, 24):
            p = PARENTS[j]
            posed[j] = posed[p] + self._joint_rotmat[p] @ (joints[j] - joints[p])
        shift = posed[self._group] - np.einsum("bij,bj->bi", self._rotmat, joints[self._group])
        turned = np.einsum("vb,bij,vj->vi", self._weights, self._rotmat, vertices, optimize=True)
        return turned + self._weights @ shift, posed


def _ring(vertices: np.ndarray, joint: np.ndarray) -> np.ndarray:
    """(V,) weights on the skin level with a joint (3,) of an upright limb: nearly even, and exact on `vertices`."""
    offset = vertices - joint
    ring = (np.abs(offset[:, 1]) < 0.03) & (np.linalg.norm(offset, axis=1) < 0.12)
    points = np.vstack([vertices[ring].T, np.ones(ring.sum())])
    weights = np.zeros(len(vertices))
    weights[ring] = 1 / ring.sum()
    weights[ring] += np.linalg.pinv(points) @ (np.append(joint, 1) - points @ weights[ring])
    return weights


def _palm(bones: Sequence[str], heads: np.ndarray) -> np.ndarray:
    """(2, 3) direction from the little to the index finger's knuckle, left and right."""
    at = {name: heads[i] for i, name in enumerate(bones)}
    return np.stack([at[f"finger2-1.{s}"] - at[f"finger5-1.{s}"] for s in "LR"])


def _joint_rotations(joints: np.ndarray, palm: np.ndarray) -> np.ndarray:
    """(24, 3, 3) world rotations that take the bones of `joints` (24, 3) to SMPL's directions, palms down."""
    out = np.tile(np.eye(3), (24, 1, 1))
    for side, knuckles in zip(("left", "right"), palm):
        for chain in (("hip", "knee", "ankle"), ("shoulder", "elbow", "wrist", "hand")):
            ids = [J[f"{side}_{name}"] for name in chain]
            turn = np.eye(3)
            for a, b in pairwise(ids):
                bone = turn @ (joints[b] - joints[a])
                turn = quat_to_rotmat(quat_between(bone, MEAN_OFFSETS[b])) @ turn
                out[a] = turn
        wrist, hand, ankle, foot = (J[f"{side}_{name}"] for name in ("wrist", "hand", "ankle", "foot"))
        out[wrist] = _turn_palm(MEAN_OFFSETS[hand], out[wrist] @ knuckles) @ out[wrist]
        out[hand] = out[wrist]
        flat = np.array([1.0, 0, 1])
        out[ankle] = out[foot] = quat_to_rotmat(
            quat_between((joints[foot] - joints[ankle]) * flat, MEAN_OFFSETS[foot] * flat)
        )
    return out


def _turn_palm(axis: np.ndarray, across: np.ndarray) -> np.ndarray:
    """(3, 3) turn about `axis` (3,) that brings `across` (3,), little to index finger, as near to +Z as it can."""
    axis = axis / np.linalg.norm(axis)
    target = np.array([0.0, 0, 1]) - axis[2] * axis
    across = across - (across @ axis) * axis
    return quat_to_rotmat(quat_between(across, target))
