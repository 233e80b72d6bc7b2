"""Walking a line, one foot right before the other, arms out for balance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, Channels, Ctx
from engine.data.toolkit.curves import envelope, noise
from engine.data.toolkit.gait import Gait, go, straight

ROPE = Gait(
    speed=0.40, period=0.72, stance=0.66, ahead=0.45, lift=0.075, pitch_land=10, pitch_off=26, width=0.004, toe_out=3.0,
    drop=0.02, bob=0.006, sway=0.03, twist=2, roll=3, lean=1, swing=0, elbow=0, pump=0,
)  # fmt: skip


@action(
    "tightrope",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(4.6, 7.4)),
    slots={"direction": ("forward", "backward")},
)
def tightrope(ctx: Ctx, direction: str) -> Channels:
    """Heel to toe along a line with the arms out to the sides; the trunk wavers and the arms answer."""
    gait, angle = replace(ROPE, speed=ctx.vary(0.40, 0.06)), 0.0
    if direction == "backward":
        gait, angle = replace(gait, speed=ctx.vary(0.36, 0.06), pitch_land=16, pitch_off=-5, ahead=0.52), 180.0
    c, steps = go(ctx, gait, lambda metres: straight(angle, metres))
    n, on = ctx.num_frames, envelope(ctx.t, min(0.7, 0.2 * ctx.dur), min(0.7, 0.2 * ctx.dur))
    beat = np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period)
    waver = (ctx.vary(4.5, 0.3) * beat + noise(ctx.rng, n, 4.5, 10)) * on
    c.spine[:, 2] += waver
    c.pelvis[:, 2] -= 0.35 * waver
    c.head[:, 2] -= 0.6 * waver
    c.head[:, 0] += ctx.vary(14, 0.2) * on
    late = np.concatenate([np.repeat(waver[:1], 3), waver[:-3]])
    for s in (0, 1):
        flip = 1 - 2 * s
        c.foot_xz[:, s, 0] += flip * ctx.vary(0.085) * c.foot_lift[:, s] / gait.lift
        c.set_arm(s, on, flex=4, abd=ctx.vary(86, 0.04), elbow=ctx.vary(9, 0.3), twist=0, pronate=20, wrist=-6)
        c.arm[:, s, ABD] += (-flip * 2.2 * late + noise(ctx.rng, n, 4, 9)) * on
    return c
