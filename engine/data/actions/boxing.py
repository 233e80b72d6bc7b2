"""Boxing: the guard, uppercuts and hooks from it, covering up, slipping a blow."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.sports_kit import fists, rounds, stance, train

COUNT = {"count": ("1", "2", "3", "4", "5")}


@action(
    "box_guard",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(2.8, 5.0)),
    slots={"side": ("left", "right")},
)
def box_guard(ctx: Ctx, side: str) -> Channels:
    """A boxer's stance, the foot of `side` ahead, fists at the chin, bouncing lightly."""
    c, n, ready = ctx.hold(), ctx.num_frames, min(0.55, 0.22 * ctx.dur)
    on = stance(ctx, c, sides(side)[0], ready, 1.15)
    inside = envelope(ctx.t, 0.3, 0.3, 0.8 * ready, ctx.dur - 0.8 * ready)
    beat = 2 * np.pi * ctx.vary(2.1, 0.07) * ctx.t
    bounce = (0.5 - 0.5 * np.cos(beat)) * (1 + noise(ctx.rng, n, 0.15, 10)) * inside
    c.height += 0.040 * bounce - 0.02 * inside
    c.foot_pitch += (13 * bounce)[:, None]
    weave = np.sin(beat / 4 + ctx.rng.uniform(0, 6)) * inside
    c.sway[:, 0] += 0.024 * weave
    c.spine[:, 2] += 5 * weave + noise(ctx.rng, n, 2, 12) * on
    c.spine[:, 1] += noise(ctx.rng, n, 4, 12) * on
    c.head[:, 0] += 7 * on
    bob = np.concatenate([bounce[:1], bounce[:-1]])[:, None] * (0.004, 0.022, 0.012)
    fists(ctx, c, on, {s: bob * (1 - 2 * s * 0.3) + noise(ctx.rng, n, 0.008, 9)[:, None] for s in (0, 1)})
    return c


def _blow(
    ctx: Ctx, side: str, count: str, path: list[tuple[float, tuple[float, float, float]]], swivel: float, pronate: float
) -> tuple[Channels, Array, int]:
    """Stance, guard and `count` blows of one fist along a path of displacements: (channels, power, sign)."""
    c, s = ctx.hold(), sides(side)[0]
    ready = min(0.5, 0.17 * ctx.dur)
    begins, length = rounds(ctx, int(count), ready, 0.95)
    on = stance(ctx, c, 1 - s, ready)
    place = train(ctx.t, begins, length, path, ctx)
    power = train(ctx.t, begins, length, [(0.0, 0.0), (0.28, -1.0), (0.5, 1.0), (0.58, 1.0), (0.95, 0.0)], ctx)
    out = train(ctx.t, begins, length, [(0.0, 0.0), (0.28, 0.7), (0.5, 1.0), (0.6, 1.0), (0.95, 0.0)], ctx)
    fists(ctx, c, on, {s: place}, {s: 14 + swivel * out})
    c.set_arm(s, on, pronate=10 + pronate * out)
    flip = 1 - 2 * s
    c.spine[:, 1] -= flip * ctx.vary(27) * power
    c.pelvis[:, 1] -= flip * ctx.vary(15) * power
    c.head[:, 1] += flip * 37 * power
    c.foot_pitch[:, s] += 28 * power.clip(0, 1)
    c.sway[:, 0] += flip * 0.03 * (-power)
    return c, power, flip


@action("uppercut", part="full", seconds=lambda args, rng: 1.1 + 0.95 * int(args["count"]),
        slots={"side": ("right", "left"), **COUNT})  # fmt: skip
def uppercut(ctx: Ctx, side: str, count: str) -> Channels:
    """Drop the fist to the hip with bent knees, drive it up under the chin with the whole body."""
    path = [(0.0, (0, 0, 0)), (0.16, (0.05, -0.22, -0.06)), (0.30, (0.07, -0.40, -0.08)), (0.42, (0.02, -0.15, 0.17)),
            (0.52, (-0.03, 0.27, 0.14)), (0.62, (-0.03, 0.25, 0.12)), (0.96, (0, 0, 0))]  # fmt: skip
    c, power, flip = _blow(ctx, side, count, path, 0, -60)
    low, high = (-power).clip(0, 1), power.clip(0, 1)
    c.height += 0.045 * high - ctx.vary(0.11) * low
    c.spine[:, 0] += ctx.vary(14) * low - 12 * high
    c.spine[:, 2] += flip * 12 * low
    c.head[:, 0] -= 10 * low + 4 * high
    return c


@action("hook", part="full", seconds=lambda args, rng: 1.1 + 0.95 * int(args["count"]),
        slots={"side": ("right", "left"), **COUNT})  # fmt: skip
def hook(ctx: Ctx, side: str, count: str) -> Channels:
    """Swing the bent arm round from the side at chin height, the trunk turning with it."""
    path = [(0.0, (0, 0, 0)), (0.28, (0.28, -0.02, -0.10)), (0.38, (0.34, 0.02, 0.07)), (0.46, (0.16, 0.04, 0.22)),
            (0.54, (-0.16, 0.05, 0.14)), (0.62, (-0.18, 0.05, 0.06)), (0.96, (0, 0, 0))]  # fmt: skip
    c, power, flip = _blow(ctx, side, count, path, 74, 60)
    c.spine[:, 2] -= flip * 8 * power.clip(0, 1)
    c.spine[:, 0] += 6 * power.clip(0, 1)
    c.height -= 0.03 * np.abs(power)
    return c


@action("block", part="upper", seconds=lambda args, rng: float(rng.uniform(1.2, 2.4)),
        slots={"side": ("both", "left", "right")})  # fmt: skip
def block(ctx: Ctx, side: str) -> Channels:
    """Throw the forearms up to cover: both before the face, or one out against a blow from its side."""
    c, t = ctx.layer(), ctx.t
    up, down = min(ctx.vary(0.30), 0.25 * ctx.dur), min(0.55, 0.35 * ctx.dur)
    on = envelope(t, up, down, 0.04, ctx.dur - 0.04)
    jolt = keys(t, [(up + 0.08, 0.0), (up + 0.18, 1.0), (up + 0.5, 0.0)]) * on
    for s in sides(side):
        flip = 1 - 2 * s
        if side == "both":
            place = np.array([0.085, 0.15, 0.25]) + jolt[:, None] * (-0.01, -0.01, -0.05)
            turn, swivel, pronate = 0.0, 14.0, -25.0
        else:
            place = np.array([0.21, 0.24, 0.24]) + jolt[:, None] * (-0.05, -0.01, -0.05)
            turn, swivel, pronate = 1.0, ctx.vary(12), 20.0
        c.set_hand(s, "chest", place + ctx.rng.normal(0, 0.008, 3), swivel=swivel)
        c.set_arm(s, pronate=pronate, wrist=0, deviate=0)
        c.collar[:, s, 0] += 9 * on
        c.arm_over[:, s] = on
        c.spine[:, 1] += flip * turn * 14 * on
        c.spine[:, 2] -= flip * turn * (9 * on + 6 * jolt)
        c.head[:, 1] -= flip * turn * 20 * on
        c.head[:, 2] -= flip * turn * 8 * on
    c.spine[:, 0] += ctx.vary(11) * on - 7 * jolt
    c.head[:, 0] += ctx.vary(13) * on
    c.height -= 0.03 * on
    return c


@action("dodge", part="full", seconds=lambda args, rng: 0.7 + 0.85 * int(args["count"]),
        slots={"direction": ("left", "right", "back"), "count": ("1", "2", "3", "4")})  # fmt: skip
def dodge(ctx: Ctx, direction: str, count: str) -> Channels:
    """Slip the upper body quickly out of the way and return."""
    c, ready = ctx.hold(), min(0.32, 0.16 * ctx.dur)
    begins, length = rounds(ctx, int(count), ready, 0.85)
    away = train(ctx.t, begins, length, [(0.0, 0.0), (0.32, 1.0), (0.5, 1.0), (0.95, 0.0)], ctx)
    later = np.concatenate([away[:2] * 0, away[:-2]])
    on = envelope(ctx.t, ready, ready)
    if direction == "back":
        c.sway[:, 1] -= 0.10 * away
        c.pelvis[:, 0] -= 9 * away
        c.spine[:, 0] -= ctx.vary(25) * away
        c.head[:, 0] += 16 * away - 14 * (away - later)
        c.height -= 0.06 * away
    else:
        flip = 1 if direction == "left" else -1
        c.sway[:, 0] += flip * 0.115 * away
        c.height -= ctx.vary(0.12) * away
        c.pelvis[:, 2] += flip * 8 * away
        c.spine[:, 2] += flip * ctx.vary(27) * away
        c.spine[:, 1] += -flip * 16 * away
        c.spine[:, 0] += 14 * away
        c.head[:, 2] -= flip * 10 * away
        c.head[:, 1] += flip * 14 * away
        c.knee_out += 8 * away[:, None]
    c.height -= 0.02 * on
    c.spine[:, 0] += 4 * on
    for s in (0, 1):
        place = np.array([0.12, -0.12, 0.24]) + ctx.rng.normal(0, 0.012, 3) + away[:, None] * (-0.01, 0.08, -0.02)
        c.set_hand(s, "chest", place, on, swivel=18)
        c.set_arm(s, on, pronate=14, wrist=0)
    return c
