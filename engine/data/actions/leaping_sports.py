"""Balls met in the air: a header, a volleyball spike."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.flight import GRAVITY, Jump, fly, tiptoe_pitch
from engine.data.toolkit.sports_kit import pose_arm, step


def _leap(ctx: Ctx, c: Channels, begin: float, rise: float, depth: float, push: float = 0.5) -> tuple[np.ndarray, Jump]:
    """One jump off both feet from `begin`: (crouch (T,), the jump)."""
    off = begin + push
    air = np.sqrt(8 * rise / GRAVITY)
    jump = Jump(begin, off, off + air, min(off + air + 0.6, 0.98 * ctx.dur), rise)
    crouch, up = fly(ctx, c, [jump], depth)
    c.foot_lift += up[:, None]
    c.foot_pitch += tiptoe_pitch(ctx, [jump], 44)[:, None]
    c.sway[:, 1] -= 0.05 * crouch
    c.pelvis[:, 0] += 22 * crouch
    c.spine[:, 0] += 10 * crouch
    c.head[:, 0] -= 26 * crouch
    c.knee_out += 7 * crouch[:, None]
    return crouch, jump


@action("header", part="full", seconds=lambda args, rng: float(rng.uniform(1.7, 2.4)),
        slots={"style": ("jump", "stand")})  # fmt: skip
def header(ctx: Ctx, style: str) -> Channels:
    """Arch the trunk back and whip the forehead into a ball, leaping at it or standing."""
    c, t = ctx.hold(), ctx.t
    if style == "jump":
        _, jump = _leap(ctx, c, 0.12 * ctx.dur, ctx.vary(0.30), ctx.vary(0.20))
        hit = jump.off + 0.55 * (jump.on - jump.off)
        first, bent = jump.off - 0.08, 46 * envelope(t, 0.14, 0.2, jump.off, jump.on)
        c.foot_pitch += 0.5 * bent[:, None]
        c.foot_xz[:, :, 1] -= 0.004 * bent[:, None]
        c.foot_lift += 0.0028 * bent[:, None]
    else:
        hit, first = 0.46 * ctx.dur, 0.14 * ctx.dur
        step(c, t, 0, (0.04 * ctx.dur, 0.24 * ctx.dur), (0.0, 0.20))
        step(c, t, 0, (0.74 * ctx.dur, 0.96 * ctx.dur), (0.0, -0.20))
        c.height -= 0.05 * envelope(t, 0.3, 0.4)
        c.sway[:, 1] += keys(t, [(0.0, 0.0), (0.2 * ctx.dur, 0.04), (hit - 0.16, 0.0), (hit, 0.16),
                                 (0.97 * ctx.dur, 0.0)])  # fmt: skip
    arch = keys(t, [(first, 0.0), (hit - 0.14, 1.0), (hit, 0.0)])
    nod = keys(t, [(hit - 0.14, 0.0), (hit + 0.02, 1.0), (hit + 0.12, 1.0), (hit + 0.5, 0.0)])
    c.pelvis[:, 0] += -11 * arch + 8 * nod
    c.spine[:, 0] += -ctx.vary(26) * arch + ctx.vary(26) * nod
    c.head[:, 0] += -ctx.vary(24) * arch + ctx.vary(20) * nod
    on = envelope(t, 0.35, 0.5, 0.02, min(hit + 0.85, ctx.dur - 0.02))
    for s in (0, 1):
        c.set_arm(s, on, flex=ctx.vary(46) * (1 - nod) - 20 * nod, abd=ctx.vary(42), elbow=ctx.vary(70, 0.1), twist=6)
    return c


@action("volleyball_spike", part="full", seconds=lambda args, rng: float(rng.uniform(2.2, 2.8)),
        slots={"side": ("right", "left")})  # fmt: skip
def volleyball_spike(ctx: Ctx, side: str) -> Channels:
    """Swing both arms back, jump, cock the arm and smash a ball down at the top."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    flip, lead = 1 - 2 * s, 1 - s
    ahead, x = ctx.vary(0.34), 0.16 * ctx.dur
    for k, a in ((lead, 0.02), (s, 0.02 + 0.55 * x)):
        step(c, t, k, (a, a + 0.9 * x), (0.0, ahead), 0.0, 0.09)
    c.root[:, 1] += keys(t, [(0.0, 0.0), (1.7 * x, ahead)])
    _, jump = _leap(ctx, c, 0.9 * x, ctx.vary(0.40), ctx.vary(0.25), 0.56)
    hit = jump.off + 0.54 * (jump.on - jump.off)
    forward = 0.16 * np.clip((t - jump.off) / (jump.on - jump.off), 0, 1)
    c.root[:, 1] += forward
    c.foot_xz[:, :, 1] += forward[:, None]
    cock = keys(t, [(jump.off - 0.05, 0.0), (hit - 0.12, 1.0), (hit + 0.02, 0.0)])
    smash = keys(t, [(hit - 0.12, 0.0), (hit + 0.08, 1.0), (jump.on + 0.1, 0.6), (jump.on + 0.5, 0.0)])
    c.spine[:, 0] += -20 * cock + 30 * smash
    c.pelvis[:, 0] += -10 * cock + 8 * smash
    c.spine[:, 1] += flip * (-26 * cock + 22 * smash)
    c.pelvis[:, 1] += flip * (-12 * cock + 8 * smash)
    c.head[:, 1] += flip * (30 * cock - 20 * smash)
    c.head[:, 0] += -14 * cock - 6 * smash
    c.foot_lift += 0.11 * envelope(t, 0.18, 0.2, jump.off, jump.on)[:, None]
    c.foot_xz[:, :, 1] -= 0.16 * envelope(t, 0.18, 0.2, jump.off, jump.on)[:, None]
    rest, swung = (2, 6, 8, 14, 8), (-52, 14, 0, 12, 10)
    swing = [(0.03, rest), (jump.off - 0.24, swung), (jump.off + 0.02, (128, 22, 0, 40, 10))]
    end = [(jump.on + 0.1, (40, 12, 14, 26, 20)), (0.97 * ctx.dur, rest)]
    hitting = [(hit - 0.10, (60, 116, -78, 112, 10)), (hit, (160, 30, -20, 16, 20)), (hit + 0.12, (54, 2, 26, 14, 40))]
    pose_arm(c, s, t, 1.0, swing + hitting + end)
    aiming = [(hit - 0.12, (150, 18, 0, 10, 10)), (hit + 0.06, (40, 18, 10, 78, 20))]
    pose_arm(c, lead, t, 1.0, swing + aiming + end)
    return c
