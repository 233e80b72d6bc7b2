"""Guitar and violin, neither of them drawn."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, noise
from engine.data.toolkit.repeats import moves

SIDE = {"side": ("right", "left")}


@action("play_guitar", part="upper", seconds=lambda args, rng: float(rng.uniform(3.0, 5.6)), slots=SIDE)
def play_guitar(ctx: Ctx, side: str) -> Channels:
    """Strum before the belly with the hand of `side`, the other one takes chords along the neck."""
    c, t, s = ctx.layer(), ctx.t, sides(side)[0]
    up, flip = min(0.7, 0.22 * ctx.dur), 1 - 2 * s
    on, begin, end = envelope(t, up, up), 0.8 * up, ctx.dur - 0.8 * up
    work = envelope(t, 0.25, 0.25, begin, end)
    n = max(2, round((end - begin) * ctx.vary(1.9, 0.12)))
    phase = cycles(t, n, begin, end)
    strum, beat = np.sin(phase) * work, np.cos(phase * 0.5) * work
    place = np.array([0.045, -0.29, 0.235]) + strum[:, None] * (0.02, 0.085, 0.01) + ctx.rng.normal(0, 0.006, 3)
    fingers = np.stack([-0.85 + 0 * t, -0.45 + 0.4 * strum, 0.25 + 0 * t], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, (-0.25, -0.1, -0.95), swivel=ctx.vary(48, 0.12) + 5 * strum)
    chord = moves(ctx, begin, end, 1.1, 0.07)
    neck = np.array([0.33, -0.11, 0.29]) + chord[:, None] * (1.0, 0.35, 0.0) + ctx.rng.normal(0, 0.006, 3)
    c.set_hand(1 - s, "chest", neck, 1.0, (-0.3, 0.7, 0.55), (-0.85, -0.1, -0.4), swivel=ctx.vary(20, 0.2))
    c.arm_over[:] = on[:, None]
    c.head[:, 0] += (ctx.vary(13) + 4 * beat) * on
    c.head[:, 1] -= flip * ctx.vary(14) * on + 40 * flip * chord
    c.spine[:, 0] += (3 + 2 * beat) * on
    c.spine[:, 2] += flip * ctx.vary(3) * on + 2.5 * np.sin(phase * 0.5) * work
    c.sway[:, 0] += 0.014 * np.sin(phase * 0.5) * work
    return c


@action("play_violin", part="upper", seconds=lambda args, rng: float(rng.uniform(3.2, 5.8)), slots=SIDE)
def play_violin(ctx: Ctx, side: str) -> Channels:
    """A violin under the chin; the hand of `side` draws the bow in long strokes, the other one fingers and trembles."""
    c, t, s = ctx.layer(), ctx.t, sides(side)[0]
    up, flip = min(0.8, 0.24 * ctx.dur), 1 - 2 * s
    on, begin, end = envelope(t, up, up), 0.85 * up, ctx.dur - 0.85 * up
    n, points, at = max(2, round((end - begin) / ctx.vary(0.62, 0.12))), [(begin, 0.15)], begin
    parts = ctx.rng.uniform(0.7, 1.35, n)
    for k, part in enumerate(parts / parts.sum() * (end - begin)):
        at += part
        points.append((at, ctx.vary(0.92, 0.08) if k % 2 == 0 else ctx.rng.uniform(0.02, 0.25)))
    bow = keys(t, points, "smooth")
    cross = noise(ctx.rng, len(t), 0.02, 10)
    place = np.array([-0.02, 0.04, 0.27]) + bow[:, None] * (0.36, -0.17, 0.09)
    place = place + np.stack([0 * t, cross, 0 * t], 1) + ctx.rng.normal(0, 0.006, 3)
    fingers = np.stack([-0.85 + 0.25 * bow, 0.1 - 0.35 * bow, 0.45 + 0.3 * bow], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, (-0.3, -0.85, 0.1), swivel=ctx.vary(72, 0.08) - 22 * bow)
    tremble = 0.006 * np.sin(2 * np.pi * 4.6 * t) * on
    neck = np.array([0.21, 0.03, 0.42]) + np.stack([tremble, 0 * t, tremble], 1) + ctx.rng.normal(0, 0.006, 3)
    c.set_hand(1 - s, "chest", neck, 1.0, (-0.4, 0.85, 0.3), (-0.8, -0.1, -0.5), swivel=ctx.vary(14, 0.3))
    c.arm_over[:] = on[:, None]
    c.head[:, 1] -= flip * ctx.vary(24, 0.1) * on
    c.head[:, 2] -= flip * ctx.vary(15, 0.12) * on
    c.head[:, 0] += ctx.vary(11, 0.2) * on
    c.collar[:, 1 - s, 0] += 6
    lean = (bow - 0.5) * on
    c.spine[:, 2] += flip * 5 * lean
    c.spine[:, 1] += flip * (5 * lean - 5 * on)
    c.sway[:, 0] += flip * 0.016 * lean + noise(ctx.rng, len(t), 0.008, 16) * on
    return c
