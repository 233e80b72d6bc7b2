"""Feet that stay where they are, or go where they should, while the pelvis is moved: legs by inverse kinematics."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, minimum_filter1d

from engine.core import rotations as R
from engine.core.contacts import foot_contact, runs
from engine.core.ik import solve_two_bone
from engine.core.skeleton import J, rest_offsets
from engine.core.types import Motion
from engine.edit.pose import world_of

LEGS = tuple(tuple(J[f"{side}_{name}"] for name in ("hip", "knee", "ankle")) for side in ("left", "right"))
LEG_JOINTS = frozenset(joint for leg in LEGS for joint in leg)
ANKLES = [leg[2] for leg in LEGS]
REACH = 0.998
"""Share of a leg's length that it may use before the pelvis must come down."""
SOFT_S = 0.1
FRONT = np.array([0, 0, 1.0])


def legs_to(
    quat: np.ndarray, root: np.ndarray, before: tuple[np.ndarray, np.ndarray], ankles: np.ndarray, betas: np.ndarray
) -> np.ndarray:
    """Local rotations (T, 22, 4) with hips, knees and ankles set so that the ankles are at `ankles` (T, 2, 3) metres.

    quat, root: the pose with its new pelvis.  before: world positions and rotations of the pose that it was, which
    gives the plane of each knee and how the feet stand in the world.
    """
    pos, world = before
    offsets = rest_offsets(betas)
    out = quat.copy()
    for side, (hip, knee, ankle) in enumerate(LEGS):
        start = root + R.quat_rotate(quat[:, 0], offsets[hip])
        lengths = (float(np.linalg.norm(offsets[knee])), float(np.linalg.norm(offsets[ankle])))
        forward = R.quat_rotate(world[:, hip], FRONT) + R.quat_rotate(world[:, ankle], FRONT)
        pole = R.normalize(pos[:, knee] - 0.5 * (pos[:, hip] + pos[:, ankle]) + 0.02 * forward)
        middle, end = solve_two_bone(start, ankles[:, side], *lengths, pole, soft_share=0.9995)
        thigh = R.quat_mul(R.quat_between(pos[:, knee] - pos[:, hip], middle - start), world[:, hip])
        shin = R.quat_mul(R.quat_between(pos[:, ankle] - pos[:, knee], end - middle), world[:, knee])
        out[:, hip] = R.quat_mul(R.quat_inv(quat[:, 0]), thigh)
        out[:, knee] = R.quat_mul(R.quat_inv(thigh), shin)
        out[:, ankle] = R.quat_mul(R.quat_inv(shin), world[:, ankle])
    return out


def too_short(quat: np.ndarray, root: np.ndarray, ankles: np.ndarray, betas: np.ndarray) -> np.ndarray:
    """How far (T,) metres the pelvis must come down for both legs to reach `ankles` (T, 2, 3)."""
    offsets = rest_offsets(betas)
    sink = np.zeros(len(root))
    for side, (hip, knee, ankle) in enumerate(LEGS):
        across = ankles[:, side] - root - R.quat_rotate(quat[:, 0], offsets[hip])
        reach = REACH * float(np.linalg.norm(offsets[knee]) + np.linalg.norm(offsets[ankle]))
        allowed = np.sqrt(np.maximum(reach**2 - (across[:, [0, 2]] ** 2).sum(-1), 0))
        sink = np.maximum(sink, -across[:, 1] - allowed)
    return np.maximum(sink, 0)


def moved_feet(
    quat: np.ndarray, root: np.ndarray, shift: np.ndarray, betas: np.ndarray, fps: float, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Local rotations and path with the feet displaced by shift (T, 2, 3); the pelvis sinks where a leg is too short.

    weight (T,): the pelvis sinks only where this is above 0, so that it does not at the ends of a span.
    """
    before = world_of(quat, root, betas)
    ankles = before[0][:, ANKLES] + shift
    need = np.where(np.abs(shift).max((1, 2)) > 1e-6, too_short(quat, root, ankles, betas), 0)
    already = too_short(quat, root, before[0][:, ANKLES], betas)
    need = np.maximum(need - already, 0)
    width = max(3, round(SOFT_S * fps))
    sink = gaussian_filter1d(maximum_filter1d(need, width, mode="nearest"), width / 3, mode="nearest")
    root = root - (sink * np.clip(5 * weight, 0, 1))[:, None] * np.array([0, 1.0, 0])
    return legs_to(quat, root, before, ankles, betas), root


def steady(field: np.ndarray, motion: Motion, start: int = 0) -> np.ndarray:
    """A displacement (T, 2, 3) for both feet from one of the body, field (T, 3), of frames from `start` on.

    It is constant while a foot is planted, so that the foot does not slide, and goes over smoothly in between.
    """
    out = np.repeat(field[:, None], 2, 1)
    contact = foot_contact(motion)[start : start + len(field)]
    for side in (0, 1):
        plants = runs(contact[:, side])
        for a, b in plants:
            out[a:b, side] = field[a:b].mean(0)
        for (_, end), (begin, _) in pairwise(plants):
            share = (np.arange(end, begin) - end + 1) / (begin - end + 1)
            share = (share**2 * (3 - 2 * share))[:, None]
            out[end:begin, side] = (1 - share) * out[end - 1, side] + share * out[begin, side]
        if plants:
            first, last = plants[0][0], plants[-1][1]
            out[:first, side] += (out[first, side] - field[first]) * _fade(np.arange(first)[::-1], motion.fps)
            away = np.arange(len(field) - last)
            out[last:, side] += (out[last - 1, side] - field[last - 1]) * _fade(away, motion.fps)
    return out


def _fade(away: np.ndarray, fps: float) -> np.ndarray:
    share = np.clip((away + 1) / (0.3 * fps + 1), 0, 1)
    return (1 - share**2 * (3 - 2 * share))[:, None]


def slack(quat: np.ndarray, root: np.ndarray, ankles: np.ndarray, betas: np.ndarray, fps: float) -> np.ndarray:
    """How far (T,) metres the pelvis can go up before a leg is straight; smooth in time."""
    offsets = rest_offsets(betas)
    room = np.full(len(root), np.inf)
    for side, (hip, knee, ankle) in enumerate(LEGS):
        across = ankles[:, side] - root - R.quat_rotate(quat[:, 0], offsets[hip])
        reach = REACH * float(np.linalg.norm(offsets[knee]) + np.linalg.norm(offsets[ankle]))
        allowed = np.sqrt(np.maximum(reach**2 - (across[:, [0, 2]] ** 2).sum(-1), 0))
        room = np.minimum(room, allowed + across[:, 1])
    width = max(3, round(SOFT_S * fps))
    return gaussian_filter1d(minimum_filter1d(np.maximum(room, 0), width, mode="nearest"), width / 6, mode="nearest")
