"""Fear and cold: cowering, being startled, shivering."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope, keys, noise

Span = tuple[float, float]


def _tremble(ctx: Ctx, hertz: float) -> Array:
    """A quick uneven shaking (T,) of about `hertz`, size 1."""
    beat = cycles(ctx.t, ctx.dur * ctx.vary(hertz, 0.08), 0, ctx.dur)
    return np.sin(beat + noise(ctx.rng, ctx.num_frames, 0.8, 5)) * (1 + noise(ctx.rng, ctx.num_frames, 0.25, 8))


def _step_back(ctx: Ctx, c: Channels, s: int, size: float, out: Span, back: Span) -> Array:
    """Foot s goes `size` metres back between the times `out`, and home between the times `back`: how far it is."""
    far = keys(ctx.t, [(out[0], 0.0), (out[1], 1.0), (back[0], 1.0), (back[1], 0.0)])
    c.foot_xz[:, s, 1] -= size * far
    for a, b in (out, back):
        c.foot_lift[:, s] += 0.07 * np.sin(np.pi * np.clip((ctx.t - a) / (b - a), 0, 1))
    return far


@action("cower", part="full", seconds=lambda args, rng: float(rng.uniform(2.4, 4.4)))
def cower(ctx: Ctx) -> Channels:
    """Shrink back with a step, duck and hide the head behind the arms, trembling."""
    c, d, s = ctx.hold(), ctx.dur, int(ctx.rng.integers(2))
    flip, quick = 1 - 2 * s, min(0.5, 0.18 * d)
    far = _step_back(ctx, c, s, ctx.vary(0.24), (0.12, 0.12 + quick), (0.76 * d, 0.76 * d + 0.22 * d))
    low = keys(ctx.t, [(0.02, 0.0), (0.12 + 1.5 * quick, 1.0), (0.72 * d, 1.0), (0.97 * d, 0.0)])
    up = keys(ctx.t, [(0.02, 0.0), (0.1 + quick, 1.0), (0.74 * d, 1.0), (0.97 * d, 0.0)])
    fear = _tremble(ctx, 5.5) * low
    c.height -= ctx.vary(0.21, 0.1) * low
    c.sway[:, 1] -= 0.12 * far + 0.05 * low
    c.pelvis[:, 0] += ctx.vary(16) * low
    c.spine[:, 0] += ctx.vary(30, 0.1) * low + 0.9 * fear
    c.spine[:, 1] += flip * ctx.vary(14, 0.2) * low
    c.spine[:, 2] += flip * 5 * low + 0.6 * fear
    c.head[:, 0] += ctx.vary(16, 0.2) * low
    c.head[:, 1] += flip * ctx.vary(12, 0.3) * low + 1.5 * fear
    c.collar[:, :, 0] += (10 * low)[:, None]
    for k in (0, 1):
        place = np.array([0.035, 0.14 + 0.03 * k, 0.185]) + ctx.rng.normal(0, 0.008, 3)
        place = place + 0.005 * fear[:, None] * (1, 1, 0)
        c.set_hand(k, "head", place, up, (-0.55, 0.8, -0.25), (0.1, 0.15, 1.0), swivel=ctx.vary(34, 0.15))
    return c


@action("get_startled", part="full", seconds=lambda args, rng: float(rng.uniform(1.6, 2.8)))
def get_startled(ctx: Ctx) -> Channels:
    """Jerk back with a step, the hands flying up, then breathe out and come back."""
    c, d, s = ctx.hold(), ctx.dur, int(ctx.rng.integers(2))
    flip, at = 1 - 2 * s, 0.1 * d
    far = _step_back(ctx, c, s, ctx.vary(0.27), (at + 0.05, at + 0.32), (0.7 * d, 0.7 * d + min(0.5, 0.26 * d)))
    jerk = keys(ctx.t, [(at, 0.0), (at + 0.2, 1.0), (at + 0.5, 0.75), (0.58 * d, 0.6), (0.94 * d, 0.0)])
    hands = keys(ctx.t, [(at, 0.0), (at + 0.25, 1.0), (0.52 * d, 0.9), (0.96 * d, 0.0)])
    duck = envelope(ctx.t, 0.15, 0.3, at, at + 0.55)
    c.height -= 0.05 * far + ctx.vary(0.05) * duck
    c.sway[:, 1] -= ctx.vary(0.15) * far
    c.spine[:, 0] -= ctx.vary(13, 0.15) * jerk - 6 * envelope(ctx.t, 0.3, 0.4, 0.55 * d, d)
    c.head[:, 0] -= ctx.vary(9, 0.3) * jerk
    c.spine[:, 1] += flip * ctx.vary(12, 0.25) * jerk
    c.head[:, 1] -= flip * ctx.vary(10, 0.25) * jerk
    c.collar[:, :, 0] += (19 * jerk)[:, None]
    shake = _tremble(ctx, 6) * duck
    for k in (0, 1):
        place = np.array([0.21, 0.07 + 0.03 * (k == s), 0.27]) + ctx.rng.normal(0, 0.012, 3)
        place = place + 0.006 * shake[:, None]
        c.set_hand(k, "chest", place, hands, (0.1, 1.0, 0.05), (-0.1, -0.05, 1.0), swivel=ctx.vary(42, 0.15))
    return c


@action("shiver", part="full", seconds=lambda args, rng: float(rng.uniform(2.6, 4.8)))
def shiver(ctx: Ctx) -> Channels:
    """Wrap the arms around the body, knees bent, and shake with cold."""
    c, d = ctx.hold(), ctx.dur
    on = envelope(ctx.t, min(0.8, 0.28 * d), min(0.8, 0.28 * d), 0.02, d - 0.02)
    cold = _tremble(ctx, 6.0) * envelope(ctx.t, 0.5, 0.5, 0.2, d - 0.2)
    late = np.concatenate([cold[:1], cold[:-1]])
    c.height -= ctx.vary(0.045, 0.2) * on + 0.004 * cold
    c.sway[:, 1] -= 0.03 * on
    c.sway[:, 0] += 0.006 * cold + 0.02 * np.sin(1.3 * ctx.t + ctx.rng.uniform(0, 6)) * on
    c.spine[:, 0] += ctx.vary(17, 0.15) * on + 1.6 * late
    c.spine[:, 1] += 2.4 * cold
    c.head[:, 0] += ctx.vary(8, 0.3) * on - 1.5 * late
    c.head[:, 1] += 2.2 * late + noise(ctx.rng, ctx.num_frames, 3, 16) * on
    c.collar[:, :, 0] += (13 * on + 4 * cold)[:, None]
    c.knee_out -= (5 * on)[:, None]
    over = int(ctx.rng.integers(2))
    rub = 0.03 * np.sin(cycles(ctx.t, max(2, round(d * 1.1)), 0.25 * d, 0.8 * d))
    for s in (0, 1):
        place = np.array([-0.165, -0.13 - 0.02 * (s == over), 0.165 if s == over else 0.135])
        place = place + (rub * (1 if s == over else -1))[:, None] * (0, 1, 0.1) + 0.004 * late[:, None]
        c.set_hand(s, "chest", place, on, (-0.75, 0.55, -0.3), (-0.2, 0.0, -1.0), swivel=ctx.vary(20, 0.15))
    return c
