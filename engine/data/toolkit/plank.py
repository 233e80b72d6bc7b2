"""On hands and toes: down from standing into the plank, its straight body, and back up to standing."""

from __future__ import annotations

import numpy as np

from engine.data.toolkit.channels import Array, Channels, Ctx
from engine.data.toolkit.curves import keys, minjerk

STRAIGHT, DEEP = 0.525, 0.26
"""Height of the shoulders above the floor with straight and with bent arms, metres."""
TOE, TO_PELVIS, TO_SHOULDER = 0.152, 0.866, 1.30
"""Ankle height on the toes, and how far along the straight body the pelvis and the shoulders are from it."""
HANDS, BACK = 0.44, 1.03
"""How far ahead the hands are put, and how far back the feet step, metres."""


def _line(shoulders: Array) -> tuple[Array, Array, Array]:
    """Pelvis height, its distance ahead of the ankles and its bend forward when the body is one straight line."""
    angle = np.arcsin(np.clip((shoulders - TOE) / TO_SHOULDER, -1, 1))
    return TOE + TO_PELVIS * np.sin(angle), TO_PELVIS * np.cos(angle), 90 - np.degrees(angle)


def prone(ctx: Ctx, down: Array, back: Array, feet: Array, shoulders: Array) -> Channels:
    """Channels of going down (T,) 0..1 into a squat with the hands on the floor and back (T,) 0..1 into the plank.

    feet (T, 2): how far back each foot is; shoulders (T,): their height in the plank.
    """
    c = ctx.hold()
    height, ahead, bend = _line(shoulders)
    c.height += down * (ctx.vary(0.43, 0.02) - 0.94) + back * (height - 0.43)
    ankles = -BACK + 0.142
    c.sway[:, 1] += -0.06 * down + back * (ankles + ahead + 0.06)
    c.pelvis[:, 0] += 62 * down + back * (bend - 62)
    c.spine[:, 0] += 40 * down - 39 * back
    c.head[:, 0] += -30 * down + 14 * back
    c.knee_out += 10 * (down - back)[:, None]
    passing = np.clip(4 * feet * (1 - feet), 0, 1).max(1)
    c.height += 0.11 * passing
    c.sway[:, 1] -= 0.05 * passing
    c.foot_xz[..., 1] += (0.045 - BACK) * feet
    c.foot_pitch += 30 * np.maximum(down[:, None] - feet, 0) + 72 * feet
    wide = ctx.vary(0.215, 0.04)
    weight, fold = minjerk((down - 0.35) / 0.6), minjerk(1.4 * down)
    bent = np.clip((STRAIGHT - shoulders) / (STRAIGHT - DEEP), 0, 1)
    for s, out in ((0, 1.0), (1, -1.0)):
        place = (out * wide, 0.035, HANDS + ctx.rng.normal(0, 0.006))
        c.set_hand(s, "world", place, weight, (-0.12 * out, -0.05, 1.0), (0.0, -1.0, -0.05), swivel=40 + 12 * bent)
        c.set_arm(s, fold, flex=100, abd=8, elbow=18, twist=6, pronate=60, wrist=-30)
    return c


def step_back(ctx: Ctx, c: Channels, spans: list[tuple[float, float, int]]) -> None:
    """Lift the feet while they go: spans of (begin second, end second, side)."""
    for begin, end, s in spans:
        c.foot_lift[:, s] += ctx.vary(0.07) * np.sin(np.pi * np.clip((ctx.t - begin) / (end - begin), 0, 1))


def down_and_up(ctx: Ctx) -> tuple[Array, Array, Array, list[tuple[float, float, int]], float, float]:
    """From standing to standing: (down, back, feet, spans, into, leave), as `prone` and `step_back` take them.

    down, back (T,) 0..1; feet (T, 2) 0..1; spans of steps; into, leave: seconds when the plank begins and ends.
    """
    d, first = ctx.dur, int(ctx.rng.integers(2))
    squat = min(ctx.vary(0.85), 0.15 * d)
    step = min(ctx.vary(0.42), 0.08 * d)
    into, leave = 0.05 + squat + 1.7 * step, d - 0.05 - squat - 1.7 * step
    down = keys(ctx.t, [(0.03, 0.0), (0.05 + squat, 1.0), (d - 0.05 - squat, 1.0), (d - 0.03, 0.0)])
    back = keys(
        ctx.t, [(0.05 + 0.95 * squat, 0.0), (into + 0.1, 1.0), (leave - 0.1, 1.0), (d - 0.05 - 0.95 * squat, 0)]
    )
    feet, spans = np.zeros((ctx.num_frames, 2)), []
    for k, s in enumerate((first, 1 - first)):
        a, b = 0.05 + squat + 0.7 * k * step, leave + 0.7 * k * step
        feet[:, s] = minjerk((ctx.t - a) / step) * (1 - minjerk((ctx.t - b) / step))
        spans += [(a, a + step, s), (b, b + step, s)]
    return down, back, feet, spans, into, leave
