"""Yes and no: nodding and shaking the head."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "nod",
    part="upper",
    slots={"count": ("2", "1", "3", "4")},
    seconds=lambda args, rng: 0.6 + 0.55 * int(args["count"]),
)
def nod(ctx: Ctx, count: str) -> Channels:
    """Nod `count` times: the chin lifts a little, then drops and comes up."""
    c, lead = ctx.layer(), min(0.25, 0.15 * ctx.dur)
    bounds = edges(ctx, int(count), 0.55, lead, lead)
    beat, size = phase(ctx.t, bounds), sizes(ctx, bounds, 0.1, fade=ctx.rng.uniform(0.1, 0.35))
    depth = ctx.vary(23, 0.15)
    down = size * (0.5 - 0.5 * np.cos(beat + 0.35 * np.sin(beat)))
    ready = keys(ctx.t, [(bounds[0] - lead, 0.0), (bounds[0], 1.0), (bounds[0] + 0.2, 0.0)])
    settle = keys(ctx.t, [(bounds[-1] - 0.1, 0.0), (bounds[-1] + 0.5 * lead, 1.0), (bounds[-1] + 1.5 * lead, 0.0)])
    c.head[:, 0] += depth * down - ctx.vary(4, 0.3) * ready - ctx.vary(2, 0.4) * settle
    c.spine[:, 0] += 0.1 * depth * _later(down)
    c.head[:, 1] += ctx.rng.uniform(-4, 4) * down
    c.head[:, 2] += ctx.rng.uniform(-3, 3) * envelope(ctx.t, 0.4 * ctx.dur, 0.4 * ctx.dur)
    c.sway[:, 1] += 0.006 * _later(down)
    return c


@action(
    "shake_head",
    part="upper",
    slots={"count": ("2", "1", "3", "4")},
    seconds=lambda args, rng: 0.7 + 0.65 * int(args["count"]),
)
def shake_head(ctx: Ctx, count: str) -> Channels:
    """Shake the head `count` times, to either side each time."""
    c, lead = ctx.layer(), min(0.25, 0.15 * ctx.dur)
    bounds = edges(ctx, int(count), 0.65, lead, lead)
    beat, size = phase(ctx.t, bounds), sizes(ctx, bounds, 0.1, fade=ctx.rng.uniform(0.05, 0.3))
    way, calm = ctx.rng.choice([-1.0, 1.0]), envelope(ctx.t, 0.1, 0.14, bounds[0], bounds[-1])
    wide = ctx.vary(30, 0.15)
    swing = way * wide * size * calm * np.sin(beat)
    c.head[:, 1] += swing
    c.head[:, 2] -= 0.1 * _later(swing)
    c.spine[:, 1] += 0.12 * _later(swing)
    mood = envelope(ctx.t, 0.4 * ctx.dur, 0.4 * ctx.dur)
    c.head[:, 0] += ctx.rng.uniform(-2, 8) * mood
    c.spine[:, 0] += ctx.rng.uniform(-1, 2) * mood
    return c


def _later(curve: Array) -> Array:
    """The curve (T,) a twentieth of a second later."""
    return np.concatenate([curve[:1], curve[:-1]])
