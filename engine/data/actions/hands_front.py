"""The hands in front of the chest: praying, looking at a watch."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, minjerk, noise


@action("pray", part="upper", seconds=lambda args, rng: float(rng.uniform(2.4, 4.6)))
def pray(ctx: Ctx) -> Channels:
    """Palms together before the chest, head bowed."""
    c, n = ctx.layer(), ctx.num_frames
    up, down = min(ctx.vary(0.85), 0.35 * ctx.dur), min(ctx.vary(0.85), 0.35 * ctx.dur)
    on = envelope(ctx.t, up, down)
    bowed = envelope(ctx.t, 1.1 * up, down, 0.25 * up, ctx.dur)
    place = np.array([0.012, -0.10, 0.215]) + ctx.rng.normal(0, 0.012, 3) * (0, 1, 1)
    drift = np.stack([np.zeros(n), noise(ctx.rng, n, 0.004, 14), noise(ctx.rng, n, 0.003, 14)], 1)
    tilt = ctx.rng.uniform(0.15, 0.5)
    c.set_hand("both", "chest", place + drift, 1.0, (0, 0.92, tilt), (-1, 0, 0), swivel=ctx.vary(58, 0.12))
    c.arm_over[:] = on[:, None]
    c.spine[:, 0] += ctx.vary(7, 0.3) * bowed
    c.head[:, 0] += ctx.vary(22, 0.2) * bowed + noise(ctx.rng, n, 1, 14) * on
    c.collar[:, :, 1] += 4
    return c


@action(
    "check_watch",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(1.6, 3.0)),
    slots={"side": ("left", "right")},
)
def check_watch(ctx: Ctx, side: str) -> Channels:
    """Bring the wrist up, turn its back to the eyes, look at it."""
    c, s, t = ctx.layer(), sides(side)[0], ctx.t
    flip, n = 1 - 2 * s, ctx.num_frames
    up, down = min(ctx.vary(0.6), 0.36 * ctx.dur), min(ctx.vary(0.65), 0.36 * ctx.dur)
    on = envelope(t, up, down)
    look = minjerk((t - 0.3 * up) / up) * minjerk((ctx.dur - 0.15 * down - t) / down)
    place = np.array([-0.045, -0.09, 0.30]) + ctx.rng.normal(0, 0.012, 3)
    place = place + 0.003 * noise(ctx.rng, n, 1, 12)[:, None]
    c.set_hand(s, "chest", place, 1.0, (-0.93, 0.12, 0.18), (0.05, -0.80, 0.60), swivel=ctx.vary(52, 0.1))
    c.arm_over[:, s] = on
    c.head[:, 0] += ctx.vary(25, 0.12) * look
    c.head[:, 1] += flip * ctx.vary(5, 0.4) * look
    c.spine[:, 0] += ctx.vary(4, 0.3) * look
    c.spine[:, 1] -= flip * 2 * on
    return c
