"""Ballroom and Latin dances: waltz, salsa, cha-cha."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise, pulses
from engine.data.toolkit.dance_steps import TEMPO, Step, at, footwork, grid, hips, later


@action("waltz", part="full", seconds=lambda args, rng: float(rng.uniform(5.4, 8.6)), slots={"side": ("left", "right")})
def waltz(ctx: Ctx, side: str) -> Channels:
    """Box steps in three-four time that turn to the side, the arms around a partner."""
    c, flip = ctx.hold(), 1 if side == "left" else -1
    begin, beat, bars = grid(ctx, 3, 0.55)
    turn, size, wide = flip * (360 if bars > 2 else 180) / max(bars, 2), ctx.vary(0.30), ctx.vary(0.22)
    steps, heading, x, z, yaw = [], [(0.0, 0.0)], 0.0, 0.0, 0.0
    for k in range(bars):
        ahead = 1 if k % 2 == 0 else -1
        lead = (0 if ahead > 0 else 1) if flip > 0 else (1 if ahead > 0 else 0)
        time, swing = begin + 3 * k * beat, 0.62 * beat
        steps.append(Step(lead, time + beat * 0.7, at(lead, x, z, yaw, 0, ahead * size), 1, 0, 0.035, swing, yaw))
        a, across = np.radians(yaw), (1 - 2 * (1 - lead)) * wide
        x += across * np.cos(a) + ahead * size * np.sin(a)
        z += -across * np.sin(a) + ahead * size * np.cos(a)
        heading += [(time + 0.3 * beat, yaw), (time + 2.5 * beat, yaw + turn)]
        yaw += turn
        steps.append(Step(1 - lead, time + 1.7 * beat, at(1 - lead, x, z, yaw), 1, 0, 0.045, swing, yaw))
        steps.append(Step(lead, time + 2.7 * beat, at(lead, x, z, yaw), 1, 0, 0.035, swing, yaw))
    load = footwork(ctx, c, steps)
    c.yaw[:] = keys(ctx.t, heading, "smooth")
    on = envelope(ctx.t, min(0.6, 0.15 * ctx.dur), min(0.6, 0.15 * ctx.dur))
    rise = pulses(ctx.t, [begin + (3 * k + 2.2) * beat for k in range(bars)], 2.2 * beat).clip(0, 1)
    c.foot_pitch += (ctx.vary(17) * rise)[:, None]
    c.height += 0.028 * rise - 0.035 * (1 - rise) * on
    c.pelvis[:, 2] -= 2.5 * load
    c.spine[:, 2] -= ctx.vary(7) * later(ctx, load, 0.15) * on
    c.spine[:, 0] -= 5 * on
    c.head[:, 1] += flip * (14 + noise(ctx.rng, ctx.num_frames, 4, 14)) * on
    c.head[:, 0] -= 4 * on
    _hold_partner(ctx, c, on, rise, load)
    return c


def _hold_partner(ctx: Ctx, c: Channels, on: np.ndarray, rise: np.ndarray, load: np.ndarray) -> None:
    """Left hand out at the height of the eyes, right hand on the back of a partner."""
    zero = 0 * on
    left = [ctx.vary(0.53, 0.04) + 0.02 * load, 0.06 + 0.05 * later(ctx, rise, 0.1), ctx.vary(0.24) + zero]
    right = [ctx.vary(0.15) + zero, -0.07 + 0.03 * rise, ctx.vary(0.35, 0.05) + zero]
    c.set_hand(0, "chest", np.stack(left, 1), on, (0.45, 0.85, 0.25), (0.2, -0.3, 1.0), swivel=78.0)
    c.set_hand(1, "chest", np.stack(right, 1), on, (-0.9, 0.15, 0.4), (-0.3, 0.0, -1.0), swivel=80.0)


@action(
    "salsa", part="full", seconds=lambda args, rng: 5.8 * TEMPO[args["speed"]] ** 0.7, slots={"speed": tuple(TEMPO)}
)
def salsa(ctx: Ctx, speed: str) -> Channels:
    """Forward and back basic: rock ahead on the left, close, rock back on the right, close."""
    c = ctx.hold()
    begin, count, bars = grid(ctx, 8, 0.34 * TEMPO[speed])
    size, steps = ctx.vary(0.26), []
    for k in range(bars):
        for half, s, way in ((0, 0, 1), (4, 1, -1)):
            time, swing = begin + (8 * k + half) * count, 0.8 * count
            rock = at(s, out=-0.02, ahead=way * size * ctx.vary(1, 0.06))
            steps.append(Step(s, time + 0.9 * count, rock, 0.75, 0 if way > 0 else 14, 0.05, swing))
            steps.append(Step(1 - s, time + 1.85 * count, at(1 - s), 0.9, 0, 0.03, 0.65 * count))
            steps.append(Step(s, time + 2.9 * count, at(s), 1, 0, 0.04, swing))
    load = footwork(ctx, c, steps)
    on = envelope(ctx.t, min(0.5, 0.15 * ctx.dur), min(0.5, 0.15 * ctx.dur))
    hips(ctx, c, load, ctx.vary(0.045), ctx.vary(12, 0.12))
    _latin(ctx, c, load, on)
    return c


def _latin(ctx: Ctx, c: Channels, load: np.ndarray, on: np.ndarray) -> None:
    """Soft knees, the hips turning, bent arms that circle with the steps."""
    c.height -= 0.035 * on + 0.012 * (1 - np.abs(load)) * on
    c.pelvis[:, 1] += ctx.vary(9) * load
    c.spine[:, 1] -= ctx.vary(15) * later(ctx, load, 0.05)
    c.head[:, 1] += 7 * load
    c.spine[:, 0] += 3 * on
    for s in (0, 1):
        swing = (1 - 2 * s) * later(ctx, load, 0.09)
        c.set_arm(
            s, on, flex=ctx.vary(16) - 24 * swing, abd=ctx.vary(30) + 7 * swing, elbow=ctx.vary(92, 0.06) + 14 * swing,
            twist=14, pronate=30, wrist=8 * later(ctx, swing, 0.08),
        )  # fmt: skip


@action(
    "cha_cha", part="full", seconds=lambda args, rng: 5.0 * TEMPO[args["speed"]] ** 0.7, slots={"speed": tuple(TEMPO)}
)
def cha_cha(ctx: Ctx, speed: str) -> Channels:
    """Rock step, then three quick steps to the side: one, two, cha-cha-cha."""
    c = ctx.hold()
    begin, beat, bars = grid(ctx, 4, 0.54 * TEMPO[speed])
    x, steps, size, wide = 0.0, [], ctx.vary(0.25), ctx.vary(0.17)
    for k in range(bars):
        s, way = (0, 1) if k % 2 == 0 else (1, -1)
        time, out = begin + 4 * k * beat, 1 - 2 * s
        quick = 0.42 * beat
        steps.append(Step(s, time + 0.7 * beat, at(s, x, out=-0.03, ahead=way * size), 0.75, 0, 0.05, 0.55 * beat))
        steps.append(Step(1 - s, time + 1.6 * beat, at(1 - s, x), 0.9, 0, 0.03, 0.4 * beat))
        steps.append(Step(s, time + 2.6 * beat, at(s, x + out * wide), 1, 0, 0.045, 0.5 * beat))
        steps.append(Step(1 - s, time + 3.08 * beat, at(1 - s, x + out * wide), 0.8, 8, 0.035, quick))
        x += 2 * out * wide
        steps.append(Step(s, time + 3.56 * beat, at(s, x), 1, 0, 0.04, quick))
        if k == bars - 1:
            steps.append(Step(1 - s, time + 4.15 * beat, at(1 - s, x), 1, 0, 0.04, 0.5 * beat))
    load = footwork(ctx, c, steps)
    on = envelope(ctx.t, min(0.5, 0.15 * ctx.dur), min(0.5, 0.15 * ctx.dur))
    hips(ctx, c, load, ctx.vary(0.035), ctx.vary(9, 0.12))
    _latin(ctx, c, load, on)
    spread = pulses(ctx.t, [begin + (4 * k + 3.1) * beat for k in range(bars)], 2.0 * beat).clip(0, 1)
    for s in (0, 1):
        c.set_arm(s, 0.8 * spread * on, abd=ctx.vary(58), elbow=ctx.vary(55), flex=18, pronate=30)
    c.head[:, 0] -= 4 * spread
    return c
