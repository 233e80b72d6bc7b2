"""Lifting a barbell that is not drawn: deadlift, clean and jerk."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import keys

ARM = ("flex", "abd", "twist", "elbow", "pronate", "wrist")


@action(
    "deadlift",
    part="full",
    seconds=lambda args, rng: 0.4 + 2.2 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4")},
)
def deadlift(ctx: Ctx, count: str) -> Channels:
    """Hinge at the hips with a flat back until the hands are at the shins, stand up tall, `count` times."""
    c, n, t = ctx.hold(), int(count), ctx.t
    period = (ctx.dur - 0.3) / n
    points, tall = [(0.0, 0.0), (0.12, 0.0)], [(0.0, 0.0)]
    for k in range(n):
        at, low = 0.12 + k * period, ctx.vary(1.0, 0.03)
        points += [(at + 0.42 * period, low), (at + 0.52 * period, low), (at + 0.86 * period, 0), (at + period, 0)]
        tall += [(at + 0.66 * period, 0.0), (at + 0.86 * period, 1.0), (at + 0.97 * period, 0.0)]
    down, proud = keys(t, points), keys(t, tall)
    on = np.clip(6 * keys(t, [(0, 0), (0.4, 1), (ctx.dur - 0.4, 1), (ctx.dur, 0)]), 0, 1)
    trunk = ctx.vary(68, 0.04)
    c.height -= ctx.vary(0.23, 0.06) * down
    c.sway[:, 1] -= 0.17 * down - 0.02 * proud
    c.pelvis[:, 0] += trunk * down - 4 * proud
    c.spine[:, 0] += 4 * down - 6 * proud
    c.head[:, 0] -= 30 * down - 3 * proud
    c.knee_out += 8 * down[:, None]
    c.collar[:, :, 1] -= 8 * proud[:, None]
    for s in (0, 1):
        hang = (trunk - 4) * down + ctx.vary(9, 0.2) * (1 - down)
        c.set_arm(s, on, flex=hang, abd=ctx.vary(9), elbow=ctx.vary(5, 0.3), twist=10, pronate=62, wrist=0)
    return c


def _poses(ctx: Ctx) -> list[tuple[float, tuple[float, ...], tuple[float, ...]]]:
    """(share of the time, (drop, back, pelvis, spine, head, heels), arm angles) of a clean and jerk."""
    rest, grip = (2, 6, 8, 14, 8, 4), (58, 12, 10, 5, 62, 0)
    rack, top = (58, 10, -12, 140, 30, -20), (164, 24, -14, 6, 20, -22)
    floor = (ctx.vary(0.41, 0.04), 0.17, 58, 6, -34, 0)
    tall = (0, 0, 0, 0, 0, 0)
    return [
        (0.01, tall, rest),
        (0.14, floor, grip),
        (0.20, floor, grip),
        (0.27, (0.10, 0.10, 34, 2, -16, 0), (34, 12, 10, 6, 60, 0)),
        (0.31, (-0.04, -0.02, -4, -6, -6, 26), (10, 42, 20, 78, 50, 0)),
        (0.35, (0.26, 0.06, 10, 6, -6, 0), rack),
        (0.40, (0.33, 0.07, 12, 6, -6, 0), rack),
        (0.49, tall, rack),
        (0.545, tall, rack),
        (0.575, (0.10, 0.01, 2, 2, -6, 0), rack),
        (0.605, (-0.035, -0.01, 0, -3, -14, 24), (112, 26, -14, 70, 20, -20)),
        (0.635, (0.09, 0.0, 2, 0, 2, 0), top),
        (0.69, (0.0, 0.0, 0, -2, 2, 0), top),
        (0.765, tall, top),
        (0.80, (0.06, 0.01, 2, 2, -2, 0), rack),
        (0.92, floor, grip),
        (1.0, tall, rest),
    ]


@action("weight_lift", part="full", seconds=lambda args, rng: float(rng.uniform(6.4, 8.2)))
def weight_lift(ctx: Ctx) -> Channels:
    """Clean and jerk: rip the bar from the floor to the shoulders, dip, drive it overhead, hold, drop it."""
    c, d, t = ctx.hold(), ctx.dur, ctx.t
    poses = _poses(ctx)
    body = keys(t, [(share * d, pose) for share, pose, _ in poses])
    arm = keys(t, [(share * d, pose) for share, _, pose in poses])
    c.height -= body[:, 0]
    c.sway[:, 1] -= body[:, 1]
    for name, k in (("pelvis", 2), ("spine", 3), ("head", 4)):
        getattr(c, name)[:, 0] += body[:, k]
    c.foot_pitch += body[:, 5, None]
    c.knee_out += 14 * np.clip(body[:, :1] / 0.3, 0, 1)
    press = keys(t, [(0.55 * d, 0.0), (0.635 * d, 1.0), (0.77 * d, 1.0), (0.8 * d, 0.0)])
    tremble = 0.8 * np.sin(2 * np.pi * ctx.vary(4.5) * t) * press
    wide = keys(t, [(0.31 * d, 0.0), (0.35 * d, 1.0), (0.94 * d, 1.0), (0.99 * d, 0.0)])
    for s, out in ((0, 1.0), (1, -1.0)):
        c.set_arm(s, 1.0, **{name: arm[:, k] for k, name in enumerate(ARM)})
        c.arm[:, s, 0] += tremble + ctx.rng.normal(0, 1.5) * press
        c.foot_xz[:, s, 0] += out * 0.055 * wide
        for a, b in ((0.31, 0.35), (0.94, 0.99)):
            c.foot_lift[:, s] += 0.03 * np.sin(np.pi * np.clip((t / d - a) / (b - a), 0, 1))
    c.spine[:, 2] += ctx.rng.normal(0, 1.0) * press + 0.3 * tremble
    return c
