"""On one leg: raising a knee, balancing, stomping."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise

OVER_FOOT = 0.072
"""Sideways shift of the pelvis that puts the weight over one foot, metres."""


def _free_side(side: str, k: int, first: int) -> int:
    return (first + k) % 2 if side == "both" else sides(side)[0]


@action(
    "knee_raise",
    part="lower",
    seconds=lambda args, rng: 0.5 + 0.95 * int(args["count"]),
    slots={"side": ("both", "left", "right"), "count": ("2", "1", "3", "4", "5", "6")},
)
def knee_raise(ctx: Ctx, side: str, count: str) -> Channels:
    """Raise the knee to hip height `count` times; 'both' takes turns."""
    c, n, first = ctx.hold(), int(count), int(ctx.rng.integers(2))
    period = (ctx.dur - 0.3) / n
    shift = [(0.0, 0.0)]
    for k in range(n):
        s, begin = _free_side(side, k, first), 0.15 + k * period
        up, hold, down = begin + 0.40 * period, begin + ctx.vary(0.52, 0.05) * period, begin + 0.97 * period
        raised = keys(ctx.t, [(begin + 0.06 * period, 0), (up, 1), (hold, 1), (down, 0)])
        flex, knee = ctx.vary(92, 0.06), ctx.vary(98, 0.08)
        _raise(c, s, raised, flex, knee)
        shift += [(begin + 0.3 * period, (2 * s - 1) * OVER_FOOT), (begin + 0.7 * period, (2 * s - 1) * OVER_FOOT)]
        c.pelvis[:, 2] += (2 * s - 1) * -3 * raised
        c.pelvis[:, 0] -= 4 * raised
        c.spine[:, 0] += 3 * raised
        c.set_arm(1 - s, raised, flex=ctx.vary(34), elbow=ctx.vary(55), abd=6)
        c.set_arm(s, raised, flex=-10, elbow=28)
    c.sway[:, 0] += keys(ctx.t, [*shift, (ctx.dur, 0.0)])
    return c


def _raise(c: Channels, s: int, weight: np.ndarray, flex: float, knee: float, ankle: float = 12.0) -> None:
    """Add a raise of leg s; raises of one leg may follow one another in time."""
    now = weight > c.leg_w[:, s]
    c.leg_w[:, s] = np.maximum(c.leg_w[:, s], weight)
    c.leg[now, s] = (flex, 4.0, 0.0, knee, ankle)


@action(
    "balance", part="lower", seconds=lambda args, rng: float(rng.uniform(2.8, 5.0)), slots={"side": ("left", "right")}
)
def balance(ctx: Ctx, side: str) -> Channels:
    """Stand on the leg of `side`, arms out, wobbling a little."""
    c, stand, n = ctx.hold(), sides(side)[0], ctx.num_frames
    flip = 1 - 2 * stand
    ramp = min(0.8, 0.28 * ctx.dur)
    on = envelope(ctx.t, ramp, ramp, 0.1, ctx.dur - 0.08)
    lifted = envelope(ctx.t, 0.8 * ramp, 0.8 * ramp, 0.1 + 0.3 * ramp, ctx.dur - 0.08 - 0.3 * ramp)
    wobble = noise(ctx.rng, n, 1.0, 7) * lifted
    _raise(c, 1 - stand, lifted, ctx.vary(64, 0.14), ctx.vary(80, 0.14), 12)
    c.sway[:, 0] += flip * OVER_FOOT * 1.1 * on + 0.006 * wobble
    c.pelvis[:, 2] += flip * 2.5 * on + 1.5 * wobble
    c.spine[:, 2] += -2.2 * wobble + flip * 2 * on
    c.spine[:, 0] += noise(ctx.rng, n, 1.5, 8) * lifted
    for s in (LEFT, RIGHT):
        tilt = 9 * wobble * (1 - 2 * s) + noise(ctx.rng, n, 3, 7)
        c.set_arm(s, on, flex=ctx.vary(14), abd=ctx.vary(72, 0.08) + tilt, elbow=ctx.vary(18, 0.2), twist=0, wrist=-8)
    return c


@action(
    "stomp",
    part="lower",
    seconds=lambda args, rng: 0.5 + 0.85 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("1", "2", "3", "4")},
)
def stomp(ctx: Ctx, side: str, count: str) -> Channels:
    """Lift the foot and bring it down hard `count` times."""
    c, n, s = ctx.hold(), int(count), sides(side)[0]
    period, flip = (ctx.dur - 0.4) / n, 2 * s - 1
    lift, dip, jolt = [(0.0, 0.0)], [(0.0, 0.0)], [(0.0, 0.0)]
    for k in range(n):
        begin, high = 0.18 + k * period, ctx.vary(0.27, 0.1)
        up, fall = min(0.45, 0.48 * period), min(0.16, 0.2 * period)
        hit = begin + up + 0.05 + fall
        lift += [(begin, 0.0), (begin + up, high), (begin + up + 0.05, high), (hit, 0.0)]
        dip += [(hit - fall, 0.0), (hit + 0.07, 1.0), (hit + 0.35 * period, 0.0)]
        jolt += [(begin, 0.0), (begin + up, -0.6), (hit + 0.05, 1.0), (hit + 0.4 * period, 0.0)]
    raised, low, nod = (keys(ctx.t, points) for points in (lift, dip, jolt))
    on = envelope(ctx.t, min(0.3, 0.2 * ctx.dur), min(0.35, 0.2 * ctx.dur))
    c.foot_lift[:, s] += raised
    c.foot_pitch[:, s] += 40 * raised
    c.foot_xz[:, s, 1] += 0.35 * raised
    c.height -= ctx.vary(0.035) * low
    c.sway[:, 0] += flip * 0.055 * on * (1 - 0.4 * low)
    c.spine[:, 0] += ctx.vary(7) * nod
    c.head[:, 0] += 7 * np.maximum(nod, 0) + 4 * on
    c.set_arm("both", 0.8 * on, flex=4 + 6 * nod, abd=ctx.vary(14), elbow=ctx.vary(34), twist=15)
    return c
