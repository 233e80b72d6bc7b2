"""A clip and the person found in it -> a `Capture` in our axes and metres.

The up axis is read off the motion, not the rest pose; the unit off the person's height; a T-pose that precedes the
motion is held back; the body's own frame at rest stands for "facing +Z".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.io.axes import turn_to_y_up, up_axis
from engine.io.bvh_text import BvhClip
from engine.io.clip import END, SkeletonClip
from engine.io.humanoid import SIDES, Rig
from engine.io.retarget import Capture, half_twist

UNITS = {
    "m": 1.0, "cm": 0.01, "inch": 0.0254, "CMU": 0.0254 / 0.45, "mm": 0.001, "foot": 0.3048, "dm": 0.1,
}  # fmt: skip
"""Metres per length unit; CMU's files count in 1/0.45 inch."""
_LIMB_JOINT = {
    "thigh": "hip", "shin": "knee", "foot": "ankle", "toe": "foot", "collar": "collar", "upper_arm": "shoulder",
    "forearm": "elbow", "hand": "wrist",
}  # fmt: skip
_POP = np.radians(12)


@dataclass(frozen=True)
class Reference:
    """A pose to measure rotations from: joint -> position (3,) and rotation (4,), in the file's axes."""

    pos: dict[int, np.ndarray]
    rot: dict[int, np.ndarray]


def _wanted(clip: SkeletonClip, rig: Rig) -> set[int]:
    """Every joint whose motion is needed, with the tips of feet and hands."""
    joints = {rig.pelvis, rig.chest, *rig.spine, *rig.limbs.values(), *([] if rig.head is None else [rig.head])}
    ends = [rig.limbs[k] for k in rig.limbs if k[1] in ("foot", "toe", "forearm", "hand", "palm")]
    return joints | {c for c, p in enumerate(clip.parents) for e in ends if _is_below(clip, p, e)}


def _is_below(clip: SkeletonClip, j: int, top: int) -> bool:
    while j > top:
        j = clip.parents[j]
    return j == top


def _tip(clip: SkeletonClip, joint: int, at: dict[int, np.ndarray]) -> np.ndarray | None:
    """Direction (3,) of the bone of an end joint: to the middle finger, or else to the mean of the nearest joints
    below it that are off its place."""
    level = [c for c, p in enumerate(clip.parents) if p == joint]
    while level:
        off = [c for c in level if np.linalg.norm(at[c] - at[joint]) > 1e-6]
        middle = [c for c in off if "mid" in clip.names[c].lower()]
        named = [c for c in off if clip.names[c] != END and "thumb" not in clip.names[c].lower()]
        chosen = middle or named or off
        if chosen:
            return R.normalize(np.mean([at[c] - at[joint] for c in chosen], axis=0))
        level = [c for c, p in enumerate(clip.parents) if p in level]
    return None


def _body_frame(at: dict[int, np.ndarray], rig: Rig, snap: bool) -> np.ndarray:
    """Quaternion from our rest axes (left +X, up +Y, ahead +Z) to the body's own in the reference pose.

    snap: use the file's axes where the body follows them within 15 degrees, as rest poses are drawn.
    """
    hips = (at[rig.limbs["left", "thigh"]] + at[rig.limbs["right", "thigh"]]) / 2
    arms = (at[rig.limbs["left", "upper_arm"]] + at[rig.limbs["right", "upper_arm"]]) / 2
    across = at[rig.limbs["left", "thigh"]] - at[rig.limbs["right", "thigh"]]
    up = R.normalize(arms - hips)
    left = R.normalize(across - up * (across @ up))
    if min(np.linalg.norm(up), np.linalg.norm(left)) < 0.5:
        raise UserError("The skeleton's hips or shoulders fall into one point, so it has no left and no up.")
    if snap:
        up, left = _snap(up), _snap(left)
        left = R.normalize(left - up * (left @ up))
    return R.quat_from_rotmat(np.stack([left, up, np.cross(left, up)], 1))


def _snap(v: np.ndarray) -> np.ndarray:
    k = int(np.argmax(np.abs(v)))
    return np.sign(v[k]) * np.eye(3)[k] if abs(v[k]) > np.cos(np.radians(15)) else v


def _stands(at: dict[int, np.ndarray], rig: Rig) -> bool:
    """Whether a pose looks like a person with straight legs, so that bone directions mean something in it."""
    hips = (at[rig.limbs["left", "thigh"]] + at[rig.limbs["right", "thigh"]]) / 2
    arms = (at[rig.limbs["left", "upper_arm"]] + at[rig.limbs["right", "upper_arm"]]) / 2
    up = R.normalize(arms - hips)
    across = R.normalize(at[rig.limbs["left", "thigh"]] - at[rig.limbs["right", "thigh"]])
    if np.linalg.norm(arms - hips) < 1e-6 or abs(across @ up) > 0.6:
        return False
    for side in SIDES:
        thigh, shin, foot = (at[rig.limbs[side, p]] for p in ("thigh", "shin", "foot"))
        if min(R.normalize(thigh - shin) @ up, R.normalize(shin - foot) @ up) < 0.7:
            return False
    return True


def _reference(clip: SkeletonClip, rig: Rig, pos: dict, rot: dict) -> tuple[Reference, bool]:
    """The rest pose; where that is no person (bones drawn along one axis), the most upright frame of the motion."""
    for at, turned in clip.rests:
        rest = {j: at[j] for j in pos}
        if _stands(rest, rig):
            return Reference(rest, {j: turned[j] for j in pos}), True
    stand = np.stack([_leg_vector(pos, rig, s) for s in SIDES]).sum(0)
    trunk = pos[rig.limbs["left", "upper_arm"]] - pos[rig.limbs["left", "thigh"]]
    k = int(np.argmax((R.normalize(stand) * R.normalize(trunk)).sum(-1) * np.linalg.norm(stand, axis=-1)))
    return Reference({j: p[k] for j, p in pos.items()}, {j: q[k] for j, q in rot.items()}), False


def _leg_vector(pos: dict[int, np.ndarray], rig: Rig, side: str) -> np.ndarray:
    return pos[rig.limbs[side, "thigh"]] - pos[rig.limbs[side, "foot"]]


def _unit(at: dict[int, np.ndarray], rig: Rig, metres: bool) -> tuple[str, float]:
    """Name and metres of the length unit that makes the person 1.4 to 2.1 m tall, or else 1.0 to 2.2 m.

    metres: the format's unit is the metre, which holds for dwarfs and giants too.
    """

    def gap(a: int, b: int) -> float:
        return float(np.linalg.norm(at[a] - at[b]))

    limbs = rig.limbs
    legs = [gap(limbs[s, a], limbs[s, b]) for s in SIDES for a, b in (("thigh", "shin"), ("shin", "foot"))]
    tall = sum(legs) / 2 / 0.465
    if not 1e-6 < tall < 1e6:
        raise UserError(f"The skeleton's legs are {sum(legs) / 2:g} units long; it has no size that a person can have.")
    if metres and 0.4 <= tall <= 4:
        return "m", 1.0
    for low, high in ((1.4, 2.1), (1.0, 2.2)):
        for name, unit in UNITS.items():
            if low <= tall * unit <= high:
                return name, unit
    return f"{tall:.3g} units per person", 1.7 / tall


def leading_pose(clip: BvhClip, rig: Rig) -> int:
    """How many frames of T-pose precede the motion and pop into it, smeared by a filter or not: 0 to 9."""
    if clip.num_frames < 8:
        return 0
    joints = {j for k, j in rig.limbs.items() if k[1] in ("thigh", "shin", "upper_arm", "forearm")} | {rig.pelvis}
    pos, rot = clip.pose(joints)
    q = np.stack([rot[j] for j in sorted(joints)], 1)
    jump = 2 * np.arccos(np.clip(np.abs((q[1:] * q[:-1]).sum(-1)), 0, 1)).mean(1)
    usual = np.median(jump[5:] if len(jump) > 10 else jump)
    for k in range(4):
        if jump[k] > max(_POP, 6 * usual) and _arms_out(pos, rig, k):
            settled = np.flatnonzero(jump[k + 1 : k + 7] < max(np.radians(2), 6 * usual))
            return k + 1 + (int(settled[0]) if len(settled) else 0)
    return 0


def _arms_out(pos: dict[int, np.ndarray], rig: Rig, frame: int) -> bool:
    """Both upper arms point sideways in one frame."""
    p = {k: pos[j][frame] for k, j in rig.limbs.items() if j in pos}
    across = R.normalize(p["left", "thigh"] - p["right", "thigh"])
    left = R.normalize(p["left", "forearm"] - p["left", "upper_arm"]) @ across
    right = R.normalize(p["right", "forearm"] - p["right", "upper_arm"]) @ across
    return bool(left > 0.75 and right < -0.75)


def capture(clip: SkeletonClip, rig: Rig, up: str | None = None) -> tuple[Capture, dict[str, str]]:
    """The person of a clip in our axes and metres, and what was found out: {'up': ..., 'unit': ...}.

    up: 'y' or 'z' over what the clip says. UserError for a skeleton without size.
    """
    pos, rot = clip.pose(_wanted(clip, rig))
    ref, at_rest = _reference(clip, rig, pos, rot)
    unit, metres = _unit(ref.pos, rig, clip.metres)
    body = _body_frame(ref.pos, rig, snap=at_rest)
    rest_up = "yz"[int(abs(R.quat_rotate(body, np.array([0, 1.0, 0]))[2]) > 0.7)]
    top = pos[rig.chest if rig.head is None else rig.head]
    up = up or clip.up or up_axis(top - (pos[rig.limbs["left", "foot"]] + pos[rig.limbs["right", "foot"]]) / 2, rest_up)
    turn = turn_to_y_up(up)
    away = {
        j: R.quat_mul(R.quat_mul(np.broadcast_to(turn, q.shape), R.quat_mul(q, R.quat_inv(ref.rot[j]))), body)
        for j, q in rot.items()
    }
    inverse = R.quat_inv(body)
    at = {j: R.quat_rotate(inverse, p) for j, p in ref.pos.items()}
    where = {
        f"{s}_{_LIMB_JOINT[p]}": R.quat_rotate(turn, pos[rig.limbs[s, p]]) * metres
        for s in SIDES
        for p in ("thigh", "shin", "foot")
    }
    rest = _rest_directions(clip, rig, at)
    return Capture(_rotations(rig, away, rest), rest, where, clip.fps), {"up": up, "unit": unit}


def _rest_directions(clip: SkeletonClip, rig: Rig, at: dict[int, np.ndarray]) -> dict[str, np.ndarray]:
    """Direction (3,) of every limb bone in the reference pose, in our axes; ours where the file has none."""
    rest: dict[str, np.ndarray] = {}
    for side in SIDES:
        joint = {p: j for (s, p), j in rig.limbs.items() if s == side}
        for part, tip in (("thigh", "shin"), ("shin", "foot"), ("upper_arm", "forearm"), ("forearm", "hand")):
            if tip in joint:
                found = R.normalize(at[joint[tip]] - at[joint[part]])
            else:
                found = _tip(clip, joint[part], at)
            rest[f"{side}_{_LIMB_JOINT[part]}"] = rest[f"{side}_shoulder"] if found is None else found
        hand = _tip(clip, joint["hand"], at) if "hand" in joint else None
        rest[f"{side}_wrist"] = rest[f"{side}_elbow"] if hand is None else hand
        foot = R.normalize(at[joint["toe"]] - at[joint["foot"]]) if "toe" in joint else _tip(clip, joint["foot"], at)
        rest[f"{side}_ankle"] = np.array([0, 0, 1.0]) if foot is None or not np.any(foot) else foot
        toe = _tip(clip, joint["toe"], at) if "toe" in joint else None
        rest[f"{side}_foot"] = np.array([0, 0, 1.0]) if toe is None else toe
    return rest


def _rotations(rig: Rig, away: dict[int, np.ndarray], rest: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """World rotation (T, 4) of each of our joints away from rest; missing ones follow their neighbours."""
    pelvis, chest = away[rig.pelvis], away[rig.chest]
    head = away[rig.head] if rig.head is not None else chest
    half = np.full(len(pelvis), 0.5)
    out = {"pelvis": pelvis, "spine3": chest, "head": head, "neck": R.quat_slerp(chest, head, half)}
    line = [pelvis, *(away[j] for j in rig.spine)]
    for name, share in (("spine1", 1 / 3), ("spine2", 2 / 3)):
        at = share * (len(line) - 1)
        low = min(int(at + 1e-9), len(line) - 1)
        high = min(low + 1, len(line) - 1)
        out[name] = R.quat_slerp(line[low], line[high], np.full(len(pelvis), at - low))
    for side in SIDES:
        for part, joint in _LIMB_JOINT.items():
            if (side, part) in rig.limbs:
                out[f"{side}_{joint}"] = away[rig.limbs[side, part]]
        out.setdefault(f"{side}_collar", chest)
        palm = rig.limbs.get((side, "palm"))
        out[f"{side}_wrist"] = out[f"{side}_elbow"] if palm is None else away[palm]
        out[f"{side}_elbow"] = half_twist(out[f"{side}_elbow"], out[f"{side}_wrist"], rest[f"{side}_elbow"])
    return out
