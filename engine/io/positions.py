"""Joint positions -> a `Motion`: rotations that point every bone of our skeleton the way the positions do.

Positions do not say how a bone turns about itself. Trunk and pelvis take it from the lines between the hips and the
shoulders, limbs from the plane in which they bend, the head from the neck.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.core import rotations as R
from engine.core.ik import bone_quat
from engine.core.skeleton import MEAN_OFFSETS, NUM_JOINTS, J
from engine.core.types import Motion
from engine.io.retarget import SIDES, Capture, follow_path, our_leg_length

_LEFT, _UP, _AHEAD = np.eye(3)
_STEADY_S = 0.07
"""Width of the filter over the turn of the arms about themselves, seconds."""


def motion_from_positions(pos: np.ndarray, fps: float, scale: float | None = None) -> tuple[Motion, float]:
    """pos: (T, 22, 3) joints in SMPL's order, Y up, metres -> motion on the mean skeleton (floor not set), scale.

    Bone lengths may differ from ours; the path is scaled by leg length unless `scale` is given.
    """
    pos = pos.astype(np.float64)
    world = np.empty((len(pos), NUM_JOINTS, 4))
    _solve_trunk(world, pos)
    for side, flip in SIDES:
        _solve_arm(world, pos, side, flip, fps)
        _swing_leg(world, pos, side)
    keys = [f"{s}_{n}" for s, _ in SIDES for n in ("hip", "knee", "ankle")]
    cap = Capture({}, {}, {k: pos[:, J[k]] for k in keys}, fps)
    scale = scale or our_leg_length() / cap.leg_length()
    return follow_path(world, cap, scale), scale


def _toward(pos: np.ndarray, joint: str, tip: str) -> np.ndarray:
    """Direction (T, 3) from one joint to another."""
    return R.normalize(pos[:, J[tip]] - pos[:, J[joint]])


def _solve_trunk(world: np.ndarray, pos: np.ndarray) -> None:
    """Pelvis, spine, neck, head and collar bones of `world` (T, 22, 4) in place."""
    hips, shoulders = _toward(pos, "right_hip", "left_hip"), _toward(pos, "right_shoulder", "left_shoulder")
    rest_up = MEAN_OFFSETS[J["spine1"]] - MEAN_OFFSETS[[1, 2]].mean(0)
    up = pos[:, J["spine1"]] - pos[:, [1, 2]].mean(1)
    world[:, 0] = bone_quat(hips, up, _LEFT, rest_up)
    for joint, tip, share in (("spine1", "spine2", 1 / 3), ("spine2", "spine3", 2 / 3), ("spine3", "neck", 1.0)):
        across = (1 - share) * hips + share * shoulders
        world[:, J[joint]] = bone_quat(_toward(pos, joint, tip), across, MEAN_OFFSETS[J[tip]], _LEFT)
    rest, chest = MEAN_OFFSETS[J["head"]], world[:, J["spine3"]]
    nod = R.quat_rotate(R.quat_inv(chest), _toward(pos, "neck", "head"))
    usual = R.normalize(np.median(nod, 0))
    if usual @ R.normalize(rest) < np.cos(np.radians(15)):  # a skull drawn in another way: level in the median
        nod = R.quat_rotate(R.quat_between(usual, rest), nod)
    world[:, J["neck"]] = bone_quat(R.quat_rotate(chest, nod), shoulders, rest, _LEFT)
    world[:, J["head"]] = world[:, J["neck"]]
    ahead = R.quat_rotate(world[:, J["spine3"]], _AHEAD)
    for side, _ in SIDES:
        rest = MEAN_OFFSETS[J[f"{side}_shoulder"]]
        world[:, J[f"{side}_collar"]] = bone_quat(
            _toward(pos, f"{side}_collar", f"{side}_shoulder"), ahead, rest, _AHEAD
        )


def _solve_arm(world: np.ndarray, pos: np.ndarray, side: str, flip: float, fps: float) -> None:
    """Upper arm, forearm and hand in place; the elbow bends in the plane of the arm."""
    upper, lower = (_toward(pos, f"{side}_{a}", f"{side}_{b}") for a, b in (("shoulder", "elbow"), ("elbow", "wrist")))
    rest_upper, rest_lower = MEAN_OFFSETS[J[f"{side}_elbow"]], MEAN_OFFSETS[J[f"{side}_wrist"]]
    hinge_rest = -flip * _UP
    chest = world[:, J["spine3"]]
    swing = R.quat_mul(R.quat_between(R.quat_rotate(chest, rest_upper), upper), chest)
    straight = R.quat_rotate(swing, hinge_rest)  # where the hinge would be if the arm did not turn about itself
    bent = np.cross(upper, lower)
    sure = np.clip((np.linalg.norm(bent, axis=-1, keepdims=True) - 0.15) / 0.35, 0, 1)
    hinge = sure * R.normalize(bent) + (1 - sure) * straight
    hinge = R.quat_rotate(swing, _steady(R.quat_rotate(R.quat_inv(swing), hinge), sure[:, 0], fps))
    world[:, J[f"{side}_shoulder"]] = bone_quat(upper, hinge, rest_upper, hinge_rest)
    world[:, J[f"{side}_elbow"]] = bone_quat(lower, hinge, rest_lower, hinge_rest)
    world[:, J[f"{side}_wrist"]] = world[:, J[f"{side}_elbow"]]


def _steady(hinge: np.ndarray, sure: np.ndarray, fps: float) -> np.ndarray:
    """Hinges (T, 3), in the frame of the swung arm, without flicker: those that are sure (T,) speak for their
    neighbours. Only the turn of the bones about themselves follows from them, so no joint moves."""
    weight = (sure + 0.02)[:, None]
    return gaussian_filter1d(hinge * weight, _STEADY_S * fps, axis=0, mode="nearest")


def _swing_leg(world: np.ndarray, pos: np.ndarray, side: str) -> None:
    """Thigh, shin and foot in place; thigh and shin are refined into a hinge when the leg is solved."""
    parent = world[:, 0]
    for joint, tip in (("hip", "knee"), ("knee", "ankle")):
        now = R.quat_rotate(parent, MEAN_OFFSETS[J[f"{side}_{tip}"]])
        turn = R.quat_between(now, _toward(pos, f"{side}_{joint}", f"{side}_{tip}"))
        parent = world[:, J[f"{side}_{joint}"]] = R.quat_mul(turn, parent)
    across = R.quat_rotate(parent, _LEFT)
    foot = bone_quat(_toward(pos, f"{side}_ankle", f"{side}_foot"), across, MEAN_OFFSETS[J[f"{side}_foot"]], _LEFT)
    world[:, J[f"{side}_ankle"]] = world[:, J[f"{side}_foot"]] = foot
