"""From one posture to another: the pelvis and trunk ease over, feet that must move take a step."""

from __future__ import annotations

import numpy as np

from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import minjerk, smooth

BODY = ("height", "sway", "pelvis", "spine", "head", "arm", "collar", "knee_out")
FEET = ("foot_xz", "foot_yaw", "foot_pitch", "foot_lift", "toe")


def change(
    ctx: Ctx,
    goal: Channels,
    begin: float,
    length: float,
    lift: float = 0.04,
    order: tuple[int, int] | None = None,
    over: Channels | None = None,
) -> Channels:
    """Held start -> goal (one frame) from `begin` on for `length` seconds.

    lift: height of a stepping foot, metres.  order: sides in the order of stepping, None for both at once.
    over: channels to continue from instead of the held start.
    """
    c = ctx.hold() if over is None else over
    t = ctx.t
    go = minjerk((t - begin) / length)
    for name in BODY:
        curve, aim = getattr(c, name), getattr(goal, name)
        curve += go.reshape(-1, *[1] * (curve.ndim - 1)) * (aim - curve)
    for s in (0, 1):
        first, share = begin, length
        if order is not None:
            share = 0.55 * length
            first = begin + (0.0 if s == order[0] else 0.45 * length)
        w = (t - first) / share
        ease = minjerk(w)
        moved = float(np.linalg.norm(goal.foot_xz[0, s] - c.foot_xz[-1, s]))
        for name in FEET:
            curve, aim = getattr(c, name)[:, s], getattr(goal, name)[0, s]
            curve += ease.reshape(-1, *[1] * (curve.ndim - 1)) * (aim - curve)
        c.foot_lift[:, s] += lift * smooth(moved / 0.08) * np.sin(np.pi * np.clip(w, 0, 1))
    return c
