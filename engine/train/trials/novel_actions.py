"""Actions that no model has seen: they are in no catalogue, and the trial of a new domain performs them as clips.

perform_novel("highland", {"first": "left"}, seed=3) -> Motion
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from engine.core.plan import STEP_S
from engine.core.types import MODEL_FPS, Motion
from engine.data.toolkit.channels import LEFT, RIGHT, Array, Channels, Ctx, sides, standing
from engine.data.toolkit.curves import envelope, keys, minjerk, noise, pulses
from engine.data.toolkit.repeats import edges, phase
from engine.data.toolkit.solve import solve

MOST_S = 4.0
"""A reference shows no more than so many seconds."""


def _beats(ctx: Ctx, count: int, lead: float, tail: float, width: float) -> tuple[Array, Array]:
    """Weights (2, T) that are 1 at one beat or the other by turns, and the boundaries (count + 1,) of the beats."""
    bounds = edges(ctx, count, ctx.dur, lead, tail, 0.04)
    points: list[tuple[list[tuple[float, float]], int]] = [([], 0), ([], 1)]
    for row, own in points:
        for k in range(count):
            now = float(k % 2 == own)
            row += [(bounds[k] + (k > 0) * width / 2, now), (bounds[k + 1] - width / 2, now)]
    return np.stack([keys(ctx.t, row) for row, _ in points]), bounds


def semaphore(ctx: Ctx, first: str = "left", count: str = "4") -> Channels:
    """Signal with straight arms: one up, the other out to the side, then the other way round, `count` signals."""
    c, lead = ctx.hold(), 0.42
    swap = 0.3
    turns, bounds = _beats(ctx, int(count), lead, lead, swap)
    up = envelope(ctx.t, lead, lead, 0.02, ctx.dur - 0.02)
    top, out = ctx.vary(170, 0.02), ctx.vary(90, 0.02)
    for s in (LEFT, RIGHT):
        high = turns[0] if s == sides(first)[0] else turns[1]
        lift = out + (top - out) * high + noise(ctx.rng, ctx.num_frames, 0.8)
        c.set_arm(s, up, flex=3, abd=lift, elbow=3, twist=0, pronate=40 * high + 20, wrist=0)
        c.spine[:, 2] += (1 - 2 * s) * -2.5 * high * up
    c.head[:, 1] += 3 * np.sin(phase(ctx.t, bounds) / 2) * up
    return c


def highland(ctx: Ctx, first: str = "right", count: str = "3") -> Channels:
    """Hop on one foot, the other at the knee with its knee out, one arm curved overhead and a hand at the waist.

    `count` hops with the foot of `first` raised, then as many with the other one.
    """
    c, lead, n = ctx.hold(), min(0.6, 0.17 * ctx.dur), int(count)
    turns, bounds = _beats(ctx, 2, lead, lead, 0.44)
    on = envelope(ctx.t, lead, lead, 0.0, ctx.dur - 0.05)
    hops = [a + (b - a) * (k + 0.5) / n for a, b in pairwise(bounds) for k in range(n)]
    air = pulses(ctx.t, hops, 0.62 * (bounds[1] - bounds[0]) / n)
    c.height += 0.055 * air - 0.03 * on
    c.head[:, 0] -= 4 * on
    for s, flip in ((LEFT, 1.0), (RIGHT, -1.0)):
        raised = (turns[0] if s == sides(first)[0] else turns[1]) * on
        flex, knee = ctx.vary(46, 0.04), ctx.vary(112, 0.03)
        c.set_leg(s, raised, flex=flex, abd=ctx.vary(38, 0.04), twist=-40, knee=knee, ankle=34)
        c.sway[:, 0] -= flip * 0.08 * raised
        c.foot_lift[:, s] += 0.05 * air * (1 - raised)
        c.foot_pitch[:, s] += (16 * on + 10 * air) * (1 - raised)
        over = keys(ctx.t, [(0.0, 0.0), (lead, 1.0), (ctx.dur - lead, 1.0), (ctx.dur - 0.05, 0.0)])
        high = 1 - raised
        c.set_arm(s, over, flex=-14 + 20 * high, abd=28 + 148 * high, elbow=86 - 36 * high, twist=44 - 74 * high)
    return c


def rodeo(ctx: Ctx, side: str = "right", count: str = "4") -> Channels:
    """Ride a bull that is not there: straddled low, a fist at the rope, the other arm up, thrown to and fro."""
    c, lead, up = ctx.hold(), min(0.7, 0.2 * ctx.dur), sides(side)[0]
    bounds = edges(ctx, int(count), ctx.dur, lead, lead, 0.06)
    on = envelope(ctx.t, lead, lead, 0.05, ctx.dur - 0.05)
    size = envelope(ctx.t, 0.25, 0.25, bounds[0] - 0.05, bounds[-1] + 0.05) * ctx.vary(1.0, 0.08)
    throw, late = np.sin(phase(ctx.t, bounds)) * size, np.sin(phase(ctx.t, bounds) - 0.9) * size
    wide = ctx.vary(0.27, 0.05)
    step = minjerk((ctx.t - 0.1) / (0.7 * lead)) * minjerk((ctx.dur - 0.1 - ctx.t) / (0.7 * lead))
    c.height += (ctx.vary(0.72, 0.02) - 0.94) * on + 0.05 * late * on
    c.sway[:, 1] += (-0.06 - 0.07 * throw) * on
    c.pelvis[:, 0] += (8 + 14 * throw) * on
    c.spine[:, 0] += (2 + 13 * late) * on
    c.head[:, 0] -= (4 + 10 * late) * on
    for s, flip in ((LEFT, 1.0), (RIGHT, -1.0)):
        c.foot_xz[:, s, 0] += flip * wide * step
        c.foot_lift[:, s] += 0.05 * np.sin(np.pi * step) ** 2
        c.foot_yaw[:, s] += flip * 22 * step
        c.knee_out[:, s] += 14 * on
    c.set_arm(up, on, flex=34 + 14 * late, abd=ctx.vary(142, 0.03), elbow=26 + 10 * throw, twist=-10, pronate=40)
    c.spine[:, 2] += (1 - 2 * up) * -3 * on
    place = np.stack([0.02 + 0 * throw, 0.10 + 0.02 * throw, 0.27 - 0.02 * late], 1)
    c.set_hand(1 - up, "pelvis", place, on, swivel=55)
    return c


NOVEL: Mapping[str, Callable[..., Channels]] = MappingProxyType({f.__name__: f for f in (semaphore, highland, rodeo)})
"""The new actions by name; their wordings and checks are in prompts/trials/domain.yaml."""


def perform_novel(name: str, args: Mapping[str, str], seed: int, seconds: float = MOST_S) -> Motion:
    """A performance of a new action at 20 fps, `seconds` long in whole steps, at most MOST_S."""
    assert 0 < seconds <= MOST_S, f"{seconds} s is more than a reference shows"
    frames = round(seconds / STEP_S) * round(STEP_S * MODEL_FPS)
    ctx = Ctx(np.random.default_rng(seed), frames, standing(1))
    return solve(NOVEL[name](ctx, **args))
