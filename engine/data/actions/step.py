"""Counted steps, and turning on the spot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import minjerk
from engine.data.toolkit.gait import Gait, arc, go, spot, straight

STEP = Gait(speed=0.0, period=0.62, stance=0.62, lift=0.055, pitch_off=34, pitch_land=-12, swing=12, pump=4, sway=0.026)
SIZE = {"forward": 0.56, "backward": 0.42, "left": 0.34, "right": 0.34}
ANGLE = {"forward": 0.0, "backward": 180.0, "left": 90.0, "right": -90.0}
TURN = Gait(
    period=0.50, stance=0.60, ahead=0.5, lift=0.06, pitch_land=4, pitch_off=20, width=0.085, drop=0.012, sway=0.02,
    twist=0, roll=2, lean=1, swing=6, pump=2,
)  # fmt: skip


@action(
    "step",
    part="lower",
    seconds=lambda args, rng: 0.9 + 0.62 * int(args["count"]),
    slots={"direction": ("forward", "backward", "left", "right"), "count": ("1", "2", "3", "4")},
)
def step(ctx: Ctx, direction: str, count: str) -> Channels:
    """Take `count` steps and bring the other foot up beside."""
    n, size = int(count), ctx.vary(SIZE[direction], 0.12)
    gait, footfalls = STEP, n + 1
    first = None
    if direction == "backward":
        gait = replace(gait, pitch_land=16.0, pitch_off=-8.0, ahead=0.5)
    if direction in ("left", "right"):
        gait = replace(gait, pitch_land=4.0, pitch_off=14.0, ahead=0.5, width=0.11, twist=1.0, swing=4.0, period=0.45)
        first, footfalls = (0 if direction == "left" else 1), 2 * n
    c, _ = go(ctx, gait, lambda metres: straight(ANGLE[direction], n * size), first, footfalls)
    return c


@action(
    "turn",
    part="lower",
    seconds=lambda args, rng: 0.9 + 0.0095 * int(args["degrees"]),
    slots={"side": ("left", "right"), "degrees": ("90", "45", "135", "180", "270", "360")},
)
def turn(ctx: Ctx, side: str, degrees: str) -> Channels:
    """Turn on the spot by stepping; the head and the shoulders lead."""
    flip, angle = (1 if side == "left" else -1), int(degrees)
    count = max(2, min(round(angle / 42), round((ctx.dur - 0.3) / 0.36)))
    c, steps = go(ctx, TURN, lambda metres: spot(flip * angle), 0 if side == "left" else 1, count)
    _lead(ctx, c, flip * min(angle, 90), steps.begin, steps.end)
    return c


def _lead(ctx: Ctx, c: Channels, angle: float, begin: float, end: float) -> None:
    """Head and chest look ahead into the turn."""
    attack = minjerk((ctx.t - begin + 0.12) / 0.4) * minjerk((end - ctx.t) / (0.4 * (end - begin)))
    c.head[:, 1] += ctx.vary(0.26, 0.2) * angle * attack
    c.spine[:, 1] += ctx.vary(0.13, 0.2) * angle * attack


WALK = Gait(speed=1.1)


@action(
    "walk_circle",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(5.2, 7.6)),
    slots={"side": ("left", "right")},
)
def walk_circle(ctx: Ctx, side: str) -> Channels:
    """Walk a full circle that turns to the side."""
    flip = 1 if side == "left" else -1
    gait = replace(WALK, speed=ctx.vary(1.0, 0.08), width=0.065)
    c, steps = go(ctx, gait, lambda metres: arc(flip * 360, max(metres / (2 * np.pi), 0.45)))
    _bank(ctx, c, flip, steps.begin, steps.end)
    return c


@action(
    "walk_curve",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(3.6, 5.6)) + int(args["degrees"]) / 180,
    slots={"side": ("left", "right"), "degrees": ("90", "45", "180")},
)
def walk_curve(ctx: Ctx, side: str, degrees: str) -> Channels:
    """Walk ahead, curve by the angle, walk on."""
    flip, angle = (1 if side == "left" else -1), int(degrees)
    radius = ctx.vary(0.62, 0.15)
    bend = np.radians(angle) * radius
    share = ctx.rng.uniform(0.42, 0.58)

    def path(metres: float):
        rest = max(metres - bend, 0.5)
        return arc(flip * angle, radius, rest * share, rest * (1 - share))

    c, steps = go(ctx, replace(WALK, speed=ctx.vary(1.15, 0.06)), path)
    _bank(ctx, c, flip * angle / 180, steps.begin, steps.end)
    return c


def _bank(ctx: Ctx, c: Channels, amount: float, begin: float, end: float) -> None:
    """Lean and look into the curve while the heading changes."""
    rate = np.gradient(c.yaw, ctx.t)
    c.head[:, 1] += np.clip(0.16 * rate, -22, 22)
    c.spine[:, 2] += np.clip(0.035 * rate, -5, 5)
