"""Piano, drums and conducting those who play."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope, keys, noise, pulses
from engine.data.toolkit.repeats import moves

BEATS = {"normal": 1.0, "slow": 0.6, "fast": 1.6}


SPEED = {"speed": tuple(BEATS)}


FOUR = ((0.10, 0.26), (0.08, -0.14), (0.04, 0.04), (-0.02, -0.10), (0.14, 0.05), (0.34, -0.06), (0.24, 0.06))


FOUR += ((0.13, -0.08),)


def _times(ctx: Ctx, n: int, begin: float, end: float, share: float = 0.1) -> np.ndarray:
    """n moments between begin and end, roughly even."""
    gap = (end - begin) / n
    return begin + gap * (np.arange(n) + 0.5) + ctx.rng.normal(0, share * gap, n)


@action("play_piano", part="upper", seconds=lambda args, rng: float(rng.uniform(3.0, 5.6)), slots=SPEED)
def play_piano(ctx: Ctx, speed: str) -> Channels:
    """Hands wander over the keys at the height of the belly and strike in turn, the trunk swaying along."""
    c, t, n = ctx.layer(), ctx.t, ctx.num_frames
    up = min(0.7, 0.22 * ctx.dur)
    on, begin, end = envelope(t, up, up), 0.8 * up, ctx.dur - 0.8 * up
    work, away = envelope(t, 0.3, 0.3, begin, end), []
    for s in (0, 1):
        hits = _times(ctx, max(1, round((end - begin) * 1.9 * BEATS[speed])), begin, end, 0.14) + 0.13 * s
        strike = pulses(t, list(hits), min(0.42, 0.5 / BEATS[speed])).clip(0, 1) * work
        move = moves(ctx, begin, end, 1.0 / BEATS[speed], 0.13)
        away.append(move * (1 - 2 * s))
        lift = 0.05 * np.abs(np.gradient(move)) / 0.02
        place = np.array([0.19, -0.30, 0.38]) + ctx.rng.normal(0, 0.008, 3)
        place = place + np.stack([move, lift.clip(0, 0.08) - 0.055 * strike, 0.02 * strike], 1)
        fingers = np.stack([-0.1 + 0 * t, 0.05 - 0.6 * strike, 0.95 + 0 * t], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, (0.0, -0.95, 0.2), swivel=ctx.vary(30, 0.2))
    c.arm_over[:] = on[:, None]
    flow = 0.5 * (away[0] + away[1]) / 0.13
    c.spine[:, 0] += (ctx.vary(7) + noise(ctx.rng, n, 5, 12)) * on
    c.spine[:, 2] += 6 * flow * on
    c.spine[:, 1] += 5 * flow * on
    c.head[:, 0] += (ctx.vary(12) + noise(ctx.rng, n, 6, 8)) * on
    c.head[:, 1] += 8 * flow * on
    c.head[:, 2] += noise(ctx.rng, n, 4, 12) * on
    return c


@action("play_drums", part="upper", seconds=lambda args, rng: float(rng.uniform(2.8, 5.2)), slots=SPEED)
def play_drums(ctx: Ctx, speed: str) -> Channels:
    """Sticks in both hands, striking in turn, over to a tom or up to a cymbal now and then, the head banging."""
    c, t = ctx.layer(), ctx.t
    up = min(0.5, 0.2 * ctx.dur)
    on, begin, end = envelope(t, up, up), 0.85 * up, ctx.dur - 0.85 * up
    work = envelope(t, 0.2, 0.2, begin, end)
    n = max(2, round((end - begin) * 1.75 * BEATS[speed] * ctx.vary(1, 0.05)))
    phase = cycles(t, n, begin, end)
    for s in (0, 1):
        wave = 0.5 - 0.5 * np.cos(phase + np.pi * s)
        high = wave**1.3 * work
        over = moves(ctx, begin, end, 1.2 / BEATS[speed] ** 0.5, 0.10)
        size = ctx.vary(0.21, 0.08) * (1.15 if speed == "slow" else 0.85 if speed == "fast" else 1.0)
        place = np.stack([0.11 + over, -0.29 + size * high + 0.6 * over.clip(0), 0.38 - 0.10 * high], 1)
        c.set_hand(s, "chest", place, 1.0, swivel=ctx.vary(38, 0.12) + 12 * high)
        c.set_arm(s, pronate=ctx.vary(48, 0.1), wrist=22 - 50 * high, deviate=0)
    c.arm_over[:] = on[:, None]
    c.head[:, 0] += (ctx.vary(8) - 8 * np.cos(2 * phase if speed == "slow" else phase)) * work
    c.head[:, 1] += noise(ctx.rng, len(t), 7, 12) * work
    c.spine[:, 0] += ctx.vary(6) * on + 1.5 * np.cos(phase) * work
    c.spine[:, 1] += 5 * np.sin(phase + 0.4) * work
    c.spine[:, 2] += noise(ctx.rng, len(t), 2, 12) * work
    return c


@action("conduct", part="upper", seconds=lambda args, rng: float(rng.uniform(3.4, 6.0)), slots=SPEED)
def conduct(ctx: Ctx, speed: str) -> Channels:
    """Beat four in the air with the right hand, the left mirrors it or calls for more."""
    c, t, d = ctx.layer(), ctx.t, ctx.dur
    up = min(0.6, 0.18 * d)
    on, begin, end = envelope(t, up, 1.2 * up), 0.7 * up, d - 0.9 * up
    bars = max(1, round((end - begin) * BEATS[speed] * 0.52))
    phase, work = cycles(t, bars, begin, end), envelope(t, 0.25, 0.4, begin, end)
    path = CubicSpline(np.linspace(0, 2 * np.pi, 9), np.array([*FOUR, FOUR[0]]), bc_type="periodic")
    size = ctx.vary({"normal": 1.0, "slow": 1.1, "fast": 0.8}[speed], 0.08)
    swell = keys(t, [(0.35 * d, 0.0), (0.52 * d, 1.0), (0.62 * d, 1.0), (0.75 * d, 0.0)]) * (ctx.rng.random() < 0.6)
    for s in (0, 1):
        beat = path(phase % (2 * np.pi)) * size * (1.0 if s else 0.8)
        rise = np.stack([0.0 * t, 0.20 * swell, 0.04 * swell], 1) * (1 - s)
        free = (1 - 0.65 * swell * (1 - s))[:, None]
        place = np.array([0.10, 0.02, 0.38]) + np.stack([beat[:, 0], beat[:, 1], 0.1 * beat[:, 1]], 1) * free + rise
        fingers = np.stack([-0.25 + 0.8 * beat[:, 0], 0.25 + beat[:, 1] * 1.5, 0.85 + 0 * t], 1)
        palm = np.stack([-0.45 - (1 - s) * 0.3 * swell, -0.85 + (1 - s) * 0.9 * swell, 0.1 + 0 * t], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(46, 0.12) + 40 * beat[:, 1])
    c.arm_over[:] = on[:, None]
    pulse = np.cos(4 * phase) * work
    c.head[:, 0] += 3 * pulse - 6 * swell
    c.head[:, 1] += noise(ctx.rng, len(t), 10, 14) * work
    c.spine[:, 0] += (3 + 2.5 * pulse - 4 * swell) * on
    c.spine[:, 1] += noise(ctx.rng, len(t), 6, 16) * work
    c.height -= 0.008 * (1 + pulse) * work
    return c
