"""Walking like a fashion model and waddling like a penguin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, noise
from engine.data.toolkit.gait import Gait, go, straight

CATWALK = Gait(
    speed=1.12, period=0.57, stance=0.60, ahead=0.44, lift=0.055, pitch_land=-6, pitch_off=52, width=-0.012, toe_out=1,
    drop=0.02, bob=0.011, sway=0.05, twist=12, roll=9, lean=-2, swing=27, elbow=2, pump=5,
)  # fmt: skip
WADDLE = Gait(
    speed=0.40, period=0.40, stance=0.62, ahead=0.46, lift=0.07, pitch_land=2, pitch_off=8, width=0.115, toe_out=26,
    drop=0.035, bob=0.006, sway=0.055, twist=9, roll=5, lean=-2, swing=3, elbow=0, pump=0,
)  # fmt: skip
PACES = {"normal": (1.0, 1.0), "slow": (0.65, 1.4), "fast": (1.5, 0.72)}


def _seconds(args: Mapping[str, str], rng: np.random.Generator) -> float:
    return float(rng.uniform(2.8, 5.0))


@action("catwalk", part="full", seconds=_seconds, slots={"side": ("right", "left", "both")})
def catwalk(ctx: Ctx, side: str) -> Channels:
    """One foot before the other on a line, hips swinging, one hand or both on the hip."""
    gait = replace(CATWALK, speed=ctx.vary(CATWALK.speed, 0.06), swing=ctx.vary(CATWALK.swing, 0.12))
    c, steps = go(ctx, gait, lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.6, 0.22 * ctx.dur), min(0.6, 0.22 * ctx.dur))
    for s in (0, 1):
        c.foot_xz[:, s, 0] += (1 - 2 * s) * 0.085 * np.clip(c.foot_lift[:, s] / gait.lift, 0, 1)
    c.spine[:, 0] -= ctx.vary(6) * on
    c.head[:, 0] -= 3 * on
    c.collar[:, :, 1] -= (8 * on)[:, None]
    swing = np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period) * (1 - 2 * int(steps.foot[0]))
    for s in sides(side):
        place = np.array([ctx.vary(0.172, 0.03), ctx.vary(0.075, 0.1), 0.03])
        elbow = ctx.vary(82, 0.04) + 5 * swing * (1 - 2 * s)
        c.set_hand(s, "pelvis", place, on, (-0.35, -0.55, 0.8), (-1.0, -0.1, -0.35), swivel=elbow)
    return c


@action("waddle", part="lower", seconds=_seconds, slots={"speed": tuple(PACES)})
def waddle(ctx: Ctx, speed: str) -> Channels:
    """Short steps with the toes out, the body tipping from foot to foot, arms like flippers."""
    faster, longer = PACES[speed]
    gait = replace(WADDLE, speed=ctx.vary(faster * WADDLE.speed, 0.08), period=longer * WADDLE.period)
    c, steps = go(ctx, gait, lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.5, 0.22 * ctx.dur), min(0.5, 0.22 * ctx.dur))
    beat = (1 - 2 * int(steps.foot[0])) * np.cos(
        np.pi * (ctx.t - steps.on[0] - gait.stance * steps.period) / steps.period
    )
    c.pelvis[:, 2] += ctx.vary(4) * beat * on
    c.spine[:, 2] += ctx.vary(11) * beat * on
    c.spine[:, 0] -= 4 * on
    c.head[:, 2] -= 5 * beat * on
    for s in (0, 1):
        flap = noise(ctx.rng, ctx.num_frames, 2, 6) - 7 * beat * (1 - 2 * s)
        c.set_arm(s, on, flex=-6, abd=ctx.vary(24) + flap, elbow=6, twist=-12, pronate=0, wrist=ctx.vary(-58))
    return c
