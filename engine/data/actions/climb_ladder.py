"""Up a ladder that is not drawn and down again."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, minjerk, noise, smooth

RUNG, AWAY, FIRST_GRIP = 0.28, 0.40, 5
"""Metres between rungs and from the start to the ladder; the rung that both hands take first."""
HALF = (0.13, 0.20)
"""Half the distance between the feet and between the hands."""


@action(
    "climb_ladder",
    part="full",
    seconds=lambda args, rng: 2.0 + 1.35 * int(args["count"]),
    slots={"count": ("4", "3", "5")},
)
def climb_ladder(ctx: Ctx, count: str) -> Channels:
    """Climb `count` rungs, opposite hand and foot together, and come back down to the floor."""
    c, n, t, d = ctx.hold(), int(count), ctx.t, ctx.dur
    ready = min(ctx.vary(0.65, 0.06), 0.12 * d)
    top = ready + (d - 2 * ready) * ctx.rng.uniform(0.49, 0.53)
    pause = 0.03 * d
    at = np.interp(t, [ready, top - pause, top + pause, d - ready], [0, n + 1, n + 1, 0])
    first = int(ctx.rng.random() < 0.75)
    near, on = smooth(np.minimum(at / 1.1, 1)), envelope(t, ready, ready)
    rise = RUNG * sum(smooth((at - k - 0.25) / 1.3) for k in range(n))
    weight = np.zeros(len(t))
    for k in range(n + 1):
        s, reach = (first + k) % 2, np.clip((at - k - 0.08) / 0.8, 0, 1)
        _foot(ctx, c, s, reach, max(k - 1, 0), min(k + 1, n))
        weight += (2 * s - 1) * np.sin(np.pi * reach) ** 2
    for s in (0, 1):
        _hand(ctx, c, s, [(k, min(k + 1, n)) for k in range(n + 1) if (first + k) % 2 != s], at, on)
    c.height += gaussian_filter1d(rise, 1.0) - 0.02 * near
    c.root[:, 1] += 0.07 * near
    c.sway[:, 0] += ctx.vary(0.045, 0.2) * weight
    c.pelvis += np.stack([6 * near, 0 * t, -3.5 * weight], 1)
    c.spine += np.stack([3 * near, -5 * weight, 5 * weight], 1)
    c.head[:, 0] += -ctx.vary(16, 0.2) * on * np.where(t < top, 1, -0.9) * smooth(np.abs(t - top) / 0.4)
    c.head[:, 1] += noise(ctx.rng, len(t), 4, 12) * on
    c.knee_out += (22 * near)[:, None]
    return c


def _foot(ctx: Ctx, c: Channels, s: int, w: np.ndarray, before: int, goal: int) -> None:
    """One foot from rung `before` (0: the floor) to rung `goal` as w goes from 0 to 1: back, up, onto the rung."""
    off = np.sin(np.pi * w)
    c.foot_lift[:, s] += RUNG * (goal - before) * smooth(w / 0.85) + 0.05 * off
    c.foot_xz[:, s, 1] -= ctx.vary(0.07) * off * (before > 0)
    if before == 0:
        c.foot_xz[:, s, 1] += (AWAY - 0.08) * smooth((w - 0.15) / 0.85)
        c.foot_xz[:, s, 0] += (1 - 2 * s) * (HALF[0] - 0.095) * smooth(w)
    c.foot_pitch[:, s] += ctx.vary(20, 0.2) * off


def _hand(ctx: Ctx, c: Channels, s: int, moves: list[tuple[int, int]], at: np.ndarray, on: np.ndarray) -> None:
    """One hand that grips a rung and goes up two at a time, off the ladder between."""
    height, off, rung = FIRST_GRIP + np.zeros(len(at)), np.zeros(len(at)), FIRST_GRIP
    for k, goal in moves:
        w = np.clip((at - k - 0.2) / 0.75, 0, 1)
        height += (FIRST_GRIP + goal - rung) * minjerk(w)
        off += np.sin(np.pi * w)
        rung = FIRST_GRIP + goal
    x = (1 - 2 * s) * (HALF[1] + 0.02 * off)
    place = np.stack([x, RUNG * height + 0.03 * off, AWAY + 0.02 - 0.09 * off], 1)
    c.set_hand(s, "world", place, on, fingers=(0.0, 0.75, 0.66), palm=(0.0, -0.66, 0.75), swivel=ctx.vary(48))
