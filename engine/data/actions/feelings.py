"""Feelings that take the trunk: a sigh, crying, laughing, a sneeze."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope, keys, noise
from engine.data.toolkit.gestures import raised
from engine.data.toolkit.repeats import edges, sizes


@action("sigh", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.2)))
def sigh(ctx: Ctx) -> Channels:
    """Breathe in deep with the shoulders up, then let everything sink."""
    c, d = ctx.layer(), ctx.dur
    full = keys(ctx.t, [(0.04 * d, 0.0), (0.34 * d, 1.0), (0.42 * d, 1.0), (0.58 * d, 0.0)])
    sunk = keys(ctx.t, [(0.42 * d, 0.0), (0.64 * d, 1.0), (0.78 * d, 0.9), (d, 0.0)])
    c.spine[:, 0] += ctx.vary(14, 0.15) * sunk - ctx.vary(8, 0.2) * full
    c.head[:, 0] += ctx.vary(20, 0.15) * sunk - ctx.vary(12, 0.2) * full
    c.head[:, 1] += ctx.rng.choice([-1.0, 1.0]) * ctx.vary(7, 0.4) * sunk
    for s in (0, 1):
        c.collar[:, s, 0] = ctx.vary(17, 0.1) * full - 7 * sunk
        c.collar[:, s, 1] = 8 * sunk
        c.set_arm(s, flex=3 + 9 * sunk, abd=ctx.vary(7, 0.2) + 9 * full - 2 * sunk, elbow=15 + 10 * full - 6 * sunk)
        c.arm_over[:, s] = envelope(ctx.t, 0.25 * d, 0.3 * d)
    c.height += 0.006 * full - 0.014 * sunk
    return c


@action("cry", part="upper", seconds=lambda args, rng: float(rng.uniform(2.8, 5.2)))
def cry(ctx: Ctx) -> Channels:
    """Bury the face in both hands, bent over, the shoulders shaking with sobs."""
    c, on = raised(ctx, "both", 0.75, 0.85)
    begin, end = 0.22 * ctx.dur, 0.8 * ctx.dur
    beat = cycles(ctx.t, max(4, round((end - begin) * ctx.vary(2.6, 0.1))), begin, end)
    swell = 0.65 + 0.35 * np.sin(beat / ctx.vary(4.5)) + noise(ctx.rng, ctx.num_frames, 0.1, 6)
    sob = (0.5 - 0.5 * np.cos(beat)) * swell * envelope(ctx.t, 0.3, 0.3, begin, end)
    for s in (0, 1):
        place = np.array([0.042, 0.045, 0.145]) + ctx.rng.normal(0, 0.004, 3)
        c.set_hand(s, "head", place, 1.0, (-0.3, 0.94, -0.1), (-0.12, 0.0, -1.0), swivel=ctx.vary(26, 0.2) + 3 * sob)
    bent = envelope(ctx.t, 0.95, 0.9, 0.1)
    c.spine[:, 0] += ctx.vary(23, 0.12) * bent - 6 * sob
    c.head[:, 0] += ctx.vary(21, 0.12) * bent - 5 * sob
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 4, 14) * bent
    c.spine[:, 2] += noise(ctx.rng, ctx.num_frames, 1.5, 14) * bent
    c.collar[:, :, 0] += (4 * on + ctx.vary(13, 0.12) * sob)[:, None]
    c.height -= 0.02 * bent - 0.004 * sob
    return c


@action("laugh", part="full", seconds=lambda args, rng: float(rng.uniform(2.8, 5.2)))
def laugh(ctx: Ctx) -> Channels:
    """Throw the head back, then bend over with laughter, hands on the belly, shoulders shaking."""
    c, d = ctx.hold(), ctx.dur
    back = keys(ctx.t, [(0.03 * d, 0.0), (0.16 * d, 1.0), (0.28 * d, 1.0), (0.44 * d, 0.0)])
    bent = keys(ctx.t, [(0.28 * d, 0.0), (0.46 * d, 1.0), (0.68 * d, 0.85), (0.95 * d, 0.0)])
    beat = cycles(ctx.t, round(0.84 * d * ctx.vary(4.0, 0.08)), 0.08 * d, 0.92 * d)
    busy = envelope(ctx.t, 0.3, 0.5, 0.06 * d, 0.94 * d) * (1 + noise(ctx.rng, ctx.num_frames, 0.15, 6))
    shake = (0.5 - 0.5 * np.cos(beat)) * busy
    c.spine[:, 0] += ctx.vary(24, 0.12) * bent - ctx.vary(13, 0.15) * back + 6 * (shake - 0.4 * busy)
    c.pelvis[:, 0] += ctx.vary(13, 0.2) * bent - 4 * back
    c.head[:, 0] += 7 * bent - ctx.vary(24, 0.15) * back + 5 * (shake - 0.4 * busy)
    c.spine[:, 1] += ctx.rng.choice([-1.0, 1.0]) * ctx.vary(8, 0.3) * bent
    c.collar[:, :, 0] += (11 * shake)[:, None]
    c.sway[:, 1] -= 0.065 * bent - 0.02 * back
    c.height -= 0.045 * bent - 0.008 * shake
    s = int(ctx.rng.random() < 0.7)
    hold = envelope(ctx.t, 0.22 * d, 0.2 * d, 0.05 * d, 0.98 * d)
    place = np.array([-0.03, -0.29, 0.175]) + 0.01 * shake[:, None] * (0, 0.5, 1)
    c.set_hand(s, "chest", place, hold, (-0.92, 0.05, 0.1), (0.0, 0.05, -1.0), swivel=ctx.vary(42, 0.1))
    knee = bent * float(ctx.rng.random() < 0.7)
    c.set_arm(1 - s, knee, flex=ctx.vary(40), abd=6, twist=8, elbow=ctx.vary(22, 0.3), wrist=-18)
    c.set_arm(1 - s, (1 - knee) * hold, flex=12 + 5 * shake, abd=18, elbow=48 + 12 * shake, pronate=20)
    return c


@action(
    "sneeze",
    part="upper",
    slots={"count": ("1", "2", "3")},
    seconds=lambda args, rng: 0.9 + 1.25 * int(args["count"]),
)
def sneeze(ctx: Ctx, count: str) -> Channels:
    """Gasp with the head back, then be thrown forward into the hands, `count` times."""
    lead = min(0.3, 0.12 * ctx.dur)
    c, on = raised(ctx, "both", ctx.vary(0.55), 0.6)
    bounds, n = edges(ctx, int(count), 1.3, lead, 1.8 * lead), int(count)
    size, gasp, burst = sizes(ctx, bounds, 0.08), [(float(bounds[0]), 0.0)], [(float(bounds[0]), 0.0)]
    for k in range(n):
        a, length = bounds[k], bounds[k + 1] - bounds[k]
        gasp += [(a + 0.2 * length, 0.6), (a + 0.27 * length, 0.45), (a + 0.44 * length, 1.0)]
        gasp += [(a + 0.5 * length, 1.0), (a + 0.58 * length, 0.0), (bounds[k + 1], 0.0)]
        burst += [(a + 0.5 * length, 0.0), (a + 0.62 * length, 1.0), (a + 0.7 * length, 0.9), (bounds[k + 1], 0.0)]
    gasped, out = size * keys(ctx.t, gasp), size * keys(ctx.t, burst)
    for s in (0, 1):
        place = np.array([0.03 + 0.015 * s, 0.0, 0.165]) + ctx.rng.normal(0, 0.004, 3)
        place = place + gasped[:, None] * (0.03, -0.05, 0.06)
        c.set_hand(s, "head", place, 1.0, (-0.4, 0.9, -0.05), (-0.2, 0.0, -1.0), swivel=ctx.vary(30, 0.2))
    c.head[:, 0] += ctx.vary(19, 0.15) * out - ctx.vary(18, 0.15) * gasped
    c.spine[:, 0] += ctx.vary(30, 0.12) * out - ctx.vary(9, 0.2) * gasped
    c.collar[:, :, 0] += (9 * gasped + 7 * out)[:, None]
    c.spine[:, 1] += ctx.rng.normal(0, 4) * on
    c.sway[:, 1] -= 0.035 * out * on
    c.height -= 0.02 * out * on
    return c
