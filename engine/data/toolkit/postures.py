"""The five postures that actions begin and end in, as channels of one frame."""

from __future__ import annotations

import numpy as np

from engine.data.toolkit.channels import LEFT, RIGHT, Channels, standing

SEAT = 0.46
"""Pelvis joint above the floor, metres, when someone sits on a chair."""
STEP_M = 0.05
"""The least rise or fall, metres, that makes another floor."""


def _stand() -> Channels:
    return standing(1)


def _sit() -> Channels:
    """On a chair that is not drawn, hands on the thighs."""
    c = standing(1)
    c.height[:] = SEAT + 0.05 - 0.94
    c.sway[:, 1] = -0.36
    c.pelvis[:, 0], c.spine[:, 0], c.head[:, 0] = -6, 8, -2
    c.foot_xz[..., 1] = 0.02
    c.knee_out[:] = 6
    c.set_arm("both", flex=28, abd=6, elbow=62, twist=10, pronate=45)
    return c


def _kneel(side: int = RIGHT) -> Channels:
    """One knee on the floor, the other foot ahead."""
    c = standing(1)
    other = 1 - side
    c.height[:] = 0.535 - 0.94
    c.foot_xz[:, other, 1], c.foot_xz[:, side, 1] = 0.34, -0.52
    c.foot_pitch[:, side], c.toe[:, side] = 68, 0
    c.pelvis[:, 0], c.spine[:, 0] = 3, 4
    c.set_arm(other, flex=42, abd=4, elbow=40, twist=5, pronate=40)
    c.set_arm(side, flex=8, abd=7, elbow=22)
    return c


def _crouch() -> Channels:
    """Deep, on the balls of the feet, forearms over the thighs."""
    c = standing(1)
    c.height[:] = 0.40 - 0.94
    c.sway[:, 1] = -0.10
    c.foot_xz[:, LEFT, 0], c.foot_xz[:, RIGHT, 0] = 0.13, -0.13
    c.foot_yaw[:, LEFT], c.foot_yaw[:, RIGHT] = 10, -10
    c.foot_pitch[:] = 24
    c.knee_out[:] = 14
    c.pelvis[:, 0], c.spine[:, 0], c.head[:, 0] = 30, 20, -38
    c.set_arm("both", flex=78, abd=6, elbow=50, twist=15, pronate=40)
    return c


def _lie() -> Channels:
    """On the back, legs nearly straight, arms beside the body."""
    c = standing(1)
    c.height[:] = 0.115 - 0.94
    c.pelvis[:, 0], c.spine[:, 0], c.head[:, 0] = -90, 2, 6
    c.foot_xz[..., 1] = 0.925
    c.foot_xz[:, LEFT, 0], c.foot_xz[:, RIGHT, 0] = 0.12, -0.12
    c.foot_pitch[:] = -68
    c.foot_yaw[:, LEFT], c.foot_yaw[:, RIGHT] = 14, -14
    c.set_arm("both", flex=-2, abd=18, elbow=10, twist=5, pronate=40)
    return c


POSTURES = {"stand": _stand, "sit": _sit, "kneel": _kneel, "crouch": _crouch, "lie": _lie}


def posture(name: str) -> Channels:
    """Channels of one frame for 'stand', 'sit', 'kneel', 'crouch' or 'lie'."""
    return POSTURES[name]()


def kneeling(side: int) -> Channels:
    """Kneeling with the knee of `side` (0 left, 1 right) on the floor."""
    return _kneel(side)


def floor_at(last: Channels) -> float:
    """Metres that the floor under the feet of the last frame is above the one that the channels began on.

    Less than STEP_M is how a posture holds its feet, not another floor.
    """
    lift = float(last.foot_lift[-1].min())
    return lift if abs(lift) > STEP_M else 0.0


def at_rest(last: Channels) -> Channels:
    """The last frame of some channels, moved so that the pelvis' path is at the origin of its floor facing +Z: the
    next start."""
    c = last.frame(-1)
    floor = floor_at(c)
    c.foot_lift -= floor
    c.height -= floor
    angle = -np.radians(c.yaw[0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    c.foot_xz[:] = (c.foot_xz - c.root[:, None]) @ turn.T
    c.foot_yaw -= c.yaw[:, None]
    c.root[:], c.yaw[:] = 0, 0
    return c
