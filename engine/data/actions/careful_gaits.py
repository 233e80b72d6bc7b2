"""Going with crutches, and feeling one's way without seeing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, minjerk, noise, smooth
from engine.data.toolkit.gait import Gait, go, straight

STRIDE = 0.50
BLIND = Gait(
    speed=0.40, period=0.86, stance=0.70, ahead=0.46, lift=0.06, pitch_land=6, pitch_off=24, width=0.085, drop=0.04,
    bob=0.004, sway=0.035, twist=4, roll=2, lean=-3, swing=4, elbow=0, pump=0, ready=0.35,
)  # fmt: skip


@action(
    "crutches",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(4.0, 6.4)),
    slots={"side": ("left", "right")},
)
def crutches(ctx: Ctx, side: str) -> Channels:
    """Set both crutches ahead, lean on them, swing the good leg through; the hurt leg of `side` never touches."""
    c, hurt, t = ctx.hold(), sides(side)[0], ctx.t
    good, ready = 1 - hurt, min(0.75, 0.16 * ctx.dur)
    n = max(2, round((ctx.dur - 2 * ready) / 1.2))
    period = (ctx.dur - 2 * ready) / n
    on, held = envelope(t, ready, ready), envelope(t, ready, ready, 0.25 * ready, ctx.dur - 0.25 * ready)
    begin = ready + period * np.arange(n)
    size = ctx.vary(STRIDE, 0.08)
    swing = sum(_part(t, begin[k] + 0.46 * period, begin[k] + 0.88 * period) for k in range(n))
    body = sum(minjerk((t - begin[k] - 0.22 * period) / (0.86 * period)) for k in range(n))
    foot = sum(minjerk((t - begin[k] - 0.46 * period) / (0.42 * period)) for k in range(n))
    tips = sum(minjerk((t - begin[k] - 0.02 * period) / (0.34 * period)) for k in range(n))
    c.root[:, 1] = size * body
    c.foot_xz[:, good, 1] += size * foot
    c.foot_xz[:, hurt, 1] += size * body
    c.foot_lift[:, good] += 0.06 * swing
    c.foot_pitch[:, good] += 26 * sum(keys(t, _roll(begin[k], period)) for k in range(n))
    c.set_leg(hurt, held, flex=ctx.vary(24) + 9 * swing, abd=4, twist=0, knee=ctx.vary(72), ankle=14)
    c.sway[:, 0] += (2 * hurt - 1) * 0.045 * on * (1 - 0.6 * swing)
    c.height += 0.012 * swing - 0.015 * on
    c.pelvis[:, 0] += 4 * on
    c.spine[:, 0] += ctx.vary(10) * on + 5 * (tips - body)
    c.head[:, 0] += ctx.vary(9) * on + noise(ctx.rng, ctx.num_frames, 2) * on
    c.collar[:, :, 0] += (on * (5 + 13 * swing))[:, None]
    for s in (0, 1):
        place = np.stack([0 * t + ctx.vary(0.27, 0.04), -0.05 - 0.02 * swing, 0.06 + 0.55 * size * (tips - body)], 1)
        c.set_hand(s, "pelvis", place, on, (0.05, -0.35, 0.95), (-0.15, -0.95, -0.3), swivel=ctx.vary(24))
    return c


def _part(t: np.ndarray, begin: float, end: float) -> np.ndarray:
    return np.sin(np.pi * smooth((t - begin) / (end - begin)))


def _roll(begin: float, period: float) -> list[tuple[float, float]]:
    return [(begin + x * period, y) for x, y in ((0.34, 0.0), (0.50, 1.0), (0.84, 0.0))]


@action(
    "blind_walk",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(4.0, 6.2)),
    slots={"side": ("both", "right", "left")},
)
def blind_walk(ctx: Ctx, side: str) -> Channels:
    """Feel the way with one hand or both, the head held still, each foot tried before it takes the weight."""
    c, _ = go(ctx, replace(BLIND, speed=ctx.vary(BLIND.speed, 0.1)), lambda metres: straight(0, metres))
    on, n = envelope(ctx.t, min(0.9, 0.24 * ctx.dur), min(0.9, 0.24 * ctx.dur)), ctx.num_frames
    c.spine[:, 0] += ctx.vary(6) * on
    c.pelvis[:, 0] -= 3 * on
    c.head[:, 0] -= ctx.vary(11) * on
    c.head[:, 1] += (ctx.rng.choice([-1, 1]) * ctx.vary(14, 0.3) + noise(ctx.rng, n, 5, 16)) * on
    c.head[:, 2] += ctx.rng.choice([-1, 1]) * ctx.vary(6) * on
    for s in (0, 1):
        if s in sides(side):
            sweep = 2 * np.pi * ctx.vary(0.45, 0.15) * ctx.t + ctx.rng.uniform(0, 6.28)
            drift = np.stack([0.10 * np.sin(sweep), 0.07 * np.cos(0.8 * sweep), 0.03 * np.sin(1.3 * sweep)], 1)
            place = np.array([0.12, ctx.vary(-0.04, 0.3), 0.55]) + drift
            c.set_hand(s, "chest", place, on, (-0.1, 0.55, 0.85), (0.0, -0.85, 0.5), swivel=ctx.vary(30))
        else:
            c.set_arm(s, on, flex=8, abd=ctx.vary(18), elbow=ctx.vary(30), twist=4)
    return c
