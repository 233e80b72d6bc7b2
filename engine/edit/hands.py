"""Hands that go where they are wanted: arms by inverse kinematics, the trunk and knees where the arm is too short."""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.ik import bone_quat, solve_two_bone
from engine.core.skeleton import PARENTS, J, rest_offsets
from engine.edit.legs import ANKLES, LEG_JOINTS, legs_to
from engine.edit.pose import level_axes, spread, world_of

TARGETS: dict[str, tuple[str, tuple[float, float, float], float]] = {
    "head": ("head", (0.10, 0.12, 0.02), 65.0),
    "face": ("head", (0.03, 0.02, 0.14), 45.0),
    "chest": ("spine3", (0.05, 0.07, 0.15), 40.0),
    "belly": ("spine1", (0.03, 0.03, 0.15), 35.0),
    "hips": ("pelvis", (0.18, 0.02, 0.03), 75.0),
    "left_knee": ("left_knee", (0.0, 0.05, 0.08), 60.0),
    "right_knee": ("right_knee", (0.0, 0.05, 0.08), 60.0),
    "other_shoulder": ("other_shoulder", (0.0, 0.06, 0.09), 35.0),
    "other_hand": ("other_hand", (0.0, 0.0, 0.0), 35.0),
    "front": ("shoulder", (0.0, 0.0, 0.97), 15.0),
    "side": ("shoulder", (0.97, 0.0, 0.0), 15.0),
    "up": ("shoulder", (0.0, 0.97, 0.0), 80.0),
    "floor": ("feet", (0.12, 0.03, 0.22), 60.0),
}
"""Target -> the joint that it is at, where it is from there (outward, up, to the front; metres, or lengths of the arm
from the shoulder), and how many degrees the elbow is swung out from straight down."""
ACROSS = ("other_shoulder", "other_hand")
BACK, AHEAD = -0.35, 0.7
"""The elbow also points a little to the back, but to the front where the arm goes across the body."""
PALM_M = 0.085
NEAR_M = 0.02
SOFT = 0.98
"""Beyond this share of its length an arm only nears its target."""
STOOP = np.linspace(0, 1, 7)
"""Shares of the deepest stoop that are tried for a target out of reach."""
DEEPEST = {"floor": (0.9, 1.1, 0.4, 0.14), "left_knee": (0.8, 0.9, 0.1, 0.12), "right_knee": (0.8, 0.9, 0.1, 0.12)}
"""Targets that hips, trunk and knees help with, and the deepest stoop for them: radians that the pelvis and the spine
are pitched by, metres that the pelvis comes down and goes back."""
SHOULDERS = (J["left_shoulder"], J["right_shoulder"])
TRUNK = (J["spine1"], J["spine2"], J["spine3"])
Pose = tuple[np.ndarray, np.ndarray]
"""Local rotations (T, 22, 4) and path (T, 3)."""
World = tuple[np.ndarray, np.ndarray]
"""World positions (T, 22, 3) and rotations (T, 22, 4)."""


def palm(world: World, side: str) -> np.ndarray:
    """The middle (T, 3) of a palm."""
    offset = rest_offsets()[J[f"{side}_hand"]]
    wrist = J[f"{side}_wrist"]
    return world[0][:, wrist] + R.quat_rotate(world[1][:, wrist], offset / np.linalg.norm(offset) * PALM_M)


def target_point(world: World, betas: np.ndarray, side: str, target: str, both: bool) -> np.ndarray:
    """Where (T, 3), in the world, the palm of that side should come."""
    pos, turns = world
    joint, offset, _ = TARGETS[target]
    flip = np.array([1.0 if side == "left" else -1.0, 1, 1])
    other = "right" if side == "left" else "left"
    if target == "floor":
        left, front = level_axes(turns[:, 0])
        middle = pos[:, ANKLES].mean(1) * np.array([1.0, 0, 1])
        return middle + left * offset[0] * flip[0] + front * offset[2] + np.array([0, offset[1], 0])
    if target == "other_hand":
        if both:
            between = np.array([0.015, 0.02, 0.27]) * flip
            return pos[:, J["spine3"]] + R.quat_rotate(turns[:, J["spine3"]], between)
        return palm(world, other) + R.quat_rotate(turns[:, J["spine3"]], np.array([0, 0.02, 0.02]))
    if joint == "shoulder":
        away = R.quat_rotate(turns[:, J["spine3"]], np.asarray(offset) * flip * sum(_lengths(side, betas)))
        return pos[:, J[f"{side}_shoulder"]] + away
    name = f"{other}_shoulder" if joint == "other_shoulder" else joint
    frame = J["spine3"] if joint == "other_shoulder" else J[name]
    if target.endswith("knee"):
        upward = 0.2 * R.normalize(pos[:, J[name.replace("knee", "hip")]] - pos[:, J[name]])
        return pos[:, J[name]] + 0.3 * upward + R.quat_rotate(turns[:, frame], np.array([0, 0, offset[2]]))
    return pos[:, J[name]] + R.quat_rotate(turns[:, frame], np.asarray(offset) * flip)


def _forearm(side: str, betas: np.ndarray) -> np.ndarray:
    """From the elbow to the middle of the palm (3,), at rest."""
    offsets = rest_offsets(betas)
    hand = rest_offsets()[J[f"{side}_hand"]]
    return offsets[J[f"{side}_wrist"]] + hand / np.linalg.norm(hand) * PALM_M


def _lengths(side: str, betas: np.ndarray) -> tuple[float, float]:
    """Metres from the shoulder to the elbow, and from there to the middle of the palm."""
    upper = rest_offsets(betas)[J[f"{side}_elbow"]]
    return float(np.linalg.norm(upper)), float(np.linalg.norm(_forearm(side, betas)))


def arm_to(world: World, betas: np.ndarray, side: str, point: np.ndarray, target: str) -> dict[int, np.ndarray]:
    """Local rotations of shoulder, elbow and wrist that bring the palm to `point` (T, 3), hand in line with arm.

    The elbow bends about its own hinge only, and the forearm is not twisted.
    """
    shoulder, elbow, wrist = (J[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
    pos, turns = world
    upper_rest, lower_rest = rest_offsets(betas)[elbow], _forearm(side, betas)
    sign, swivel = (1.0 if side == "left" else -1.0), np.radians(TARGETS[target][2])
    outward = np.array([sign * np.sin(swivel), -np.cos(swivel), AHEAD if target in ACROSS else BACK])
    pole = R.quat_rotate(turns[:, J["spine3"]], np.tile(outward, (len(point), 1)))
    start = pos[:, shoulder]
    middle, end = solve_two_bone(start, point, *_lengths(side, betas), R.normalize(pole), soft_share=SOFT)
    hinge = np.cross(pole, R.normalize(end - start))
    rest_hinge = np.array([0.0, -sign, 0.0])
    upper = bone_quat(middle - start, hinge, upper_rest, rest_hinge)
    lower = bone_quat(end - middle, hinge, lower_rest, rest_hinge)
    still = np.tile([1.0, 0, 0, 0], (len(point), 1))
    return {
        shoulder: R.quat_mul(R.quat_inv(turns[:, PARENTS[shoulder]]), upper),
        elbow: R.quat_mul(R.quat_inv(upper), lower),
        wrist: still,
    }


def stooped(pose: Pose, betas: np.ndarray, target: str, amount: np.ndarray) -> Pose:
    """The pose bent in the hips, the trunk and the knees by amount (T,) of the deepest; the feet stay.

    The arms hang on as they did in the world.
    """
    quat, root = pose
    pitch, curl, drop, back = DEEPEST[target]
    before = world_of(quat, root, betas)
    left, front = level_axes(before[1][:, 0])
    out = spread(quat, before[1], TRUNK, left * (curl * amount)[:, None], (0.4, 0.3, 0.3))
    out[:, 0] = R.quat_mul(R.quat_from_aa(left * (pitch * amount)[:, None]), quat[:, 0])
    path = root - front * (back * amount)[:, None] - np.array([0, drop, 0]) * amount[:, None]
    out = legs_to(out, path, before, before[0][:, ANKLES], betas)
    world = world_of(out, path, betas)[1]
    for shoulder in SHOULDERS:
        out[:, shoulder] = R.quat_mul(R.quat_inv(world[:, PARENTS[shoulder]]), before[1][:, shoulder])
    return out, path


def needed_stoop(pose: Pose, betas: np.ndarray, hands: tuple[str, ...], target: str) -> float:
    """The least share of the deepest stoop that brings these hands to the target, or about as near as any does.

    0 where arms are long enough, and where the target moves with the trunk.
    """
    if target not in DEEPEST:
        return 0.0
    some = np.unique(np.linspace(0, len(pose[0]) - 1, 6).round().astype(int))
    few, both, off = (pose[0][some], pose[1][some]), len(hands) > 1, []
    for share in STOOP:
        bent = stooped(few, betas, target, np.full(len(some), share))
        world = world_of(*bent, betas)
        off.append(max(float(miss(world, betas, side, target, both).mean()) for side in hands))
        if off[-1] < NEAR_M:
            return float(share)
    return float(STOOP[np.flatnonzero(np.asarray(off) < min(off) + NEAR_M)[0]])


def miss(world: World, betas: np.ndarray, side: str, target: str, both: bool) -> np.ndarray:
    """How far (T,) metres an arm is too short for its target."""
    away = target_point(world, betas, side, target, both) - world[0][:, J[f"{side}_shoulder"]]
    return np.maximum(np.linalg.norm(away, axis=-1) - SOFT * sum(_lengths(side, betas)), 0)


STOOP_JOINTS = frozenset({0, *TRUNK, *SHOULDERS}) | LEG_JOINTS
