"""Writing on a board or a pad, reading a book."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, minjerk, noise

LINES = {"normal": (0.06, 0.44), "low": (-0.34, 0.36), "high": (0.40, 0.36)}


@action(
    "write",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(3.0, 5.4)),
    slots={"side": ("right", "left"), "height": tuple(LINES)},
)
def write(ctx: Ctx, side: str, height: str) -> Channels:
    """Write lines from the writer's left to the right: on a board, high up on it, or low on a pad."""
    c, s, t = ctx.layer(), sides(side)[0], ctx.t
    flip, up = 1 - 2 * s, min(0.65, 0.22 * ctx.dur)
    on = envelope(t, up, up)
    begin, end = 0.85 * up, ctx.dur - 0.85 * up
    rows = int(np.clip(round((end - begin) / ctx.vary(1.9)), 1, 3))
    each, across, down = (end - begin) / rows, [], []
    for k in range(rows):
        at = begin + k * each
        across += [(at, 0.0), (at + 0.78 * each, 1.0)]
        down += [(at, float(k)), (at + 0.78 * each, float(k))]
    along, row = keys(t, across, "smooth"), keys(t, down)
    busy = envelope(t, 0.2, 0.2, begin, end)
    pen, loop = noise(ctx.rng, len(t), 1.0, 1.6) * busy, 0.022 * np.sin(2 * np.pi * 2.6 * t) * busy
    high, far = LINES[height]
    small = 0.5 if height == "low" else 1.0
    x = small * (0.10 - 0.40 * along + (0.04 if s == 0 else 0.0)) + flip * 0.07
    low = height == "low"
    y, z = (0.35 * loop, far - 0.035 * row + 0.6 * loop) if low else (loop + 0.006 * pen - 0.085 * row, far + 0 * t)
    c.set_hand(
        s,
        "chest",
        np.stack([flip * x, high + y, z], 1),
        1.0,
        (-0.55, 0.15, 0.8) if not low else (-0.6, -0.35, 0.7),
        (-0.6, -0.35, 0.7) if not low else (-0.6, -0.75, -0.2),
        swivel=ctx.vary({"normal": 42, "low": 40, "high": 58}[height], 0.15),
    )
    c.arm_over[:, s] = on
    if low:
        pad = np.array([0.0, -0.39, 0.33]) + ctx.rng.normal(0, 0.008, 3)
        c.set_hand(1 - s, "chest", pad, 1.0, (-0.6, 0.1, 0.75), (-0.2, 0.95, 0.1), swivel=ctx.vary(26, 0.2))
        c.arm_over[:, 1 - s] = on
    c.head[:, 0] += {"normal": 2, "low": 28, "high": -18}[height] * on
    c.head[:, 1] += (flip * 6 + 60 * small * (x - x.mean())) * on
    c.spine[:, 0] += {"normal": 3, "low": 7, "high": -4}[height] * on
    c.spine[:, 1] -= flip * 5 * on
    c.collar[:, s, 0] += 10 * on * (height == "high")
    return c


@action("read_book", part="upper", seconds=lambda args, rng: float(rng.uniform(3.6, 6.4)))
def read_book(ctx: Ctx) -> Channels:
    """Hold an open book before the chest, the eyes go along the lines, a hand turns a page."""
    c, t, n = ctx.layer(), ctx.t, ctx.num_frames
    up = min(0.8, 0.24 * ctx.dur)
    on = envelope(t, up, up)
    high = ctx.rng.uniform(-0.26, -0.20)
    leaf = 1.0 if ctx.dur > 5.2 and ctx.rng.random() < 0.5 else 0.0
    when = [0.38 * ctx.dur, 0.68 * ctx.dur] if leaf else [ctx.rng.uniform(0.45, 0.62) * ctx.dur]
    turn = np.clip(sum(minjerk((t - w) / 0.45) * (1 - minjerk((t - w - 0.75) / 0.45)) for w in when), 0, 1)
    lift = np.clip(sum(np.sin(np.pi * np.clip((t - w) / 1.2, 0, 1)) for w in when), 0, 1)
    for s in (0, 1):
        place = np.array([0.125, high, 0.34]) + ctx.rng.normal(0, 0.006, 3)
        place = place + 0.004 * np.stack([noise(ctx.rng, n, 1, 14) for _ in range(3)], 1)
        fingers, palm = np.array([-0.35, 0.35, 0.85]), np.array([-0.75, 0.62, -0.15])
        if s == 1:
            place = place + turn[:, None] * (-0.20, 0.0, -0.02) + lift[:, None] * (0.0, 0.09, -0.05)
            fingers = fingers + lift[:, None] * (-0.5, 0.1, -0.1)
            palm = palm + lift[:, None] * (0.1, -0.75, 0.0)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(26, 0.2))
    c.arm_over[:] = on[:, None]
    lines = ((t / ctx.vary(1.3)) % 1 - 0.5) * on
    c.head[:, 0] += ctx.vary(24) * on
    c.head[:, 1] += np.convolve(np.pad(-7 * lines, 3, "edge"), np.ones(7) / 7, "valid")
    c.spine[:, 0] += ctx.vary(4, 0.4) * on
    return c
