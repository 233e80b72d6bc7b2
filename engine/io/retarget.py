"""A captured person of any proportions -> a `Motion` on our skeleton.

World rotations are the source's times a constant swing per bone (from our rest direction to the source's); the middle
of the hips and both ankles follow the source, scaled by leg length, with two-bone IK, so feet slide no more than in
the source; feet are levelled by how they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.ik import bone_quat, solve_two_bone
from engine.core.skeleton import MEAN_OFFSETS, NUM_JOINTS, J, local_from_world
from engine.core.types import Motion

SIDES = (("left", 1.0), ("right", -1.0))
TORSO = ("pelvis", "spine1", "spine2", "spine3", "neck", "head", "left_collar", "right_collar")
_BONES = {"hip": "knee", "knee": "ankle", "shoulder": "elbow", "elbow": "wrist", "wrist": "hand"}
_UP = np.array([0, 1.0, 0])
_AHEAD = np.array([0, 0, 1.0])
_STILL = 15
"""Standing frames that it takes to level a foot by them."""
_WIDE_M = 0.06
"""How much wider than ours each hip may be before the feet are brought in, metres."""
_TWIST_LIMIT = np.radians(70)


@dataclass(frozen=True)
class Capture:
    """A source motion in our axes (Y up, facing +Z at rest), metres, keyed by our joint names.

    rot: joint -> (T, 4) world rotation away from the source's rest pose; toes ('left_foot') may be absent.
    rest: limb joint -> (3,) direction of its bone at rest.  pos: hips, knees and ankles -> (T, 3) world position.
    """

    rot: Mapping[str, np.ndarray]
    rest: Mapping[str, np.ndarray]
    pos: Mapping[str, np.ndarray]
    fps: float

    def still(self, side: str) -> np.ndarray:
        """(T,) bool: this ankle is slow and near its lowest, so the foot stands."""
        ankle = self.pos[f"{side}_ankle"]
        if len(ankle) < 3:  # a still: it stands if both feet are level
            other = self.pos["right_ankle" if side == "left" else "left_ankle"]
            return np.abs(ankle[:, 1] - other[:, 1]) < 0.03
        speed = np.linalg.norm(np.gradient(ankle, axis=0), axis=-1) * self.fps
        return (speed < 0.2) & (ankle[:, 1] < np.percentile(ankle[:, 1], 5) + 0.04)

    def leg_length(self) -> float:
        """Mean length of thigh and shin together, metres."""
        pairs = [(f"{s}_{a}", f"{s}_{b}") for s, _ in SIDES for a, b in (("hip", "knee"), ("knee", "ankle"))]
        return float(sum(np.linalg.norm(self.pos[a] - self.pos[b], axis=-1).mean() for a, b in pairs) / 2)


def our_leg_length() -> float:
    """Thigh and shin of the mean skeleton, metres."""
    return float(sum(np.linalg.norm(MEAN_OFFSETS[J[n]]) for n in ("left_knee", "left_ankle")))


def half_twist(upper: np.ndarray, lower: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """`upper` (T, 4) turned about its bone `axis` (3,) by half of the turn that leads to `lower` (T, 4).

    A forearm's turn often sits in the hand alone; skinning wants half of it above the wrist. Continuous in time.
    """
    axis = R.normalize(axis)
    between = R.quat_mul(R.quat_inv(upper), lower)
    angle = np.unwrap(2 * np.arctan2(between[:, 1:] @ axis, between[:, 0]), period=2 * np.pi)
    angle -= 2 * np.pi * np.round(np.median(angle) / (2 * np.pi))
    half = np.clip(angle / 2, -_TWIST_LIMIT, _TWIST_LIMIT)
    return R.quat_mul(upper, R.quat_from_aa(half[:, None] * axis))


def _frame(up: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Quaternion of the orthonormal frame (side, up, ahead) that keeps `up`; both (3,)."""
    up = R.normalize(up)
    ahead = R.normalize(ahead - up * (ahead @ up))
    return R.quat_from_rotmat(np.stack([np.cross(up, ahead), up, ahead], 1))


def _foot(cap: Capture, side: str) -> np.ndarray:
    """World rotation (T, 4) of the foot: its sole level in the median of the standing frames."""
    rot, rest = cap.rot[f"{side}_ankle"], cap.rest[f"{side}_ankle"]
    ups = R.quat_rotate(R.quat_inv(rot), _UP)[cap.still(side)]
    up = np.median(ups, 0) if len(ups) >= min(_STILL, len(rot)) else _UP
    if np.linalg.norm(np.cross(R.normalize(up), rest)) < 0.3:  # the foot's bone says nothing about where it points
        up, rest = _UP, _AHEAD
    ours = _frame(_UP, MEAN_OFFSETS[J[f"{side}_foot"]])
    return R.quat_mul(rot, R.quat_mul(_frame(up, rest), R.quat_inv(ours)))


def _toe_bend(cap: Capture, side: str, foot: np.ndarray) -> np.ndarray:
    """Toes relative to the foot (T, 4), up and down only, flat in the median stance, within plausible bounds."""
    if f"{side}_foot" not in cap.rot:
        return np.tile([1.0, 0, 0, 0], (len(foot), 1))
    along = R.quat_rotate(cap.rot[f"{side}_foot"], cap.rest[f"{side}_foot"])
    d = R.quat_rotate(R.quat_inv(foot), along)
    lift = np.unwrap(np.arctan2(d[:, 1], d[:, 2]))
    still = cap.still(side)
    lift = lift - np.median(lift[still] if still.sum() >= _STILL else lift)
    return R.quat_from_axis("x", -np.clip(lift, np.radians(-10), np.radians(45)))


def align(cap: Capture) -> np.ndarray:
    """Source rotations times a constant per joint -> world rotations (T, 22, 4) of our skeleton."""
    world = np.empty((len(cap.rot["pelvis"]), NUM_JOINTS, 4))
    for name in TORSO:
        world[:, J[name]] = cap.rot[name]  # upright at rest on both sides
    for side, _ in SIDES:
        for joint, tip in _BONES.items():
            name = f"{side}_{joint}"
            swing = R.quat_between(MEAN_OFFSETS[J[f"{side}_{tip}"]], cap.rest[name])
            world[:, J[name]] = R.quat_mul(cap.rot[name], swing)
        foot = _foot(cap, side)
        world[:, J[f"{side}_ankle"]] = foot
        world[:, J[f"{side}_foot"]] = R.quat_mul(foot, _toe_bend(cap, side, foot))
    return world


def solve_leg(world: np.ndarray, hip: np.ndarray, ankle: np.ndarray, side: str) -> None:
    """Two-bone IK in place: bring the ankle to `ankle` (T, 3), the knee to the side where `world` (T, 22, 4) has it.

    hip: (T, 3) world. Thigh and shin come out as a clean hinge, so a noisy twist in the source does no harm.
    """
    thigh, shin = MEAN_OFFSETS[J[f"{side}_knee"]], MEAN_OFFSETS[J[f"{side}_ankle"]]
    r_hip, r_knee = world[:, J[f"{side}_hip"]], world[:, J[f"{side}_knee"]]
    upper, lower = R.quat_rotate(r_hip, thigh), R.quat_rotate(r_knee, shin)
    line = R.normalize(upper + lower)
    bend = upper - line * (upper * line).sum(-1, keepdims=True)  # the knee off the line from hip to ankle
    sure = np.clip((np.linalg.norm(bend, axis=-1, keepdims=True) - 0.04) / 0.08, 0, 1)
    pole = sure * R.normalize(bend) + (1 - sure) * R.quat_rotate(r_hip, _AHEAD)
    knee, end = solve_two_bone(hip, ankle, float(np.linalg.norm(thigh)), float(np.linalg.norm(shin)), pole)
    hinge = np.cross(R.normalize(ankle - hip), pole)
    across = np.cross(-_UP, _AHEAD)
    world[:, J[f"{side}_hip"]] = bone_quat(knee - hip, hinge, thigh, across)
    world[:, J[f"{side}_knee"]] = bone_quat(end - knee, hinge, shin, across)


def retarget(cap: Capture, scale: float | None = None) -> tuple[Motion, float]:
    """Capture -> motion on the mean skeleton, floor not set yet, and the scale its path got.

    `scale` overrides the ratio of leg lengths, so that two persons of one take keep their distance.
    """
    scale = scale or our_leg_length() / cap.leg_length()
    return follow_path(align(cap), cap, scale), scale


def follow_path(world: np.ndarray, cap: Capture, scale: float) -> Motion:
    """World rotations (T, 22, 4) -> motion whose hip middle and ankles are where the capture's are, times `scale`.

    Figures with hips far wider than ours (toys, dwarfs) would straddle: their ankles are moved in by what is too much.
    """
    middle = (cap.pos["left_hip"] + cap.pos["right_hip"]) / 2 * scale
    pelvis = middle - R.quat_rotate(world[:, 0], MEAN_OFFSETS[[1, 2]].mean(0))
    width = np.linalg.norm(cap.pos["left_hip"] - cap.pos["right_hip"], axis=-1).mean() * scale / 2
    excess = max(0.0, width - MEAN_OFFSETS[J["left_hip"], 0] - _WIDE_M)
    inwards = R.quat_rotate(world[:, 0], np.array([-excess, 0, 0])) * [1, 0, 1]
    for side, sign in SIDES:
        hip = pelvis + R.quat_rotate(world[:, 0], MEAN_OFFSETS[J[f"{side}_hip"]])
        solve_leg(world, hip, cap.pos[f"{side}_ankle"] * scale + sign * inwards, side)
    quat = R.quat_continuous(R.normalize(local_from_world(world)))
    return Motion(pelvis, quat, cap.fps)
