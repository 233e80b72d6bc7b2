"""Arms at rest on the body: crossed before the chest, hands on the hips."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import breathing, envelope, noise


@action("cross_arms", part="upper", seconds=lambda args, rng: rng.uniform(2.8, 4.2))
def cross_arms(ctx: Ctx) -> Channels:
    """Fold the arms, one forearm over the other, and stand so."""
    c, rise = ctx.layer(), min(ctx.vary(0.8), 0.34 * ctx.dur)
    over = int(ctx.rng.integers(2))
    lag = 0.12 * rise
    breath, still = breathing(ctx.rng, ctx.t), noise(ctx.rng, ctx.num_frames, 0.003)
    height = ctx.vary(-0.235, 0.06)
    for s in (0, 1):
        outer = s == over
        out = ctx.vary(-0.125 if outer else -0.11, 0.1)
        ahead = (0.225 if outer else 0.17) + 0.004 * breath + still
        up = height + (0.015 if outer else -0.015) + 0.004 * breath
        position = np.stack([out + 0 * up, up, ahead], 1)
        fingers = (-0.9, 0.30, -0.2) if outer else (-0.95, 0.15, -0.12)
        c.set_hand(s, "chest", position, fingers=fingers, palm=(-0.2, -0.1, -1.0), swivel=ctx.vary(26, 0.1))
        start, end = (lag, ctx.dur) if outer else (0.0, ctx.dur - lag)
        c.arm_over[:, s] = envelope(ctx.t, rise, rise * 1.05, start, end)
    held = envelope(ctx.t, 1.1 * rise, rise)
    c.spine[:, 0] -= (ctx.vary(3, 0.4) - 0.8 * breath) * held
    c.head[:, 0] += ctx.rng.uniform(-5, 5) * held + noise(ctx.rng, ctx.num_frames, 1.5) * held
    c.head[:, 1] += (ctx.rng.uniform(-10, 10) + noise(ctx.rng, ctx.num_frames, 3.0)) * held
    c.head[:, 2] += ctx.rng.uniform(-5, 5) * held
    _shift(ctx, c, rise)
    return c


@action("hands_on_hips", part="upper", seconds=lambda args, rng: rng.uniform(2.6, 4.0))
def hands_on_hips(ctx: Ctx) -> Channels:
    """Put both hands on the hips, elbows out, and stand so."""
    c, rise = ctx.layer(), min(ctx.vary(0.7), 0.34 * ctx.dur)
    breath = breathing(ctx.rng, ctx.t)
    height, ahead = ctx.vary(0.07, 0.15), ctx.rng.uniform(0.02, 0.05)
    for s in (0, 1):
        position = (ctx.vary(0.172, 0.03), height + ctx.rng.normal(0, 0.008), ahead)
        swivel = ctx.vary(84, 0.05) + 1.5 * breath
        c.set_hand(s, "pelvis", position, fingers=(-0.35, -0.55, 0.8), palm=(-1.0, -0.1, -0.35), swivel=swivel)
        start, end = sorted(ctx.rng.uniform(0, 0.08, 2))
        c.arm_over[:, s] = envelope(ctx.t, rise, rise * 1.1, start, ctx.dur - end)
    held = envelope(ctx.t, 1.1 * rise, rise)
    c.spine[:, 0] -= (ctx.vary(4, 0.4) - 0.8 * breath) * held
    c.head[:, 0] += ctx.rng.uniform(-4, 5) * held
    c.head[:, 1] += (ctx.rng.uniform(-8, 8) + noise(ctx.rng, ctx.num_frames, 3.0)) * held
    c.head[:, 2] += ctx.rng.uniform(-3, 3) * held
    _shift(ctx, c, rise)
    return c


def _shift(ctx: Ctx, c: Channels, rise: float) -> None:
    """The weight goes to one leg, the hip with it, the trunk leans against it."""
    way, held = ctx.rng.choice([-1.0, 1.0]) * ctx.vary(1, 0.4), envelope(ctx.t, 1.6 * rise, 1.2 * rise)
    c.sway[:, 0] += 0.028 * way * held
    c.pelvis[:, 2] -= 2.5 * way * held
    c.spine[:, 2] += 3.0 * way * held
    c.spine[:, 1] += ctx.rng.uniform(-4, 4) * held
