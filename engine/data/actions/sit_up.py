"""Sit-ups and leg raises on the back: down to the floor, the exercise, up to standing."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx, standing
from engine.data.toolkit.curves import envelope, keys, minjerk
from engine.data.toolkit.postures import posture
from engine.data.toolkit.transitions import change


def _seated() -> Channels:
    """Sitting on the floor, knees up, hands behind."""
    c = standing(1)
    c.height[:] = 0.13 - 0.94
    c.sway[:, 1] = -0.30
    c.foot_xz[..., 1] = 0.22
    c.knee_out[:] = 6
    c.pelvis[:, 0], c.spine[:, 0], c.head[:, 0] = -22, 34, 0
    c.set_arm("both", flex=-30, abd=22, elbow=14, twist=0, wrist=-50)
    return c


def _to_the_floor(ctx: Ctx, into: float, leave: float) -> Channels:
    """Stand, crouch, sit on the floor at `into` seconds; from `leave` seconds on crouch and stand up."""
    rest = ctx.dur - leave
    c = change(ctx, posture("crouch"), 0.02, 0.56 * into, lift=0.03)
    c = change(ctx, _seated(), 0.48 * into, 0.52 * into, lift=0.03, over=c)
    c = change(ctx, posture("crouch"), leave, 0.5 * rest, lift=0.03, over=c)
    return change(ctx, standing(1), leave + 0.44 * rest, 0.54 * rest, lift=0.03, over=c)


def _recline(ctx: Ctx, c: Channels, flat: Array, curl: Array) -> None:
    """Lay the trunk down: flat (T,) 0 sitting..1 on the back; curl (T,) how much the spine still rounds."""
    c.pelvis[:, 0] -= 66 * flat
    c.spine[:, 0] += -33 * flat + 30 * curl
    c.head[:, 0] += 6 * flat + 14 * curl
    c.height -= 0.012 * flat


@action(
    "sit_up",
    part="full",
    seconds=lambda args, rng: 3.6 + 1.5 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4")},
)
def sit_up(ctx: Ctx, count: str) -> Channels:
    """Sit on the floor with bent knees, lie back, sit up `count` times with the hands at the head, stand up."""
    n, t = int(count), ctx.t
    move = min(ctx.vary(1.8, 0.05), 0.28 * ctx.dur)
    into, leave = move, ctx.dur - move
    each = (leave - into) / n
    lie, curl = [(into, 0.0)], [(into, 0.0)]
    for k in range(n):
        a, low = into + k * each, 1.0
        lie += [(a + 0.42 * each, low), (a + 0.52 * each, low), (a + 0.95 * each, 0.0), (a + each, 0.0)]
        curl += [(a + 0.2 * each, 0.7), (a + 0.42 * each, 0.0), (a + 0.50 * each, 0.0), (a + 0.70 * each, 1.0)]
        curl += [(a + 0.97 * each, 0.3)]
    c = _to_the_floor(ctx, into, leave)
    _recline(ctx, c, keys(t, lie), keys(t, [*curl, (leave + 0.3, 0.0)]))
    on = envelope(t, 0.35, 0.35, into - 0.2, leave + 0.25)
    for s in (0, 1):
        place = np.array([0.125, 0.075, -0.03]) + ctx.rng.normal(0, 0.006, 3)
        c.set_hand(s, "head", place, on, (-0.45, 0.55, -0.7), (-0.85, 0.05, 0.5), swivel=ctx.vary(74, 0.06))
        c.set_arm(s, on, flex=70, abd=50, elbow=120, twist=-20, pronate=20, wrist=0)
    return c


@action(
    "leg_raise_lying",
    part="full",
    seconds=lambda args, rng: 4.6 + 1.7 * int(args["count"]),
    slots={"count": ("2", "1", "3")},
)
def leg_raise_lying(ctx: Ctx, count: str) -> Channels:
    """Lie down on the back, raise both straight legs `count` times, get up."""
    n, t = int(count), ctx.t
    move = min(ctx.vary(1.6, 0.05), 0.22 * ctx.dur)
    roll = min(0.9, 0.11 * ctx.dur)
    into, leave = move + roll, ctx.dur - move - roll
    each = (leave - into) / n
    c = _to_the_floor(ctx, move, ctx.dur - move)
    flat = minjerk((t - move) / roll) * minjerk((ctx.dur - move - t) / roll)
    _recline(ctx, c, flat, 4 * flat * (1 - flat) * 0.5)
    points = [(into, 0.0)]
    for k in range(n):
        a = into + k * each
        points += [(a + 0.46 * each, ctx.vary(1.0, 0.03)), (a + 0.56 * each, 1.0), (a + each, 0.0)]
    up = keys(t, points)
    free = minjerk((t - move - 0.2 * roll) / (0.8 * roll)) * minjerk((ctx.dur - move - 0.2 * roll - t) / (0.8 * roll))
    level = 96 + c.pelvis[:, 0]
    c.set_leg("both", free, flex=level + ctx.vary(72, 0.04) * up, abd=3, knee=5 + 4 * up, ankle=22)
    c.pelvis[:, 0] -= 5 * up
    c.spine[:, 0] += 5 * up
    for s in (0, 1):
        c.set_arm(s, flat, flex=-2, abd=ctx.vary(17), elbow=10, twist=5, pronate=40, wrist=0)
    return c
