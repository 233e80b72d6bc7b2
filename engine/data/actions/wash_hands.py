"""Washing the hands."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope

RATES = {"normal": 1.0, "slow": 0.55, "fast": 1.75}


SPEED = {"speed": tuple(RATES)}


@action("wash_hands", part="upper", seconds=lambda args, rng: float(rng.uniform(2.8, 5.0)), slots=SPEED)
def wash_hands(ctx: Ctx, speed: str) -> Channels:
    """Rub the hands over each other before the belly, now one on top, now the other."""
    c, t = ctx.layer(), ctx.t
    up = min(0.65, 0.22 * ctx.dur)
    on, work = envelope(t, up, up), envelope(t, 0.35, 0.35, 0.75 * up, ctx.dur - 0.75 * up)
    n = max(2, round((ctx.dur - 1.5 * up) * 1.7 * RATES[speed] * ctx.vary(1.0, 0.06)))
    phase = cycles(t, n, 0.75 * up, ctx.dur - 0.75 * up)
    over = np.sin(cycles(t, max(1, round(ctx.dur / 2.2)), 0.75 * up, ctx.dur - 0.75 * up) + 1.2)
    middle = np.array([0.0, -0.31, 0.335]) + ctx.rng.normal(0, 0.008, 3) * (0, 1, 1)
    for s in (0, 1):
        flip = 1 - 2 * s
        slide = flip * 0.055 * np.sin(phase) * work
        round_ = 0.02 * np.cos(phase + 0.4 * flip) * work
        place = middle + np.stack([0.018 + 0.4 * round_, flip * 0.022 * over + 0.5 * round_, slide], 1)
        palm = np.stack([-0.75 + 0 * t, -0.65 * flip * over, 0 * t], 1)
        fingers = np.stack([-0.5 - 2 * slide, -0.05 + 0 * t, 0.85 + 0 * t], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(34, 0.15) + 60 * slide)
    c.arm_over[:] = on[:, None]
    c.pelvis[:, 0] += 3 * on
    c.spine[:, 0] += ctx.vary(10, 0.2) * on
    c.spine[:, 1] += ctx.vary(2.0) * np.sin(phase - 0.3) * work
    c.head[:, 0] += ctx.vary(20) * on
    return c
