"""Tripping over something while walking, and not falling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import FLEX, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.gait import Gait, go, straight, timeline

GAIT = Gait(speed=1.1, period=0.54, lift=0.07)
QUICK = 1.75
"""How much faster the catching steps are than the walk before."""


@action(
    "stumble",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(3.0, 4.6)),
    slots={"side": ("right", "left")},
)
def stumble(ctx: Ctx, side: str) -> Channels:
    """Walk, catch a foot, pitch forward, run the feet back under the body with flung arms, straighten up."""
    s, gait = sides(side)[0], replace(GAIT, speed=ctx.vary(GAIT.speed, 0.06))
    trip, span = ctx.dur * ctx.rng.uniform(0.33, 0.38), min(1.15, 0.36 * ctx.dur)
    slow = replace(ctx, num_frames=round(20 * float(_clock(ctx, trip, span)[-1])))
    count = max(4, round((slow.dur - 0.4) / gait.period))
    plan = timeline(slow, gait, 0, count)
    middle = 0.45 * plan.off + 0.55 * plan.on
    k = int(np.argmin(np.abs(middle - trip)))
    trip, caught = float(middle[k]), float(middle[k]) + span
    real = _clock(ctx, trip, span)
    c, _ = go(slow, gait, lambda metres: straight(0, metres), first=(s + k) % 2, count=count)
    c = c.map(lambda curve: _sampled(curve, real * 20 * (slow.num_frames - 1) / slow.num_frames))
    fall = keys(ctx.t, [(trip, 0.0), (trip + 0.22, 1.0), (caught - 0.15, 0.85), (caught + 0.5, 0.0)])
    jolt = envelope(ctx.t, 0.06, 0.22, trip - 0.03, trip + 0.26)
    lifted = np.clip(c.foot_lift[:, s] / 0.03, 0, 1)
    c.foot_pitch[:, s] += 26 * jolt * lifted
    c.height -= ctx.vary(0.06) * fall
    c.sway[:, 1] += 0.08 * fall
    c.pelvis[:, 0] += ctx.vary(15) * fall
    c.spine[:, 0] += ctx.vary(30) * fall
    c.spine[:, 1] += (1 - 2 * s) * (9 * jolt + noise(ctx.rng, ctx.num_frames, 9, 5) * fall)
    c.head[:, 0] -= ctx.vary(20) * fall
    _flail(ctx, c, fall, trip)
    back = keys(ctx.t, [(caught, 0.0), (caught + 0.4, 1.0), (caught + 0.75, 1.0), (ctx.dur, 0.0)])
    c.head[:, 1] += ctx.rng.choice([-1, 1]) * ctx.vary(38) * back
    c.head[:, 0] += 14 * back
    return c


def _clock(ctx: Ctx, trip: float, span: float) -> np.ndarray:
    """Seconds (T,) of an even walk shown at each frame: hurried for `span` seconds after the foot catches."""
    end = trip + span
    rate = keys(ctx.t, [(trip - 0.04, 1.0), (trip + 0.12, QUICK), (end - 0.3, QUICK), (end + 0.25, 1.0)])
    return np.concatenate([[0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * np.diff(ctx.t))])


def _sampled(curve: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """The curve at fractional frames."""
    low = np.clip(np.floor(frame).astype(int), 0, len(curve) - 2)
    share = np.clip(frame - low, 0, 1).reshape(-1, *[1] * (curve.ndim - 1))
    return curve[low] * (1 - share) + curve[low + 1] * share


def _flail(ctx: Ctx, c: Channels, fall: np.ndarray, trip: float) -> None:
    """Both arms shoot forward and out, then wheel for balance."""
    for s in (0, 1):
        wheel = 2 * np.pi * ctx.vary(1.9, 0.1) * (ctx.t - trip) + s * 2.4
        late = keys(ctx.t - 0.06 * s, list(zip(ctx.t, fall, strict=True))[::2], "linear")
        flex = ctx.vary(62) + 38 * np.sin(wheel)
        c.set_arm(s, late, flex=flex, abd=ctx.vary(42) + 22 * np.cos(wheel), elbow=ctx.vary(26), twist=-5, wrist=-22)
    c.arm[:, :, FLEX] += (4 * fall)[:, None]
