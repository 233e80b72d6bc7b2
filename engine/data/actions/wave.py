"""Waving: the hand goes up beside or above the head and swings, the body leans along."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "wave",
    part="upper",
    slots={"side": ("right", "left", "both"), "count": ("3", "2", "4", "5", "6")},
    seconds=lambda args, rng: 1.1 + 0.5 * int(args["count"]),
)
def wave(ctx: Ctx, side: str, count: str) -> Channels:
    """Wave `count` times with one hand or both, the hand beside the head or high above it."""
    c, lead = ctx.layer(), min(ctx.vary(0.5), 0.28 * ctx.dur)
    tail = lead * 1.15
    bounds = edges(ctx, int(count), 0.52, 0.85 * lead, 0.85 * tail)
    size = sizes(ctx, bounds, 0.08, fade=ctx.rng.uniform(0, 0.2))
    beat, calm = phase(ctx.t, bounds), envelope(ctx.t, 0.12, 0.12, bounds[0], bounds[-1])
    high = ctx.rng.random() < 0.3
    opposed = side == "both" and ctx.rng.random() < 0.35
    for s in sides(side):
        own = np.pi if opposed and s == 1 else 0.0
        late = own + ctx.rng.normal(0, 0.12)
        _swing(ctx, c, s, high, size * calm * np.sin(beat - own), size * calm * np.sin(beat - late - 0.9))
        c.arm_over[:, s] = envelope(ctx.t, lead, tail)
    _accompany(ctx, c, side, size * calm * np.sin(beat - 0.4))
    return c


def _swing(ctx: Ctx, c: Channels, s: int, high: bool, swing: Array, lag: Array) -> None:
    """One arm up, the forearm (or the whole arm, when high) swinging by `swing` (T,), the hand behind by `lag` (T,)."""
    if high:
        c.set_arm(s, flex=ctx.vary(30, 0.3), abd=ctx.vary(132, 0.05) + 13 * swing, twist=ctx.vary(-62, 0.1))
        c.set_arm(s, elbow=ctx.vary(32, 0.2) + 17 * lag)
    else:
        c.set_arm(s, flex=ctx.vary(24, 0.35), abd=ctx.vary(82, 0.06) + 3 * swing, twist=ctx.vary(-80, 0.06) + 6 * swing)
        c.set_arm(s, elbow=ctx.vary(96, 0.05) + ctx.vary(30, 0.07) * swing)
    c.set_arm(s, pronate=ctx.vary(-6, 0.8), wrist=ctx.vary(-6, 0.6), deviate=-2 + 13 * lag)


def _accompany(ctx: Ctx, c: Channels, side: str, sway: Array) -> None:
    """The trunk leans away from the raised arm and rocks with the swing; the chin lifts."""
    up = c.arm_over.max(1)
    lean = {"left": -1.0, "right": 1.0, "both": 0.0}[side]
    rock = lean if lean else ctx.rng.choice([-1.0, 1.0])
    c.spine[:, 2] += ctx.vary(2.5, 0.3) * lean * up - ctx.vary(1.1, 0.3) * rock * sway
    c.spine[:, 1] += ctx.vary(3.0, 0.4) * -lean * up
    c.spine[:, 0] -= ctx.vary(1.5, 0.4) * up
    c.head[:, 2] += (-3.0 * lean * ctx.vary(1, 0.5) + 1.2 * rock * sway) * up
    c.head[:, 0] -= ctx.rng.uniform(0, 5) * up
    c.sway[:, 0] += 0.012 * lean * ctx.vary(1, 0.4) * up
