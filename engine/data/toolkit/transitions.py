"""From one posture to another: the pelvis and trunk ease over, feet that must move take a step. A step out and back."""

from __future__ import annotations

import numpy as np

from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, minjerk, smooth

Array = np.ndarray
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


def step_out(ctx: Ctx, c: Channels, s: int, move: float, size: float) -> Array:
    """Foot s stands `size` metres ahead while working: how far it is out (T,) 0..1.

    move: seconds of the step out at the start, and of the step back before the end.
    """
    out = envelope(ctx.t, move, move, 0.06, ctx.dur - 0.06)
    c.foot_xz[:, s, 1] += size * out
    for begin in (0.06, ctx.dur - 0.06 - move):
        c.foot_lift[:, s] += 0.05 * np.sin(np.pi * np.clip((ctx.t - begin) / move, 0, 1))
        c.sway[:, 0] -= (1 - 2 * s) * 0.035 * np.sin(np.pi * np.clip((ctx.t - begin) / move, 0, 1))
    return out
