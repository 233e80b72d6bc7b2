"""Jumping jacks: out with the arms up, in with the arms down."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, FLEX, Channels, Ctx
from engine.data.toolkit.curves import smooth
from engine.data.toolkit.flight import fly, plan_jumps, tiptoe_pitch


@action(
    "jumping_jacks",
    part="full",
    seconds=lambda args, rng: 0.4 + 1.05 * int(args["count"]),
    slots={"count": ("4", "2", "3", "5", "6", "8")},
)
def jumping_jacks(ctx: Ctx, count: str) -> Channels:
    """Do `count` jumping jacks, two small jumps each."""
    c, n = ctx.hold(), int(count)
    jumps = plan_jumps(ctx, 2 * n, ctx.vary(0.075, 0.1), lead=0.12, ground=0.24)
    crouch, air = fly(ctx, c, jumps, ctx.vary(0.075), push=0.05)
    wide, arms = np.zeros(ctx.num_frames), np.zeros(ctx.num_frames)
    for k, one in enumerate(jumps):
        way = 1.0 if k % 2 == 0 else -1.0
        wide += way * smooth((ctx.t - one.off) / (one.on - one.off))
        arms += way * smooth((ctx.t - one.off + 0.12) / (one.on - one.off + 0.2))
    size, top = ctx.vary(0.19, 0.1), ctx.vary(152, 0.04)
    for s, out in ((0, 1.0), (1, -1.0)):
        c.foot_xz[:, s, 0] += out * size * wide
        c.foot_yaw[:, s] += out * 10 * wide
        c.foot_lift[:, s] += air
        c.foot_pitch[:, s] += tiptoe_pitch(ctx, jumps, 14)
        c.arm[:, s, ABD] += (top - 6) * arms
        c.arm[:, s, FLEX] += ctx.vary(10, 0.4) * np.sin(np.pi * arms)
        c.set_arm(s, arms, elbow=ctx.vary(22, 0.2), twist=-15)
    c.knee_out += (6 * crouch)[:, None]
    c.spine[:, 0] += ctx.vary(4) * crouch
    c.head[:, 0] -= 4 * crouch + 4 * arms
    return c
