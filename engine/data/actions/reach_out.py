"""Pushing and pulling something heavy that is not drawn."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys


def _stagger(ctx: Ctx, c: Channels, s: int, move: float, size: float) -> np.ndarray:
    """Step with foot s by `size` metres ahead and, at the end, back: how far it is out (T,) 0..1."""
    out = envelope(ctx.t, move, move, 0.05, ctx.dur - 0.05)
    c.foot_xz[:, s, 1] += size * out
    for begin in (0.05, ctx.dur - 0.05 - move):
        c.foot_lift[:, s] += 0.06 * np.sin(np.pi * np.clip((ctx.t - begin) / move, 0, 1))
    return out


def _strokes(ctx: Ctx, begin: float, end: float) -> np.ndarray:
    """Efforts (T,) 0..1, each slow to start and about 1.3 seconds long."""
    n = max(1, round((end - begin) / ctx.vary(1.4, 0.1)))
    each, points = (end - begin) / n, [(begin, 0.0)]
    for k in range(n):
        at, far = begin + k * each, ctx.vary(1.0, 0.06)
        points += [(at + 0.1 * each, 0.0), (at + 0.62 * each, far), (at + 0.74 * each, far), (at + each, 0.0)]
    return keys(ctx.t, points)


@action("push", part="full", seconds=lambda args, rng: float(rng.uniform(2.4, 4.4)))
def push(ctx: Ctx) -> Channels:
    """Brace with one foot ahead, then push with legs, trunk and arms."""
    c, s = ctx.hold(), int(ctx.rng.integers(2))
    move = min(0.6, 0.24 * ctx.dur)
    out = _stagger(ctx, c, s, move, ctx.vary(0.34))
    effort = _strokes(ctx, 0.9 * move, ctx.dur - 0.9 * move)
    c.sway[:, 1] += 0.15 * out + 0.09 * effort
    c.height -= 0.07 * out
    c.foot_pitch[:, 1 - s] += 22 * effort * out
    c.pelvis[:, 0] += ctx.vary(7) * out + 5 * effort
    c.spine[:, 0] += ctx.vary(9) * out + 4 * effort
    c.head[:, 0] += -6 * out + 6 * effort
    for k in (0, 1):
        place = np.array([0.15, 0.02, 0.25]) + ctx.rng.normal(0, 0.01, 3) + effort[:, None] * (0.0, 0.03, 0.25)
        c.set_hand(k, "chest", place, out, (-0.15, 0.95, 0.1), (0.0, 0.25, 0.97), swivel=ctx.vary(45))
    return c


@action("pull", part="full", seconds=lambda args, rng: float(rng.uniform(2.4, 4.4)))
def pull(ctx: Ctx) -> Channels:
    """Reach ahead, grip, lean back and draw the hands to the belly."""
    c, s = ctx.hold(), int(ctx.rng.integers(2))
    move = min(0.6, 0.24 * ctx.dur)
    out = _stagger(ctx, c, s, move, ctx.vary(0.32))
    effort = _strokes(ctx, 0.9 * move, ctx.dur - 0.9 * move)
    c.sway[:, 1] += 0.20 * out - 0.15 * effort
    c.height -= 0.06 * out + 0.03 * effort
    c.pelvis[:, 0] += 8 * out - ctx.vary(14) * effort
    c.spine[:, 0] += ctx.vary(12) * out - ctx.vary(16) * effort
    c.spine[:, 1] += (1 - 2 * s) * ctx.vary(6) * effort
    c.head[:, 0] += 8 * effort - 6 * out
    for k in (0, 1):
        place = np.array([0.07, -0.08, 0.48]) + ctx.rng.normal(0, 0.01, 3) + effort[:, None] * (0.06, -0.13, -0.22)
        c.set_hand(k, "chest", place, out, swivel=ctx.vary(32) + 12 * effort)
        c.set_arm(k, out, pronate=ctx.vary(30, 0.3), wrist=0)
    return c
