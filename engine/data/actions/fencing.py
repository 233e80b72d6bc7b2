"""Fencing: on guard, a straight arm, a long lunge, recovery."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.sports_kit import pose_arm, rounds, step, train


@action("fencing_lunge", part="full", seconds=lambda args, rng: 1.3 + 1.35 * int(args["count"]),
        slots={"side": ("right", "left"), "count": ("1", "2", "3")})  # fmt: skip
def fencing_lunge(ctx: Ctx, side: str, count: str) -> Channels:
    """Lunge `count` times with the blade in the hand of `side`, that foot ahead, the other arm trailing."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    flip, rear, ready = 1 - 2 * s, 1 - s, min(0.6, 0.19 * ctx.dur)
    begins, length = rounds(ctx, int(count), ready, 1.35)
    on = envelope(t, ready, ready)
    step(c, t, rear, (0.0, 0.6 * ready), (0.02 * flip, -0.18), -62 * flip)
    step(c, t, s, (0.4 * ready, ready), (-0.05 * flip, 0.12))
    step(c, t, s, (ctx.dur - ready, ctx.dur - 0.4 * ready), (0.05 * flip, -0.12))
    step(c, t, rear, (ctx.dur - 0.6 * ready, ctx.dur), (-0.02 * flip, 0.18), 62 * flip)
    arm = train(t, begins, length, [(0.0, 0.0), (0.26, 1.0), (0.60, 1.0), (0.95, 0.0)], ctx, 0.02)
    lunge = train(t, begins, length, [(0.10, 0.0), (0.42, 1.0), (0.60, 1.0), (0.98, 0.0)], ctx, 0.04)
    far = ctx.vary(0.44, 0.05)
    c.foot_xz[:, s, 1] += far * lunge
    for begin in begins:
        for a, b in ((0.10, 0.42), (0.60, 0.98)):
            x = np.clip((t - begin - a * length) / ((b - a) * length), 0, 1)
            c.foot_lift[:, s] += 0.07 * np.sin(np.pi * x)
            c.foot_pitch[:, s] -= 22 * np.sin(np.pi * x) * (a < 0.5)
    c.sway[:, 1] += ctx.vary(0.34, 0.05) * lunge
    c.height -= 0.075 * on + ctx.vary(0.17, 0.06) * lunge
    c.foot_pitch[:, rear] += 16 * lunge
    c.knee_out += 10 * on[:, None]
    c.pelvis[:, 1] -= flip * 34 * on
    c.spine[:, 1] -= flip * 12 * on
    c.head[:, 1] += flip * 44 * on
    c.pelvis[:, 0] += 9 * lunge
    c.spine[:, 0] += 5 * lunge
    guard, thrust = np.array([26, 24, 14, 86, 20.0]), np.array([84, 28, 6, 5, 20.0])
    c.set_arm(s, on, **{n: guard[i] + arm * (thrust[i] - guard[i])
                        for i, n in enumerate(("flex", "abd", "twist", "elbow", "pronate"))})  # fmt: skip
    pose_arm(c, rear, t, on, [(0.0, (-6, 88, -62, 92, 10))])
    c.arm[:, rear] += (on * lunge)[:, None] * np.array([-14, -36, 58, -80, 0, 0, 0.0])
    return c
