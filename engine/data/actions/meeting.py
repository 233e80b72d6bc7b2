"""Meeting somebody who is not drawn: shaking hands, a high five, a hug."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.gestures import SIDE, SIDES, away, raised
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "handshake",
    part="upper",
    slots={**SIDE, "count": ("3", "2", "4", "5")},
    seconds=lambda args, rng: 1.5 + 0.42 * int(args["count"]),
)
def handshake(ctx: Ctx, side: str, count: str) -> Channels:
    """Reach the hand out, shake `count` times, let go."""
    lead = min(ctx.vary(0.7), 0.3 * ctx.dur)
    c, on = raised(ctx, side, lead, 1.05 * lead)
    bounds, s, flip = edges(ctx, int(count), 0.42, 1.05 * lead, lead), sides(side)[0], away(side)
    size = sizes(ctx, bounds, 0.1, fade=ctx.rng.uniform(0.1, 0.3))
    beat = phase(ctx.t, bounds)
    up = size * (0.5 - 0.5 * np.cos(beat))
    late = size * (0.5 - 0.5 * np.cos(np.maximum(beat - 0.6, 0)))
    place = np.array([0.06, -0.22, 0.46]) + ctx.rng.normal(0, 0.012, 3) + up[:, None] * (0.0, ctx.vary(0.13), -0.015)
    fingers = np.stack([-0.25 + 0 * up, -0.12 + 0.2 * late, 0.95 + 0 * up], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, (-1.0, 0.0, -0.25), swivel=ctx.vary(16, 0.3))
    c.spine[:, 0] += (ctx.vary(9, 0.25) - 1.5 * late) * on
    c.spine[:, 1] -= flip * ctx.vary(9, 0.25) * on
    c.head[:, 0] += (3 * late - ctx.vary(5, 0.3)) * on
    c.head[:, 1] += flip * 5 * on
    c.sway[:, 1] += 0.02 * on
    return c


@action("high_five", part="upper", seconds=lambda args, rng: float(rng.uniform(1.3, 2.2)), slots=SIDES)
def high_five(ctx: Ctx, side: str) -> Channels:
    """Swing the open hand up and forward to meet another palm above the shoulder, rebound, lower it."""
    c, on = raised(ctx, side, 0.4, 0.6)
    hit = 0.45 * ctx.dur
    swing = keys(ctx.t, [(hit - 0.42, 0.0), (hit - 0.2, -0.35), (hit, 1.0), (hit + 0.05, 1.0), (hit + 0.3, 0.45)])
    for s in sides(side):
        place = np.array([0.06, 0.27, 0.16]) + ctx.rng.normal(0, 0.012, 3) + swing[:, None] * (-0.05, 0.07, 0.26)
        fingers = np.stack([-0.05 + 0 * swing, 1 + 0 * swing, -0.35 + 0.45 * swing], 1)
        palm = np.stack([-0.05 + 0 * swing, -0.1 + 0.15 * swing, 1 + 0 * swing], 1)
        c.set_hand(s, "shoulder", place, 1.0, fingers, palm, swivel=ctx.vary(50, 0.15))
    c.spine[:, 1] -= away(side) * (ctx.vary(13, 0.2) * swing * on)
    c.spine[:, 0] += ctx.vary(5, 0.3) * swing * on
    c.spine[:, 2] -= away(side) * 4 * on
    c.head[:, 1] += away(side) * 6 * swing * on
    c.head[:, 0] -= ctx.vary(8, 0.3) * on
    c.sway[:, 1] += 0.025 * swing * on
    return c


@action("hug", part="upper", seconds=lambda args, rng: float(rng.uniform(2.8, 4.6)))
def hug(ctx: Ctx) -> Channels:
    """Open the arms wide, close them around somebody, squeeze and rock, let go."""
    c, on = raised(ctx, "both", 0.6, 0.7)
    shut, loose = 0.38 * ctx.dur, 0.72 * ctx.dur
    close = keys(ctx.t, [(0.2 * ctx.dur, 0.0), (shut, 1.0), (loose, 1.0), (0.86 * ctx.dur, 0.0)])
    squeeze = envelope(ctx.t, 0.3, 0.4, shut, loose + 0.2) + noise(ctx.rng, ctx.num_frames, 0.1, 10) * close
    over, rock = int(ctx.rng.integers(2)), ctx.rng.choice([-1.0, 1.0])
    for s in (0, 1):
        high = 0.07 if s == over else -0.10
        wide = np.array([0.50, -0.02 + 0.5 * high, 0.36])
        around = np.array([-0.02, high, 0.40 if s == over else 0.34])
        place = wide + close[:, None] * (around - wide) - squeeze[:, None] * (0.07, 0.0, 0.06)
        fingers = np.array([0.55, 0.25, 0.8]) + close[:, None] * (-1.5, -0.15, -0.75)
        palm = np.array([-0.7, 0.1, 0.65]) + close[:, None] * (0.5, -0.1, -1.6)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(52, 0.1))
    c.spine[:, 0] += (12 * close - ctx.vary(6, 0.3)) * on
    c.spine[:, 2] += rock * ctx.vary(5, 0.3) * np.sin(2.4 * (ctx.t - shut)) * squeeze
    c.head[:, 2] += rock * ctx.vary(13, 0.2) * close
    c.head[:, 1] += rock * ctx.vary(12, 0.3) * close
    c.head[:, 0] += 6 * close
    c.sway[:, 1] += 0.03 * close
    return c
