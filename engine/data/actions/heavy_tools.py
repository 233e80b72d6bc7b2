"""Heavy work with both hands: axe, shovel, paint roller."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, noise
from engine.data.toolkit.transitions import step_out

COUNT = ("3", "1", "2", "4", "5")


@action("chop", part="full", seconds=lambda args, rng: 1.3 + 1.55 * int(args["count"]), slots={"count": COUNT})
def chop(ctx: Ctx, count: str) -> Channels:
    """Raise an axe over the head with both hands and bring it down in front, `count` times."""
    c, t, n, lead = ctx.hold(), ctx.t, int(count), int(ctx.rng.integers(2))
    move = min(0.6, 0.2 * ctx.dur)
    out = step_out(ctx, c, lead, move, ctx.vary(0.20))
    on, each = envelope(t, move, move, 0.02, ctx.dur - 0.02), (ctx.dur - 2 * move) / n
    ready, top, low = np.array([0.035, -0.28, 0.30]), np.array([0.05, 0.38, 0.12]), np.array([0.03, -0.40, 0.40])
    rise, fall = np.array([0.04, 0.16, 0.38]), np.array([0.035, 0.14, 0.46])
    stops, body = [(0.8 * move, ready)], [(0.8 * move, 0.0)]
    for k in range(n):
        at = move + k * each
        stops += [(at + 0.26 * each, rise), (at + 0.46 * each, top), (at + 0.52 * each, top + (0, 0.01, -0.02))]
        stops += [(at + 0.63 * each, fall), (at + 0.74 * each, low), (at + 0.82 * each, low), (at + each, ready)]
        body += [(at + 0.49 * each, -1.0), (at + 0.73 * each, 1.0), (at + 0.82 * each, 1.0), (at + each, 0.0)]
    power, place = keys(t, body), keys(t, stops, "smooth")
    hit, wind = power.clip(0, 1), (-power).clip(0, 1)
    for s in (0, 1):
        along = np.array([0.0, -0.03, -0.04]) if s == lead else np.array([0.0, 0.03, 0.05])
        c.set_hand(s, "chest", place + along, on, swivel=ctx.vary(45, 0.1) + 25 * wind)
        c.set_arm(s, on, pronate=20, wrist=0, deviate=12 * wind - 14 * hit)
    c.height -= (0.035 * out + ctx.vary(0.12) * hit - 0.015 * wind) * on
    c.sway[:, 1] += 0.09 * out - 0.05 * hit
    c.pelvis[:, 0] += ctx.vary(24) * hit - 5 * wind
    c.spine[:, 0] += ctx.vary(27) * hit - ctx.vary(13) * wind
    c.spine[:, 1] += (1 - 2 * lead) * -5 * wind
    c.head[:, 0] += -12 * hit + 6 * wind
    return c


@action(
    "dig",
    part="full",
    seconds=lambda args, rng: 1.2 + 2.1 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("2", "1", "3", "4")},
)
def dig(ctx: Ctx, side: str, count: str) -> Channels:
    """Thrust a shovel into the ground, lift it and throw the earth over the shoulder of `side`, `count` times."""
    c, t, s, n = ctx.hold(), ctx.t, sides(side)[0], int(count)
    move, flip, low = min(0.6, 0.16 * ctx.dur), 1 - 2 * s, 1 - s
    out = step_out(ctx, c, low, move, ctx.vary(0.24))
    on, each = envelope(t, move, move, 0.02, ctx.dur - 0.02), (ctx.dur - 2 * move) / n
    down, turn, throw = [(0.7 * move, 0.25)], [(0.7 * move, 0.0)], [(0.7 * move, 0.0)]
    for k in range(n):
        at = move + k * each
        down += [(at + 0.08 * each, 0.15), (at + 0.28 * each, 1.0), (at + 0.38 * each, 1.0), (at + 0.58 * each, 0.1)]
        down += [(at + 0.74 * each, 0.0), (at + each, 0.25)]
        turn += [(at + 0.10 * each, 0.06), (at + 0.30 * each, -0.12), (at + 0.44 * each, -0.12)]
        turn += [(at + 0.68 * each, 1.0), (at + 0.74 * each, 1.0), (at + each, 0.0)]
        throw += [(at + 0.48 * each, 0.0), (at + 0.70 * each, 1.0), (at + 0.76 * each, 1.0), (at + each, 0.0)]
    bend, twist, lift = (keys(t, points) for points in (down, turn, throw))
    front = np.array([0.02, -0.32, 0.38]) + bend[:, None] * (0.03, -0.10, 0.05) + lift[:, None] * (-0.06, 0.30, 0.06)
    grip = np.array([0.13, -0.24, 0.16]) + bend[:, None] * (-0.02, 0.07, 0.08) + lift[:, None] * (0.05, 0.06, 0.0)
    c.set_hand(low, "chest", front, on, swivel=ctx.vary(24, 0.2))
    c.set_hand(s, "chest", grip, on, swivel=ctx.vary(48, 0.15) + 16 * bend)
    for k in (0, 1):
        c.set_arm(k, on, pronate=-20 if k == low else 45, wrist=0)
    c.height -= (0.05 * out + ctx.vary(0.17) * bend) * on
    c.sway[:, 1] += 0.11 * out + 0.03 * bend - 0.03 * lift
    c.sway[:, 0] += flip * 0.04 * twist * on
    c.pelvis[:, 0] += (4 + ctx.vary(24) * bend) * on
    c.pelvis[:, 1] += flip * ctx.vary(20) * twist * on
    c.spine[:, 0] += (6 + ctx.vary(27) * bend - 8 * lift) * on
    c.spine[:, 1] += flip * ctx.vary(34) * twist * on
    c.head[:, 0] += (8 - 6 * bend) * on
    c.head[:, 1] += flip * 10 * twist * on
    return c


@action(
    "paint_wall", part="full", seconds=lambda args, rng: float(rng.uniform(3.8, 6.0)), slots={"side": ("right", "left")}
)
def paint_wall(ctx: Ctx, side: str) -> Channels:
    """Roll paint up and down a wall in long strokes: knees bend below, heels lift above."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    move, flip = min(0.7, 0.18 * ctx.dur), 1 - 2 * s
    on = envelope(t, move, move, 0.03, ctx.dur - 0.03)
    begin, end = 0.75 * move, ctx.dur - 0.75 * move
    n = max(1, round((end - begin) / ctx.vary(2.0, 0.08)))
    phase, work = cycles(t, n, begin, end), envelope(t, 0.4, 0.4, begin, end)
    high = -np.cos(phase) * work
    late = -np.cos(phase - 0.25) * work
    shift = 0.09 * np.sin(2 * np.pi * t / ctx.dur + ctx.rng.uniform(0, 6)) * work
    place = np.stack([0.08 + shift, 0.03 + ctx.vary(0.36, 0.05) * high, 0.44 - 0.10 * high**2], 1)
    c.set_hand(s, "chest", place, on, swivel=ctx.vary(38, 0.15) + 12 * high)
    c.set_arm(s, on, pronate=ctx.vary(40, 0.2), wrist=-14 * late, deviate=0)
    c.set_arm(1 - s, on, flex=ctx.vary(6, 0.4), abd=13, elbow=ctx.vary(24, 0.3), twist=12)
    c.height -= ctx.vary(0.10, 0.1) * (-late).clip(0, 1) + 0.02 * on
    c.foot_pitch += (16 * late.clip(0, 1))[:, None]
    c.height += 0.025 * late.clip(0, 1)
    c.sway[:, 1] += 0.03 * on
    c.pelvis[:, 0] += ctx.vary(9) * (-high).clip(0, 1)
    c.spine[:, 0] += 12 * (-high).clip(0, 1) - 7 * high.clip(0, 1)
    c.spine[:, 2] -= flip * ctx.vary(6) * high.clip(0, 1)
    c.collar[:, s, 0] += 8 * high.clip(0, 1)
    c.head[:, 0] -= ctx.vary(15) * late
    c.head[:, 1] += flip * -4 * on + noise(ctx.rng, len(t), 2, 16) * on
    return c
