"""Knocking on a door that is an arm's length ahead."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "knock",
    part="upper",
    slots={"side": ("right", "left"), "count": ("3", "2", "4")},
    seconds=lambda args, rng: 1.5 + 0.36 * int(args["count"]),
)
def knock(ctx: Ctx, side: str, count: str) -> Channels:
    """Raise the fist and rap `count` times, then listen for a moment with the fist still near."""
    c, s = ctx.layer(), sides(side)[0]
    lead = min(ctx.vary(0.6), 0.3 * ctx.dur)
    bounds = edges(ctx, int(count), 0.36, 0.9 * lead, 0.95 * lead)
    beat, size = phase(ctx.t, bounds), sizes(ctx, bounds, 0.12)
    # drawn back slowly, thrown forward quickly
    hit = size * (0.5 - 0.5 * np.cos(beat - 0.45 * np.sin(beat)))
    lag = size * (0.5 - 0.5 * np.cos(np.maximum(beat - 0.5, 0)))
    high = ctx.vary(58, 0.1)
    c.set_arm(s, flex=high + 7 * hit, abd=ctx.vary(16, 0.3), twist=ctx.vary(-8, 0.5))
    c.set_arm(s, elbow=ctx.vary(108, 0.04) - ctx.vary(34, 0.08) * hit, pronate=ctx.vary(42, 0.15))
    c.set_arm(s, wrist=-16 + 26 * lag)
    c.arm_over[:, s] = envelope(ctx.t, lead, lead * 1.1)
    up, own = c.arm_over[:, s], 1.0 if s == 0 else -1.0
    listen = envelope(ctx.t, 0.4, 0.5, max(bounds[-1] - 0.1, 0.0)) if ctx.dur - bounds[-1] > 0.9 else 0 * up
    c.spine[:, 0] += (ctx.vary(4, 0.3) + 1.6 * hit) * up
    c.spine[:, 1] += (-ctx.vary(7, 0.3) - 1.5 * hit) * own * up
    c.head[:, 1] += ctx.vary(5, 0.3) * own * up + ctx.vary(10, 0.4) * own * listen
    c.head[:, 2] += ctx.vary(7, 0.4) * -own * listen
    c.head[:, 0] += (ctx.vary(3, 0.5) + 1.0 * lag) * up
    c.sway[:, 1] += 0.018 * up + 0.004 * hit * up
    return c
