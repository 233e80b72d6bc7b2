"""Running round: circles, curves and backwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, ELBOW, Channels, Ctx
from engine.data.toolkit.curves import envelope, minjerk, noise
from engine.data.toolkit.gait import RUN, Gait, arc, go, straight

ROUND = replace(RUN, speed=2.4, period=0.35, lean=10, swing=34, width=0.055)
BACK = Gait(
    speed=1.5, period=0.33, stance=0.40, ahead=0.5, lift=0.13, pitch_land=17, pitch_off=-6, width=0.065, drop=0.06,
    bob=-0.026, sway=0.012, twist=5, roll=2.5, lean=9, swing=22, elbow=66, pump=8,
)  # fmt: skip


def _bank(ctx: Ctx, c: Channels) -> None:
    """The whole body leans into the curve, the head looks along it; the arms keep off the trunk."""
    rate = np.gradient(c.yaw, ctx.t)
    c.pelvis[:, 2] += np.clip(0.05 * rate, -8, 8)
    c.spine[:, 2] += np.clip(0.04 * rate, -7, 7)
    c.head[:, 2] -= np.clip(0.04 * rate, -7, 7)
    c.head[:, 1] += np.clip(0.15 * rate, -24, 24)
    _bent_arms(ctx, c)


def _bent_arms(ctx: Ctx, c: Channels) -> None:
    on = envelope(ctx.t, min(0.5, 0.3 * ctx.dur), min(0.5, 0.3 * ctx.dur))
    c.arm[:, :, ABD] += (ctx.vary(6) * on)[:, None]
    c.arm[:, :, ELBOW] += (4 * on)[:, None]


@action(
    "run_circle",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(3.8, 5.4)),
    slots={"side": ("left", "right")},
)
def run_circle(ctx: Ctx, side: str) -> Channels:
    """Run a full circle that turns to the side."""
    flip = 1 if side == "left" else -1
    c, _ = go(
        ctx, replace(ROUND, speed=ctx.vary(2.4, 0.06)), lambda metres: arc(flip * 360, max(metres / (2 * np.pi), 0.6))
    )
    _bank(ctx, c)
    return c


@action(
    "run_curve",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(2.6, 3.6)) + int(args["degrees"]) / 240,
    slots={"side": ("left", "right"), "degrees": ("90", "45", "180")},
)
def run_curve(ctx: Ctx, side: str, degrees: str) -> Channels:
    """Run ahead, curve by the angle, run on."""
    angle = (1 if side == "left" else -1) * int(degrees)
    radius = ctx.vary({45: 1.7, 90: 1.25, 180: 0.95}[abs(angle)], 0.1)
    bend, share = np.radians(abs(angle)) * radius, ctx.rng.uniform(0.42, 0.55)

    def path(metres: float):
        rest = max(metres - bend, 0.8)
        return arc(angle, radius, rest * share, rest * (1 - share))

    c, _ = go(ctx, replace(ROUND, speed=ctx.vary(2.5, 0.06)), path)
    _bank(ctx, c)
    return c


@action(
    "run_backward",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(2.4, 4.2)),
    slots={"speed": ("normal", "slow", "fast")},
)
def run_backward(ctx: Ctx, speed: str) -> Channels:
    """Run backwards on the balls of the feet, leaning forward, with a glance over the shoulder."""
    change = {
        "normal": {},
        "slow": {"speed": 0.9, "period": 0.42, "lift": 0.09, "swing": 15, "lean": 6},
        "fast": {"speed": 1.95, "period": 0.31, "lift": 0.155, "swing": 30, "lean": 12},
    }[speed]
    gait = replace(BACK, **change)
    c, steps = go(ctx, replace(gait, speed=ctx.vary(gait.speed, 0.05)), lambda metres: straight(180, metres))
    _bent_arms(ctx, c)
    flip, middle = ctx.rng.choice([-1, 1]), ctx.rng.uniform(0.4, 0.6) * (steps.begin + steps.end)
    glance = minjerk((ctx.t - middle + 0.55) / 0.35) * minjerk((middle + 0.5 - ctx.t) / 0.4)
    c.head[:, 1] += flip * (ctx.vary(48) * glance + noise(ctx.rng, ctx.num_frames, 2, 14))
    c.spine[:, 1] += flip * ctx.vary(13) * glance
    return c
