"""On hands and toes: push-ups and the plank, from standing and back to standing."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx
from engine.data.toolkit.curves import keys, minjerk, noise
from engine.data.toolkit.repeats import edges, phase, sizes

STRAIGHT, DEEP = 0.525, 0.26
"""Height of the shoulders above the floor with straight and with bent arms, metres."""
TOE, TO_PELVIS, TO_SHOULDER = 0.152, 0.866, 1.30
"""Ankle height on the toes, and how far along the straight body the pelvis and the shoulders are from it."""
HANDS, BACK = 0.44, 1.03


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
    """Lift the feet while they go: spans of (begin, end, side)."""
    for begin, end, s in spans:
        c.foot_lift[:, s] += ctx.vary(0.07) * np.sin(np.pi * np.clip((ctx.t - begin) / (end - begin), 0, 1))


def down_and_up(ctx: Ctx) -> tuple[Array, Array, Array, list[tuple[float, float, int]], float, float]:
    """down, back, feet, spans of steps, and when the plank begins and ends: from standing to standing."""
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


@action(
    "push_up",
    part="full",
    seconds=lambda args, rng: 3.4 + 1.2 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4", "5")},
)
def push_up(ctx: Ctx, count: str) -> Channels:
    """Down to hands and toes, `count` push-ups, up again."""
    down, back, feet, spans, into, leave = down_and_up(ctx)
    bounds = edges(ctx, int(count), ctx.dur, into, ctx.dur - leave)
    wave = 0.5 - 0.5 * np.cos(phase(ctx.t, bounds))
    dip = minjerk(1.04 * wave) * np.minimum(sizes(ctx, bounds, 0.03), 1.0)
    c = prone(ctx, down, back, feet, STRAIGHT - (STRAIGHT - ctx.vary(DEEP, 0.04)) * dip)
    step_back(ctx, c, spans)
    c.head[:, 0] -= ctx.vary(8, 0.2) * dip
    return c


@action("plank", part="full", seconds=lambda args, rng: float(rng.uniform(5.6, 8.6)))
def plank(ctx: Ctx) -> Channels:
    """Down to hands and toes, hold the straight body, trembling a little, up again."""
    down, back, feet, spans, _, _ = down_and_up(ctx)
    c = prone(ctx, down, back, feet, STRAIGHT + noise(ctx.rng, ctx.num_frames, 0.006, 10) * back)
    step_back(ctx, c, spans)
    c.pelvis[:, 0] += noise(ctx.rng, ctx.num_frames, 0.8, 10) * back
    c.spine[:, 0] += noise(ctx.rng, ctx.num_frames, 1.2, 12) * back
    c.spine[:, 2] += noise(ctx.rng, ctx.num_frames, 1.0, 9) * back
    c.head[:, 0] += ctx.rng.uniform(-8, 8) * back
    return c
