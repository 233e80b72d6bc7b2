"""Talking: both hands mark the words, the head nods along."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx
from engine.data.toolkit.curves import keys, noise
from engine.data.toolkit.gestures import raised


def _beats(ctx: Ctx, every: float) -> list[float]:
    """Times of the beats in the middle of the segment, about `every` seconds apart."""
    times, at = [], ctx.rng.uniform(0.35, 0.55)
    while at < ctx.dur - 0.45:
        times.append(float(at))
        at += ctx.vary(every, 0.22)
    return times or [0.5 * ctx.dur]


def _gesture(ctx: Ctx, times: list[float], big: float) -> tuple[Array, Array]:
    """Where one hand goes from beat to beat (T, 3), and how far its palm turns up (T,)."""
    home = np.array([0.15, -0.22, 0.30])
    places, palms = [(0.0, home)], [(0.0, 0.4)]
    for at in times:
        offset = ctx.rng.normal(0, 1, 3) * (0.055, 0.06, 0.05) + (0.04, 0.06, 0.03)
        places += [(at, home + big * offset), (at + 0.13, home + big * (offset - (0, 0.05, -0.015)))]
        palms += [(at, float(np.clip(ctx.rng.normal(0.5, 0.4), 0, 1)))]
    return keys(ctx.t, places), keys(ctx.t, palms)


@action(
    "talk",
    part="upper",
    slots={"style": ("calm", "excited")},
    seconds=lambda args, rng: float(rng.uniform(3.0, 7.0)),
)
def talk(ctx: Ctx, style: str) -> Channels:
    """Talk with both hands: small beats when calm, wide and quick ones when excited."""
    c, on = raised(ctx, "both", 0.6, 0.7)
    lively = style == "excited"
    big, times, n = (2.3 if lively else 1.0), _beats(ctx, 0.46 if lively else 0.85), ctx.num_frames
    together = ctx.rng.random() < 0.5
    for s in (0, 1):
        own = times if together or s else [t + ctx.rng.uniform(0, 0.25) for t in times]
        place, up = _gesture(ctx, own, big * ctx.vary(1, 0.1))
        fingers = np.stack([0.1 * up, 0.15 + 0.25 * (place[:, 1] + 0.22) / 0.1, 0.9 + 0 * up], 1)
        palm = np.stack([-1 + 0.5 * up, 0.1 + 0.8 * up, 0.1 + 0 * up], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(26, 0.2))
    nods = keys(ctx.t, [(0.0, 0.0)] + [p for t in times for p in ((t, 0.0), (t + 0.16, 1.0), (t + 0.3, 0.0))])
    gain = 1.8 if lively else 1.0
    c.head[:, 0] += (gain * 4 * nods + noise(ctx.rng, n, 2 * gain, 8)) * on
    c.head[:, 1] += noise(ctx.rng, n, 6 * gain, 10) * on
    c.head[:, 2] += noise(ctx.rng, n, 2.5 * gain, 10) * on
    c.spine[:, 0] += (2.5 * gain + gain * nods + noise(ctx.rng, n, gain, 14)) * on
    c.spine[:, 1] += noise(ctx.rng, n, 3.0 * gain, 14) * on
    c.sway[:, 0] += noise(ctx.rng, n, 0.007 * gain, 18) * on
    return c
