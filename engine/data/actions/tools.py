"""Tools in one hand: hammer and saw."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys

COUNT = ("3", "1", "2", "4", "5")


RATES = {"normal": 1.15, "slow": 0.6, "fast": 1.9}


@action(
    "hammer",
    part="upper",
    seconds=lambda args, rng: 1.1 + 0.8 * int(args["count"]),
    slots={"side": ("right", "left"), "count": COUNT},
)
def hammer(ctx: Ctx, side: str, count: str) -> Channels:
    """Swing a hammer from beside the ear onto a nail that the other hand holds, `count` times."""
    c, t, s, n = ctx.layer(), ctx.t, sides(side)[0], int(count)
    up, flip = min(0.5, 0.2 * ctx.dur), 1 - 2 * s
    on, each = envelope(t, up, up), (ctx.dur - 2 * up) / n
    nail = np.array([0.045, -0.13, 0.40]) + ctx.rng.normal(0, 0.01, 3)
    stops, force = [(0.8 * up, nail)], [(0.8 * up, 0.0)]
    for k in range(n):
        at, high = up + k * each, np.array([0.19, ctx.vary(0.17, 0.1), 0.14])
        stops += [(at + 0.48 * each, high), (at + 0.56 * each, high), (at + 0.74 * each, nail)]
        stops += [(at + 0.84 * each, nail + (0.01, 0.025, -0.01)), (at + each, nail)]
        force += [(at + 0.50 * each, -1.0), (at + 0.76 * each, 1.0), (at + each, 0.0)]
    swing, place = keys(t, force), keys(t, stops, "smooth")
    c.set_hand(s, "chest", place, 1.0, swivel=ctx.vary(34, 0.15) - 12 * swing)
    c.set_arm(s, pronate=6, deviate=-18 * swing, wrist=0)
    hold = nail * (-1, 1, 1) + (0.035, -0.055, 0.005)
    c.set_hand(1 - s, "chest", hold, 1.0, (-0.75, 0.3, 0.6), (-0.6, -0.2, -0.75), swivel=ctx.vary(30, 0.2))
    c.arm_over[:] = on[:, None]
    c.spine[:, 0] += (ctx.vary(7) + 4 * swing) * on
    c.spine[:, 1] += flip * ctx.vary(6) * -swing * on
    c.head[:, 0] += (ctx.vary(14) + 2 * swing) * on
    c.height -= 0.006 * swing.clip(0, 1)
    return c


@action(
    "saw",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.8, 4.8)),
    slots={"side": ("right", "left"), "speed": tuple(RATES)},
)
def saw(ctx: Ctx, side: str, speed: str) -> Channels:
    """Push and pull a handsaw along a slanting line, the other hand holds the plank down."""
    c, t, s = ctx.layer(), ctx.t, sides(side)[0]
    up, flip = min(0.6, 0.22 * ctx.dur), 1 - 2 * s
    on, work = envelope(t, up, up), envelope(t, 0.35, 0.35, 0.7 * up, ctx.dur - 0.7 * up)
    n = max(1, round((ctx.dur - 1.4 * up) * RATES[speed] * ctx.vary(1.0, 0.05)))
    phase = cycles(t, n, 0.7 * up, ctx.dur - 0.7 * up)
    push = (-np.cos(phase + 0.25 * np.sin(phase)) * work)[:, None]
    body = -np.cos(phase + 0.35) * work
    middle = np.array([0.17, -0.32, 0.28]) + ctx.rng.normal(0, 0.01, 3)
    place = middle + push * np.array([-0.015, -0.085, ctx.vary(0.19, 0.06)])
    c.set_hand(s, "chest", place, 1.0, swivel=ctx.vary(22, 0.2))
    c.set_arm(s, pronate=4, wrist=0, deviate=-6 * push[:, 0])
    plank = np.array([0.13, -0.43, 0.38]) + ctx.rng.normal(0, 0.01, 3)
    c.set_hand(1 - s, "chest", plank, 1.0, (-0.45, -0.35, 0.8), (0, -0.92, -0.35), swivel=ctx.vary(32, 0.2))
    c.arm_over[:] = on[:, None]
    c.pelvis[:, 0] += ctx.vary(8) * on
    c.spine[:, 0] += ctx.vary(17) * on + ctx.vary(4) * body
    c.spine[:, 1] += -flip * ctx.vary(7) * body
    c.sway[:, 1] += 0.018 * body
    c.head[:, 0] += ctx.vary(12) * on
    return c
