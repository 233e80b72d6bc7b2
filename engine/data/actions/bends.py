"""Loosening up: down to the toes, over to the side, turning the trunk."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, minjerk
from engine.data.toolkit.repeats import edges, phase, sizes

COUNT = ("1", "2", "3", "4")


@action("toe_touch", part="full", seconds=lambda args, rng: 0.6 + 1.7 * int(args["count"]), slots={"count": COUNT})
def toe_touch(ctx: Ctx, count: str) -> Channels:
    """Fold forward with straight legs until the fingers are at the toes, come up, `count` times."""
    c, lead = ctx.hold(), min(0.25, 0.12 * ctx.dur)
    bounds = edges(ctx, int(count), ctx.dur, lead, lead)
    wave = 0.5 - 0.5 * np.cos(phase(ctx.t, bounds))
    down = minjerk(1.06 * wave) * np.minimum(sizes(ctx, bounds, 0.02), 1.02)
    early = minjerk(1.5 * wave)
    c.pelvis[:, 0] += ctx.vary(88, 0.03) * down
    c.spine[:, 0] += ctx.vary(56, 0.04) * minjerk(1.15 * wave)
    c.head[:, 0] += 14 * early - 4 * down
    c.sway[:, 1] -= 0.13 * down
    c.height -= 0.02 * down
    for s in (0, 1):
        flip = 1 - 2 * s
        place = np.array([flip * ctx.vary(0.095), ctx.vary(0.05, 0.1), ctx.vary(0.165, 0.08)])
        c.set_hand(s, "world", place, down, (-0.1 * flip, -0.96, 0.15), (0.0, 0.1, -1.0), swivel=ctx.vary(40))
        c.set_arm(s, early, flex=ctx.vary(96, 0.04), abd=6, elbow=8, twist=4, pronate=50)
    return c


@action(
    "side_bend",
    part="full",
    seconds=lambda args, rng: 0.8 + 1.7 * int(args["count"]),
    slots={"side": ("left", "right"), "count": COUNT},
)
def side_bend(ctx: Ctx, side: str, count: str) -> Channels:
    """Bend `count` times to the side, the other arm over the head, the near hand on the hip."""
    c, s, lead = ctx.hold(), sides(side)[0], min(0.4, 0.14 * ctx.dur)
    flip, far = 1 - 2 * s, 1 - s
    bounds = edges(ctx, int(count), ctx.dur, lead, lead)
    wave = 0.5 - 0.5 * np.cos(phase(ctx.t, bounds))
    lean = minjerk(1.05 * wave) * np.minimum(sizes(ctx, bounds, 0.03), 1.03)
    on = envelope(ctx.t, 2.2 * lead, 2.2 * lead)
    c.spine[:, 2] += flip * ctx.vary(40, 0.05) * lean
    c.pelvis[:, 2] += flip * ctx.vary(8) * lean
    c.sway[:, 0] -= flip * ctx.vary(0.085) * lean
    c.head[:, 2] += flip * ctx.vary(12, 0.2) * lean
    c.spine[:, 0] += 3 * lean
    reach = ctx.vary(14, 0.2)
    c.set_arm(far, on, flex=ctx.vary(14, 0.2), abd=ctx.vary(150, 0.03) + reach * lean, twist=-14, elbow=34 - 8 * lean)
    c.set_arm(far, on, pronate=10, wrist=10 * lean)
    c.collar[:, far, 0] += 6 * lean
    c.set_hand(s, "pelvis", (0.16, ctx.vary(0.11, 0.05), 0.04), on, swivel=88.0)
    c.set_arm(s, on, flex=-12, abd=34, elbow=86, twist=-20, pronate=30, wrist=-30)
    return c


@action(
    "torso_twist",
    part="upper",
    seconds=lambda args, rng: 0.9 + 1.35 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4", "5")},
)
def torso_twist(ctx: Ctx, count: str) -> Channels:
    """Turn the upper body to one side and the other `count` times, the bent arms before the chest."""
    c, lead = ctx.layer(), min(ctx.vary(0.45), 0.16 * ctx.dur)
    bounds = edges(ctx, int(count), ctx.dur, lead, lead)
    beat, way = phase(ctx.t, bounds), float(ctx.rng.choice([-1.0, 1.0]))
    size = sizes(ctx, bounds, 0.04) * envelope(ctx.t, 0.3, 0.3, bounds[0], bounds[-1])
    turn, late = way * size * np.sin(beat), way * size * np.sin(beat - 0.35)
    on = envelope(ctx.t, 1.4 * lead, 1.4 * lead)
    c.pelvis[:, 1] += ctx.vary(9) * turn
    c.spine[:, 1] += ctx.vary(46, 0.05) * turn
    c.head[:, 1] += ctx.vary(14, 0.2) * turn
    c.spine[:, 0] += 2 * on
    for s in (0, 1):
        out = 1 - 2 * s
        place = np.array([0.05, ctx.vary(-0.07, 0.2), 0.27]) + late[:, None] * (out * 0.05, 0.0, -0.02)
        c.set_hand(s, "chest", place, 1.0, (-0.98, 0.05, 0.2), (0.0, -0.98, -0.1), swivel=ctx.vary(78, 0.06))
        c.arm_over[:, s] = on
    return c
