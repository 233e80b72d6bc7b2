"""Skipping with a rope that is not drawn."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.flight import fly, plan_jumps, tiptoe_pitch


@action(
    "jump_rope",
    part="full",
    seconds=lambda args, rng: 1.2 + 0.52 * int(args["count"]),
    slots={"count": ("5", "3", "4", "6", "8")},
)
def jump_rope(ctx: Ctx, count: str) -> Channels:
    """`count` small jumps with the feet together, the wrists turning the rope once for each."""
    c, n = ctx.hold(), int(count)
    lead = min(0.55, 0.18 * ctx.dur)
    jumps = plan_jumps(ctx, n, ctx.vary(0.085, 0.08), lead=lead, ground=0.2)
    crouch, air = fly(ctx, c, jumps, ctx.vary(0.06), push=0.05)
    c.foot_lift += 1.25 * air[:, None]
    c.foot_pitch += tiptoe_pitch(ctx, jumps, 34)[:, None]
    on = envelope(ctx.t, lead, lead)
    middles = np.array([(one.off + one.on) / 2 for one in jumps])
    period = (ctx.dur - 2 * lead) / n
    times = np.concatenate([[middles[0] - period], middles, [middles[-1] + period]])
    turn = 2 * np.pi * np.interp(ctx.t, times, np.arange(n + 2))
    live = envelope(ctx.t, 0.5 * lead, 0.5 * lead, 0.6 * lead, ctx.dur - 0.6 * lead)
    c.spine[:, 0] += 3 * on + ctx.vary(5) * crouch
    c.head[:, 0] += 3 * on - 5 * crouch
    c.knee_out += 4 * crouch[:, None]
    for s in (0, 1):
        round_ = np.stack([0.3 * np.cos(turn), -np.cos(turn), -np.sin(turn)], 1)
        place = np.array([ctx.vary(0.33, 0.05), ctx.vary(0.12, 0.1), ctx.vary(0.17, 0.1)])
        c.set_hand(s, "pelvis", place + ctx.vary(0.08, 0.06) * round_ * live[:, None], on, swivel=ctx.vary(30, 0.2))
        c.set_arm(s, on, flex=6, abd=16, elbow=70, twist=-24, pronate=-10, wrist=24 * np.sin(turn) * live)
        c.arm[:, s, 6] += 14 * np.cos(turn) * live
    return c
