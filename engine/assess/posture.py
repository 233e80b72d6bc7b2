"""The body seen from itself: heading over time, joint positions in the heading frame, and the name of a posture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.assess.events import smoothed
from engine.core import rotations as R
from engine.core.contacts import contact_from_soles
from engine.core.skeleton import MEAN_STANDING_HEIGHT, J, sole_points
from engine.core.types import Motion

LYING_UP, LYING_M = 0.5, 0.45
KNEELING_KNEE_M, KNEELING_PELVIS_M = 0.17, 0.3
LOW_M = 0.8
"""Pelvis heights are shares of the standing height (MEAN_STANDING_HEIGHT); below LOW_M nobody stands."""
SITTING_BACK_M = 0.16


@dataclass(frozen=True)
class Body:
    """One motion taken apart, float64. pos, world: joints in the world (T, 22, 3), (T, 22, 4).  soles (T, 2, 3, 3).
    contact (T, 2).  heading (T,) radians, unwrapped.  local (T, 22, 3): joints from the pelvis' place on the floor,
    turned so that the body faces +Z.  chest (T, 22, 3): joints from the pelvis, turned so that the shoulders face +Z.
    """

    motion: Motion
    pos: np.ndarray
    world: np.ndarray
    soles: np.ndarray
    contact: np.ndarray
    heading: np.ndarray
    local: np.ndarray
    chest: np.ndarray

    @property
    def fps(self) -> float:
        return self.motion.fps

    def height(self, joint: str) -> np.ndarray:
        """Height (T,) of a joint above the floor, metres."""
        return self.pos[:, J[joint], 1]

    def rotate(self, joint: str, vector: tuple[float, float, float]) -> np.ndarray:
        """A direction (T, 3) in the world that is `vector` in the joint's own frame."""
        return R.quat_rotate(self.world[:, J[joint]], np.asarray(vector, np.float64))

    def upright(self) -> np.ndarray:
        """Cosine (T,) between the line from pelvis to neck and the vertical."""
        return R.normalize(self.pos[:, J["neck"]] - self.pos[:, 0])[:, 1]


def observe(motion: Motion) -> Body:
    """Kinematics of a motion, computed once for all measurements."""
    pos, world = (x.astype(np.float64) for x in motion.world())
    soles = sole_points(pos, world)
    yaw = _heading(world[:, 0], motion.fps)
    floor = pos[:, 0] * np.array([1, 0, 1])
    across = pos[:, J["left_shoulder"]] - pos[:, J["right_shoulder"]]
    chest_yaw = np.arctan2(-across[:, 2], across[:, 0])
    return Body(
        motion=motion,
        pos=pos,
        world=world,
        soles=soles,
        contact=contact_from_soles(soles, motion.fps),
        heading=yaw,
        local=_turned(pos - floor[:, None], yaw),
        chest=_turned(pos - pos[:, :1], chest_yaw),
    )


def _turned(points: np.ndarray, yaw: np.ndarray) -> np.ndarray:
    """Points (T, J, 3) turned back by yaw (T,)."""
    return R.quat_rotate(R.quat_from_axis("y", -yaw)[:, None], points)


def _heading(quat: np.ndarray, fps: float) -> np.ndarray:
    """Unwrapped, smoothed heading (T,); held across moments in which the pelvis faces up or down."""
    forward = R.quat_rotate(quat, np.array([0, 0, 1.0]))
    known = np.flatnonzero(np.hypot(forward[:, 0], forward[:, 2]) > 0.6)
    if not len(known):
        return np.zeros(len(quat))
    yaw = np.unwrap(np.arctan2(forward[known, 0], forward[known, 2]))
    return smoothed(np.interp(np.arange(len(quat)), known, yaw), fps, 0.1)


def posture(body: Body, frame: int) -> str:
    """'stand', 'crouch', 'sit', 'kneel' or 'lie' in that frame."""
    pelvis = body.pos[frame, 0, 1] / MEAN_STANDING_HEIGHT
    if body.upright()[frame] < LYING_UP and pelvis < LYING_M:
        return "lie"
    knees = body.pos[frame, [J["left_knee"], J["right_knee"]], 1]
    if knees.min() < KNEELING_KNEE_M and pelvis > KNEELING_PELVIS_M:
        return "kneel"
    if pelvis >= LOW_M:
        return "stand"
    ankles = body.local[frame, [J["left_ankle"], J["right_ankle"]], 2]
    weight = 0.5 * body.local[frame, 0, 2] + 0.5 * body.local[frame, J["spine3"], 2]
    on_floor = pelvis < 0.28
    return "sit" if on_floor or ankles.mean() - weight > SITTING_BACK_M else "crouch"
