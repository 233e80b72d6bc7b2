"""Repetitions that fit their time: where each one begins, how large it is, where it happens."""

from __future__ import annotations

import numpy as np

from engine.data.toolkit.channels import Ctx
from engine.data.toolkit.curves import keys

Array = np.ndarray


def edges(ctx: Ctx, count: int, period: float, lead: float, tail: float, spread: float = 0.06) -> Array:
    """Boundaries (count + 1,) in seconds of `count` repetitions, each about `period` long and no two alike.

    They lie between `lead` after the start and `tail` before the end; if there is more room than needed, they come
    somewhere in its first half.
    """
    room = max(ctx.dur - lead - tail, 0.2)
    length = min(count * ctx.vary(period, 0.1), room)
    begin = lead + (room - length) * ctx.rng.uniform(0, 0.5)
    parts = np.clip(1 + spread * ctx.rng.standard_normal(count), 0.8, 1.2)
    return begin + length * np.concatenate([[0.0], np.cumsum(parts) / parts.sum()])


def phase(t: Array, bounds: Array) -> Array:
    """Radians (T,): 0 before the first boundary, 2 pi more at each; bounds (count + 1,) seconds."""
    return 2 * np.pi * np.interp(t, bounds, np.arange(len(bounds)))


def sizes(ctx: Ctx, bounds: Array, share: float = 0.1, fade: float = 0.0) -> Array:
    """Size (T,) of the repetition at hand, about 1; the last is smaller than the first by `fade`."""
    count = len(bounds) - 1
    each = np.clip(1 + share * ctx.rng.standard_normal(count), 1 - 2 * share, 1 + 2 * share)
    each *= 1 - fade * np.linspace(0, 1, count) if count > 1 else 1.0
    return np.interp(ctx.t, (bounds[1:] + bounds[:-1]) / 2, each)


def moves(ctx: Ctx, begin: float, end: float, gap: float, size: float) -> np.ndarray:
    """A curve (T,) that jumps to a new random place about every `gap` seconds, and back to 0 at the end.

    begin, end: seconds between which it moves.  size: the farthest place, in the unit that the curve has.
    """
    n = max(1, round((end - begin) / gap))
    spots = [(begin, 0.0)]
    for k in range(1, n):
        at, to = begin + k * (end - begin) / n, float(ctx.rng.uniform(-size, size))
        spots += [(at - 0.12, spots[-1][1]), (at + 0.12, to)]
    return keys(ctx.t, [*spots, (end - 0.15, spots[-1][1]), (end + 0.1, 0.0)])
