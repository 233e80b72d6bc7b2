"""Clapping: the hands part and meet before the chest."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "clap",
    part="upper",
    slots={"count": ("3", "1", "2", "4", "5", "6", "8")},
    seconds=lambda args, rng: 1.0 + 0.42 * int(args["count"]),
)
def clap(ctx: Ctx, count: str) -> Channels:
    """Clap `count` times; the hands wait apart before the first and after the last."""
    c, lead = ctx.layer(), min(ctx.vary(0.5), 0.3 * ctx.dur)
    bounds = edges(ctx, int(count), 0.42, 0.8 * lead, 0.85 * lead)
    beat = phase(ctx.t, bounds)
    # 0 apart, 1 together: a quick stroke, a rebound that is slower at its end
    together = (0.5 - 0.5 * np.cos(beat - 0.35 * np.sin(beat))) ** 1.25
    gap = ctx.vary(0.175, 0.08) * sizes(ctx, bounds, 0.12)
    apart = 0.012 + gap * (1 - together)
    up, ahead = ctx.vary(-0.14, 0.3), ctx.vary(0.33, 0.08)
    tilt, skew = ctx.rng.uniform(0.5, 1.1), ctx.rng.uniform(-0.025, 0.025)
    for s, sign in ((LEFT, 1.0), (RIGHT, -1.0)):
        rise = up + skew * sign * 0.6 + 0.03 * sign * np.sign(skew) * (1 - together)
        position = np.stack([apart, rise, ahead - 0.035 * (1 - together)], 1)
        fingers = np.stack([-0.12 + 0.4 * (1 - together), np.full_like(apart, tilt), np.full_like(apart, 0.75)], 1)
        palm = np.stack([-np.ones_like(apart), np.full_like(apart, -skew * 4 * sign), 0.2 * (1 - together)], 1)
        c.set_hand(s, "chest", position, fingers=fingers, palm=palm, swivel=ctx.vary(30, 0.2) + 6 * (1 - together))
        c.arm_over[:, s] = envelope(ctx.t, lead, lead * 1.1)
    held, jolt = c.arm_over[:, 0], together * c.arm_over[:, 0]
    c.spine[:, 0] += ctx.vary(3, 0.4) * held + ctx.vary(1.6, 0.3) * (jolt - 0.5 * held)
    c.head[:, 0] += ctx.vary(3, 0.6) * held + ctx.vary(1.4, 0.4) * np.roll(jolt, 1)
    c.head[:, 1] += ctx.rng.uniform(-6, 6) * held
    c.height -= 0.004 * jolt
    return c
