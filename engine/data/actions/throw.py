"""Throwing overarm and catching with both hands."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys

ARM = ("flex", "abd", "twist", "elbow", "pronate")


@action("throw", part="full", seconds=lambda args, rng: float(rng.uniform(1.8, 2.8)), slots={"side": ("right", "left")})
def throw(ctx: Ctx, side: str) -> Channels:
    """Wind up with the trunk turned away, step, whip the arm over, follow through."""
    c, s, t = ctx.hold(), sides(side)[0], ctx.t
    span = min(ctx.dur, ctx.vary(2.2, 0.08))
    start = (ctx.dur - span) * ctx.rng.uniform(0.1, 0.5)
    at = start + span * np.array([0.02, 0.20, 0.38, 0.52, 0.62, 0.72, 0.98])
    rest = tuple(float(c.arm[0, s, k]) for k in range(5))
    cocked = (ctx.vary(6, 0.5), ctx.vary(96, 0.05), ctx.vary(-82, 0.05), ctx.vary(98, 0.06), 10.0)
    over = (ctx.vary(104, 0.05), 48.0, -38.0, 34.0, 22.0)
    through = (ctx.vary(52), 4.0, 28.0, 22.0, 44.0)
    lifted = (-12.0, 52.0, -12.0, 62.0, 10.0)
    poses = [rest, lifted, cocked, cocked, over, through, rest]
    arm = keys(t, list(zip(at, poses, strict=True)))
    on = envelope(t, 0.2 * span, 0.3 * span, float(at[0]), float(at[-1]))
    c.set_arm(s, 1.0, **{name: arm[:, k] for k, name in enumerate(ARM)})
    flip, lead = 1 - 2 * s, 1 - s
    wind = keys(t, [(at[0], 0.0), (at[2], -1.0), (at[3] - 0.04, -0.7), (at[5], 0.9), (at[6], 0.0)])
    step = keys(t, [(at[1], 0.0), (at[3], 1.0), (at[5], 1.0), (at[6], 0.0)])
    c.foot_xz[:, lead, 1] += ctx.vary(0.36) * step
    for a, b in ((at[1], at[3]), (at[5], at[6])):
        c.foot_lift[:, lead] += 0.09 * np.sin(np.pi * np.clip((t - a) / (b - a), 0, 1))
    c.sway[:, 1] += 0.22 * step - 0.05 * on
    c.sway[:, 0] += flip * 0.055 * keys(t, [(at[0], 0), (at[1], 1), (at[2], 1), (at[3], 0)])
    c.height -= 0.045 * step
    c.foot_pitch[:, s] += 40 * keys(t, [(at[3], 0), (at[5], 1), (at[6], 0)])
    c.pelvis[:, 1] -= flip * ctx.vary(18) * wind
    c.spine[:, 1] -= flip * ctx.vary(24) * wind
    c.head[:, 1] += flip * 40 * wind
    c.spine[:, 0] += keys(t, [(at[0], 0.0), (at[2], -8.0), (at[3], -8.0), (at[5], 20.0), (at[6], 0.0)])
    point = keys(t, [(at[0], 0.0), (at[2], 1.0), (at[3], 0.8), (at[5], 0.0)])
    c.set_arm(lead, point, flex=ctx.vary(66), abd=ctx.vary(22, 0.3), elbow=ctx.vary(28, 0.3), twist=5)
    return c


@action("catch", part="full", seconds=lambda args, rng: float(rng.uniform(1.6, 2.8)))
def catch(ctx: Ctx) -> Channels:
    """Reach out with both hands, take what comes to the chest, look at it, lower it."""
    c, d, t = ctx.hold(), ctx.dur, ctx.t
    reach, hit, soft, keep = 0.28 * d, 0.38 * d, 0.38 * d + min(0.3, 0.14 * d), 0.72 * d
    high, side = ctx.rng.uniform(-0.08, 0.16), ctx.rng.normal(0, 0.05)
    on = keys(t, [(0.04 * d, 0.0), (reach, 1.0), (keep, 1.0), (0.98 * d, 0.0)])
    taken = keys(t, [(hit, 0.0), (soft, 1.0)])
    c.height -= keys(t, [(0.05 * d, 0), (reach, 0.04), (hit, 0.03), (soft, 0.08), (keep, 0.02), (0.98 * d, 0.0)])
    c.spine[:, 0] += keys(t, [(0.0, 0.0), (reach, 5.0), (hit, 6.0), (soft, 13.0), (keep, 6.0), (0.98 * d, 0.0)])
    c.head[:, 0] += keys(t, [(0.0, 0.0), (reach, -6 - 40 * high), (hit, 0.0), (soft + 0.1, 16.0), (keep, 12), (d, 0.0)])
    c.sway[:, 1] += keys(t, [(0.05 * d, 0.0), (hit, 0.03), (soft, -0.03), (0.98 * d, 0.0)])
    for s in (0, 1):
        flip = 1 - 2 * s
        far = np.array([0.09 + flip * side, high, 0.44]) + ctx.rng.normal(0, 0.006, 3)
        near = np.array([0.085, ctx.vary(-0.16, 0.1), 0.25])
        place = far + taken[:, None] * (near - far)
        fingers = np.array([0.0, 0.75, 0.65]) + taken[:, None] * (-0.1, -0.55, 0.2)
        c.set_hand(s, "chest", place, on, fingers, (-0.9, -0.1, 0.3), swivel=ctx.vary(35))
    return c
