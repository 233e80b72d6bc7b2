"""Dribbling a ball that is not drawn."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope


@action(
    "dribble",
    part="upper",
    seconds=lambda args, rng: 1.0 + 0.5 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("4", "2", "3", "5", "6", "8")},
)
def dribble(ctx: Ctx, side: str, count: str) -> Channels:
    """Push a ball down `count` times with the flat hand."""
    c, n, s = ctx.layer(), int(count), sides(side)[0]
    t, flip = ctx.t, 1 - 2 * s
    ready = min(ctx.vary(0.5), 0.22 * ctx.dur)
    length = min(ctx.dur - 2 * ready, n * ctx.vary(0.58, 0.08))
    start = ready + (ctx.dur - 2 * ready - length) * 0.4
    phase = cycles(t, n, start, start + length)
    busy = envelope(t, 0.1, 0.1, start - 0.05, start + length + 0.05)
    push = (0.5 - 0.5 * np.cos(phase + 0.35 * np.sin(phase))) * busy
    later = (0.5 - 0.5 * np.cos(phase - 0.7)) * busy
    on = envelope(t, ready, 1.1 * ready)
    high = np.array([0.20, 0.24, 0.33]) + ctx.rng.normal(0, 0.012, 3)
    place = high - push[:, None] * (0.0, ctx.vary(0.20, 0.08), 0.03)
    fingers = np.stack([-0.15 + 0 * t, 0.25 - 0.85 * later, 0.9 + 0 * t], 1)
    palm = np.stack([0 * t, -0.95 + 0 * t, 0.25 - 0.85 * later], 1)
    c.set_hand(s, "pelvis", place, 1.0, fingers, palm, swivel=ctx.vary(45, 0.15))
    c.arm_over[:, s] = on
    c.arm_over[:, 1 - s] = 0.8 * on
    c.set_arm(1 - s, flex=ctx.vary(18, 0.3), abd=ctx.vary(24, 0.2), elbow=ctx.vary(52, 0.15), twist=8, pronate=25)
    c.height -= (ctx.vary(0.05, 0.2) + 0.016 * push) * on
    c.spine[:, 0] += (ctx.vary(11, 0.15) + 2.5 * push) * on
    c.spine[:, 2] -= flip * (3 + 2 * push) * -0.6 * on
    c.head[:, 0] += ctx.vary(9, 0.2) * on
    c.head[:, 1] += flip * ctx.vary(10, 0.2) * on
    return c
