"""How plausible a motion is physically: feet that slide, sink or float, jitter, joint limits, pops.

Jitter is the mean norm of the third derivative of the joint positions (TransPose, Yi et al. 2021, there given in
10^2 m/s^3; here plainly in m/s^3). Foot skate is the speed of the slowest carrying point of a sole in contact. Heights
of soles are above the floor, or above the step or slope that the foot rests on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.contacts import ON_FLOOR_M, contact_from_soles, ground_under, point_speeds
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS, J, sole_points
from engine.core.types import Motion

MAX_FLOAT_M = 0.06
"""A body that floats or sinks by no more than this as a whole is still taken to stand."""
POP_DEG = 40.0
"""A joint that turns this much further in one frame (at 20 fps) than in the frames around it has popped."""
TURN_LIMIT_DEG = {
    "hip": 145.0, "knee": 160.0, "ankle": 70.0, "foot": 75.0, "spine1": 60.0, "spine2": 45.0, "spine3": 45.0,
    "neck": 60.0, "head": 60.0, "collar": 45.0, "shoulder": 165.0, "elbow": 155.0, "wrist": 125.0,
}  # fmt: skip
"""How far a joint may turn from the rest pose, by its name without the side: the ranges of the AAOS (Joint Motion,
1965) widened for twist, for passive flexion as in a deep squat, and for how a spine is shared out among its joints."""
BACKWARD_LIMIT_DEG = 10.0
"""How far a knee or an elbow may bend the wrong way."""


@dataclass(frozen=True)
class Physical:
    """Figures of a motion. skate_cm_s: mean over contact frames.  penetration_cm: deepest sole.  float_cm: mean height
    of the soles in contact.  jitter_m_s3: mean jerk of the joints.  max_joint_deg_s: fastest local joint rotation.
    hyperextension_deg: furthest that a knee or an elbow bends the wrong way.  pops: frames with a jump in a joint.
    limit_share: share of frames in which some joint is outside its limits.
    """

    skate_cm_s: float
    penetration_cm: float
    float_cm: float
    jitter_m_s3: float
    max_joint_deg_s: float
    hyperextension_deg: float
    pops: int
    limit_share: float = 0.0

    @property
    def penalty(self) -> float:
        """In [0, 1]: 0 for motion as clean as capture, 1 for motion that nobody would accept."""
        parts = (
            0.35 * _ramp(self.skate_cm_s, 6, 30),
            0.15 * _ramp(self.penetration_cm, 3, 12),
            0.1 * _ramp(self.float_cm, 2, 6),
            0.15 * _ramp(self.jitter_m_s3, 150, 800),
            0.1 * _ramp(self.hyperextension_deg, 15, 50),
            0.15 * _ramp(self.pops, 0, 4),
        )
        return float(sum(parts))

    def lines(self) -> list[str]:
        """The figures that a person would object to, in words; empty for a clean motion."""
        checks = (
            (self.skate_cm_s > 8, f"the planted feet slide at {self.skate_cm_s:.0f} cm/s"),
            (self.penetration_cm > 4, f"a foot sinks {self.penetration_cm:.0f} cm into the floor"),
            (self.float_cm > 3, f"the planted feet float {self.float_cm:.0f} cm above the floor"),
            (self.jitter_m_s3 > 300, f"the joints jitter ({self.jitter_m_s3:.0f} m/s^3)"),
            (self.hyperextension_deg > 20, f"a knee or elbow overextends by {self.hyperextension_deg:.0f} degrees"),
            (self.pops > 0, f"{self.pops} frames jump"),
        )
        return [text for bad, text in checks if bad]


def _ramp(value: float, good: float, bad: float) -> float:
    return float(np.clip((value - good) / (bad - good), 0, 1))


def physical(motion: Motion) -> Physical:
    """Measure a motion at any frame rate, floor at y = 0."""
    pos, world = motion.world()
    points = sole_points(pos, world).astype(np.float64)
    ground = ground_under(pos, points, motion.fps)
    height = points[..., 1] - ground
    lowest = height.min(-1)
    floor = np.clip(np.percentile(lowest.min(1), 10), -MAX_FLOAT_M, MAX_FLOAT_M)
    contact = contact_from_soles(points - np.array([0, floor, 0]), motion.fps, ground)
    carrying = height < lowest[..., None] + ON_FLOOR_M
    speed = np.where(carrying, point_speeds(points, motion.fps), np.inf).min(-1)
    turning, backward = _turn_deg(motion), _backward_deg(motion)
    outside = (_from_rest_deg(motion) > _LIMITS_DEG).any(1) | (backward > BACKWARD_LIMIT_DEG).any(1)
    return Physical(
        skate_cm_s=100 * float(speed[contact].mean()) if contact.any() else 0.0,
        penetration_cm=100 * float(max(0.0, -lowest.min())),
        float_cm=100 * float(np.maximum(lowest[contact], 0).mean()) if contact.any() else 0.0,
        jitter_m_s3=_jitter(pos, motion.fps),
        max_joint_deg_s=float(turning.max(initial=0.0) * motion.fps),
        hyperextension_deg=max(float(backward.max()), 0.0),
        pops=_pops(turning * motion.fps / 20.0),
        limit_share=float(outside.mean()),
    )


def _jitter(pos: np.ndarray, fps: float) -> float:
    if len(pos) < 4:
        return 0.0
    return float(np.linalg.norm(np.diff(pos.astype(np.float64), 3, axis=0), axis=-1).mean() * fps**3)


def _turn_deg(motion: Motion) -> np.ndarray:
    """Angle (T-1, 22) in degrees that each joint turns from frame to frame."""
    dot = np.abs((motion.joint_quat[1:] * motion.joint_quat[:-1]).sum(-1))
    return np.degrees(2 * np.arccos(np.clip(dot, 0, 1)))


def _pops(turn: np.ndarray) -> int:
    """Frames in which some joint turns POP_DEG more than in both neighbouring frames."""
    if len(turn) < 3:
        return 0
    around = np.maximum(turn[:-2], turn[2:])
    return int(((turn[1:-1] - around) > POP_DEG).any(-1).sum())


def _backward_deg(motion: Motion) -> np.ndarray:
    """Backward bend (T, 4) of the knees (about their own x) and of the elbows (about their own y), degrees."""
    hinges = [J[f"{side}_{name}"] for name in ("knee", "elbow") for side in ("left", "right")]
    aa = np.degrees(R.quat_to_aa(motion.joint_quat[:, hinges]))
    return np.stack([-aa[:, 0, 0], -aa[:, 1, 0], aa[:, 2, 1], -aa[:, 3, 1]], 1)


_LIMITS_DEG = np.array([TURN_LIMIT_DEG[name.split("_")[-1]] for name in JOINT_NAMES[1:NUM_JOINTS]])


def _from_rest_deg(motion: Motion) -> np.ndarray:
    """Angle (T, 21) in degrees of every joint but the pelvis from its rest pose."""
    return np.degrees(2 * np.arccos(np.clip(np.abs(motion.joint_quat[:, 1:, 0]), 0, 1)))
