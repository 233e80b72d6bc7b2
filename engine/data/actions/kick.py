"""Kicking ahead: knee up, shin out, back under the body."""

from __future__ import annotations

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys

FLEX = {"normal": 72.0, "low": 46.0, "high": 100.0}


@action(
    "kick",
    part="full",
    seconds=lambda args, rng: 0.7 + 1.1 * int(args["count"]),
    slots={
        "side": ("right", "left"),
        "count": ("1", "2", "3", "4"),
        "height": ("normal", "low", "high"),
    },
)
def kick(ctx: Ctx, side: str, count: str, height: str) -> Channels:
    """Kick ahead `count` times with the leg of `side`, setting it down in between."""
    c, n, s = ctx.hold(), int(count), sides(side)[0]
    ready = min(0.38, 0.18 * ctx.dur)
    period, flip = (ctx.dur - 2 * ready) / n, 2 * s - 1
    weight, pose, effort = [(0.0, 0.0)], [(0.0, (4.0, 42.0))], [(0.0, 0.0)]
    for k in range(n):
        at, high = ready + k * period, ctx.vary(FLEX[height], 0.06)
        back, chamber, out = at + 0.20 * period, at + 0.40 * period, at + ctx.vary(0.57, 0.02) * period
        weight += [(at, 0.0), (at + 0.16 * period, 1.0), (at + 0.80 * period, 1.0), (at + 0.98 * period, 0.0)]
        pose += [(at, (4.0, 42.0)), (back, (-8.0, 62.0)), (chamber, (0.72 * high, 84.0)), (out, (high, 8.0))]
        pose += [(out + 0.04 * period, (high, 8.0)), (at + 0.80 * period, (24.0, 56.0)), (at + period, (8.0, 42.0))]
        effort += [(at, 0.0), (back, -0.3), (out, 1.0), (at + 0.68 * period, 0.8), (at + period, 0.0)]
    leg, power, free = keys(ctx.t, pose), keys(ctx.t, effort), keys(ctx.t, weight)
    c.set_leg(s, free, flex=leg[:, 0], abd=ctx.vary(3, 0.5), knee=leg[:, 1], ankle=22 * power.clip(0, 1) - 10)
    on = envelope(ctx.t, ready, ready)
    size = FLEX[height] / 72
    c.sway[:, 0] += flip * 0.075 * on
    c.height -= 0.012 * on
    c.pelvis[:, 0] -= ctx.vary(8) * size * power
    c.pelvis[:, 1] += flip * ctx.vary(8) * power
    c.spine[:, 0] += ctx.vary(9) * power.clip(0, 1) + 3 * on
    c.spine[:, 1] -= flip * ctx.vary(10) * power
    c.head[:, 0] += 6 * on
    for k in (0, 1):
        ahead = 1.0 if k != s else -1.0
        c.set_arm(
            k, on, flex=ctx.vary(18) + ahead * 26 * power, abd=ctx.vary(26, 0.15), elbow=ctx.vary(52, 0.15), twist=8
        )
    return c
