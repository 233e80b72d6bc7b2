"""Bowing from the hips."""

from __future__ import annotations

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import keys


@action("bow", part="full", seconds=lambda args, rng: 0.5 + 1.9 * int(args["count"]), slots={"count": ("1", "2", "3")})
def bow(ctx: Ctx, count: str) -> Channels:
    """Bow `count` times; the head follows the trunk."""
    c, n = ctx.hold(), int(count)
    period, depth = (ctx.dur - 0.3) / n, ctx.vary(1.0, 0.1)
    trunk, head = [(0.0, 0.0)], [(0.0, 0.0)]
    for k in range(n):
        begin, low = 0.12 + k * period, ctx.vary(depth, 0.05)
        down, stay = begin + 0.40 * period, begin + ctx.vary(0.56, 0.04) * period
        trunk += [(begin, 0.0), (begin + 0.06 * period, -0.04), (down, low), (stay, low), (begin + 0.96 * period, 0.0)]
        head += [(begin + 0.04 * period, 0.0), (down + 0.05 * period, low), (stay, low), (begin + period, 0.0)]
    lean, nod = keys(ctx.t, trunk), keys(ctx.t, head)
    c.pelvis[:, 0] += 36 * lean
    c.spine[:, 0] += 24 * lean
    c.head[:, 0] += ctx.vary(14, 0.2) * nod
    c.sway[:, 1] -= 0.10 * lean
    c.height -= 0.012 * lean
    c.set_arm("both", lean.clip(0, 1), flex=ctx.vary(22, 0.3), abd=6, elbow=ctx.vary(12, 0.3), twist=10)
    return c
