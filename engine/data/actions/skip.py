"""Skipping: a step and a hop on each foot in turn, knee high, arms swinging."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.gait import Gait, go, straight

SKIP = Gait(
    speed=1.55, period=0.52, stance=0.44, ahead=0.5, lift=0.20, pitch_land=14, pitch_off=52, width=0.06, drop=0.05,
    bob=-0.075, sway=0.012, twist=7, roll=4, lean=4, swing=44, elbow=34, pump=18,
)  # fmt: skip


@action("skip", part="lower", seconds=lambda args, rng: float(rng.uniform(2.8, 4.8)))
def skip(ctx: Ctx) -> Channels:
    """Skip ahead."""
    c, steps = go(ctx, SKIP, lambda metres: straight(0, metres))
    _hop(ctx, c, steps.on, steps.off, steps.foot)
    return c


def _hop(ctx: Ctx, c: Channels, on: np.ndarray, off: np.ndarray, foot: np.ndarray) -> None:
    """In each stance the foot leaves the floor once and comes down a little further ahead."""
    t, step = ctx.t, float(np.mean(np.diff(on)))
    for k in range(len(foot) - 2):
        leave = off[k + 2]
        start, end = on[k] + 0.30 * (leave - on[k]), on[k] + 0.78 * (leave - on[k])
        w = np.clip((t - start) / (end - start), 0, 1)
        air = np.sin(np.pi * w)
        c.foot_lift[:, foot[k]] += ctx.vary(0.07) * air
        c.foot_pitch[:, foot[k]] += 22 * air
        c.height += 0.035 * np.sin(np.pi * np.clip((t - start + 0.1 * step) / (end - start + 0.2 * step), 0, 1)) ** 2
