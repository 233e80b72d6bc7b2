"""At the table and the stove: eating, pouring, stirring."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, noise

SIDE = {"side": ("right", "left")}
TURNS = {"normal": 1.05, "slow": 0.55, "fast": 1.9}


def _hold_dish(ctx: Ctx, c: Channels, s: int, on: Array) -> None:
    """The hand of side s under a plate or a bowl before the belly."""
    place = np.array([0.035, -0.31, 0.28]) + ctx.rng.normal(0, 0.01, 3)
    c.set_hand(s, "chest", place, 1.0, (-0.55, 0.05, 0.8), (-0.35, 0.9, 0.2), swivel=ctx.vary(28, 0.2))
    c.arm_over[:, s] = on


@action(
    "eat",
    part="upper",
    seconds=lambda args, rng: 0.9 + 1.35 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("2", "1", "3", "4")},
)
def eat(ctx: Ctx, side: str, count: str) -> Channels:
    """Scoop from a plate held in the other hand and bring it to the mouth, `count` times."""
    c, s, n, t = ctx.layer(), sides(side)[0], int(count), ctx.t
    ready, flip = min(0.5, 0.2 * ctx.dur), 1 - 2 * s
    on = envelope(t, ready, ready)
    each, points, chew = (ctx.dur - 2 * ready) / n, [(0.0, 0.0)], [(0.0, 0.0)]
    for k in range(n):
        at = ready + k * each
        points += [(at + 0.12 * each, 0.0), (at + 0.46 * each, 1.0), (at + 0.62 * each, 1.0), (at + 0.95 * each, 0.0)]
        chew += [(at + 0.55 * each, 0.0), (at + 0.68 * each, 1.0), (at + 1.05 * each, 0.6), (at + 1.2 * each, 0.0)]
    up = keys(t, points)
    busy = keys(t, sorted(chew)) * on
    plate, mouth = np.array([0.055, -0.40, 0.31]), np.array([0.035, 0.005, 0.155])
    scoop = np.sin(np.pi * np.clip(up * 3, 0, 1))[:, None] * (0.0, -0.02, 0.03)
    place = plate + up[:, None] * (mouth - plate) + scoop + ctx.rng.normal(0, 0.006, 3)
    fingers = np.array([-0.45, -0.25, 0.85]) + up[:, None] * (-0.45, 0.5, -1.0)
    palm = np.array([-0.6, -0.8, -0.1]) + up[:, None] * (0.4, 0.6, -0.95)
    c.set_hand(s, "head", place, 1.0, fingers, palm, swivel=ctx.vary(30, 0.2) + 8 * up)
    c.arm_over[:, s] = on
    _hold_dish(ctx, c, 1 - s, on)
    c.head[:, 0] += ctx.vary(15) * on - 9 * up + 3.5 * busy * np.sin(2 * np.pi * 1.9 * t)
    c.head[:, 1] += -flip * 3 * on + noise(ctx.rng, ctx.num_frames, 3, 14) * on
    c.spine[:, 0] += ctx.vary(5) * on + 4 * up
    return c


@action("pour", part="upper", seconds=lambda args, rng: float(rng.uniform(2.6, 4.2)), slots=SIDE)
def pour(ctx: Ctx, side: str) -> Channels:
    """Lift a bottle, tip it over a glass in the other hand, turn it up again."""
    c, s, t, d = ctx.layer(), sides(side)[0], ctx.t, ctx.dur
    on = envelope(t, min(0.75, 0.25 * d), min(0.7, 0.22 * d))
    tip = keys(t, [(0.22 * d, 0.0), (0.44 * d, 1.0), (0.66 * d, ctx.vary(1.12, 0.05)), (0.80 * d, 0.0)])
    place = np.array([0.16, -0.14, 0.34]) + tip[:, None] * (-0.05, 0.14, 0.03) + ctx.rng.normal(0, 0.008, 3)
    fingers = np.array([-0.25, 0.2, 0.95]) + tip[:, None] * (-0.35, -0.35, -0.2)
    palm = np.array([-0.97, 0.0, -0.2]) + tip[:, None] * (0.35, -0.95, 0.1)
    c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(18, 0.2) + 34 * tip)
    cup = np.array([0.0, -0.27, 0.36]) + ctx.rng.normal(0, 0.008, 3)
    c.set_hand(1 - s, "chest", cup, 1.0, (-0.5, 0.1, 0.85), (-0.85, 0.1, -0.45), swivel=ctx.vary(24, 0.2))
    c.arm_over[:] = on[:, None]
    c.collar[:, s, 0] += 8 * tip
    c.head[:, 0] += ctx.vary(20) * on + 3 * tip
    c.spine[:, 0] += ctx.vary(6, 0.2) * on
    c.spine[:, 2] += (1 - 2 * s) * -ctx.vary(5, 0.3) * tip
    return c


@action(
    "stir",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.8, 5.0)),
    slots={"side": ("right", "left"), "speed": tuple(TURNS)},
)
def stir(ctx: Ctx, side: str, speed: str) -> Channels:
    """Draw circles in a pot at the height of the belly, the other hand at its rim."""
    c, s, t = ctx.layer(), sides(side)[0], ctx.t
    up = min(0.6, 0.22 * ctx.dur)
    on, work = envelope(t, up, up), envelope(t, 0.4, 0.4, 0.7 * up, ctx.dur - 0.7 * up)
    n = max(1, round((ctx.dur - 1.2 * up) * TURNS[speed] * ctx.vary(1.0, 0.06)))
    phase, wide = cycles(t, n, 0.6 * up, ctx.dur - 0.6 * up), ctx.vary(0.095, 0.1) * work
    ring = np.stack([wide * np.sin(phase), 0.012 * np.cos(2 * phase) * work, wide * np.cos(phase)], 1)
    place = np.array([0.02, -0.26, 0.37]) + ring + ctx.rng.normal(0, 0.008, 3)
    fingers = np.stack([-0.55 + 0.25 * np.sin(phase - 0.4), -0.55 + 0 * t, 0.7 + 0.25 * np.cos(phase - 0.4)], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, (-0.75, -0.45, -0.5), swivel=ctx.vary(48, 0.15) + 6 * np.sin(phase))
    rim = np.array([0.17, -0.32, 0.30]) + ctx.rng.normal(0, 0.01, 3)
    c.set_hand(1 - s, "chest", rim, 1.0, (-0.3, -0.2, 0.9), (-0.85, -0.3, 0.3), swivel=ctx.vary(26, 0.2))
    c.arm_over[:] = on[:, None]
    c.head[:, 0] += ctx.vary(24) * on
    c.spine[:, 0] += ctx.vary(9, 0.2) * on + 1.8 * np.cos(phase - 0.5) * work
    c.spine[:, 1] += (1 - 2 * s) * 2.5 * np.sin(phase - 0.5) * work
    c.sway[:, 0] += 0.008 * np.sin(phase - 0.6) * work
    return c
