"""Contact clean-up of decoded motion: light smoothing, floor, and feet that stay where they are planted.

A planted foot is moved as a rigid whole so that the points that carry it neither slip nor leave the floor; it may still
roll from the heel to the toes. The correction fades out over `FADE_S` before and after the contact, the leg follows by
two-bone inverse kinematics, and the pelvis comes down a little where a leg would be too short. Feet in the air, and the
legs of a body that lies or kneels, are left alone. A foot that rests on a step or a slope and carries the body stands
where it rests, not on the floor.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d
from scipy.signal import savgol_filter

from engine.core import rotations as R
from engine.core.contacts import AWAY_M, contact_from_soles, ground_under, runs
from engine.core.ik import solve_two_bone
from engine.core.skeleton import J, rest_offsets, sole_points
from engine.core.types import Motion

SMOOTH_S, FADE_S = 0.25, 0.15
CRISP_S = 0.05
"""A contact is held this much longer at both ends while the foot is near the floor: decoded feet land softly."""
FALL_M_S2, HOP_M = 4.0, 0.006
"""A pelvis that accelerates downwards faster than this, over feet higher than this, is in flight."""
CARRY_M = 0.012
"""How fast the weight of a sole point falls with its height above the lowest point."""
LYING_M, KNEELING_M, UPRIGHT_M = 0.3, 0.16, 0.5
"""Pelvis or knee heights below which a leg is left alone, and above which soles tell where the floor is."""
MAX_SINK_M, MAX_FLOOR_M, MAX_SHIFT_M = 0.06, 0.12, 0.1
REACH = 0.997
"""Share of a leg's length that it may use before the pelvis sinks."""


def clean(motion: Motion) -> Motion:
    """The motion with smooth joints, soles on the floor and no foot skate; same length, frame rate and betas."""
    return lock_feet(_on_floor(smooth(motion)))


def lock_feet(motion: Motion) -> Motion:
    """The motion with planted feet that neither slide nor leave what they stand on; nothing is smoothed."""
    pos, world = motion.world()
    soles = sole_points(pos, world).astype(np.float64)
    ground = ground_under(pos, soles, motion.fps)
    flying = _flying(pos, soles, ground, motion.fps)
    active = _longer(_planted(pos, soles, ground, flying, motion.fps), soles, ground, motion.fps)
    shift = [_foot_shift(soles[:, side], ground[:, side], active[:, side], motion.fps) for side in (0, 1)]
    shift = np.stack(shift, 1)
    pelvis, knees = _heights(pos, ground)
    free = (pelvis < LYING_M)[:, None] | (knees < KNEELING_M)
    shift[free & ~active] = 0
    shift[flying, :, 1] = np.maximum(shift[flying, :, 1], 0)
    return _move_feet(motion, pos.astype(np.float64), world.astype(np.float64), shift)


def smooth(motion: Motion) -> Motion:
    """Zero-phase Savitzky-Golay smoothing (second order, a quarter second) of the path and the rotations."""
    window = max(round(SMOOTH_S * motion.fps) // 2 * 2 + 1, 3)
    if motion.num_frames < window or window < 5:
        return motion
    quat = np.asarray(savgol_filter(R.quat_continuous(motion.joint_quat), window, 2, axis=0))
    return motion.with_(root_pos=savgol_filter(motion.root_pos, window, 2, axis=0), joint_quat=R.normalize(quat))


def _heights(pos: np.ndarray, ground: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heights of the pelvis (T,) and of the knees (T, 2) above the lower of the places under the feet."""
    level = ground.min((1, 2)).astype(pos.dtype)
    return pos[:, 0, 1] - level, pos[:, [J["left_knee"], J["right_knee"]], 1] - level[:, None]


def _planted(pos: np.ndarray, soles: np.ndarray, ground: np.ndarray, flying: np.ndarray, fps: float) -> np.ndarray:
    """Contact (T, 2) of the feet that may be corrected; none where the body is flying (T,)."""
    pelvis, knees = _heights(pos, ground)
    contact = contact_from_soles(soles, fps, ground) & ~flying[:, None]
    return contact & (knees > KNEELING_M) & (pelvis > LYING_M)[:, None]


def _flying(pos: np.ndarray, soles: np.ndarray, ground: np.ndarray, fps: float) -> np.ndarray:
    """Frames (T,) in which both feet are off the floor and the pelvis falls freely: a low hop, not a planted foot."""
    if len(pos) < 3:
        return np.zeros(len(pos), bool)
    height = gaussian_filter1d(pos[:, 0, 1].astype(np.float64), max(0.02 * fps, 1e-3), mode="nearest")
    falling = np.gradient(np.gradient(height, 1 / fps), 1 / fps) < -FALL_M_S2
    return falling & ((soles[..., 1] - ground).min((1, 2)) > HOP_M)


def _longer(contact: np.ndarray, soles: np.ndarray, ground: np.ndarray, fps: float) -> np.ndarray:
    """Contacts (T, 2) that also hold CRISP_S before and after, while the foot is near the floor and the other on it."""
    around = maximum_filter1d(contact, 2 * round(CRISP_S * fps) + 1, axis=0, mode="nearest")
    return contact | (around & contact[:, ::-1] & ((soles[..., 1] - ground).min(-1) < AWAY_M))


def _on_floor(motion: Motion) -> Motion:
    """Root heights corrected so that contacts lie on what is under them, y = 0 but for steps and slopes: one offset for
    the clip, unless it goes up or down, then a slow one along it."""
    pos, world = motion.world()
    soles = sole_points(pos, world).astype(np.float64)
    lowest = soles[..., 1].min((1, 2))
    upright = pos[:, 0, 1] > UPRIGHT_M
    if not upright.any():
        return motion
    ground = ground_under(pos, soles, motion.fps)
    offset = 0.0 if ground.any() else -np.percentile(lowest[upright], 10)
    offset = offset if abs(offset) < MAX_FLOOR_M else 0.0
    soles[..., 1] += offset
    contact = _planted(pos, soles, ground, _flying(pos, soles, ground, motion.fps), motion.fps)
    touching = np.flatnonzero(contact.any(1))
    slow = np.zeros(motion.num_frames)
    if len(touching):
        gap = np.where(contact, -(soles[..., 1] - ground).min(-1), 0).sum(1)[touching] / contact[touching].sum(1)
        slow = np.interp(np.arange(motion.num_frames), touching, gap)
        slow = gaussian_filter1d(slow, 0.15 * motion.fps, mode="nearest")
    pelvis, _ = _heights(pos, ground)
    fade = gaussian_filter1d(np.clip((pelvis - LYING_M) / 0.15, 0, 1), 0.1 * motion.fps, mode="nearest")
    root = motion.root_pos.copy()
    root[:, 1] += offset * fade + slow * fade
    return motion.with_(root_pos=root)


def _foot_shift(points: np.ndarray, ground: np.ndarray, contact: np.ndarray, fps: float) -> np.ndarray:
    """Displacement (T, 3) of one foot with sole points (T, 3, 3) over ground (T, 3) that takes away slip, float and
    penetration."""
    num_frames = len(points)
    height = points[..., 1] - ground
    lowest = height.min(-1)
    weight = np.exp(-(height - lowest[:, None]) / CARRY_M)
    weight = 0.5 * (weight[1:] + weight[:-1])
    weight /= weight.sum(-1, keepdims=True)
    slip = (weight[..., None] * np.diff(points, axis=0)).sum(1)
    shift = np.zeros((num_frames, 3))
    frames = np.arange(num_frames)
    for start, stop in runs(contact):
        held = np.zeros((stop - start, 3))
        held[1:] = -np.cumsum(slip[start : stop - 1], axis=0)
        held = np.clip(held - held.mean(0), -MAX_SHIFT_M, MAX_SHIFT_M)
        held[:, 1] = -lowest[start:stop]
        away = np.maximum(np.maximum(start - frames, frames - stop + 1), 0) / (FADE_S * fps + 1)
        fade = np.where(away < 1, 1 - away**2 * (3 - 2 * away), 0)
        near = np.where(contact & ((frames < start) | (frames >= stop)), 0, fade)
        shift += near[:, None] * held[np.clip(frames - start, 0, stop - start - 1)]
    shift[:, 1] = np.maximum(shift[:, 1], -lowest)
    return shift


def _move_feet(motion: Motion, pos: np.ndarray, world: np.ndarray, shift: np.ndarray) -> Motion:
    """The motion with its feet displaced by shift (T, 2, 3), legs solved, orientation of the feet in the world kept."""
    offsets = rest_offsets(motion.betas)
    legs = [tuple(J[f"{side}_{name}"] for name in ("hip", "knee", "ankle")) for side in ("left", "right")]
    lengths = [(float(np.linalg.norm(offsets[knee])), float(np.linalg.norm(offsets[ankle]))) for _, knee, ankle in legs]
    sink = np.zeros(motion.num_frames)
    for side, (hip, _, ankle) in enumerate(legs):
        sink = np.maximum(sink, _needed_sink(pos[:, hip], pos[:, ankle], shift[:, side], REACH * sum(lengths[side])))
    width = max(3, round(FADE_S * motion.fps))
    sink = gaussian_filter1d(maximum_filter1d(sink, width, mode="nearest"), width / 3, mode="nearest")
    root = motion.root_pos.copy()
    root[:, 1] -= sink
    drop = sink[:, None] * np.array([0, 1.0, 0])
    quat = motion.joint_quat.copy()
    for side, (hip, knee, ankle) in enumerate(legs):
        moved = (np.abs(shift[:, side]).max(-1) > 1e-5) | (sink > 1e-5)
        if not moved.any():
            continue
        start, target = (pos[:, hip] - drop)[moved], (pos[:, ankle] + shift[:, side])[moved]
        forward = R.quat_rotate(world[:, hip], np.array([0, 0, 1.0]))
        bend = pos[:, knee] - 0.5 * (pos[:, hip] + pos[:, ankle]) + 0.03 * forward
        middle, end = solve_two_bone(start, target, *lengths[side], R.normalize(bend[moved]), soft_share=REACH)
        thigh = R.quat_mul(R.quat_between((pos[:, knee] - pos[:, hip])[moved], middle - start), world[moved, hip])
        shin = R.quat_mul(R.quat_between((pos[:, ankle] - pos[:, knee])[moved], end - middle), world[moved, knee])
        quat[moved, hip] = R.quat_mul(R.quat_inv(world[moved, 0]), thigh)
        quat[moved, knee] = R.quat_mul(R.quat_inv(thigh), shin)
        quat[moved, ankle] = R.quat_mul(R.quat_inv(shin), world[moved, ankle])
    return motion.with_(root_pos=root, joint_quat=R.normalize(quat))


def _needed_sink(hip: np.ndarray, ankle: np.ndarray, shift: np.ndarray, reach: float) -> np.ndarray:
    """How far (T,) the hip must come down, metres, for the ankle to reach its new place."""
    across = ankle + shift - hip
    flat = (across[:, [0, 2]] ** 2).sum(-1)
    allowed = np.sqrt(np.maximum(reach**2 - flat, 0))
    need = np.clip(-across[:, 1] - allowed, 0, MAX_SINK_M)
    return np.where(np.abs(shift).max(-1) > 1e-5, need, 0)
