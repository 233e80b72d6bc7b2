"""Leg solver: feet on the floor (flat, on the heel, on the ball) by two-bone IK, or free legs by joint angles."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from engine.core.ik import bone_quat, solve_two_bone
from engine.core.rotations import quat_from_axis, quat_inv, quat_mul, quat_rotate, quat_slerp
from engine.core.skeleton import SOLE, J, rest_offsets
from engine.data.toolkit.arms import mirrored
from engine.data.toolkit.channels import Channels
from engine.data.toolkit.curves import smooth
from engine.data.toolkit.torso import Torso, root_position, torso_quat

Array = np.ndarray
ANKLE_HEIGHT = 0.074
HEEL = np.array([0.0, -ANKLE_HEIGHT, SOLE[0][1][2]])
TOE_LENGTH = 0.07
FREE_LIFT = 0.10
REACH = 0.996
SOFT = 0.9965


def foot_rotation(c: Channels, s: int) -> Array:
    """World rotation (T, 4) of a foot from its heading and pitch."""
    return quat_mul(
        quat_from_axis("y", np.radians(c.foot_yaw[:, s])), quat_from_axis("x", np.radians(c.foot_pitch[:, s]))
    )


def ankle_position(c: Channels, s: int) -> Array:
    """World ankle (T, 3) of a foot that rolls over its ball (pitch > 0) or its heel (pitch < 0)."""
    ball = rest_offsets()[J["left_foot"]] * (1 - 2 * s, 1, 1)
    ball = np.array([ball[0], -ANKLE_HEIGHT + 0.022, ball[2]])
    pivot = np.where(c.foot_pitch[:, s, None] > 0, ball, HEEL)
    height = ANKLE_HEIGHT + c.foot_lift[:, s] + FREE_LIFT * smooth(4 * c.leg_w[:, s])
    flat = np.stack([c.foot_xz[:, s, 0], height, c.foot_xz[:, s, 1]], 1)
    turn = quat_from_axis("y", np.radians(c.foot_yaw[:, s]))
    return flat + quat_rotate(turn, pivot) - quat_rotate(foot_rotation(c, s), pivot)


def _lengths() -> tuple[float, float]:
    o = rest_offsets()
    return float(np.linalg.norm(o[J["left_knee"]])), float(np.linalg.norm(o[J["left_ankle"]]))


def _hip(root: Array, pelvis: Array, s: int) -> Array:
    return root + quat_rotate(pelvis, rest_offsets()[J["left_hip"]] * (1 - 2 * s, 1, 1))


def pelvis_drop(c: Channels) -> Array:
    """How much lower (T,) metres the pelvis must be for both feet to be reached, smooth over time."""
    root, reach = root_position(c), sum(_lengths()) * REACH
    pelvis = quat_mul(quat_from_axis("y", np.radians(c.yaw)), torso_quat(c.pelvis))
    need = np.zeros(c.num_frames)
    for s in (0, 1):
        hip, ankle = _hip(root, pelvis, s), ankle_position(c, s)
        flat = ((hip - ankle)[:, [0, 2]] ** 2).sum(1)
        top = ankle[:, 1] + np.sqrt(np.maximum(reach**2 - flat, 0))
        need = np.maximum(need, (hip[:, 1] - top) * (1 - smooth(c.leg_w[:, s] * 2)))
    return gaussian_filter1d(maximum_filter1d(np.clip(need, 0, 0.12), 5), 1.0, truncate=2.0)


def solve_legs(c: Channels, torso: Torso) -> None:
    """Fill hips, knees, ankles and toes of both sides into `torso.local`."""
    for s, name in enumerate(("left", "right")):
        planted = _planted(c, torso, s)
        free = _free(c, s)
        w = smooth(c.leg_w[:, s])
        for k, joint in enumerate(("hip", "knee", "ankle", "foot")):
            torso.local[:, J[f"{name}_{joint}"]] = quat_slerp(planted[k], free[k], w)


def _planted(c: Channels, torso: Torso, s: int) -> list[Array]:
    offsets, (upper, lower) = rest_offsets(), _lengths()
    flip = np.array([1.0 - 2 * s, 1, 1])
    pelvis = torso.world[:, 0]
    hip, target, foot = _hip(torso.pos[:, 0], pelvis, s), ankle_position(c, s), foot_rotation(c, s)
    yaw = np.radians(c.foot_yaw[:, s])
    across = 0.6 * np.stack([np.cos(yaw), 0 * yaw, -np.sin(yaw)], 1) + 0.4 * quat_rotate(pelvis, np.array([1.0, 0, 0]))
    axis = target - hip
    axis = axis / np.linalg.norm(axis, axis=-1, keepdims=True)
    half = np.radians(c.knee_out[:, s]) / 2 * -flip[0]
    turn = np.concatenate([np.cos(half)[:, None], np.sin(half)[:, None] * axis], 1)
    pole = quat_rotate(turn, np.cross(axis, across))
    knee, ankle = solve_two_bone(hip, target, upper, lower, pole, SOFT)
    hinge = np.cross(pole, axis)
    thigh = bone_quat(knee - hip, hinge, offsets[J["left_knee"]] * flip, np.array([1.0, 0, 0]))
    shin = bone_quat(ankle - knee, hinge, offsets[J["left_ankle"]] * flip, np.array([1.0, 0, 0]))
    bend = toe_bend(c.foot_pitch[:, s], c.foot_lift[:, s]) + c.toe[:, s]
    return [
        quat_mul(quat_inv(pelvis), thigh),
        quat_mul(quat_inv(thigh), shin),
        quat_mul(quat_inv(shin), foot),
        quat_from_axis("x", np.radians(-bend)),
    ]


def toe_bend(pitch: Array, lift: Array) -> Array:
    """Degrees (T,) that the floor bends the toes up under a raised heel; a lifted foot keeps them 12 mm clear.

    pitch (T,) degrees, heel up positive; lift (T,) metres of the sole above the floor.
    """
    room = lift - 0.012 * smooth(lift / 0.02)
    need = np.clip(pitch - np.degrees(np.arcsin(np.clip(room / TOE_LENGTH, -1, 1))), 0, 75)
    need = np.where(pitch > 0, need, 0)
    late = np.concatenate([need[:1], need[:-1]])  # the toes come straight a little later than they could
    return np.maximum(need, 0.55 * late)


def _free(c: Channels, s: int) -> list[Array]:
    flex, abd, twist, knee, ankle = np.radians(np.moveaxis(c.leg[:, s], -1, 0))
    swing = np.stack([-flex, 0 * flex, abd], 1)
    angle = np.linalg.norm(swing, axis=1)[:, None]
    hip = np.concatenate([np.cos(angle / 2), np.sin(angle / 2) * swing / np.maximum(angle, 1e-9)], 1)
    hip = quat_mul(hip, quat_from_axis("y", -twist))
    quats = [hip, quat_from_axis("x", knee), quat_from_axis("x", ankle), quat_from_axis("x", np.radians(-c.toe[:, s]))]
    return [mirrored(q) if s else q for q in quats]
