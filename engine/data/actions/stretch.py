"""Stretching: arms high, up on the toes, to one side and the other."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise


@action("stretch", part="full", seconds=lambda args, rng: float(rng.uniform(3.2, 5.6)))
def stretch(ctx: Ctx) -> Channels:
    """Reach up, arch the back, lean over to both sides, let go."""
    c, d, t = ctx.hold(), ctx.dur, ctx.t
    first = float(ctx.rng.choice([-1.0, 1.0]))
    on = envelope(t, 0.24 * d, 0.24 * d, 0.02 * d, 0.98 * d)
    tall = keys(t, [(0.12 * d, 0.0), (0.28 * d, 1.0), (0.36 * d, 1.0), (0.44 * d, 0.0)])
    lean = first * keys(
        t, [(0.38 * d, 0.0), (0.50 * d, 1.0), (0.55 * d, 1.0), (0.68 * d, -1.0), (0.74 * d, -1.0), (0.86 * d, 0.0)]
    )
    c.spine[:, 0] -= ctx.vary(8) * on + ctx.vary(7) * tall
    c.pelvis[:, 0] -= 2 * tall
    c.head[:, 0] -= ctx.vary(12, 0.2) * tall
    c.spine[:, 2] += ctx.vary(20, 0.15) * lean
    c.head[:, 2] += 5 * lean
    c.sway[:, 0] -= 0.045 * lean
    c.height += 0.035 * tall
    c.foot_pitch += (ctx.vary(18, 0.3) * tall)[:, None]
    for s in (0, 1):
        flip = 1 - 2 * s
        c.set_arm(
            s, on, flex=ctx.vary(160, 0.03) + 5 * tall, abd=ctx.vary(26, 0.2) - 8 * flip * lean, twist=-10,
            elbow=ctx.vary(26, 0.3) - 14 * tall + noise(ctx.rng, ctx.num_frames, 3, 10), wrist=-12 * tall,
        )  # fmt: skip
        c.collar[:, s, 0] += 8 * tall + 4 * on * np.abs(lean)
    return c
