"""Quiet ways of going: sneaking bent over, tiptoeing."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, noise
from engine.data.toolkit.gait import Gait, go, straight

SNEAK = Gait(
    speed=0.62, period=0.72, stance=0.64, ahead=0.45, lift=0.14, pitch_land=10, pitch_off=38, width=0.09, drop=0.02,
    bob=0.01, sway=0.035, twist=6, roll=2, lean=0, swing=9, elbow=0, pump=5,
)  # fmt: skip
TIPTOE = Gait(
    speed=0.75, period=0.46, stance=0.60, ahead=0.46, lift=0.06, pitch_land=34, pitch_mid=34, pitch_off=46, width=0.05,
    ready=0.35, drop=-0.045, bob=0.006, sway=0.018, twist=3, roll=2, lean=1, swing=8, elbow=0, pump=3,
)  # fmt: skip


@action("sneak", part="lower", seconds=lambda args, rng: float(rng.uniform(3.2, 5.6)))
def sneak(ctx: Ctx) -> Channels:
    """Creep ahead: knees bent, trunk forward, hands before the chest, each foot set down with care."""
    c, steps = go(ctx, SNEAK, lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.7, 0.25 * ctx.dur), min(0.7, 0.25 * ctx.dur))
    c.height -= ctx.vary(0.13, 0.15) * on
    c.sway[:, 1] -= 0.05 * on
    c.pelvis[:, 0] += 16 * on
    c.spine[:, 0] += ctx.vary(22) * on
    c.head[:, 0] -= 26 * on
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 14, 13) * on
    swing = 8 * np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period)
    for s, flip in ((0, 1), (1, -1)):
        c.set_arm(
            s, on, flex=ctx.vary(42) + flip * swing, abd=12, elbow=ctx.vary(88) + flip * swing, twist=22, wrist=28
        )
    return c


@action("tiptoe", part="lower", seconds=lambda args, rng: float(rng.uniform(2.6, 4.8)))
def tiptoe(ctx: Ctx) -> Channels:
    """Go ahead on the balls of the feet with short steps, arms out a little for balance."""
    c, _ = go(ctx, TIPTOE, lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.6, 0.25 * ctx.dur), min(0.6, 0.25 * ctx.dur))
    c.head[:, 0] += 5 * on
    for s in (0, 1):
        wave = noise(ctx.rng, ctx.num_frames, 4, 9)
        c.set_arm(s, on, flex=ctx.vary(14) + wave, abd=ctx.vary(28) + wave, elbow=ctx.vary(42), twist=-5, wrist=-22)
    return c
