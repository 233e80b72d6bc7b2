"""Steps of club, line and street dances: grapevine, clapping step-touch, toprock."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise, pulses
from engine.data.toolkit.dance_steps import TEMPO, Step, at, bounce, footwork, grid, hips, later


@action(
    "grapevine",
    part="lower",
    seconds=lambda args, rng: float(rng.choice([2.7, 4.6])),
    slots={"direction": ("left", "right")},
)
def grapevine(ctx: Ctx, direction: str) -> Channels:
    """Side, behind, side, touch to one side, over and over."""
    c, s = ctx.hold(), 0 if direction == "left" else 1
    begin, beat, bars = grid(ctx, 4, 0.52, tail=0.35)
    out, x, steps, wide = 1 - 2 * s, 0.0, [], ctx.vary(0.32)
    for k in range(bars):
        time, swing, last = begin + 4 * k * beat, 0.72 * beat, k == bars - 1
        x += out * wide
        steps.append(Step(s, time + 0.85 * beat, at(s, x), 1, 0, 0.05, swing))
        steps.append(Step(1 - s, time + 1.85 * beat, at(1 - s, x, out=-0.34, ahead=-0.17), 0.8, 10, 0.06, swing))
        x += out * wide
        steps.append(Step(s, time + 2.85 * beat, at(s, x), 1, 0, 0.06, swing))
        touch = Step(1 - s, time + 3.85 * beat, at(1 - s, x), 0 if last else 1, 22 if last else 0, 0.06, swing)
        steps.append(touch)
    load = footwork(ctx, c, steps, over=0.5)
    beats = bounce(ctx, begin + 0.85 * beat, beat, 4 * bars - 1)
    hips(ctx, c, load, 0.012, 3.5)
    c.height -= 0.02 * beats + 0.012 * envelope(ctx.t, 0.4, 0.4)
    behind = pulses(ctx.t, [begin + (4 * k + 1.85) * beat for k in range(bars)], 1.6 * beat)
    c.pelvis[:, 1] -= out * ctx.vary(14) * behind
    c.spine[:, 1] += out * ctx.vary(12) * behind
    c.head[:, 1] += out * ctx.vary(10) * envelope(ctx.t, 0.5, 0.5)
    on = envelope(ctx.t, 0.4, 0.4)
    for k in (0, 1):
        c.set_arm(k, 0.8 * on, flex=8 + 12 * later(ctx, beats, 0.1), abd=ctx.vary(16), elbow=42 + 14 * beats, twist=10)
    return c


@action(
    "clap_dance",
    part="full",
    seconds=lambda args, rng: 4.6 * TEMPO[args["speed"]] ** 0.6,
    slots={"speed": tuple(TEMPO)},
)
def clap_dance(ctx: Ctx, speed: str) -> Channels:
    """Step to the side, touch and clap, back and forth."""
    c = ctx.hold()
    begin, beat, bars = grid(ctx, 2, 0.52 * TEMPO[speed])
    first, x, steps, claps, wide = int(ctx.rng.integers(2)), 0.0, [], [], ctx.vary(0.3)
    for k in range(bars):
        s = (first + k) % 2
        time, swing = begin + 2 * k * beat, 0.75 * beat
        x += (1 - 2 * s) * wide
        steps.append(Step(s, time + 0.8 * beat, at(s, x), 1, 0, 0.055, swing))
        steps.append(Step(1 - s, time + 1.8 * beat, at(1 - s, x), 0, 24, 0.055, swing))
        claps.append(time + 1.8 * beat)
    load = footwork(ctx, c, steps)
    on = envelope(ctx.t, min(0.5, 0.2 * ctx.dur), min(0.5, 0.2 * ctx.dur))
    beats = bounce(ctx, begin + 0.8 * beat, beat, 2 * bars - 1)
    hips(ctx, c, load, 0.03, 7)
    c.height -= 0.02 * on + 0.025 * beats
    c.head[:, 0] += 6 * beats
    c.spine[:, 1] += ctx.vary(9) * later(ctx, load, 0.1)
    together = pulses(ctx.t, claps, 1.5 * beat).clip(0, 1) ** 1.4
    for s in (0, 1):
        out = 0.012 + ctx.vary(0.30) * (1 - together)
        place = np.stack([out, -0.12 - 0.12 * (1 - together), 0.33 - 0.10 * (1 - together)], 1)
        open_, one = 1 - together, np.ones_like(together)
        fingers = np.stack([0.45 * open_ - 0.1, 0.75 - 0.4 * open_, 0.75 * one], 1)
        c.set_hand(s, "chest", place, on, fingers, np.stack([-one, 0 * one, 0.2 * open_], 1), swivel=38 + 14 * open_)
    return c


@action("toprock", part="full", seconds=lambda args, rng: float(rng.uniform(3.6, 6.0)))
def toprock(ctx: Ctx) -> Channels:
    """Breaking upright: a foot steps across in front while the arms fly open, then back while they cross."""
    c = ctx.hold()
    begin, beat, bars = grid(ctx, 2, 0.46)
    first, steps, opens, turn = int(ctx.rng.integers(2)), [], [], [(0.0, 0.0)]
    for k in range(bars):
        s = (first + k) % 2
        time, out = begin + 2 * k * beat, 1 - 2 * s
        across = at(s, out=-0.20, ahead=0.27 * ctx.vary(1, 0.05))
        steps.append(Step(s, time + 0.75 * beat, across, 0.75, 0, 0.11, 0.62 * beat, -out * 14))
        steps.append(Step(1 - s, time + 1.2 * beat, at(1 - s, out=0.03, ahead=-0.04), 0.9, 6, 0.05, 0.36 * beat))
        steps.append(Step(s, time + 1.8 * beat, at(s, out=0.03), 1, 0, 0.07, 0.5 * beat))
        opens.append(time + 0.8 * beat)
        turn += [(time, 0.0), (time + 0.75 * beat, -out * 1.0), (time + 1.7 * beat, 0.0)]
    s = steps[-1].side
    steps.append(Step(1 - s, steps[-1].on + 0.22, at(1 - s), 1, 0, 0.03, 0.2))
    steps.append(Step(s, steps[-1].on + 0.2, at(s), 1, 0, 0.03, 0.18))
    load, twist = footwork(ctx, c, steps, over=0.5), keys(ctx.t, turn, "smooth")
    on = envelope(ctx.t, min(0.45, 0.2 * ctx.dur), min(0.5, 0.2 * ctx.dur))
    open_ = pulses(ctx.t, opens, 1.7 * beat).clip(0, 1)
    beats = bounce(ctx, begin + 0.75 * beat, beat / 2, 4 * bars - 2)
    c.height -= 0.05 * on + 0.035 * beats
    c.pelvis[:, 1] += ctx.vary(20) * twist
    c.spine[:, 1] += ctx.vary(10) * later(ctx, twist, 0.06)
    c.spine[:, 0] += 12 * on - 10 * open_
    c.spine[:, 2] += 5 * load
    c.head[:, 0] += -6 * on + 7 * beats
    c.head[:, 1] += -8 * twist + noise(ctx.rng, ctx.num_frames, 4, 12) * on
    for k in (0, 1):
        late = later(ctx, open_, 0.04 + 0.03 * k)
        c.set_arm(
            k, on, flex=ctx.vary(52) - 26 * late, abd=-14 + ctx.vary(90, 0.06) * late, elbow=100 - 72 * late,
            twist=34 - 40 * late, pronate=40 - 20 * late, wrist=10 - 24 * later(ctx, late, 0.06),
        )  # fmt: skip
    return c
