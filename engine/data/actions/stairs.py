"""Ways that end higher or lower than they began: stairs and slopes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, Channels, Ctx
from engine.data.toolkit.curves import envelope, minjerk, smooth
from engine.data.toolkit.gait import Gait, Timeline, carry, straight, timeline, travel
from engine.data.toolkit.legs import toe_bend

RISE, TREAD = 0.17, 0.28
"""Height and depth of a step, metres."""
GRADE = 0.16
"""Rise of a slope per metre ahead."""
HEEL_TO_BALL = 0.17
UP = Gait(
    period=0.58, stance=0.62, lift=0.09, pitch_off=30, width=0.075, drop=0.02, bob=0, sway=0.026, twist=4, roll=4,
    lean=13, swing=20, elbow=16, pump=12,
)  # fmt: skip
DOWN = replace(UP, period=0.54, lift=0.07, pitch_off=34, lean=2, swing=14, elbow=10, roll=3)
HILL_UP = Gait(
    speed=0.88, period=0.58, stance=0.64, ahead=0.40, lift=0.075, pitch_land=-6, pitch_off=44, drop=0.025, bob=0.012,
    sway=0.028, twist=5, roll=4, lean=4, swing=22, elbow=18, pump=12,
)  # fmt: skip
HILL_DOWN = Gait(
    speed=0.92, period=0.50, stance=0.62, ahead=0.52, lift=0.05, pitch_land=-14, pitch_off=26, drop=0.03, bob=0.012,
    sway=0.022, twist=4, roll=3, lean=0, swing=13, elbow=12, pump=6, width=0.08,
)  # fmt: skip
COUNTS = ("4", "3", "5", "6", "8")


def climb(ctx: Ctx, count: int, way: int, gait: Gait) -> tuple[Channels, Timeline]:
    """`count` steps up (way 1) or down (-1), foot over foot; the last foot comes up beside the other."""
    c, steps = ctx.hold(), timeline(ctx, gait, count=count + 1)
    p, on = steps.period, steps.on[:count]
    late, width = (0.42, 1.15) if way > 0 else (0.02, 1.1)
    for fall in on:
        c.root[:, 1] += TREAD * smooth((ctx.t - fall) / (1.8 * p) + 0.5)
        c.height += way * RISE * smooth((ctx.t - fall - late * p) / (width * p) + 0.5)
    for s in (0, 1):
        level, below = 0, np.zeros(ctx.num_frames)
        for k in np.flatnonzero(steps.foot == s):
            goal = min(k + 1, count)
            _tread(ctx, c, s, gait, (steps.off[k], steps.on[k]), (goal - level) * TREAD, (goal - level) * way * RISE)
            below[ctx.t >= (steps.off[k] + steps.on[k]) / 2] = goal * way * RISE
            level = goal
        c.foot_pitch[-2:, s] = 0
        bend_toes(c, s, below)
    carry(ctx, c, gait, steps)
    return c, steps


def bend_toes(c: Channels, s: int, floor: np.ndarray, slope: np.ndarray | float = 0.0) -> None:
    """Toes of side s as a floor (T,) metres high that falls ahead by `slope` degrees bends them."""
    pitch, lift = c.foot_pitch[:, s], c.foot_lift[:, s]
    c.toe[:, s] += toe_bend(pitch - slope, lift - floor) - toe_bend(pitch, lift)


def _tread(ctx: Ctx, c: Channels, s: int, gait: Gait, span: tuple[float, float], ahead: float, up: float) -> None:
    """One foot to another level: over the edge and then ahead going up, out and then down going down."""
    t, (off, on) = ctx.t, span
    length = on - off
    w = np.clip((t - off) / length, 0, 1)
    c.foot_xz[:, s, 1] += ahead * (smooth((w - 0.12) / 0.88) if up > 0 else minjerk(w / 0.85))
    c.foot_lift[:, s] += up * (minjerk(w / 0.7) if up > 0 else minjerk((w - 0.3) / 0.7))
    c.foot_lift[:, s] += ctx.vary(gait.lift) * np.sin(np.pi * w) ** 1.2
    push, land = (0.34, 12.0) if up > 0 else (0.5, 24.0)
    c.foot_pitch[:, s] += gait.pitch_off * smooth((t - off) / (push * length) + 1) * (1 - smooth(w / 0.6))
    c.foot_pitch[:, s] += land * smooth((w - 0.5) / 0.5) * (1 - smooth((t - on) / (0.4 * length)))


def _seconds(args, rng: np.random.Generator) -> float:
    return 0.8 + 0.6 * int(args["count"])


@action("stairs_up", part="lower", seconds=_seconds, slots={"count": COUNTS})
def stairs_up(ctx: Ctx, count: str) -> Channels:
    """Climb `count` stairs, foot over foot, leaning forward; the end is at the top."""
    c, steps = climb(ctx, int(count), 1, replace(UP, lean=ctx.vary(UP.lean, 0.15)))
    push = _beats(ctx, steps) * envelope(ctx.t, 0.4, 0.4)
    c.spine[:, 0] += 3.5 * push
    c.head[:, 0] += ctx.vary(5, 0.4) * envelope(ctx.t, 0.5, 0.5)
    return c


@action("stairs_down", part="lower", seconds=_seconds, slots={"count": COUNTS})
def stairs_down(ctx: Ctx, count: str) -> Channels:
    """Go down `count` stairs, foot over foot, on the balls of the feet, looking down; the end is at the bottom."""
    c, steps = climb(ctx, int(count), -1, DOWN)
    on = envelope(ctx.t, 0.5, 0.5)
    c.spine[:, 0] += 2.5 * _beats(ctx, steps) * on
    c.head[:, 0] += ctx.vary(17, 0.2) * on
    c.arm[:, :, ABD] += (ctx.vary(8, 0.2) * on)[:, None]
    return c


def _beats(ctx: Ctx, steps: Timeline) -> np.ndarray:
    """1 a little after every footfall, -1 between (T,)."""
    return np.cos(2 * np.pi * (ctx.t - steps.on[0] - 0.3 * steps.period) / steps.period)


@action(
    "slope",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(3.6, 5.8)),
    slots={"direction": ("up", "down")},
)
def slope(ctx: Ctx, direction: str) -> Channels:
    """Walk up or down a hill: up leaning forward with short pushing steps, down leaning back with braking knees."""
    up = direction == "up"
    way, gait = (1, HILL_UP) if up else (-1, HILL_DOWN)
    c, steps = ctx.hold(), timeline(ctx, gait)
    travel(ctx, c, gait, steps, straight(0, ctx.vary(gait.speed, 0.06) * steps.cruising))
    carry(ctx, c, gait, steps)
    end, tilt = c.root[-1, 1], np.degrees(np.arctan(GRADE))
    c.height += way * GRADE * c.root[:, 1]
    for s in (0, 1):
        z = c.foot_xz[:, s, 1] + 0.045
        lean = -way * tilt * smooth(z / 0.3) * smooth((end - z) / 0.3)
        level = way * GRADE * z
        rolled = np.clip(way * c.foot_pitch[:, s] / tilt, 0, 1)
        c.foot_pitch[:, s] += lean
        c.foot_lift[:, s] += level + HEEL_TO_BALL * np.sin(np.radians(np.abs(lean))) * rolled
        bend_toes(c, s, level, lean)
    on = envelope(ctx.t, min(0.6, 0.25 * ctx.dur), min(0.6, 0.25 * ctx.dur))
    c.pelvis[:, 0] += (ctx.vary(6) if up else -ctx.vary(4)) * on
    c.spine[:, 0] += (ctx.vary(11) if up else -ctx.vary(5)) * on
    c.head[:, 0] += (-8 if up else ctx.vary(14)) * on
    c.sway[:, 1] += (0.03 if up else -0.05) * on
    c.height -= (0.02 if up else 0.045) * on
    return c
