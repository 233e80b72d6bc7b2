"""Swings with both hands on one handle: golf and baseball."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.sports_kit import at, flow, grip, step

SIDE = {"side": ("right", "left")}


@action("golf_swing", part="full", seconds=lambda args, rng: float(rng.uniform(3.2, 4.4)), slots=SIDE)
def golf_swing(ctx: Ctx, side: str) -> Channels:
    """Address the ball, wind up over the shoulder, swing down and through, watch it fly."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    x, lead = 2 * s - 1, 1 - s
    k = at(0.0, ctx.dur, 0.02, 0.17, 0.26, 0.44, 0.47, 0.535, 0.575, 0.64, 0.80, 0.98)
    step(c, t, lead, (k[0], k[1]), (0.10 * x, 0.0), 12 * x)
    step(c, t, lead, (k[8], k[9]), (-0.10 * x, 0.0), -12 * x)
    step(c, t, s, (k[0] + 0.1, k[1] + 0.1), (-0.07 * x, 0.0), -4 * x)
    step(c, t, s, (k[8] + 0.06, k[9]), (0.07 * x, 0.0), 4 * x)
    on = envelope(t, k[1], k[9] - k[8], 0.0, k[9])
    bend = flow(t, [(k[0], 0.0), (k[1], 1.0), (k[5], 1.0), (k[7], 0.15), (k[8], 0.05), (k[9], 0.0)])
    c.pelvis[:, 0] += ctx.vary(22) * bend
    c.spine[:, 0] += ctx.vary(16) * bend
    c.sway[:, 1] -= 0.07 * bend
    c.height -= 0.05 * bend + 0.02 * on
    hips = flow(t, [(k[2], 0.0), (k[3], -1.0), (k[4], -0.6), (k[5], 0.9), (k[7], 1.9), (k[8], 1.8), (k[9], 0.0)])
    chest = flow(t, [(k[2], 0.0), (k[3], -1.0), (k[4], -0.95), (k[5], 0.05), (k[6], 0.5), (k[7], 0.95),
                     (k[8], 0.9), (k[9], 0.0)])  # fmt: skip
    c.pelvis[:, 1] += x * ctx.vary(28) * hips
    c.spine[:, 1] += x * ctx.vary(44) * chest
    watch = flow(t, [(k[5], 0.0), (k[7], 1.0), (k[8], 1.0), (k[9], 0.0)])
    c.head[:, 1] += -x * (1 - watch) * (28 * hips + 44 * chest) - x * 18 * watch
    c.head[:, 0] += 14 * bend * (1 - watch)
    c.sway[:, 0] += x * flow(t, [(k[2], 0.0), (k[3], -0.045), (k[5], 0.06), (k[7], 0.11), (k[8], 0.10), (k[9], 0.0)])
    c.foot_pitch[:, s] += 58 * keys(t, [(k[5], 0.0), (k[7], 1.0), (k[8], 1.0), (k[8] + 0.08, 0.0)])
    low, waggle = (0.0, -0.43, 0.30), 0.02 * noise(ctx.rng, ctx.num_frames, 1, 7)
    points = [(k[0], low), (k[2], low), (k[2] + 0.45 * (k[3] - k[2]), (-0.20 * x, -0.24, 0.40)),
              (k[3], (-0.22 * x, 0.17, 0.30)), (k[4], (-0.22 * x, 0.10, 0.32)), (k[5], (-0.02 * x, -0.44, 0.30)),
              (k[6], (0.20 * x, -0.20, 0.42)), (k[7], (0.21 * x, 0.19, 0.20)), (k[8], (0.21 * x, 0.13, 0.20)),
              (k[9], (0.06 * x, -0.25, 0.28))]  # fmt: skip
    grip(c, t, on, points, lead)
    c.hand[:, :, 0] += (waggle * envelope(t, 0.1, 0.1, k[1], k[2]))[:, None] * [1, -1]
    return c


@action("bat_swing", part="full", seconds=lambda args, rng: float(rng.uniform(2.2, 3.2)), slots=SIDE)
def bat_swing(ctx: Ctx, side: str) -> Channels:
    """Wait with the bat over the back shoulder, stride, swing it level all the way round."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    x, lead = 2 * s - 1, 1 - s
    k = at(0.0, ctx.dur, 0.02, 0.20, 0.34, 0.44, 0.50, 0.545, 0.61, 0.74, 0.98)
    step(c, t, s, (k[0], k[1]), (-0.13 * x, 0.0), -6 * x)
    step(c, t, lead, (k[2], k[3]), (0.26 * x, 0.02), 24 * x, 0.10)
    step(c, t, lead, (k[7], k[8] - 0.15), (-0.26 * x, -0.02), -24 * x)
    step(c, t, s, (k[7] + 0.15, k[8]), (0.13 * x, 0.0), 6 * x)
    on = envelope(t, k[1], k[8] - k[7], 0.0, k[8])
    wiggle = noise(ctx.rng, ctx.num_frames, 0.012, 5) * envelope(t, 0.1, 0.1, k[1] - 0.1, k[3])
    c.height -= ctx.vary(0.10) * flow(t, [(k[0], 0.0), (k[1], 0.8), (k[3], 1.0), (k[6], 0.6), (k[8], 0.0)])
    c.knee_out += 7 * on[:, None]
    c.pelvis[:, 0] += 10 * on
    c.spine[:, 0] += 12 * on
    hips = flow(t, [(k[0], 0.0), (k[1], -0.3), (k[3], -0.5), (k[4], 0.6), (k[5], 1.2), (k[6], 1.5),
                    (k[7], 1.4), (k[8], 0.0)])  # fmt: skip
    chest = flow(t, [(k[0], 0.0), (k[1], -0.5), (k[3], -1.0), (k[4], -0.3), (k[5], 0.5), (k[6], 1.2),
                     (k[7], 1.1), (k[8], 0.0)])  # fmt: skip
    c.pelvis[:, 1] += x * ctx.vary(32) * hips
    c.spine[:, 1] += x * ctx.vary(34) * chest
    look = envelope(t, k[1], k[8] - k[7], 0.0, k[8])
    c.head[:, 1] += x * (62 * look - 32 * hips - 34 * chest).clip(-70, 78)
    c.sway[:, 0] += x * flow(t, [(k[0], 0.0), (k[1], -0.08), (k[2], -0.12), (k[3], -0.05), (k[5], 0.10),
                                 (k[7], 0.11), (k[8], 0.0)])  # fmt: skip
    c.foot_pitch[:, s] += 50 * keys(t, [(k[3], 0.0), (k[5], 1.0), (k[7], 1.0), (k[7] + 0.12, 0.0)])
    points = [(k[0], (-0.06 * x, -0.25, 0.28)), (k[1], (-0.15 * x, 0.06, 0.24)), (k[2], (-0.18 * x, 0.08, 0.22)),
              (k[3], (-0.22 * x, 0.08, 0.20)), (k[4], (-0.14 * x, -0.14, 0.34)), (k[5], (0.06 * x, -0.19, 0.43)),
              (k[6], (0.22 * x, 0.02, 0.34)), (k[7], (0.22 * x, 0.10, 0.22)), (k[8],
              (0.06 * x, -0.25, 0.28))]  # fmt: skip
    grip(c, t, on, [(a, np.array(p)) for a, p in points], lead)
    c.hand[:, :, 1] += wiggle[:, None]
    return c
