"""Marching and limping."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ELBOW, Channels, Ctx
from engine.data.toolkit.curves import envelope, pulses
from engine.data.toolkit.gait import Gait, go, spot, straight

MARCH = Gait(
    speed=0.95, period=0.56, stance=0.57, ahead=0.46, lift=0.30, pitch_land=8, pitch_off=30, width=0.075, drop=0.012,
    bob=0.006, sway=0.014, twist=3, roll=2, lean=-2, swing=40, elbow=4, pump=4,
)  # fmt: skip
LIMP = Gait(speed=0.68, period=0.62, stance=0.62, lift=0.05, pitch_land=-10, pitch_off=34, swing=12, pump=4, sway=0.02)


@action(
    "march",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(2.8, 5.0)),
    slots={"direction": ("forward", "place")},
)
def march(ctx: Ctx, direction: str) -> Channels:
    """March upright with high knees and straight arms."""
    gait = replace(
        MARCH, speed=ctx.vary(MARCH.speed, 0.08), lift=ctx.vary(MARCH.lift, 0.1), swing=ctx.vary(MARCH.swing)
    )
    c, _ = go(ctx, gait, (lambda metres: spot()) if direction == "place" else (lambda metres: straight(0, metres)))
    on = envelope(ctx.t, min(0.5, 0.25 * ctx.dur), min(0.5, 0.25 * ctx.dur))
    c.spine[:, 0] -= 4 * on
    c.arm[:, :, ELBOW] -= (8 * on)[:, None]
    return c


@action("limp", part="lower", seconds=lambda args, rng: float(rng.uniform(3.0, 5.4)), slots={"side": ("left", "right")})
def limp(ctx: Ctx, side: str) -> Channels:
    """Walk with a hurt leg: the body dips and leans over it, and it swings stiffly."""
    hurt = 0 if side == "left" else 1
    c, steps = go(ctx, LIMP, lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.6, 0.25 * ctx.dur), min(0.6, 0.25 * ctx.dur))
    landings = [steps.on[k] + 0.30 * steps.period for k in range(len(steps.foot)) if steps.foot[k] == hurt]
    dip = np.minimum(pulses(ctx.t, landings, 1.25 * steps.period), 1) * on
    flip = 1 - 2 * hurt
    c.height -= ctx.vary(0.055) * dip
    c.spine[:, 0] += 7 * on + ctx.vary(8) * dip
    c.spine[:, 2] += flip * ctx.vary(8) * dip
    c.pelvis[:, 2] += flip * 4 * dip
    c.head[:, 0] += 6 * on
    c.set_arm(hurt, 0.8 * on, flex=4, abd=6, elbow=24, twist=14)
    return c
