"""Dances that kick: charleston and can-can."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, pulses
from engine.data.toolkit.dance_steps import TEMPO, Step, at, bounce, footwork, grid, later

Array = np.ndarray


def _swing_leg(
    ctx: Ctx, c: Channels, s: int, peak: float, times: tuple[float, float], high: tuple[float, float], chamber: tuple
) -> Array:
    """Leg s leaves the floor times[0] before `peak`, passes `chamber`, is at `high` (flexion, knee) at the peak and is
    down again times[1] after it; returns how much (T,) it is out."""
    up, down = times
    free = keys(ctx.t, [(peak - up, 0), (peak - 0.55 * up, 1), (peak + 0.45 * down, 1), (peak + down, 0)])
    pose = [(peak - up, (4, 25)), (peak - 0.45 * up, chamber), (peak, high), (peak + 0.15 * down, high)]
    pose = keys(ctx.t, [*pose, (peak + 0.6 * down, chamber), (peak + down, (6, 25))])
    now = free > c.leg_w[:, s]
    c.leg_w[:, s] = np.maximum(c.leg_w[:, s], free)
    point = 24 * pulses(ctx.t, [peak], up + down)
    angles = np.stack([pose[:, 0], 4 + 0 * point, 0 * point, pose[:, 1], point - 4], 1)
    c.leg[now, s] = angles[now]
    return pulses(ctx.t, [peak], up + down)


@action(
    "charleston",
    part="full",
    seconds=lambda args, rng: 5.0 * TEMPO[args["speed"]] ** 0.7,
    slots={"speed": tuple(TEMPO)},
)
def charleston(ctx: Ctx, speed: str) -> Channels:
    """Step, kick ahead, step back, kick behind, the arms swinging against the legs."""
    c = ctx.hold()
    begin, beat, bars = grid(ctx, 4, 0.42 * TEMPO[speed], tail=0.5 * TEMPO[speed])
    s, steps, ahead, behind = int(ctx.rng.integers(2)), [], [], []
    o = 1 - s
    for k in range(bars):
        time = begin + 4 * k * beat
        steps.append(Step(s, time + 0.8 * beat, at(s, out=-0.03, ahead=0.1), 1, 0, 0.05, 0.6 * beat))
        steps.append(Step(o, time + 2.8 * beat, at(o, out=-0.03, ahead=-0.1), 1, 0, 0.05, 0.6 * beat))
        ahead.append(time + 1.75 * beat)
        behind.append(time + 3.75 * beat)
    steps.append(Step(s, begin + (4 * bars + 0.3) * beat, at(s), 1, 0, 0.03, 0.25))
    steps.append(Step(o, steps[-1].on + 0.16, at(o), 1, 0, 0.03, 0.2))
    load = footwork(ctx, c, steps, over=0.85)
    times = (0.85 * beat, 0.85 * beat)
    front = sum(_swing_leg(ctx, c, o, p, times, (ctx.vary(64), 6), (38, 78)) for p in ahead)
    times = (0.85 * beat, 0.6 * beat)
    back = sum(_swing_leg(ctx, c, s, p, times, (ctx.vary(-30), 52), (-2, 70)) for p in behind)
    on = envelope(ctx.t, min(0.45, 0.2 * ctx.dur), min(0.5, 0.2 * ctx.dur))
    beats = bounce(ctx, begin + 0.8 * beat, beat, 4 * bars - 1)
    c.height -= 0.02 * on + 0.02 * beats
    c.sway[:, 0] += 0.02 * load
    c.pelvis[:, 0] += ctx.vary(13) * back - ctx.vary(9) * front
    c.spine[:, 0] += 10 * back + 4 * on - 2 * front
    c.head[:, 0] -= 12 * back - 5 * front
    phase = later(ctx, np.asarray(front - back), 0.05)
    for k in (0, 1):
        way = 1.0 if k == s else -1.0
        c.set_arm(
            k, on, flex=6 + way * ctx.vary(48) * phase, abd=ctx.vary(24), elbow=ctx.vary(26) + 18 * way * phase,
            twist=10, wrist=-18 * way * later(ctx, phase, 0.08),
        )  # fmt: skip
        c.spine[:, 1] -= 0.5 * (1 - 2 * k) * way * 12 * phase
    return c


@action(
    "can_can",
    part="full",
    seconds=lambda args, rng: 0.9 + 1.25 * int(args["count"]),
    slots={"count": ("4", "2", "3", "5", "6")},
)
def can_can(ctx: Ctx, count: str) -> Channels:
    """Lift a knee, then kick the same leg high; legs take turns, `count` kicks in all."""
    c, n, first = ctx.hold(), int(count), int(ctx.rng.integers(2))
    lead = min(0.4, 0.15 * ctx.dur)
    period = (ctx.dur - 2 * lead) / n
    shift, knees, kicks = [(0.0, 0.0)], 0.0, 0.0
    for k in range(n):
        s, time = (first + k) % 2, lead + k * period
        flip = 2 * s - 1
        shift += [(time + 0.02, flip * 0.07), (time + 0.93 * period, flip * 0.07)]
        half = (0.22 * period, 0.22 * period)
        knees = knees + _swing_leg(ctx, c, s, time + 0.24 * period, half, (ctx.vary(86, 0.05), 98), (62, 92))
        half = (0.24 * period, 0.26 * period)
        kick = _swing_leg(ctx, c, s, time + 0.71 * period, half, (ctx.vary(112, 0.04), 4), (66, 74))
        kicks = kicks + kick
        c.pelvis[:, 1] -= flip * 7 * kick
        c.foot_pitch[:, 1 - s] += 16 * kick
        c.spine[:, 2] += flip * 4 * kick
    c.sway[:, 0] += keys(ctx.t, [*shift, (ctx.dur, 0.0)])
    on = envelope(ctx.t, lead, lead)
    c.height -= 0.035 * on - 0.03 * (knees + kicks)
    c.pelvis[:, 0] -= ctx.vary(11) * kicks + 3 * knees
    c.spine[:, 0] += 7 * kicks - 3 * on
    c.head[:, 0] += -3 * on + 4 * kicks
    flutter = np.sin(2 * np.pi * ctx.t / (0.25 * period))
    for s in (0, 1):
        place = [ctx.vary(0.33) + 0.03 * flutter * (1 - 2 * s), ctx.vary(0.14) + 0.05 * kicks, 0.16 + 0.03 * flutter]
        c.set_hand(s, "pelvis", np.stack(place, 1), on, (0.15, -0.55, 0.8), (-0.8, -0.5, -0.2), swivel=75)
    return c
