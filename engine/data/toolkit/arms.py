"""Arm solver: anatomical angles or hand targets -> collar, shoulder, elbow and wrist rotations.

Both sides are solved as a left arm; the right one is mirrored.
"""

from __future__ import annotations

import numpy as np

from engine.core.ik import bone_quat, solve_two_bone
from engine.core.rotations import (
    normalize,
    quat_between,
    quat_from_axis,
    quat_inv,
    quat_mul,
    quat_rotate,
    quat_slerp,
)  # fmt: skip
from engine.core.skeleton import J, rest_offsets
from engine.data.toolkit.channels import FRAMES, Channels
from engine.data.toolkit.curves import smooth
from engine.data.toolkit.torso import Torso

Array = np.ndarray
JOINTS = ("collar", "shoulder", "elbow", "wrist")
PALM_CENTRE = 0.085
HINGE = np.array([0.0, -1.0, 0.0])
DOWN = np.array([0.0, -1.0, 0.0])


def mirrored(q: Array) -> Array:
    """Rotations (..., 4) seen in the sagittal plane's mirror."""
    return q * np.array([1, 1, -1, -1], q.dtype)


def _swing(flex: Array, abd: Array) -> Array:
    """Rotation vector of raising a hanging left arm forward by `flex` and sideways by `abd` radians -> quaternion."""
    v = np.stack([-flex, 0 * flex, abd], -1)
    angle = np.linalg.norm(v, axis=-1, keepdims=True)
    return np.concatenate([np.cos(angle / 2), np.sin(angle / 2) * v / np.maximum(angle, 1e-9)], -1)


def _collar(direction: Array, extra: Array) -> Array:
    """Collar (T, 4) that follows the upper arm's direction (T, 3), plus (shrug, forward) degrees (T, 2)."""
    lift = 24 * smooth((direction[:, 1] + 0.75) / 1.75) + extra[:, 0]
    ahead = 12 * np.clip(direction[:, 2], -0.6, 1) * (1 - np.abs(direction[:, 1])) + extra[:, 1]
    ahead += 14 * np.clip(-direction[:, 0], 0, 1)
    return quat_mul(quat_from_axis("y", -np.radians(ahead)), quat_from_axis("z", np.radians(lift)))


def _angles(c: Channels, s: int) -> list[Array]:
    """Collar, shoulder (in the chest's frame), elbow, wrist of `arm` as a left arm."""
    rest = rest_offsets()[J["left_elbow"]]
    flex, abd, twist, elbow, pronate, wrist, deviate = np.radians(np.moveaxis(c.arm[:, s], -1, 0))
    swing = _swing(flex, abd)
    shoulder = quat_mul(swing, quat_mul(quat_from_axis("y", -twist), quat_between(rest, DOWN)[None]))
    forearm = quat_mul(quat_from_axis("y", -elbow), quat_from_axis("x", pronate))
    hand = quat_mul(quat_from_axis("y", -deviate), quat_from_axis("z", -wrist))
    return [_collar(quat_rotate(swing, DOWN), c.collar[:, s]), shoulder, forearm, hand]


def _in_chest(c: Channels, torso: Torso, s: int) -> tuple[Array, Array, Array]:
    """Hand target, finger and palm directions (T, 3) in the chest's frame, mirrored to a left arm."""
    offsets, flip = rest_offsets(), np.array([1.0 - 2 * s, 1, 1])
    chest, inv = torso.pos[:, J["spine3"]], quat_inv(torso.world[:, J["spine3"]])
    shoulder = offsets[J["left_collar"]] + offsets[J["left_shoulder"]]
    n, zero = c.num_frames, np.zeros(3)
    point, fingers, palm = np.zeros((n, 3)), np.zeros((n, 3)), np.zeros((n, 3))
    for k, frame in enumerate(FRAMES):
        now = c.hand_frame[:, s].round() == k
        if not now.any():
            continue
        world = {"head": J["head"], "pelvis": 0}.get(frame, J["spine3"])
        if frame == "world":
            turn, origin, side = inv, quat_rotate(inv, -chest), np.ones(3)
        else:
            turn, side = quat_mul(inv, torso.world[:, world]), flip
            origin = quat_rotate(inv, torso.pos[:, world] - chest)
            origin = origin + {"chest": shoulder * (0, 1, 1), "shoulder": shoulder * flip}.get(frame, zero)
        point[now] = (origin + quat_rotate(turn, c.hand[:, s] * side))[now]
        fingers[now] = quat_rotate(turn, c.fingers[:, s] * side)[now]
        palm[now] = quat_rotate(turn, c.palm[:, s] * side)[now]
    return point * flip, normalize(fingers * flip), palm * flip


def _reach(c: Channels, torso: Torso, s: int) -> list[Array]:
    """The same four rotations as `_angles`, for hand targets."""
    offsets = rest_offsets()
    upper_rest, lower_rest = offsets[J["left_elbow"]], offsets[J["left_wrist"]]
    point, fingers, palm = _in_chest(c, torso, s)
    wrist = point - PALM_CENTRE * c.aim[:, s, None] * fingers
    root = offsets[J["left_collar"]]
    collar = _collar(normalize(wrist - root - offsets[J["left_shoulder"]]), c.collar[:, s])
    shoulder_pos = root + quat_rotate(collar, offsets[J["left_shoulder"]])
    swivel = np.radians(c.swivel[:, s])
    pole = np.stack([np.sin(swivel), -np.cos(swivel), -0.35 + 0 * swivel], 1)
    lengths = float(np.linalg.norm(upper_rest)), float(np.linalg.norm(lower_rest))
    mid, end = solve_two_bone(shoulder_pos, wrist, *lengths, pole)
    hinge = np.cross(pole, normalize(end - shoulder_pos))
    upper = bone_quat(mid - shoulder_pos, hinge, upper_rest, HINGE)
    lower = bone_quat(end - mid, hinge, lower_rest, HINGE)
    # fingers along +X and palm facing -Y at rest
    aimed = bone_quat(fingers, palm, np.array([1.0, 0, 0]), np.array([0.0, -1, 0]))
    relative = quat_mul(quat_inv(lower), aimed)
    twist = normalize(relative * np.array([1.0, 1, 0, 0]))
    twist = twist * np.where(twist[:, :1] < 0, -1, 1)
    pronate = np.radians(c.arm[:, s, 4])
    twist = quat_slerp(quat_from_axis("x", pronate), twist, c.aim[:, s])
    bend = quat_mul(quat_from_axis("y", -np.radians(c.arm[:, s, 6])), quat_from_axis("z", -np.radians(c.arm[:, s, 5])))
    hand = quat_slerp(bend, quat_mul(quat_inv(twist), relative), c.aim[:, s])
    return [collar, upper, quat_mul(quat_mul(quat_inv(upper), lower), twist), hand]


def arm_rotations(c: Channels, torso: Torso, s: int) -> list[Array]:
    """Local rotations [collar, shoulder, elbow, wrist], each (T, 4), of side s."""
    arm = _angles(c, s)
    if (c.hand_w[:, s] > 0).any():
        w = smooth(c.hand_w[:, s])
        arm = [quat_slerp(a, b, w) for a, b in zip(arm, _reach(c, torso, s), strict=True)]
    arm[1] = quat_mul(quat_inv(arm[0]), arm[1])
    return [mirrored(q) if s else q for q in arm]


def solve_arms(c: Channels, layers: tuple[Channels, ...], torso: Torso) -> None:
    """Fill both arms into `torso.local`: those of c, then each layer's over them by its `arm_over`."""
    for s, name in enumerate(("left", "right")):
        arm = arm_rotations(c, torso, s)
        for layer in layers:
            if (layer.arm_over[:, s] > 0).any():
                over = arm_rotations(layer, torso, s)
                arm = [quat_slerp(a, b, layer.arm_over[:, s]) for a, b in zip(arm, over, strict=True)]
        for joint, q in zip(JOINTS, arm, strict=True):
            torso.local[:, J[f"{name}_{joint}"]] = q
