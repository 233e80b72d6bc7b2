"""Spinning: fast full turns on the spot with quick small steps."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.gait import Gait, go, spot

SPIN = Gait(
    period=0.21, stance=0.60, ahead=0.5, lift=0.045, pitch_land=14, pitch_mid=12, pitch_off=24, width=0.08,
    ready=0.08, drop=0.03, bob=0.004, sway=0.012, twist=0, roll=1, lean=2, swing=0, elbow=0, pump=0,
)  # fmt: skip


@action(
    "spin",
    part="full",
    seconds=lambda args, rng: 0.7 + 1.0 * int(args["count"]),
    slots={"side": ("left", "right"), "count": ("1", "2", "3")},
)
def spin(ctx: Ctx, side: str, count: str) -> Channels:
    """Spin `count` times towards the side, arms out, then drawn in."""
    flip, turns = (1 if side == "left" else -1), int(count)
    footfalls = max(round((ctx.dur - 0.3) / ctx.vary(0.21, 0.04)), 4 * turns)
    c, _ = go(ctx, SPIN, lambda metres: spot(flip * 360 * turns), 0 if side == "left" else 1, footfalls)
    on = envelope(ctx.t, min(0.4, 0.25 * ctx.dur), min(0.5, 0.3 * ctx.dur))
    rate = np.gradient(c.yaw, ctx.t) / 400
    c.head[:, 1] += 28 * np.clip(rate, -1, 1) * on
    c.spine[:, 1] += 9 * np.clip(rate, -1, 1)
    for s in (0, 1):
        c.set_arm(s, on, flex=ctx.vary(28), abd=ctx.vary(58, 0.12), elbow=ctx.vary(42, 0.15), twist=-5)
    return c
