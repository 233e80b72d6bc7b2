"""Beckoning: the hand, palm up, calls somebody nearer."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "beckon",
    part="upper",
    slots={"side": ("right", "left"), "count": ("3", "2", "4")},
    seconds=lambda args, rng: 1.1 + 0.6 * int(args["count"]),
)
def beckon(ctx: Ctx, side: str, count: str) -> Channels:
    """Reach out and draw the hand towards oneself `count` times."""
    c, s = ctx.layer(), sides(side)[0]
    lead = min(ctx.vary(0.55), 0.28 * ctx.dur)
    bounds = edges(ctx, int(count), 0.62, 0.9 * lead, 0.85 * lead)
    beat, size = phase(ctx.t, bounds), sizes(ctx, bounds, 0.1)
    pull = size * (0.5 - 0.5 * np.cos(beat + 0.4 * np.sin(beat)))
    lag = size * (0.5 - 0.5 * np.cos(np.maximum(beat - 0.7, 0)))
    low = ctx.vary(46, 0.12)
    c.set_arm(s, flex=low + 12 * pull, abd=ctx.vary(14, 0.3) + 3 * pull, twist=ctx.vary(4, 0.8))
    c.set_arm(s, elbow=ctx.vary(42, 0.12) + ctx.vary(62, 0.08) * pull, pronate=ctx.vary(-62, 0.12))
    c.set_arm(s, wrist=-14 + 48 * lag, deviate=4 * lag)
    c.arm_over[:, s] = envelope(ctx.t, lead, lead * 1.1)
    up, own = c.arm_over[:, s], 1.0 if s == 0 else -1.0
    c.spine[:, 0] += (ctx.vary(4, 0.3) - 3.0 * pull) * up
    c.spine[:, 1] += (-ctx.vary(5, 0.3) + 3 * pull) * own * up
    c.head[:, 0] += (ctx.vary(-2, 0.5) + 3.5 * lag) * up
    c.head[:, 2] += ctx.rng.uniform(-3, 4) * own * up
    c.sway[:, 1] += (0.012 - 0.01 * pull) * up
    return c
