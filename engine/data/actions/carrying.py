"""Walking with a load that is not drawn: a box before the belly, something on one shoulder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, noise
from engine.data.toolkit.gait import Gait, Timeline, go, straight

LIGHT = Gait(speed=1.05, period=0.54, swing=0, elbow=0, pump=0, twist=3, ready=0.25)
HEAVY = Gait(
    speed=0.46, period=0.60, stance=0.68, lift=0.04, pitch_land=-6, pitch_off=26, width=0.10, toe_out=10, drop=0.05,
    bob=0.012, sway=0.045, twist=4, roll=4, swing=0, elbow=0, pump=0, ready=0.3,
)  # fmt: skip
SHOULDERED = Gait(speed=0.92, period=0.57, lift=0.05, drop=0.025, sway=0.03, twist=3, swing=18, pump=6, ready=0.25)


def _seconds(args: Mapping[str, str], rng: np.random.Generator) -> float:
    return float(rng.uniform(3.2, 5.4))


def _landing(ctx: Ctx, steps: Timeline, on: np.ndarray) -> np.ndarray:
    """How far (T,) a load sinks (+) and rises (-) with the footfalls."""
    return np.cos(2 * np.pi * (ctx.t - steps.on[0] - 0.12) / steps.period) * on


@action("carry", part="full", seconds=_seconds, slots={"weight": ("light", "heavy")})
def carry(ctx: Ctx, weight: str) -> Channels:
    """Walk with a box in both hands before the belly; a heavy one hangs low and bends the back backwards."""
    heavy = weight == "heavy"
    gait = HEAVY if heavy else LIGHT
    c, steps = go(ctx, replace(gait, speed=ctx.vary(gait.speed, 0.06)), lambda metres: straight(0, metres))
    ramp = min(0.7, 0.22 * ctx.dur)
    on = envelope(ctx.t, ramp, ramp)
    sink = _landing(ctx, steps, envelope(ctx.t, 2 * ramp, 2 * ramp))
    c.pelvis[:, 0] -= (ctx.vary(7) if heavy else 1) * on
    c.spine[:, 0] -= (ctx.vary(16) if heavy else ctx.vary(4)) * on
    c.head[:, 0] += (18 if heavy else 4) * on + noise(ctx.rng, ctx.num_frames, 1.5) * on
    c.sway[:, 1] += (0.05 if heavy else 0.0) * on
    c.height -= (ctx.vary(0.035) if heavy else 0.0) * on
    c.collar[:, :, 0] -= ((5 if heavy else 0) * on)[:, None]
    width = ctx.rng.uniform(0.15, 0.20)
    base = np.array([width, -0.47 if heavy else ctx.rng.uniform(-0.36, -0.30), 0.30 if heavy else 0.33])
    place = base - sink[:, None] * (0, 0.014 if heavy else 0.008, 0)
    for s in (0, 1):
        c.set_hand(s, "chest", place, on, (-0.30, 0.1, 0.9), (-0.75, 0.65, 0.05), swivel=ctx.vary(22))
    return c


@action("carry_shoulder", part="full", seconds=_seconds, slots={"side": ("right", "left")})
def carry_shoulder(ctx: Ctx, side: str) -> Channels:
    """Walk with a load on one shoulder, steadied by that hand, leaning away from it."""
    gait = replace(SHOULDERED, speed=ctx.vary(SHOULDERED.speed, 0.06))
    c, steps = go(ctx, gait, lambda metres: straight(0, metres))
    s, ramp = sides(side)[0], min(0.8, 0.24 * ctx.dur)
    on, flip = envelope(ctx.t, ramp, ramp), 1 - 2 * s
    sink = _landing(ctx, steps, envelope(ctx.t, 2 * ramp, 2 * ramp))
    c.spine[:, 2] -= flip * (ctx.vary(9) - 1.5 * sink) * on
    c.spine[:, 0] += ctx.vary(7) * on
    c.pelvis[:, 2] += flip * 2 * on
    c.sway[:, 0] -= flip * 0.015 * on
    c.head[:, 2] -= flip * ctx.vary(13) * on
    c.head[:, 1] -= flip * 8 * on
    c.collar[:, s, 0] += 14 * on
    base = np.array([ctx.vary(0.07, 0.15), ctx.vary(0.21, 0.06), ctx.vary(0.17, 0.08)])
    place = base - sink[:, None] * (0, 0.006, 0)
    c.set_hand(s, "shoulder", place, on, (-0.45, 0.55, -0.7), (-0.45, -0.75, -0.3), swivel=ctx.vary(42))
    c.set_arm(1 - s, 0.5 * on, abd=ctx.vary(20), elbow=22)
    return c
