"""Round and round: the hips, the head."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "hip_circles",
    part="full",
    seconds=lambda args, rng: 0.9 + 1.5 * int(args["count"]),
    slots={"side": ("left", "right"), "count": ("3", "1", "2", "4")},
)
def hip_circles(ctx: Ctx, side: str, count: str) -> Channels:
    """Hands on the hips, circle the pelvis `count` times: ahead, then to the side, back and around."""
    c, flip, lead = ctx.hold(), 1 - 2 * sides(side)[0], min(0.55, 0.18 * ctx.dur)
    bounds = edges(ctx, int(count), ctx.dur, lead, lead)
    beat = phase(ctx.t, bounds)
    on = envelope(ctx.t, lead, lead)
    wide = envelope(ctx.t, 1.3 * lead, 1.3 * lead, 0.5 * lead, ctx.dur - 0.5 * lead) * sizes(ctx, bounds, 0.05)
    left, ahead = flip * np.sin(beat) * wide, np.cos(beat) * wide
    c.sway[:, 0] += ctx.vary(0.115, 0.06) * left
    c.sway[:, 1] += ctx.vary(0.105, 0.06) * ahead - 0.01 * wide
    c.height -= 0.03 * wide
    c.pelvis[:, 0] -= ctx.vary(15) * ahead - 3 * wide
    c.spine[:, 0] += 17 * ahead - 2 * wide
    c.pelvis[:, 2] -= ctx.vary(10) * left
    c.spine[:, 2] += 15 * left
    c.head[:, 0] -= 3 * ahead
    for s in (0, 1):
        c.set_hand(s, "pelvis", (0.165, ctx.vary(0.09, 0.1), 0.035), on, swivel=88.0)
        c.set_arm(s, on, flex=-10, abd=36, elbow=88, twist=-20, pronate=30, wrist=-30)
    return c


@action(
    "neck_roll",
    part="upper",
    seconds=lambda args, rng: 1.0 + 2.0 * int(args["count"]),
    slots={"side": ("left", "right"), "count": ("1", "2", "3")},
)
def neck_roll(ctx: Ctx, side: str, count: str) -> Channels:
    """Drop the chin, roll the head over the shoulder of `side`, back and around, `count` times, look up again."""
    c, flip, lead = ctx.layer(), 1 - 2 * sides(side)[0], min(ctx.vary(0.5), 0.2 * ctx.dur)
    bounds = edges(ctx, int(count), ctx.dur, lead, lead)
    beat, on = phase(ctx.t, bounds), envelope(ctx.t, 1.2 * lead, 1.2 * lead)
    size = on * sizes(ctx, bounds, 0.05)
    later = beat - 0.4
    c.head[:, 0] += (ctx.vary(34, 0.06) * np.cos(beat) + 2) * size
    c.head[:, 2] += flip * ctx.vary(34, 0.06) * np.sin(beat) * size
    c.head[:, 1] -= flip * ctx.vary(7, 0.3) * np.sin(beat) * size
    c.spine[:, 0] += ctx.vary(3) * np.cos(later) * size
    c.spine[:, 2] += flip * ctx.vary(4) * np.sin(later) * size
    c.collar[:, :, 0] -= (2 * size)[:, None]
    return c
