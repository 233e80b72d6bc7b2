"""Strikes of the leg: a kick to the side, a knee driven up."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.sports_kit import rounds, train

SLOTS = {"side": ("right", "left"), "count": ("1", "2", "3", "4")}


@action("side_kick", part="full", seconds=lambda args, rng: 0.9 + 1.25 * int(args["count"]), slots=SLOTS)
def side_kick(ctx: Ctx, side: str, count: str) -> Channels:
    """Lean away, chamber the knee and thrust the heel out to the side, `count` times."""
    c, s = ctx.hold(), sides(side)[0]
    flip, ready = 1 - 2 * s, min(0.45, 0.17 * ctx.dur)
    begins, length = rounds(ctx, int(count), ready, 1.25)
    on = envelope(ctx.t, ready, ready)
    up = [(0.0, 0.0), (0.17, 1.0), (0.80, 1.0), (0.98, 0.0)]
    free = train(ctx.t, begins, length, up, ctx, 0.0)
    thrust = train(ctx.t, begins, length, [(0.26, 0.0), (0.45, 1.0), (0.53, 1.0), (0.74, 0.0)], ctx)
    tuck = train(ctx.t, begins, length, [(0.0, 0.0), (0.26, 1.0), (0.74, 1.0), (0.98, 0.0)], ctx)
    far = ctx.vary(68, 0.05)
    leg = [68 * tuck * (1 - thrust) + 10 * thrust, 8 + 24 * tuck * (1 - thrust) + far * thrust]
    c.set_leg(
        s, free, flex=leg[0], abd=leg[1], twist=10 * thrust, knee=28 + 74 * tuck * (1 - thrust) - 24 * thrust,
        ankle=-14 * thrust,
    )  # fmt: skip
    c.sway[:, 0] -= flip * (0.085 * on + 0.045 * thrust)
    c.height -= 0.015 * on
    c.pelvis[:, 2] -= flip * (4 * tuck + ctx.vary(17) * thrust)
    c.spine[:, 2] -= flip * (5 * tuck + ctx.vary(20) * thrust)
    c.head[:, 2] += flip * 22 * thrust
    c.head[:, 1] += flip * 45 * tuck
    for k in (0, 1):
        same = float(k == s)
        c.set_arm(
            k, on, flex=ctx.vary(38) - 18 * thrust * same, abd=ctx.vary(18) + 26 * thrust * same,
            elbow=ctx.vary(92) - 45 * thrust * same, twist=18, pronate=10,
        )  # fmt: skip
    return c


@action("knee_strike", part="full", seconds=lambda args, rng: 0.9 + 1.0 * int(args["count"]), slots=SLOTS)
def knee_strike(ctx: Ctx, side: str, count: str) -> Channels:
    """Grab high with both hands, pull down and drive the knee up into it, `count` times."""
    c, s = ctx.hold(), sides(side)[0]
    flip, ready = 1 - 2 * s, min(0.45, 0.18 * ctx.dur)
    begins, length = rounds(ctx, int(count), ready, 1.0)
    on = envelope(ctx.t, ready, ready)
    free = train(ctx.t, begins, length, [(0.0, 0.0), (0.16, 1.0), (0.80, 1.0), (0.98, 0.0)], ctx, 0.0)
    drive = train(ctx.t, begins, length, [(0.0, 0.0), (0.22, -0.3), (0.46, 1.0), (0.53, 1.0), (0.95, 0.0)], ctx)
    high = drive.clip(0, 1)
    c.set_leg(s, free, abd=3)
    c.leg[:, s, 0] = 14 + ctx.vary(96, 0.04) * high - 60 * (-drive).clip(0, 1)
    c.leg[:, s, 3] = 48 + ctx.vary(74, 0.04) * high + 60 * (-drive).clip(0, 1)
    c.leg[:, s, 4] = -4 + 34 * high
    c.sway[:, 0] -= flip * 0.075 * on
    c.sway[:, 1] += 0.07 * drive
    c.foot_pitch[:, 1 - s] += 15 * high
    c.height -= 0.03 * on - 0.02 * high
    c.pelvis[:, 0] -= ctx.vary(15) * high - 6 * on
    c.pelvis[:, 1] += flip * -13 * drive
    c.spine[:, 0] += 6 * on + 8 * high
    c.spine[:, 1] += flip * 12 * drive
    c.head[:, 0] += 6 * high
    for k in (0, 1):
        place = np.array([0.09, 0.13, 0.40]) + ctx.rng.normal(0, 0.012, 3)
        c.set_hand(k, "chest", place + high[:, None] * (0.09, -0.42, -0.17), on, swivel=26 + 26 * high)
        c.set_arm(k, on, pronate=20, wrist=0)
    return c
