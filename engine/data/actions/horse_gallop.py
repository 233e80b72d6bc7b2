"""A child's gallop: one foot always leads, the other closes in the air behind it."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, ELBOW, FLEX, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, minjerk, pulses, smooth

PERIOD, SPEED = 0.52, 1.3
LEAD_OFF, TRAIL_ON, TRAIL_OFF = 0.42, 0.52, 1.04
"""When feet leave and land, in periods after the leading foot's landing."""


@action(
    "horse_gallop",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(2.6, 4.6)),
    slots={"side": ("right", "left")},
)
def horse_gallop(ctx: Ctx, side: str) -> Channels:
    """Gallop ahead with the foot of `side` leading."""
    c, lead = ctx.hold(), sides(side)[0]
    first, rest = 0.5, 0.5
    n = max(2, round((ctx.dur - first - rest) / PERIOD))
    period = (ctx.dur - first - rest) / n
    land = first + period * np.arange(n)
    way = ctx.vary(SPEED, 0.06) * PERIOD * (n - 0.3)
    c.root[:, 1] = way * _progress(ctx.t, 0.12, ctx.dur - 0.15)
    pelvis = np.interp(land, ctx.t, c.root[:, 1])
    step = way / n
    lead_falls = [
        (at + (LEAD_OFF - 1) * period, at, min(z + 0.20, way + 0.16)) for at, z in zip(land, pelvis, strict=True)
    ]
    trail_falls = [
        (at + (TRAIL_OFF - 1) * period, at + TRAIL_ON * period, z + min(0.36 * step, 0.17))
        for at, z in zip(land, pelvis, strict=True)
    ]
    end = ctx.dur - 0.12
    lead_falls.append((land[-1] + 0.62 * period, land[-1] + 1.15 * period, way))
    trail_falls[-1] = (trail_falls[-1][0], trail_falls[-1][1], way)
    _steps(ctx, c, lead, lead_falls, 0.17)
    _steps(ctx, c, 1 - lead, trail_falls, 0.10)
    on = envelope(ctx.t, 0.4, 0.35, 0.1, end)
    up = pulses(ctx.t, list(land + 0.46 * period), 0.62 * period) * on
    c.height += 0.075 * up - 0.05 * on
    flip = 1 - 2 * lead
    c.pelvis[:, 1] -= flip * ctx.vary(12) * on
    c.spine[:, 1] += flip * 10 * on
    c.spine[:, 0] += ctx.vary(8) * on - 4 * up
    c.head[:, 0] -= 5 * on
    for s in (0, 1):
        bounce = up * ctx.vary(16)
        c.arm[:, s, FLEX] += ctx.vary(18) * on + bounce
        c.arm[:, s, ELBOW] += ctx.vary(52) * on + bounce
        c.arm[:, s, ABD] += ctx.vary(8) * on
    return c


def _progress(t: np.ndarray, begin: float, end: float) -> np.ndarray:
    """Share (T,) of the way: speeding up for 0.5 s, slowing down for 0.5 s."""
    fine = np.linspace(begin, end, 300)
    speed = smooth((fine - begin) / 0.5) * smooth((end - fine) / 0.5)
    return np.interp(t, fine, np.cumsum(speed) / speed.sum())


def _steps(ctx: Ctx, c: Channels, s: int, falls: list[tuple[float, float, float]], lift: float) -> None:
    """Foot s through (leaves, lands, where it lands ahead of the start)."""
    z0, t = float(c.foot_xz[0, s, 1]), ctx.t
    now = z0 + 0 * t
    for off, on, goal in falls:
        w = np.clip((t - off) / (on - off), 0, 1)
        now += minjerk(w) * (goal + z0 - now[-1])
        swing = np.sin(np.pi * w)
        c.foot_lift[:, s] += ctx.vary(lift) * swing
        roll = smooth((t - off + 0.16) / 0.16) * (1 - smooth(w / 0.8))
        c.foot_pitch[:, s] += 44 * roll + 10 * smooth(w / 0.8) * (1 - smooth((t - on) / 0.12)) * (w > 0)
    c.foot_xz[:, s, 1] = now
