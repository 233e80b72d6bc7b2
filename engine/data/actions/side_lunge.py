"""Lunges to the side: over one bent leg, the other one straight."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import keys, minjerk


@action(
    "side_lunge",
    part="lower",
    seconds=lambda args, rng: 0.3 + 2.0 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("1", "2", "3", "4")},
)
def side_lunge(ctx: Ctx, side: str, count: str) -> Channels:
    """Step wide to the side, sit over the bent leg with the other straight, push back, `count` times."""
    c, n, s = ctx.hold(), int(count), sides(side)[0]
    flip, period = 1 - 2 * s, (ctx.dur - 0.25) / n
    low, wide = np.zeros(ctx.num_frames), ctx.vary(0.66, 0.05)
    for k in range(n):
        begin, depth = 0.1 + k * period, ctx.vary(1.0, 0.04)
        stop = begin + 0.97 * period
        out = minjerk((ctx.t - begin) / (0.32 * period)) * minjerk((stop - ctx.t) / (0.32 * period))
        c.foot_xz[:, s, 0] += flip * wide * out
        c.foot_yaw[:, s] += flip * 16 * out
        for a, b in ((begin, begin + 0.32 * period), (stop - 0.32 * period, stop)):
            c.foot_lift[:, s] += 0.075 * np.sin(np.pi * np.clip((ctx.t - a) / (b - a), 0, 1))
        points = [(begin + 0.04, 0), (begin + 0.46 * period, 1), (begin + 0.58 * period, 1), (stop - 0.04, 0)]
        low += depth * keys(ctx.t, points)
    c.height -= ctx.vary(0.34, 0.05) * low
    c.sway[:, 0] += flip * 0.78 * wide * low
    c.sway[:, 1] -= 0.12 * low
    c.pelvis[:, 0] += 30 * low
    c.pelvis[:, 2] -= flip * 4 * low
    c.spine[:, 0] += 8 * low
    c.head[:, 0] -= 24 * low
    c.knee_out[:, s] += 14 * low
    c.set_arm("both", low, flex=ctx.vary(70), abd=6, elbow=ctx.vary(72), twist=24)
    return c
