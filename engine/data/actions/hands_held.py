"""Hands on each other or on the body: rubbing, wringing, on the heart, over the ears, over the eyes."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import breathing, cycles, envelope, keys, noise
from engine.data.toolkit.gestures import SIDE, away, raised


@action("rub_hands", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.8)))
def rub_hands(ctx: Ctx) -> Channels:
    """Rub the palms on each other before the belly, the shoulders drawn up a little."""
    c, on = raised(ctx, "both", 0.55, 0.6)
    begin, end = 0.2 * ctx.dur, 0.8 * ctx.dur
    beat = cycles(ctx.t, max(3, round((end - begin) * ctx.vary(2.4, 0.12))), begin, end)
    rub = np.sin(beat) * envelope(ctx.t, 0.2, 0.2, begin, end) * (1 + noise(ctx.rng, ctx.num_frames, 0.12))
    low = ctx.vary(-0.20, 0.12)
    for s, sign in ((0, 1.0), (1, -1.0)):
        stroke = sign * rub[:, None] * (0.0, 0.035, 0.058)
        c.set_hand(
            s, "chest", np.array([0.012, low, 0.29]) + stroke, 1.0, (-0.15, 0.55, 0.85), (-1, 0, 0),
            swivel=ctx.vary(42, 0.12) + 3 * sign * rub,
        )  # fmt: skip
    c.spine[:, 0] += ctx.vary(7, 0.25) * on
    c.spine[:, 1] += 1.8 * rub * on
    c.head[:, 0] += ctx.vary(8, 0.4) * on
    c.head[:, 2] += ctx.rng.normal(0, 3) * on
    c.collar[:, :, 0] += 6
    return c


@action("wring_hands", part="upper", seconds=lambda args, rng: float(rng.uniform(2.6, 4.6)))
def wring_hands(ctx: Ctx) -> Channels:
    """One hand wrung in the other before the belly, the head down, rocking in worry."""
    c, on = raised(ctx, "both", 0.7, 0.75)
    begin, end = 0.16 * ctx.dur, 0.84 * ctx.dur
    beat = cycles(ctx.t, max(2, round((end - begin) * ctx.vary(1.15, 0.12))), begin, end)
    wring = np.sin(beat + noise(ctx.rng, ctx.num_frames, 0.4)) * envelope(ctx.t, 0.3, 0.3, begin, end)
    still, low = 0 * wring, ctx.vary(-0.25, 0.08)
    for s, sign in ((0, 1.0), (1, -1.0)):
        place = np.stack([0.015 + 0.02 * sign * wring, low + 0.045 * sign * wring, 0.25 + 0.02 * wring], 1)
        fingers = np.stack([-0.75 + still, 0.1 + 0.45 * sign * wring, 0.55 + still], 1)
        palm = np.stack([-0.7 + still, -0.2 + 0.7 * sign * wring, -0.55 + still], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(30, 0.15) + 10 * sign * wring)
    c.spine[:, 0] += ctx.vary(9, 0.25) * on
    c.spine[:, 2] += 2.5 * np.sin(0.5 * beat) * on
    c.head[:, 0] += ctx.vary(14, 0.25) * on
    c.head[:, 1] += (3 * wring + noise(ctx.rng, ctx.num_frames, 6, 16)) * on
    c.collar[:, :, 0] += 7
    c.sway[:, 0] += 0.014 * np.sin(0.5 * beat) * on
    return c


@action("hand_on_heart", part="upper", seconds=lambda args, rng: float(rng.uniform(2.2, 4.2)), slots=SIDE)
def hand_on_heart(ctx: Ctx, side: str) -> Channels:
    """Lay the hand on the chest over the heart, the head bowing a little."""
    c, on = raised(ctx, side, 0.7, 0.75)
    s, flip, breath = sides(side)[0], away(side), breathing(ctx.rng, ctx.t)
    out = -0.045 if side == "right" else 0.02
    place = np.array([out, -0.115, 0.155]) + ctx.rng.normal(0, 0.005, 3) + 0.005 * breath[:, None] * (0, 0.5, 1)
    c.set_hand(s, "chest", place, 1.0, (-0.88, 0.42, 0.0), (0.0, 0.1, -1.0), swivel=ctx.vary(44, 0.15))
    bow = envelope(ctx.t, 0.9, 0.8, 0.35)
    c.head[:, 0] += ctx.vary(10, 0.3) * bow
    c.head[:, 2] += flip * ctx.vary(5, 0.4) * bow
    c.spine[:, 0] += (ctx.vary(3, 0.4) - 1.4 * breath) * on
    c.spine[:, 1] -= flip * 3 * on
    return c


@action("cover_ears", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.8)))
def cover_ears(ctx: Ctx) -> Channels:
    """Clap both hands to the ears, duck the head and turn away from the noise."""
    c, on = raised(ctx, "both", 0.42, 0.7)
    press = noise(ctx.rng, ctx.num_frames, 0.003, 10)
    for s in (0, 1):
        place = np.array([0.105, 0.065, 0.0]) + ctx.rng.normal(0, 0.004, 3)
        place = place + np.abs(press)[:, None] * (1.0, 0.5, 0)
        c.set_hand(s, "head", place, 1.0, (-0.15, 0.8, -0.5), (-1.0, -0.1, 0.0), swivel=ctx.vary(64, 0.08))
    duck = envelope(ctx.t, 0.5, 0.75, 0.12)
    way = ctx.rng.choice([-1.0, 1.0])
    shake = np.sin(cycles(ctx.t, max(1, round(ctx.dur * 0.8)), 0.25 * ctx.dur, 0.8 * ctx.dur))
    c.head[:, 0] += ctx.vary(16, 0.2) * duck
    c.head[:, 1] += way * (ctx.vary(8, 0.3) + 7 * shake) * duck
    c.spine[:, 0] += ctx.vary(15, 0.2) * duck
    c.spine[:, 1] += way * ctx.vary(8, 0.3) * duck
    c.collar[:, :, 0] += 10 * duck[:, None]
    c.sway[:, 1] -= 0.02 * on
    return c


@action("cover_eyes", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.8)))
def cover_eyes(ctx: Ctx) -> Channels:
    """Lay both palms over the eyes and stay so; the fingers open for a peep at times."""
    c, on = raised(ctx, "both", 0.5, 0.65)
    peep = envelope(ctx.t, 0.25, 0.25, 0.55 * ctx.dur, 0.72 * ctx.dur) * float(ctx.rng.random() < 0.35)
    for s in (0, 1):
        place = np.array([0.048, 0.075, 0.14]) + ctx.rng.normal(0, 0.003, 3)
        place = place + peep[:, None] * (0.045, -0.01, 0.02) * (1.0 if s else 0.4)
        c.set_hand(s, "head", place, 1.0, (-0.32, 0.94, -0.1), (-0.1, 0.0, -1.0), swivel=ctx.vary(36, 0.12))
    hide = envelope(ctx.t, 0.55, 0.7, 0.1)
    c.head[:, 0] += ctx.vary(8, 0.3) * hide - 6 * peep
    c.head[:, 1] += ctx.rng.normal(0, 5) * hide
    c.spine[:, 0] += ctx.vary(5, 0.4) * hide
    c.collar[:, :, 0] += keys(ctx.t, [(0.1, 0.0), (0.5, 6.0)])[:, None]
    c.sway[:, 1] -= 0.01 * on
    return c
