"""Picking something up from the floor."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import keys


@action(
    "pick_up",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(2.4, 4.2)),
    slots={"side": ("right", "left", "both")},
)
def pick_up(ctx: Ctx, side: str) -> Channels:
    """Bend the knees and the back, grasp, come up with the hands before the belly, let them sink."""
    c, d, t = ctx.hold(), ctx.dur, ctx.t
    down, grasp, up, keep = 0.34 * d, 0.44 * d, 0.72 * d, 0.84 * d
    low = keys(t, [(0.03 * d, 0.0), (down, 1.0), (grasp, 1.0), (up, 0.0)])
    look = keys(t, [(0.0, 0.0), (0.2 * d, 1.0), (grasp, 1.0), (up, 0.4), (keep, 0.4), (0.98 * d, 0.0)])
    squat = ctx.vary(0.42, 0.08)
    c.height -= squat * low
    c.sway[:, 1] -= 0.13 * low
    c.pelvis[:, 0] += ctx.vary(48, 0.06) * low
    c.spine[:, 0] += 28 * low
    c.head[:, 0] += 12 * look - 26 * low
    c.knee_out += 8 * low[:, None]
    wide = 0.10 if side == "both" else 0.04
    carry = keys(t, [(0.3 * d, 0.0), (down, 1.0), (keep, 1.0), (0.98 * d, 0.0)])
    reach = keys(t, [(0.05 * d, 0.0), (down, 1.0), (grasp, 1.0), (0.62 * d, 0.0)])
    for s in sides(side):
        flip = 1 - 2 * s
        place = np.array([flip * wide, ctx.vary(0.12, 0.12), ctx.vary(0.33, 0.06)])
        c.set_hand(s, "world", place, reach, swivel=ctx.vary(30, 0.2))
        c.set_arm(s, carry, flex=ctx.vary(26), abd=8, elbow=ctx.vary(72), twist=18, pronate=5)
    if side != "both":
        other = 1 - sides(side)[0]
        c.set_arm(other, low, flex=ctx.vary(42), abd=12, elbow=ctx.vary(48), twist=16, pronate=40)
        c.spine[:, 1] += (1 - 2 * other) * -8 * low
        c.pelvis[:, 2] += (1 - 2 * other) * -3 * low
    return c
