"""Walking against resistance: through water or deep snow, into a storm."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, noise, pulses
from engine.data.toolkit.gait import Gait, go, straight

KNEE_DEEP = Gait(
    speed=0.52, period=0.86, stance=0.58, ahead=0.46, lift=0.36, pitch_land=16, pitch_off=34, width=0.09, drop=0.02,
    bob=0.014, sway=0.05, twist=9, roll=4, lean=5, swing=0, elbow=0, pump=0,
)  # fmt: skip
WAIST_DEEP = replace(KNEE_DEEP, speed=0.36, period=1.0, lift=0.20, pitch_land=10, twist=16, sway=0.06, lean=10)
STORM = Gait(
    speed=0.46, period=0.80, stance=0.66, ahead=0.30, lift=0.09, pitch_land=4, pitch_off=58, width=0.10, drop=0.05,
    bob=0.006, sway=0.035, twist=6, roll=3, lean=0, swing=0, elbow=0, pump=0,
)  # fmt: skip


@action(
    "wade",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(3.8, 6.2)),
    slots={"height": ("low", "high")},
)
def wade(ctx: Ctx, height: str) -> Channels:
    """Lift each knee high and slowly, arms out; in deep water the arms are up and the trunk twists."""
    deep = height == "high"
    gait = WAIST_DEEP if deep else KNEE_DEEP
    c, steps = go(ctx, replace(gait, speed=ctx.vary(gait.speed, 0.07)), lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.8, 0.22 * ctx.dur), min(0.8, 0.22 * ctx.dur))
    beat = (1 - 2 * int(steps.foot[0])) * np.cos(np.pi * (ctx.t - steps.on[0] - 0.08) / steps.period)
    c.spine[:, 1] += -ctx.vary(8 if deep else 3) * beat * on
    c.spine[:, 0] += ctx.vary(6) * on
    c.head[:, 0] += ctx.vary(-4 if deep else 12) * on
    c.collar[:, :, 0] += ((10 if deep else 2) * on)[:, None]
    for s in (0, 1):
        pull = -beat * (1 - 2 * s)
        drift = noise(ctx.rng, ctx.num_frames, 3, 9)
        flex, abd = (ctx.vary(34) + 24 * pull, ctx.vary(76)) if deep else (ctx.vary(20) + 15 * pull, ctx.vary(50))
        elbow = ctx.vary(62 if deep else 30) - 12 * pull
        c.set_arm(s, on, flex=flex, abd=abd + drift, elbow=elbow, twist=8 if deep else 0, pronate=30, wrist=-12)
    return c


@action(
    "against_wind",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(3.6, 5.8)),
    slots={"side": ("right", "left", "both")},
)
def against_wind(ctx: Ctx, side: str) -> Channels:
    """Lean far into the wind with slow hard steps, a forearm before the face; gusts press the body back."""
    c, _ = go(ctx, replace(STORM, speed=ctx.vary(STORM.speed, 0.08)), lambda metres: straight(0, metres))
    ramp = min(0.9, 0.24 * ctx.dur)
    on, n = envelope(ctx.t, ramp, ramp), ctx.num_frames
    gusts = pulses(ctx.t, list(np.arange(1.2, ctx.dur - 1.0, 1.3) + ctx.rng.uniform(-0.2, 0.2)), 0.9) * on
    c.sway[:, 1] += 0.10 * on - 0.05 * gusts
    c.height -= ctx.vary(0.05) * on + 0.02 * gusts
    c.pelvis[:, 0] += ctx.vary(20) * on - 2 * gusts
    c.spine[:, 0] += ctx.vary(22) * on + 5 * gusts
    c.spine += np.stack([noise(ctx.rng, n, a, 4) for a in (1.5, 2.5, 2)], 1) * on[:, None]
    c.head[:, 0] += 4 * on + 7 * gusts
    shield = sides(side)
    flip = 1 - 2 * shield[0]
    c.head[:, 1] += (0 if side == "both" else flip * -10) * on
    for s in (0, 1):
        if s in shield:
            shake = np.stack([noise(ctx.rng, n, 0.01, 4) for _ in range(3)], 1)
            up = 0.15 - (0.05 if side == "both" and s == 0 else 0.0)
            place = np.array([-0.03, up, 0.24]) + shake - gusts[:, None] * (0, 0.01, 0.03)
            c.set_hand(s, "head", place, on, (-0.93, 0.3, 0.1), (0.1, 0.1, 0.98), swivel=ctx.vary(62))
        else:
            tug = noise(ctx.rng, n, 5, 5)
            c.set_arm(s, on, flex=ctx.vary(-6) + tug, abd=ctx.vary(26) + tug, elbow=ctx.vary(34), twist=10)
    return c
