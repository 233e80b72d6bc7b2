"""A motion put back onto the skeleton of a BVH file: its joints, rest pose, unit, axes and channels.

`capture` and `retarget` the other way round. Joints that we do not have (fingers, twist bones) and toes stay as at
rest; a skeleton of other proportions gets our rotations, and a path in proportion to its legs.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_OFFSETS, J
from engine.core.types import Motion
from engine.io.axes import turn_to_y_up
from engine.io.bvh_text import BvhClip, decode_text, parse_bvh
from engine.io.capture import capture
from engine.io.checks import check_file, read_bytes
from engine.io.humanoid import SIDES, Rig, find_rig
from engine.io.retarget import Capture, align, our_leg_length

_BONES = {
    "thigh": ("hip", "knee"), "shin": ("knee", "ankle"), "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"), "hand": ("wrist", "hand"), "palm": ("wrist", "hand"),
}  # fmt: skip
_TRUNK = ("pelvis", "spine1", "spine2", "spine3")
Turns = dict[int, np.ndarray]
"""Joint of the file -> world rotations (T, 4)."""


def format_onto(motion: Motion, path: Path) -> str:
    """BVH text of the motion on the skeleton of the BVH file at `path`. UserError for a file that is no person's."""
    check_file(path)
    text = decode_text(path.name, read_bytes(path))
    clip = parse_bvh(path.name, text)
    rig = find_rig(path.name, clip.names, clip.parents)
    cap, found = capture(clip, rig)
    pos, rot = clip.pose(set(rig.limbs.values()) | {rig.pelvis})
    turn = turn_to_y_up(found["up"])
    first = {j: R.quat_mul(turn, q[0]) for j, q in rot.items()}
    _check_rest(path.name, rig, cap, first)
    world = _file_turns(motion, rig, cap, first)
    world = {j: R.quat_mul(np.broadcast_to(R.quat_inv(turn), q.shape), q) for j, q in world.items()}
    local, placed = _pose(clip, world, motion.num_frames)
    thigh, shin = rig.limbs["left", "thigh"], rig.limbs["left", "shin"]
    metres = np.linalg.norm(cap.pos["left_hip"][0] - cap.pos["left_knee"][0]) / np.linalg.norm(
        pos[thigh][0] - pos[shin][0]
    )
    hips = motion.joint_positions()[:, [J["left_hip"], J["right_hip"]]].mean(1).astype(np.float64)
    hips = R.quat_rotate(R.quat_inv(turn), hips * cap.leg_length() / our_leg_length() / metres)
    root = hips - (placed[thigh] + placed[rig.limbs["right", "thigh"]]) / 2
    head = re.split(r"^\s*MOTION\b", text, maxsplit=1, flags=re.M | re.I)[0]
    lines = ["MOTION", f"Frames: {motion.num_frames}", f"Frame Time: {1 / motion.fps:.10f}"]
    lines += [" ".join(f"{v:.6f}" for v in row) for row in _columns(path.name, clip, local, root)]
    return head.rstrip() + "\n" + "\n".join(lines) + "\n"


def _check_rest(name: str, rig: Rig, cap: Capture, first: dict[int, np.ndarray]) -> None:
    """UserError unless the joints turn from one standing rest pose, so that one constant leads to our axes."""
    body = R.quat_mul(R.quat_inv(first[rig.pelvis]), cap.rot["pelvis"][0])
    for side in SIDES:
        thigh = R.quat_mul(R.quat_inv(first[rig.limbs[side, "thigh"]]), cap.rot[f"{side}_hip"][0])
        if abs(thigh @ body) < 0.9999:
            raise UserError(
                f"{name!r} has a rest pose that is no standing person (all its offsets at zero rotation), and a motion "
                "cannot be put onto that. Leave out the option skeleton and choose names and units instead."
            )


def _file_turns(motion: Motion, rig: Rig, cap: Capture, first: dict[int, np.ndarray]) -> Turns:
    """Rotations of the file's joints, Y up, that show our motion. first: joint -> its rotation (4,) in frame 0."""
    ours = motion.world()[1].astype(np.float64)
    body = R.quat_mul(R.quat_inv(first[rig.pelvis]), cap.rot["pelvis"][0])
    plain = R.quat_inv(body)
    line, out = [rig.pelvis, *rig.spine], {}
    for k, joint in enumerate(line):
        at = 3 * k / max(len(line) - 1, 1)
        low = min(int(at), 2)
        ends = (ours[:, J[_TRUNK[low]]], ours[:, J[_TRUNK[low + 1]]])
        out[joint] = R.quat_mul(
            R.quat_slerp(*ends, np.full(len(ours), at - low)), np.broadcast_to(plain, ends[0].shape)
        )
    if rig.head is not None:
        out[rig.head] = R.quat_mul(ours[:, J["head"]], np.broadcast_to(plain, ours[:, 0].shape))
    flat = align(cap)[0]
    for (side, part), joint in rig.limbs.items():
        if part in _BONES:
            bone, tip = (f"{side}_{n}" for n in _BONES[part])
            constant = R.quat_mul(body, R.quat_between(MEAN_OFFSETS[J[tip]], cap.rest[bone]))
        elif part == "foot":
            bone = f"{side}_ankle"
            constant = R.quat_mul(R.quat_inv(first[joint]), flat[J[bone]])
        elif part == "collar":
            bone, constant = f"{side}_collar", body
        else:
            continue
        out[joint] = R.quat_mul(ours[:, J[bone]], np.broadcast_to(R.quat_inv(constant), ours[:, 0].shape))
    return out


def _pose(clip: BvhClip, world: Turns, num_frames: int) -> tuple[Turns, dict[int, np.ndarray]]:
    """Local rotations (T, 4) and positions (T, 3), the root at the origin, of all joints; others do not turn."""
    still = np.tile([1.0, 0, 0, 0], (num_frames, 1))
    local, turned, pos = {}, {}, {}
    for j, p in enumerate(clip.parents):
        above = still if p < 0 else turned[p]
        local[j] = R.quat_mul(R.quat_inv(above), world[j]) if j in world else still
        turned[j] = world.get(j, above)
        offset = np.broadcast_to(clip.offsets[j], (num_frames, 3))
        pos[j] = np.zeros((num_frames, 3)) if p < 0 else pos[p] + R.quat_rotate(above, offset)
    return local, pos


def _columns(name: str, clip: BvhClip, local: Turns, root: np.ndarray) -> np.ndarray:
    """The values (T, C) of all channels in the order of the file. UserError for a joint with too few channels."""
    columns = []
    for j, channels in enumerate(clip.channels):
        order = "".join(axis for axis, kind in channels if kind == "rotation")
        if order and len(order) != 3:
            raise UserError(
                f"{name!r}: the joint {clip.names[j]!r} has {len(order)} rotation channels, and a motion needs three. "
                "Choose another skeleton, or leave out the option skeleton."
            )
        angles = np.zeros((len(root), 3))
        if order:
            angles = Rotation.from_quat(local[j][:, [1, 2, 3, 0]]).as_euler(order)
            angles = np.degrees(np.unwrap(angles, axis=0))
        where = root if clip.parents[j] < 0 else np.broadcast_to(clip.offsets[j], root.shape)
        for axis, kind in channels:
            columns.append(where[:, "XYZ".index(axis)] if kind == "position" else angles[:, order.index(axis)])
    return np.stack(columns, 1)
