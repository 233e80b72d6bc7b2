"""Shrugging: the shoulders go up, the hands open, the head tilts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.repeats import edges, sizes


@action(
    "shrug",
    part="upper",
    slots={"count": ("1", "2", "3")},
    seconds=lambda args, rng: 0.7 + 0.9 * int(args["count"]),
)
def shrug(ctx: Ctx, count: str) -> Channels:
    """Lift the shoulders `count` times, palms turned up."""
    c, n = ctx.layer(), int(count)
    lead = min(ctx.vary(0.25), 0.14 * ctx.dur)
    bounds = edges(ctx, n, 0.95, lead, lead)
    size = sizes(ctx, bounds, 0.1, fade=ctx.rng.uniform(0, 0.25))
    points = [(bounds[0], 0.0)]
    for begin, end in pairwise(bounds):
        length, last = end - begin, end == bounds[-1]
        points += [(begin + 0.36 * length, 1.0), (begin + 0.6 * length, 0.92), (end, 0.0 if last else 0.08)]
    lift = size * keys(ctx.t, points)
    late = np.concatenate([lift[:2] * 0, lift[:-2]])
    open_arms = ctx.rng.uniform(0.35, 1.0)
    for s in (0, 1):
        c.set_arm(s, flex=ctx.vary(14, 0.3), abd=ctx.vary(16, 0.3) + 6 * late, twist=ctx.vary(-32, 0.2) * open_arms)
        c.set_arm(s, elbow=(24 + 50 * open_arms) * ctx.vary(1, 0.1) + 8 * lift, pronate=-75 * open_arms)
        c.set_arm(s, wrist=-8 - 14 * late * open_arms)
        c.collar[:, s, 0] = ctx.vary(19, 0.08) * lift
        c.arm_over[:, s] = envelope(ctx.t, bounds[0] + 0.3, ctx.dur - bounds[-1] + 0.35)
    tilt = ctx.rng.choice([-1.0, 1.0]) * ctx.vary(8, 0.4)
    c.head[:, 2] += tilt * late
    c.head[:, 0] += ctx.vary(5, 0.4) * lift - 3 * late
    c.spine[:, 0] -= ctx.vary(2.5, 0.3) * lift
    c.spine[:, 2] += 0.15 * tilt * late
    c.height += 0.003 * late * envelope(ctx.t, 0.3, 0.3)
    return c
