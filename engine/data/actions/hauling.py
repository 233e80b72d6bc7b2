"""Walking while moving something heavy: dragging it backwards, pushing a cart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, noise
from engine.data.toolkit.gait import Gait, go, straight

DRAG = Gait(
    speed=0.36, period=0.74, stance=0.68, ahead=0.62, lift=0.06, pitch_land=16, pitch_off=-10, width=0.11, toe_out=8,
    drop=0.05, bob=0.004, sway=0.04, twist=5, roll=3, lean=0, swing=0, elbow=0, pump=0, ready=0.3,
)  # fmt: skip
CART = Gait(speed=1.02, period=0.55, swing=0, elbow=0, pump=0, twist=3, lean=6, ready=0.2)
PACES = {"normal": (1.0, 1.0), "slow": (0.52, 1.32), "fast": (1.6, 0.82)}


def _seconds(args: Mapping[str, str], rng: np.random.Generator) -> float:
    return float(rng.uniform(3.2, 5.4))


@action("drag", part="full", seconds=_seconds, slots={"weight": ("heavy", "light")})
def drag(ctx: Ctx, weight: str) -> Channels:
    """Walk backwards, leaning back, both arms stretched towards what is dragged; each step is a heave."""
    load = 1.0 if weight == "heavy" else 0.35
    gait = replace(
        DRAG, speed=ctx.vary(DRAG.speed, 0.08) * (1.9 - 0.9 * load), period=DRAG.period * (0.68 + 0.32 * load)
    )
    c, steps = go(ctx, gait, lambda metres: straight(180, metres))
    ramp = min(0.7, 0.22 * ctx.dur)
    on = envelope(ctx.t, ramp, ramp)
    inner = envelope(ctx.t, 1.8 * ramp, 1.8 * ramp)
    heave = -np.cos(2 * np.pi * (ctx.t - steps.on[0]) / steps.period) * inner * load
    c.sway[:, 1] -= (0.16 * load + 0.03) * on + 0.025 * heave
    c.height -= ctx.vary(0.12) * load * on + 0.015 * heave
    c.pelvis[:, 0] -= (ctx.vary(9) * load) * on + 4 * heave
    c.spine[:, 0] += ctx.vary(5) * on - 9 * heave
    c.head[:, 0] += 12 * on + 4 * heave
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 8, 14) * inner
    base = np.array([ctx.vary(0.07, 0.15), -0.38, 0.40]) + on[:, None] * 0
    place = base + heave[:, None] * (0.03, 0.05, -0.07)
    for s in (0, 1):
        c.set_hand(s, "chest", place, on, swivel=ctx.vary(28))
        c.set_arm(s, on, pronate=ctx.vary(35, 0.2), wrist=0)
    return c


@action("push_cart", part="full", seconds=_seconds, slots={"speed": tuple(PACES)})
def push_cart(ctx: Ctx, speed: str) -> Channels:
    """Walk with both hands on a bar at waist height ahead, leaning into it a little."""
    faster, longer = PACES[speed]
    gait = replace(CART, speed=ctx.vary(faster * CART.speed, 0.06), period=longer * CART.period, lean=4 + 4 * faster)
    c, steps = go(ctx, gait, lambda metres: straight(0, metres))
    ramp = min(0.6, 0.22 * ctx.dur)
    on = envelope(ctx.t, ramp, ramp)
    beat = np.cos(2 * np.pi * (ctx.t - steps.on[0]) / steps.period) * envelope(ctx.t, 2 * ramp, 2 * ramp)
    c.spine[:, 0] += ctx.vary(6) * on
    c.head[:, 0] -= 3 * on
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 7, 16) * on
    height, width = ctx.rng.uniform(-0.36, -0.30), ctx.rng.uniform(0.17, 0.23)
    place = np.array([width, height, ctx.vary(0.38, 0.05)]) + beat[:, None] * (0, 0.008, -0.012)
    for s in (0, 1):
        c.set_hand(s, "chest", place, on, (-0.15, -0.05, 1.0), (-0.1, -1.0, 0.1), swivel=ctx.vary(38))
    return c
