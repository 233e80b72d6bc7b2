"""Swaying: the weight goes from one foot to the other."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, FLEX, Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope


@action(
    "sway", part="lower", seconds=lambda args, rng: 0.5 + 1.5 * int(args["count"]), slots={"count": ("2", "3", "4")}
)
def sway(ctx: Ctx, count: str) -> Channels:
    """Sway to both sides `count` times."""
    c, flip = ctx.hold(), float(ctx.rng.choice([-1.0, 1.0]))
    phase = cycles(ctx.t, int(count), 0.15, ctx.dur - 0.15)
    on = envelope(ctx.t, min(0.7, 0.2 * ctx.dur), min(0.7, 0.2 * ctx.dur))
    side = flip * np.sin(phase) * on
    later = flip * np.sin(phase - 0.5) * on
    c.sway[:, 0] += ctx.vary(0.085, 0.12) * side
    c.height -= 0.018 * np.abs(side) + 0.012 * on
    c.pelvis[:, 2] -= ctx.vary(5, 0.2) * side
    c.spine[:, 2] += ctx.vary(11, 0.2) * later
    c.head[:, 2] += ctx.vary(4, 0.4) * later
    for s, out in ((0, 1.0), (1, -1.0)):
        c.arm[:, s, ABD] += 5 * on + out * 6 * later
        c.arm[:, s, FLEX] += ctx.vary(4, 0.5) * np.sin(phase * 2 + 0.6) * on
        c.foot_pitch[:, s] += 16 * np.maximum(-out * side - 0.3, 0) ** 1.2
    return c
