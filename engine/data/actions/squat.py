"""Squats: knees over the toes, arms reaching forward for balance."""

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import keys


@action(
    "squat",
    part="lower",
    slots={"count": ("1", "2", "3", "4", "5")},
    seconds=lambda args, rng: 0.4 + 1.8 * int(args["count"]),
)
def squat(ctx: Ctx, count: str) -> Channels:
    """Go down and up `count` times."""
    c, n = ctx.hold(), int(count)
    period = (ctx.dur - 0.2) / n
    depth, reach = ctx.vary(0.40, 0.12), ctx.vary(112, 0.08)
    points = [(0.0, 0.0), (0.1, 0.0)]
    for k in range(n):
        begin, low = 0.1 + k * period, ctx.vary(1, 0.04)
        points += [(begin + 0.45 * period, low), (begin + 0.55 * period, low), (begin + period, 0.0)]
    down = keys(ctx.t, points)
    c.height -= depth * down
    c.sway[:, 1] -= 0.12 * down
    c.pelvis[:, 0] += 28 * down
    c.spine[:, 0] += 12 * down
    c.head[:, 0] -= 25 * down
    c.knee_out += 12 * down[:, None]
    c.set_arm("both", down, flex=reach, abd=8, elbow=12, twist=5)
    return c
