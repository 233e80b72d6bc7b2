"""Cheering: both arms thrown up, the fists pumping."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope, minjerk


@action("cheer", part="upper", seconds=lambda args, rng: float(rng.uniform(1.8, 3.6)))
def cheer(ctx: Ctx) -> Channels:
    """Dip, throw the arms up, pump them, let them sink."""
    c, t = ctx.layer(), ctx.t
    up, down = min(ctx.vary(0.5), 0.28 * ctx.dur), min(ctx.vary(0.75), 0.32 * ctx.dur)
    start, end = 0.85 * up, ctx.dur - 0.85 * down
    pumps = max(1, round((end - start) * ctx.vary(1.8, 0.12)))
    on = envelope(t, up, down)
    busy = envelope(t, 0.15, 0.2, start, end)
    together, big = ctx.rng.random() < 0.7, ctx.vary(1, 0.2)
    for s in (0, 1):
        lag = 0.0 if together else np.pi * s
        beat = (0.5 - 0.5 * np.cos(cycles(t, pumps, start, end) + lag + ctx.rng.normal(0, 0.15))) * busy
        c.set_arm(
            s,
            flex=ctx.vary(112, 0.06) - 14 * beat,
            abd=ctx.vary(82, 0.10),
            twist=ctx.vary(-30, 0.2),
            elbow=ctx.vary(24, 0.2) + 52 * beat * big,
            pronate=-5 + 10 * beat,
            wrist=ctx.vary(6, 0.5),
        )
        c.arm_over[:, s] = on
        c.collar[:, s, 0] += 5 * (1 - beat)
    bounce = (0.5 - 0.5 * np.cos(cycles(t, pumps, start, end))) * busy
    dip = envelope(t, 0.55 * up, 0.6 * up, 0, 1.15 * up)
    c.height -= 0.035 * dip + ctx.vary(0.022, 0.2) * bounce
    c.spine[:, 0] += 7 * dip - ctx.vary(7, 0.2) * on + 5 * bounce
    c.head[:, 0] -= ctx.vary(12, 0.2) * on * minjerk((t - 0.3 * up) / up) - 4 * bounce
    c.spine[:, 1] += ctx.rng.normal(0, 4) * on
    c.head[:, 1] += ctx.rng.normal(0, 6) * on
    return c
