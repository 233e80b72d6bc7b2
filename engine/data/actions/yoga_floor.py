"""Yoga on the floor: downward dog, cobra."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, standing
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.floor_poses import Stop, at, palms, play


@action("downward_dog", part="full", seconds=lambda args, rng: float(rng.uniform(6.0, 8.4)))
def downward_dog(ctx: Ctx) -> Channels:
    """Fold, hands to the floor, walk the feet back, hips high in an upside-down V; walk in, come up."""
    hands, first = ctx.vary(0.54, 0.03), int(ctx.rng.integers(2))
    order = (first, 1 - first)
    fold = palms(at(0.70, -0.04, 86, 52, 6), hands)
    back = ctx.vary(-0.50, 0.05)
    dog = palms(at(0.75, -0.12, ctx.vary(124, 0.02), 14, 12, (back, back), 0.12), hands)
    c = play(
        ctx,
        [
            Stop(0.02, 0.22, fold),
            Stop(0.21, 0.42, dog, order, 0.05),
            Stop(0.64, 0.82, fold, (order[1], order[0]), 0.05),
            Stop(0.81, 0.98, standing(1)),
        ],
    )
    hold = envelope(ctx.t, 0.5, 0.5, 0.41 * ctx.dur, 0.66 * ctx.dur)
    pedal = 8 * np.sin(2 * np.pi * 0.5 * ctx.t) * hold
    c.foot_pitch[:, 0] += np.maximum(pedal, 0)
    c.foot_pitch[:, 1] += np.maximum(-pedal, 0)
    return c


@action("cobra", part="full", seconds=lambda args, rng: float(rng.uniform(7.6, 9.6)))
def cobra(ctx: Ctx) -> Channels:
    """Down over all fours onto the belly, push the chest up with a long back, head up; back over all fours to stand."""
    hands, first = ctx.vary(0.42, 0.04), int(ctx.rng.integers(2))
    order = (first, 1 - first)
    fold = palms(at(0.72, -0.10, 82, 62, 0), hands)
    plank = palms(at(0.44, -0.10, 68, 6, -20, (-0.82, -0.82), 0.11, 50), hands)
    belly = palms(at(0.135, -0.12, 88, -2, -14, (-1.09, -1.09), 0.11, 80), hands - 0.02, 0.22)
    up = palms(
        at(0.135, -0.12, 80, ctx.vary(-50, 0.06), ctx.vary(-30, 0.1), (-1.09, -1.09), 0.11, 80), hands - 0.02, 0.22
    )
    stops = [
        Stop(0.02, 0.16, fold),
        Stop(0.15, 0.29, plank, order, 0.05),
        Stop(0.28, 0.40, belly),
        Stop(0.40, 0.53, up),
        Stop(0.66, 0.76, belly),
        Stop(0.74, 0.82, plank),
        Stop(0.81, 0.91, fold, order, 0.05),
        Stop(0.90, 0.99, standing(1)),
    ]
    return play(ctx, stops)
