"""Lunges: a long step ahead, the pelvis down between the feet, and back."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import keys, minjerk, smooth


@action(
    "lunge",
    part="lower",
    seconds=lambda args, rng: 0.3 + 1.9 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("1", "2", "3", "4")},
)
def lunge(ctx: Ctx, side: str, count: str) -> Channels:
    """Lunge `count` times with the leg of `side` ahead."""
    c, n, s = ctx.hold(), int(count), sides(side)[0]
    period = (ctx.dur - 0.25) / n
    low = np.zeros(ctx.num_frames)
    for k in range(n):
        begin, reach, depth = 0.1 + k * period, ctx.vary(0.74, 0.06), ctx.vary(1.0, 0.06)
        stop = begin + 0.97 * period
        out = minjerk((ctx.t - begin) / (0.32 * period)) * minjerk((stop - ctx.t) / (0.32 * period))
        c.foot_xz[:, s, 1] += reach * out
        for a, b in ((begin, begin + 0.32 * period), (stop - 0.32 * period, stop)):
            w = np.clip((ctx.t - a) / (b - a), 0, 1)
            c.foot_lift[:, s] += 0.085 * np.sin(np.pi * w)
            c.foot_pitch[:, s] -= 10 * np.sin(np.pi * w) ** 2
        low += depth * keys(
            ctx.t,
            [(begin + 0.05, 0), (begin + 0.46 * period, 1), (begin + 0.56 * period, 1), (stop - 0.05 * period, 0)],
        )
    c.height -= 0.33 * low
    c.sway[:, 1] += 0.34 * smooth(low)
    c.foot_pitch[:, 1 - s] += 52 * low
    c.pelvis[:, 0] += 3 * low
    c.spine[:, 0] += 5 * low
    c.set_arm("both", low, flex=12, abd=14, elbow=ctx.vary(70), twist=20)
    return c
