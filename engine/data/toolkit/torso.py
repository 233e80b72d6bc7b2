"""Torso kinematics: pelvis, spine and head curves -> local rotations and the frames that arms and legs hang from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.rotations import quat_from_axis, quat_mul, quat_rotate
from engine.core.skeleton import J, rest_offsets
from engine.data.toolkit.channels import Channels

Array = np.ndarray
SPINE_SHARE = {"spine1": 0.3, "spine2": 0.35, "spine3": 0.35}
HEAD_SHARE = {"neck": 0.45, "head": 0.55}


@dataclass(frozen=True)
class Torso:
    """local (T, 22, 4) rotations with the torso filled in; pos (T, 22, 3), world (T, 22, 4) of its joints."""

    local: Array
    pos: Array
    world: Array


def torso_quat(triple: Array) -> Array:
    """(..., 3) degrees (bend forward, turn left, lean left) -> (..., 4)."""
    a = np.radians(triple)
    turn, bend, lean = (quat_from_axis(axis, a[..., k]) for axis, k in (("y", 1), ("x", 0), ("z", 2)))
    lean[..., 1:] *= -1
    return quat_mul(turn, quat_mul(bend, lean))


def standing_height() -> float:
    """Pelvis above the floor, metres, when the loaded body stands in its rest pose."""
    o = rest_offsets()
    return float(-(o[J["left_hip"]] + o[J["left_knee"]] + o[J["left_ankle"]])[1] + 0.074)


def root_position(c: Channels, drop: Array | float = 0.0) -> Array:
    """World pelvis (T, 3): path, sway in the heading frame, height less `drop`."""
    yaw = np.radians(c.yaw)
    left, ahead = c.sway[:, 0], c.sway[:, 1]
    x = c.root[:, 0] + left * np.cos(yaw) + ahead * np.sin(yaw)
    z = c.root[:, 1] - left * np.sin(yaw) + ahead * np.cos(yaw)
    return np.stack([x, standing_height() + c.height - drop, z], 1)


def solve_torso(c: Channels, root_pos: Array) -> Torso:
    """Forward kinematics of pelvis, spine, neck and head."""
    offsets, n = rest_offsets(), c.num_frames
    local = np.zeros((n, 22, 4))
    local[..., 0] = 1
    local[:, 0] = quat_mul(quat_from_axis("y", np.radians(c.yaw)), torso_quat(c.pelvis))
    for name, share in SPINE_SHARE.items():
        local[:, J[name]] = torso_quat(c.spine * share)
    for name, share in HEAD_SHARE.items():
        local[:, J[name]] = torso_quat(c.head * share)
    pos, world = np.zeros((n, 22, 3)), local.copy()
    pos[:, 0] = root_pos
    for name, parent in (("spine1", 0), ("spine2", 3), ("spine3", 6), ("neck", 9), ("head", 12)):
        j = J[name]
        world[:, j] = quat_mul(world[:, parent], local[:, j])
        pos[:, j] = pos[:, parent] + quat_rotate(world[:, parent], offsets[j])
    return Torso(local, pos, world)
