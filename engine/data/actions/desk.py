"""Fingers at small work: typing on a keyboard, texting on a phone."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, noise, pulses

RATES = {"normal": 2.6, "slow": 1.1, "fast": 4.2}


@action(
    "type",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.4, 5.0)),
    slots={"speed": tuple(RATES)},
)
def type_keys(ctx: Ctx, speed: str) -> Channels:
    """Both hands over a keyboard, tapping in turn, wandering over the keys."""
    c, t, n = ctx.layer(), ctx.t, ctx.num_frames
    up = min(0.6, 0.22 * ctx.dur)
    on = envelope(t, up, up)
    size = 0.045 if speed == "slow" else 0.03
    for s in (0, 1):
        gap = 1 / RATES[speed]
        hits = np.arange(0.8 * up + gap * 0.5 * s, ctx.dur - 0.8 * up, gap)
        hits = hits + ctx.rng.normal(0, 0.1 * gap, len(hits))
        tap = pulses(t, list(hits), min(0.7 * gap, 0.45)).clip(0, 1) * on
        drift = noise(ctx.rng, n, 0.026, 5 if speed != "slow" else 9)
        place = np.array([0.095, -0.335, 0.35]) + ctx.rng.normal(0, 0.008, 3)
        place = place + np.stack([drift, size * (0.5 - tap), 0.4 * noise(ctx.rng, n, 0.026, 6)], 1)
        fingers = np.stack([-0.22 + 2 * drift, 0.15 - 0.55 * tap, 0.95 + 0 * t], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, (-0.15, -0.97, 0.15), swivel=ctx.vary(30, 0.2))
    c.arm_over[:] = on[:, None]
    c.head[:, 0] += (ctx.vary(17) + noise(ctx.rng, n, 4, 12)) * on
    c.head[:, 1] += noise(ctx.rng, n, 5, 14) * on
    c.spine[:, 0] += ctx.vary(7, 0.3) * on
    c.collar[:, :, 1] += 4
    return c


@action(
    "text",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.6, 5.2)),
    slots={"side": ("both", "right", "left")},
)
def text(ctx: Ctx, side: str) -> Channels:
    """Look down at a phone before the chest and type on it with the thumbs."""
    c, t, n = ctx.layer(), ctx.t, ctx.num_frames
    up = min(0.65, 0.24 * ctx.dur)
    on = envelope(t, up, up)
    lone = side != "both"
    for s in sides(side):
        gap = ctx.vary(0.5)
        hits = np.arange(0.8 * up + 0.5 * gap * s, ctx.dur - 0.7 * up, gap)
        tap = pulses(t, list(hits + ctx.rng.normal(0, 0.06, len(hits))), 0.32).clip(0, 1) * on
        place = np.array([0.03 if lone else 0.05, -0.19, 0.30]) + ctx.rng.normal(0, 0.006, 3)
        place = place + np.stack([-0.008 * tap, -0.016 * tap, 0.004 * noise(ctx.rng, n, 1, 10)], 1)
        fingers = np.stack([-0.4 - 0.1 * tap, 0.5 - 0.2 * tap, 0.7 + 0 * t], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, (-0.75, 0.55, -0.35), swivel=ctx.vary(22, 0.2))
        c.arm_over[:, s] = on
    c.head[:, 0] += (ctx.vary(32, 0.08) + noise(ctx.rng, n, 2, 12)) * on
    c.head[:, 1] += noise(ctx.rng, n, 2.5, 16) * on
    c.spine[:, 0] += ctx.vary(8, 0.2) * on
    c.collar[:, :, 1] += 4
    return c
