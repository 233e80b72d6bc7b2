"""Standing leg exercises: swings, heels to the bottom, calf raises."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, minjerk
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "leg_swing",
    part="full",
    seconds=lambda args, rng: 1.2 + 1.15 * int(args["count"]),
    slots={"side": ("right", "left"), "count": ("3", "1", "2", "4", "5")},
)
def leg_swing(ctx: Ctx, side: str, count: str) -> Channels:
    """Swing the straight leg of `side` to the front and to the back `count` times, loose like a pendulum."""
    c, s, lead = ctx.hold(), sides(side)[0], min(0.6, 0.2 * ctx.dur)
    flip = 2 * s - 1
    bounds = edges(ctx, int(count), ctx.dur, lead, 1.05 * lead)
    size = sizes(ctx, bounds, 0.05) * envelope(ctx.t, 0.25, 0.25, bounds[0], bounds[-1])
    swing, late = np.sin(phase(ctx.t, bounds)) * size, np.sin(phase(ctx.t, bounds) - 0.5) * size
    free = envelope(ctx.t, 0.4 * lead, 0.4 * lead, bounds[0] - 0.35 * lead, bounds[-1] + 0.35 * lead)
    on = envelope(ctx.t, 0.95 * lead, 0.95 * lead)
    ahead, back = np.maximum(swing, 0), np.maximum(-swing, 0)
    c.set_leg(s, free, flex=ctx.vary(62, 0.05) * ahead - 30 * back + 4, abd=4, ankle=-2)
    c.leg[:, s, 3] = 9 + 12 * back + 5 * (late - swing)
    c.sway[:, 0] += flip * 0.078 * on
    c.pelvis[:, 0] += (-8 * ahead + 14 * back) * on
    c.spine[:, 0] += 6 * ahead - 4 * back
    c.pelvis[:, 1] += flip * 5 * swing
    c.spine[:, 1] -= flip * 9 * late
    c.pelvis[:, 2] += flip * 3 * on
    for k in (0, 1):
        way = 1.0 if k != s else -1.0
        c.set_arm(
            k, on, flex=ctx.vary(10, 0.3) + way * 24 * late, abd=ctx.vary(44, 0.1), elbow=ctx.vary(20, 0.2), twist=5
        )
    return c


@action(
    "butt_kicks",
    part="lower",
    seconds=lambda args, rng: 0.7 + 0.40 * int(args["count"]),
    slots={"count": ("6", "4", "5", "8")},
)
def butt_kicks(ctx: Ctx, count: str) -> Channels:
    """Jog on the spot, `count` heels in turn up to the bottom."""
    c, n, t = ctx.hold(), int(count), ctx.t
    lead = min(0.28, 0.1 * ctx.dur)
    period, first = (ctx.dur - 2 * lead) / n, int(ctx.rng.integers(2))
    shift, bounce = [(0.0, 0.0)], np.zeros(ctx.num_frames)
    for k in range(n):
        s, mid = (first + k) % 2, lead + (k + 0.5) * period
        up = minjerk((t - mid + 0.62 * period) / (0.58 * period)) * minjerk((mid + 0.62 * period - t) / (0.58 * period))
        now = up > c.leg_w[:, s]
        c.leg_w[now, s] = np.minimum(1.8 * up, 1)[now]
        c.leg[now, s] = np.stack([-4 + 6 * up, 0 * up + 3, 0 * up, 22 + ctx.vary(112, 0.03) * up, 28 * up], 1)[now]
        shift.append((mid, (2 * s - 1) * 0.05))
        bounce += up
        c.foot_pitch[:, 1 - s] += 14 * up * (1 - up) * 2
    on = envelope(t, 1.4 * lead, 1.4 * lead)
    beat = keys(t, [*shift, (ctx.dur, 0.0)])
    c.sway[:, 0] += beat
    c.height += (0.022 * np.clip(bounce, 0, 1) - 0.03) * on
    c.pelvis[:, 0] += ctx.vary(6) * on
    c.spine[:, 0] += 3 * on
    c.pelvis[:, 1] += 60 * beat
    c.spine[:, 1] -= 150 * beat
    for s in (0, 1):
        pump = (2 * s - 1) * beat / 0.05
        c.set_arm(s, on, flex=ctx.vary(8, 0.3) - 30 * pump, abd=ctx.vary(12), elbow=ctx.vary(84), twist=12)
    return c


@action(
    "calf_raise",
    part="lower",
    seconds=lambda args, rng: 0.5 + 1.25 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4", "5")},
)
def calf_raise(ctx: Ctx, count: str) -> Channels:
    """Rise up on the toes and come down `count` times, standing straight."""
    c, lead = ctx.hold(), min(0.2, 0.1 * ctx.dur)
    bounds = edges(ctx, int(count), ctx.dur, lead, lead)
    wave = 0.5 - 0.5 * np.cos(phase(ctx.t, bounds))
    up = minjerk(1.08 * wave) * np.minimum(sizes(ctx, bounds, 0.04), 1.04)
    c.foot_pitch += (ctx.vary(52, 0.05) * up)[:, None]
    c.height += 0.08 * up
    c.sway[:, 1] += ctx.vary(0.055, 0.08) * up
    c.spine[:, 0] -= 2 * up
    c.head[:, 0] -= ctx.vary(3) * up
    for s in (0, 1):
        c.set_arm(s, up, abd=ctx.vary(15, 0.2), elbow=ctx.vary(16, 0.2))
    return c
