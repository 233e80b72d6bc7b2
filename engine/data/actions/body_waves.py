"""Moves of the whole body on the spot: floss, hip shake, body roll."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, noise, pulses
from engine.data.toolkit.dance_steps import TEMPO, grid, later
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "floss", part="full", seconds=lambda args, rng: 4.0 * TEMPO[args["speed"]] ** 0.6, slots={"speed": tuple(TEMPO)}
)
def floss(ctx: Ctx, speed: str) -> Channels:
    """Both straight arms swing to one side of the hips, the hips to the other; one arm passes behind, then in front."""
    c, t = ctx.hold(), ctx.t
    begin, beat, _ = grid(ctx, 2, 0.34 * TEMPO[speed], lead=0.3, tail=0.35)
    flip = float(ctx.rng.choice([-1.0, 1.0]))
    turns = np.pi * (t - begin) / beat
    on = envelope(t, min(0.4, 0.2 * ctx.dur), min(0.4, 0.2 * ctx.dur))
    swing = flip * np.sin(turns)
    swing = np.sign(swing) * np.abs(swing) ** 0.8 * on
    hip = later(ctx, swing, -0.03)
    c.sway[:, 0] -= ctx.vary(0.075, 0.06) * hip
    c.pelvis[:, 2] += ctx.vary(10) * hip
    c.spine[:, 2] -= ctx.vary(9) * hip
    c.head[:, 2] -= 2 * swing
    c.height -= 0.035 * on + 0.015 * (1 - np.abs(swing)) * on
    c.spine[:, 0] += 6 * on
    for s in (0, 1):
        out = (1 - 2 * s) * swing
        cross, open_ = np.maximum(-out, 0), np.maximum(out, 0)
        cycle = np.floor((turns / np.pi + (-0.5 if (1 - 2 * s) * flip > 0 else 0.5)) / 2)
        ahead = (cycle + s) % 2 == 0
        depth = np.where(ahead, ctx.vary(30), -ctx.vary(30))
        c.set_arm(
            s, on, flex=4 + depth * cross - 4 * open_, abd=8 + ctx.vary(36) * open_ - np.where(ahead, 40, 22) * cross,
            elbow=ctx.vary(9), twist=10, pronate=20, wrist=-8 * later(ctx, out, 0.06),
        )  # fmt: skip
    return c


@action(
    "hip_shake",
    part="full",
    seconds=lambda args, rng: 0.8 + 0.56 * int(args["count"]),
    slots={"count": ("4", "2", "3", "5", "6", "8")},
)
def hip_shake(ctx: Ctx, count: str) -> Channels:
    """Shake the hips to both sides `count` times over bent knees, elbows bent."""
    c, lead = ctx.hold(), min(0.35, 0.16 * ctx.dur)
    bounds = edges(ctx, int(count), 0.56, lead, lead, spread=0.03)
    calm = envelope(ctx.t, 0.12, 0.12, bounds[0], bounds[-1])
    on = envelope(ctx.t, lead, lead)
    flip = float(ctx.rng.choice([-1.0, 1.0]))
    swing = flip * np.sin(phase(ctx.t, bounds)) * sizes(ctx, bounds, 0.08) * calm
    c.sway[:, 0] += ctx.vary(0.082, 0.06) * swing
    c.pelvis[:, 2] -= ctx.vary(14, 0.08) * swing
    c.pelvis[:, 1] += ctx.vary(7) * later(ctx, swing, 0.05)
    c.spine[:, 2] += ctx.vary(17, 0.08) * later(ctx, swing, 0.04)
    c.spine[:, 1] -= 6 * later(ctx, swing, 0.08)
    c.head[:, 2] -= 4 * later(ctx, swing, 0.1)
    c.height -= 0.06 * on - 0.015 * np.abs(swing)
    c.spine[:, 0] += 4 * on
    for s in (0, 1):
        out = (1 - 2 * s) * swing
        c.foot_pitch[:, s] += 24 * np.maximum(-out - 0.15, 0)
        follow = later(ctx, out, 0.1)
        c.set_arm(
            s, on, flex=22 + 8 * follow, abd=ctx.vary(32) - 9 * follow, elbow=ctx.vary(86) + 8 * follow, twist=4,
            pronate=30, wrist=-12 + 8 * later(ctx, out, 0.16),
        )  # fmt: skip
    return c


@action(
    "body_roll",
    part="full",
    seconds=lambda args, rng: 0.7 + 1.5 * int(args["count"]),
    slots={"count": ("2", "1", "3", "4")},
)
def body_roll(ctx: Ctx, count: str) -> Channels:
    """A wave from the head through the chest to the hips and knees, `count` times."""
    c, n, t = ctx.hold(), int(count), ctx.t
    lead = min(0.3, 0.14 * ctx.dur)
    period = (ctx.dur - 2 * lead) / n

    def wave(share: float, width: float = 0.52) -> np.ndarray:
        return pulses(t, [lead + (k + share) * period for k in range(n)], width * period)

    on = envelope(t, lead, 1.2 * lead)
    chest, hip, back = wave(0.38), wave(0.60), wave(0.80, 0.40)
    c.head[:, 0] += -ctx.vary(24) * wave(0.26, 0.4) + ctx.vary(22) * wave(0.58) + 12 * wave(0.1, 0.2)
    c.spine[:, 0] += 10 * wave(0.13, 0.26) - ctx.vary(34, 0.08) * chest + ctx.vary(27, 0.08) * wave(0.66)
    c.pelvis[:, 0] += 8 * chest - ctx.vary(24, 0.08) * hip + ctx.vary(14) * back
    c.sway[:, 1] += 0.015 * chest + ctx.vary(0.075, 0.08) * hip - 0.06 * back
    c.height -= 0.02 * on + 0.035 * hip + ctx.vary(0.06) * back
    c.spine[:, 2] += noise(ctx.rng, ctx.num_frames, 1.5, 12) * on
    for s in (0, 1):
        follow = later(ctx, chest, 0.12)
        c.set_arm(
            s, on, flex=14 - 22 * follow + 14 * back, abd=ctx.vary(26) + 8 * follow, elbow=ctx.vary(48) - 12 * follow,
            twist=10, pronate=25, wrist=-10 * follow,
        )  # fmt: skip
    return c
