"""Walking in zigzags, pacing to and fro."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, noise, smooth
from engine.data.toolkit.gait import Gait, Path, go

WALK = Gait(speed=1.2, period=0.50, width=0.065)
BRISK = Gait(speed=1.3, period=0.46, width=0.07, toe_out=6.0, swing=20)


def led(pieces: list[tuple[float, float]], corner: float) -> Callable[[float], Path]:
    """A path of straight legs (share of the way, heading in degrees) that goes round each corner, metres wide."""
    shares, headings = np.array([p[0] for p in pieces]), np.array([p[1] for p in pieces], float)
    ends = np.cumsum(shares) / shares.sum()

    def make(metres: float) -> Path:
        s = np.linspace(0, metres, 1200)
        facing = headings[0] + 0 * s
        for k in range(1, len(pieces)):
            facing += (headings[k] - headings[k - 1]) * smooth((s - ends[k - 1] * metres) / corner + 0.5)
        a, step = np.radians(facing), s[1]
        way = np.stack([np.sin(a), np.cos(a)], 1)
        way = np.concatenate([np.zeros((1, 2)), np.cumsum((way[1:] + way[:-1]) / 2 * step, 0)])

        def path(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            at = np.clip(x, 0, 1) * metres
            return np.stack([np.interp(at, s, way[:, 0]), np.interp(at, s, way[:, 1])], 1), np.interp(at, s, facing)

        return path

    return make


def look_ahead(ctx: Ctx, c: Channels, lean: float = 0.03) -> None:
    """Head and chest go into a turn before the feet, the trunk leans into it."""
    early = np.concatenate([c.yaw[4:], np.repeat(c.yaw[-1:], 4)])[: ctx.num_frames]
    c.head[:, 1] += np.clip(0.7 * (early - c.yaw), -32, 32)
    c.spine[:, 1] += np.clip(0.3 * (early - c.yaw), -14, 14)
    c.spine[:, 2] += np.clip(lean * np.gradient(c.yaw, ctx.t), -6, 6)


@action(
    "walk_zigzag",
    part="lower",
    seconds=lambda args, rng: 1.5 + 1.25 * (1 + int(args["count"])),
    slots={"count": ("3", "2", "4", "5"), "side": ("left", "right")},
)
def walk_zigzag(ctx: Ctx, count: str, side: str) -> Channels:
    """Walk slantwise to the side, then change to the other side `count` times."""
    flip, n = (1 if side == "left" else -1), int(count)
    angle = ctx.vary(46, 0.06)
    pieces = [(0.12, 0.0)]
    for k in range(n + 1):
        size = ctx.vary(1.0, 0.06) * (0.75 if k in (0, n) else 1.0)
        pieces.append((size, flip * ctx.vary(angle, 0.05) * (-1) ** k))
    pieces.append((0.12, 0.0))
    c, _ = go(ctx, replace(WALK, speed=ctx.vary(1.15, 0.05)), led(pieces, 0.42))
    look_ahead(ctx, c)
    return c


@action(
    "pace", part="lower", seconds=lambda args, rng: 2.0 + 2.6 * int(args["count"]), slots={"count": ("2", "1", "3")}
)
def pace(ctx: Ctx, count: str) -> Channels:
    """Walk to and fro `count` times: some metres out, turn round, back."""
    n, flip = int(count), ctx.rng.choice([-1, 1])
    pieces = [(1.0, 180.0 * flip * k) for k in range(2 * n)]
    c, _ = go(ctx, replace(BRISK, speed=ctx.vary(1.3, 0.06)), led(pieces, ctx.vary(0.95, 0.06)))
    look_ahead(ctx, c)
    on = envelope(ctx.t, min(0.6, 0.2 * ctx.dur), min(0.6, 0.2 * ctx.dur))
    c.spine[:, 0] += ctx.vary(5, 0.3) * on
    c.head[:, 0] += (ctx.vary(9, 0.3) + noise(ctx.rng, ctx.num_frames, 3, 14)) * on
    return c
