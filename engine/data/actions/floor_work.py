"""On hands and toes: push-ups and the plank, from standing and back to standing."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import minjerk, noise
from engine.data.toolkit.plank import DEEP, STRAIGHT, down_and_up, prone, step_back
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "push_up",
    part="full",
    seconds=lambda args, rng: 3.4 + 1.2 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4", "5")},
)
def push_up(ctx: Ctx, count: str) -> Channels:
    """Down to hands and toes, `count` push-ups, up again."""
    down, back, feet, spans, into, leave = down_and_up(ctx)
    bounds = edges(ctx, int(count), ctx.dur, into, ctx.dur - leave)
    wave = 0.5 - 0.5 * np.cos(phase(ctx.t, bounds))
    dip = minjerk(1.04 * wave) * np.minimum(sizes(ctx, bounds, 0.03), 1.0)
    c = prone(ctx, down, back, feet, STRAIGHT - (STRAIGHT - ctx.vary(DEEP, 0.04)) * dip)
    step_back(ctx, c, spans)
    c.head[:, 0] -= ctx.vary(8, 0.2) * dip
    return c


@action("plank", part="full", seconds=lambda args, rng: float(rng.uniform(5.6, 8.6)))
def plank(ctx: Ctx) -> Channels:
    """Down to hands and toes, hold the straight body, trembling a little, up again."""
    down, back, feet, spans, _, _ = down_and_up(ctx)
    c = prone(ctx, down, back, feet, STRAIGHT + noise(ctx.rng, ctx.num_frames, 0.006, 10) * back)
    step_back(ctx, c, spans)
    c.pelvis[:, 0] += noise(ctx.rng, ctx.num_frames, 0.8, 10) * back
    c.spine[:, 0] += noise(ctx.rng, ctx.num_frames, 1.2, 12) * back
    c.spine[:, 2] += noise(ctx.rng, ctx.num_frames, 1.0, 9) * back
    c.head[:, 0] += ctx.rng.uniform(-8, 8) * back
    return c
