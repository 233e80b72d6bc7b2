"""Tying a shoe, kneeling on the other knee."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides, standing
from engine.data.toolkit.curves import cycles, envelope
from engine.data.toolkit.postures import kneeling
from engine.data.toolkit.transitions import change


@action(
    "tie_shoe", part="full", seconds=lambda args, rng: float(rng.uniform(5.0, 7.0)), slots={"side": ("right", "left")}
)
def tie_shoe(ctx: Ctx, side: str) -> Channels:
    """Kneel down, knot the laces of the foot in front with both hands, stand up."""
    s, t, d = sides(side)[0], ctx.t, ctx.dur
    move = min(1.4, 0.27 * d)
    c = change(ctx, kneeling(1 - s), 0.04, move, lift=0.05, order=(s, 1 - s))
    c = change(ctx, standing(1), d - move - 0.06, move, lift=0.06, order=(1 - s, s), over=c)
    on = envelope(t, 0.7 * move, 0.7 * move, 0.6 * move, d - 0.6 * move)
    begin, end = 1.25 * move, d - 1.25 * move
    work = envelope(t, 0.25, 0.25, begin, end)
    phase = cycles(t, max(1, round((end - begin) * ctx.vary(1.3))), begin, end)
    tug = cycles(t, max(1, round((end - begin) * 0.6)), begin, end)
    flip = 1 - 2 * s
    for k in (0, 1):
        own = 1 - 2 * k
        apart = 0.045 + (0.03 * (0.5 - 0.5 * np.cos(tug)) + 0.02 * np.sin(phase)) * work
        up = 0.17 + (0.025 * np.sin(phase + 1.6 * k) + 0.03 * (0.5 - 0.5 * np.cos(tug))) * work
        ahead = 0.40 + 0.02 * np.cos(phase + 1.6 * k) * work
        place = np.stack([flip * 0.11 + own * apart, up, ahead], 1)
        c.set_hand(k, "world", place, on, (-own * 0.5, -0.75, 0.35), (-own * 0.8, 0.1, -0.5), swivel=ctx.vary(45, 0.15))
    c.pelvis[:, 0] += ctx.vary(22) * on
    c.spine[:, 0] += ctx.vary(40, 0.06) * on
    c.spine[:, 1] += flip * 6 * on
    c.head[:, 0] += ctx.vary(6, 0.3) * on
    c.sway[:, 1] += 0.05 * on
    return c
