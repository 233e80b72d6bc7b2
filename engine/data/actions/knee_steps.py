"""Running man and arabesque."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise, pulses
from engine.data.toolkit.dance_steps import TEMPO, grid, later

Array = np.ndarray
BACK_HEEL = 26.0
"""Heel up, degrees, of the foot that slipped back in the running man."""


@action(
    "running_man",
    part="full",
    seconds=lambda args, rng: 4.4 * TEMPO[args["speed"]] ** 0.6,
    slots={"speed": tuple(TEMPO)},
)
def running_man(ctx: Ctx, speed: str) -> Channels:
    """Run on the spot: a knee comes up and stamps ahead while the other foot slips back."""
    c = ctx.hold()
    begin, beat, n = grid(ctx, 1, 0.55 * TEMPO[speed], tail=0.4)
    first, reach, low = int(ctx.rng.integers(2)), ctx.vary(0.17), BACK_HEEL
    track = [[(0.0, (0.0, 0.0, 0.0))], [(0.0, (0.0, 0.0, 0.0))]]
    ups, side, hop = [], [(0.0, 0.0)], 0 * ctx.t
    for k in range(n):
        s, peak, last = (first + k) % 2, begin + (k + 0.45) * beat, k == n - 1
        z = track[s][-1][1][0]
        track[s] += [(peak - 0.42 * beat, (z, 0.0, low if k > 1 else 0.0)), (peak, (0.19, ctx.vary(0.37, 0.05), 24.0))]
        land = 0.0 if last else reach
        track[s] += [(peak + 0.12 * beat, (0.2, 0.33, 18.0)), (peak + 0.42 * beat, (land, 0.0, 0.0))]
        o = 1 - s
        z = track[o][-1][1][0]
        track[o] += [(peak - 0.36 * beat, (z, 0.0, 0.0)), (peak - 0.2 * beat, (z / 2, 0.045 if z else 0.0, 0.0))]
        track[o] += [(peak - 0.04 * beat, (0.0, 0.0, 0.0)), (peak + 0.1 * beat, (0.0, 0.0, 0.0))]
        if not last:
            track[o] += [(peak + 0.26 * beat, (-reach / 2, 0.045, 6.0)), (peak + 0.42 * beat, (-reach, 0.0, low))]
        side += [(peak - 0.3 * beat, (2 * s - 1) * 0.05), (peak + 0.1 * beat, (2 * s - 1) * 0.05)]
        ups.append(((1 - 2 * s), peak))
        hop += pulses(ctx.t, [peak], 0.9 * beat)
    for s in (0, 1):
        curve = keys(ctx.t, [*track[s], (ctx.dur, track[s][-1][1])], "smooth")
        c.foot_xz[:, s, 1] += curve[:, 0]
        c.foot_lift[:, s] += curve[:, 1]
        c.foot_pitch[:, s] += curve[:, 2]
    on = envelope(ctx.t, min(0.4, 0.2 * ctx.dur), min(0.45, 0.2 * ctx.dur))
    c.sway[:, 0] += keys(ctx.t, [*side, (ctx.dur, 0.0)])
    c.height -= 0.07 * on - 0.05 * hop
    c.spine[:, 0] += 11 * on - 5 * hop
    c.head[:, 0] += 6 * (on - hop)
    drive = later(ctx, np.asarray(sum(f * pulses(ctx.t, [p], 1.9 * beat) for f, p in ups)), 0.03)
    c.pelvis[:, 1] -= 6 * drive
    c.spine[:, 1] += ctx.vary(13) * drive
    for s in (0, 1):
        swing = -(1 - 2 * s) * drive
        c.set_arm(s, on, flex=12 + ctx.vary(44) * swing, abd=ctx.vary(16), elbow=ctx.vary(88) + 16 * swing, twist=18)
    return c


@action(
    "arabesque", part="full", seconds=lambda args, rng: float(rng.uniform(3.4, 5.4)), slots={"side": ("left", "right")}
)
def arabesque(ctx: Ctx, side: str) -> Channels:
    """Stand on the leg of `side`, the other stretched out behind, one arm ahead, one to the side."""
    c, stand = ctx.hold(), sides(side)[0]
    flip, t = 1 - 2 * stand, ctx.t
    ramp = min(1.1, 0.3 * ctx.dur)
    on = envelope(t, 0.9 * ramp, 0.9 * ramp, 0.05, ctx.dur - 0.05)
    out = envelope(t, ramp, ramp, 0.25 * ramp, ctx.dur - 0.25 * ramp)
    free = envelope(t, 0.5 * ramp, 0.5 * ramp, 0.25 * ramp, ctx.dur - 0.25 * ramp)
    wobble = noise(ctx.rng, ctx.num_frames, 1.0, 8) * out
    deep = ctx.vary(38, 0.1)
    c.set_leg(1 - stand, free, flex=-ctx.vary(46, 0.06) * out, abd=3 + 5 * out, knee=4 + 24 * (1 - out), ankle=36 * out)
    c.sway[:, 0] += flip * 0.082 * on + 0.004 * wobble
    c.sway[:, 1] -= 0.035 * out
    c.pelvis[:, 0] += deep * out
    c.pelvis[:, 1] -= flip * 8 * out
    c.spine[:, 0] -= ctx.vary(30) * out
    c.spine[:, 1] += flip * 8 * out
    c.spine[:, 2] += 1.6 * wobble
    c.head[:, 0] -= 14 * out
    arms, late = out, later(ctx, out, 0.12)
    c.set_arm(
        stand, arms, flex=ctx.vary(112, 0.05) + 3 * wobble, abd=8, elbow=14, twist=10, pronate=30, wrist=14 * late
    )
    c.set_arm(1 - stand, late, flex=-6, abd=ctx.vary(84, 0.06) - 3 * wobble, elbow=14, twist=0, pronate=30, wrist=8)
    return c
