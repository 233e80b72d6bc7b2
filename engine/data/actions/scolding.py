"""Scolding by hand: a wagging finger, a flick that sends somebody off, a shaken fist."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, noise
from engine.data.toolkit.gestures import SIDE, away, raised
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "finger_wag",
    part="upper",
    slots={**SIDE, "count": ("3", "2", "4", "5")},
    seconds=lambda args, rng: 1.0 + 0.46 * int(args["count"]),
)
def finger_wag(ctx: Ctx, side: str, count: str) -> Channels:
    """Wag the raised finger from side to side `count` times before the chest, the head saying no."""
    lead = min(ctx.vary(0.45), 0.28 * ctx.dur)
    c, on = raised(ctx, side, lead, 1.1 * lead)
    bounds, s, flip = edges(ctx, int(count), 0.46, 0.9 * lead, 0.9 * lead), sides(side)[0], away(side)
    calm = envelope(ctx.t, 0.1, 0.1, bounds[0], bounds[-1]) * sizes(ctx, bounds, 0.08)
    beat = phase(ctx.t, bounds)
    swing, lag = calm * np.sin(beat), calm * np.sin(beat - 0.6)
    wide = ctx.vary(0.095, 0.12)
    place = np.array([0.10, 0.07, 0.36]) + ctx.rng.normal(0, 0.012, 3)
    place = place + np.stack([wide * swing, -0.2 * wide * np.abs(swing), 0 * swing], 1)
    fingers = np.stack([0.62 * lag, 1.0 + 0 * lag, 0.15 + 0 * lag], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, (-0.25, -0.1, 0.97), swivel=ctx.vary(30, 0.2))
    c.spine[:, 0] += ctx.vary(5, 0.3) * on
    c.spine[:, 1] -= flip * 5 * on
    c.head[:, 1] += ctx.vary(9, 0.25) * lag * on
    c.head[:, 0] += ctx.rng.uniform(-2, 6) * on
    c.head[:, 2] -= flip * ctx.rng.uniform(0, 6) * on
    return c


@action("dismiss", part="upper", seconds=lambda args, rng: float(rng.uniform(1.4, 2.4)), slots=SIDE)
def dismiss(ctx: Ctx, side: str) -> Channels:
    """Flick the back of the hand at somebody, twice at times, the face turning away."""
    c, on = raised(ctx, side, 0.4, 0.55)
    s, flip, again = sides(side)[0], away(side), ctx.dur > 1.7 and ctx.rng.random() < 0.7
    at, points = 0.26 * ctx.dur, [(0.26 * ctx.dur, 0.0)]
    for size in (1.0, 0.8) if again else (1.0,):
        points += [(at + 0.16, size), (at + 0.26, size), (at + 0.48, 0.1 if again else 0.8)]
        at += 0.48
    flick = keys(ctx.t, points)
    late = keys(ctx.t, [(t + 0.05, v) for t, v in points])
    place = np.array([0.06, 0.0, 0.27]) + ctx.rng.normal(0, 0.01, 3) + flick[:, None] * (0.12, 0.05, 0.15)
    fingers = np.stack([-0.45 + 0.75 * late, -0.75 + 1.15 * late, 0.55 + 0.2 * late], 1)
    palm = np.stack([-0.3 + 0.1 * late, -0.6 - 0.2 * late, -0.8 + 1.3 * late], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(48, 0.15))
    c.spine[:, 1] += flip * (5 * on - ctx.vary(8, 0.2) * flick * on)
    c.head[:, 1] -= flip * ctx.vary(20, 0.25) * envelope(ctx.t, 0.5, 0.6, 0.3 * ctx.dur)
    c.head[:, 0] -= ctx.vary(4, 0.4) * on
    c.head[:, 2] -= flip * ctx.vary(4, 0.4) * on
    return c


@action("shake_fist", part="upper", seconds=lambda args, rng: float(rng.uniform(1.8, 3.2)), slots=SIDE)
def shake_fist(ctx: Ctx, side: str) -> Channels:
    """Raise the fist beside the face and shake it in anger, leaning in."""
    c, on = raised(ctx, side, 0.45, 0.65)
    s, flip, begin, end = sides(side)[0], away(side), 0.24 * ctx.dur, 0.76 * ctx.dur
    count = max(3, round((end - begin) * ctx.vary(2.9, 0.1)))
    beat = cycles(ctx.t, count, begin, end)
    busy = envelope(ctx.t, 0.15, 0.2, begin, end) * (1 + noise(ctx.rng, ctx.num_frames, 0.12, 8))
    shake, late = busy * np.sin(beat), busy * np.sin(beat - 0.7)
    c.set_arm(s, flex=ctx.vary(66, 0.06) + 6 * shake, abd=ctx.vary(26, 0.15), twist=ctx.vary(-16, 0.3))
    c.set_arm(s, elbow=ctx.vary(104, 0.05) - 20 * shake, pronate=ctx.vary(30, 0.2), wrist=ctx.vary(8) + 10 * late)
    c.spine[:, 0] += (ctx.vary(9, 0.2) + 2 * shake) * on
    c.spine[:, 1] -= flip * ctx.vary(9, 0.2) * on
    c.head[:, 0] += (ctx.vary(-5, 0.4) + 2.5 * late) * on
    c.head[:, 1] += flip * 6 * on
    c.sway[:, 1] += 0.02 * on
    return c
