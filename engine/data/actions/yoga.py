"""Yoga on two feet or one: warrior, tree, chair, forward fold."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx, sides, standing
from engine.data.toolkit.curves import envelope, keys, minjerk, noise
from engine.data.toolkit.floor_poses import Stop, at, play


@action(
    "warrior", part="full", seconds=lambda args, rng: float(rng.uniform(4.4, 6.4)), slots={"side": ("right", "left")}
)
def warrior(ctx: Ctx, side: str) -> Channels:
    """Step the foot of `side` far out, turn it and bend that knee; arms level out, eyes over the leading hand."""
    s = sides(side)[0]
    o, flip = 1 - s, 1 - 2 * s
    wide, low = ctx.vary(0.64, 0.06), ctx.vary(0.70, 0.03)
    c = play(ctx, [])
    t, move = ctx.t, min(1.3, 0.27 * ctx.dur)
    out = minjerk((t - 0.35) / (0.75 * move)) * minjerk((ctx.dur - 0.1 - t) / (0.75 * move))
    sink = envelope(t, move, move, 0.5 * move, ctx.dur - 0.45 * move)
    before = envelope(t, 0.4, 0.5, 0.0, 0.55 + 0.5 * move)
    c.sway[:, 0] += flip * (-0.05 * before * (1 - out) + (wide - 0.36) * out + 0.16 * sink)
    c.foot_xz[:, s, 0] += flip * wide * out
    c.foot_xz[:, o, 0] -= flip * 0.06 * out
    c.foot_lift[:, s] += 0.09 * np.sin(np.pi * out) ** 2
    c.foot_lift[:, o] += 0.02 * np.sin(np.pi * out) ** 2
    c.foot_yaw[:, s] += flip * 82 * out
    c.foot_yaw[:, o] -= flip * 4 * out
    c.height += (low - 0.94) * sink - 0.10 * out * (1 - sink)
    c.pelvis[:, 1] += flip * 14 * out
    c.spine[:, 1] += flip * 8 * out
    c.head[:, 1] += flip * ctx.vary(62, 0.06) * sink
    c.pelvis[:, 0] += 2 * sink
    lift = envelope(t, move, 0.9 * move, 0.55 * move, ctx.dur - 0.2)
    for k in (s, o):
        level = ctx.vary(90, 0.02)
        c.set_arm(
            k, lift, flex=2, abd=level + noise(ctx.rng, ctx.num_frames, 0.8), elbow=4, twist=0, pronate=62, wrist=-2
        )
    return c


@action(
    "tree_pose", part="full", seconds=lambda args, rng: float(rng.uniform(4.2, 6.4)), slots={"side": ("left", "right")}
)
def tree_pose(ctx: Ctx, side: str) -> Channels:
    """Stand on the leg of `side`, the other sole against its thigh with the knee out, palms together overhead."""
    s = sides(side)[0]
    o, flip = 1 - s, 1 - 2 * s
    c, t = ctx.hold(), ctx.t
    move = min(1.2, 0.26 * ctx.dur)
    up = envelope(t, move, move, 0.4, ctx.dur - 0.35)
    on = envelope(t, 0.6, 0.6, 0.05, ctx.dur - 0.02)
    wobble = noise(ctx.rng, ctx.num_frames, 0.006, 7) * up
    c.sway[:, 0] += flip * (0.088 * on + wobble)
    c.set_leg(o, up, flex=ctx.vary(48, 0.05), abd=ctx.vary(44, 0.05), twist=-46, knee=ctx.vary(121, 0.02), ankle=30)
    c.pelvis[:, 2] += flip * 2 * up + 80 * wobble
    c.spine[:, 2] -= flip * 2 * up + 120 * wobble
    c.head[:, 0] -= 3 * up
    prayer = keys(
        t, [(0.3 + 0.4 * move, 0.0), (0.3 + 1.1 * move, 1.0), (ctx.dur - 0.8 * move, 1.0), (ctx.dur - 0.1, 0.0)]
    )
    rise = keys(
        t,
        [(0.25 + 0.9 * move, 0.0), (0.3 + 1.8 * move, 1.0), (ctx.dur - 1.45 * move, 1.0), (ctx.dur - 0.75 * move, 0.0)],
    )
    high = ctx.vary(0.53, 0.02)
    for k in (LEFT, RIGHT):
        place = np.stack(
            [0.012 + 0 * rise, -0.13 + (high + 0.13) * rise, 0.20 - 0.12 * rise + 0.1 * np.sin(np.pi * rise)], 1
        )
        c.set_hand(k, "chest", place, prayer, (0.0, 1.0, 0.12), (-1.0, 0.0, 0.0), swivel=58 + 25 * rise)
    return c


@action("chair_pose", part="full", seconds=lambda args, rng: float(rng.uniform(3.4, 5.4)))
def chair_pose(ctx: Ctx) -> Channels:
    """Sit back into the air with bent knees and hold it, arms reaching up in line with the back."""
    c, t = ctx.hold(), ctx.t
    move = min(1.2, 0.28 * ctx.dur)
    down = envelope(t, move, move, 0.2, ctx.dur - 0.08)
    reach = envelope(t, 1.1 * move, 1.05 * move, 0.3, ctx.dur - 0.05)
    c.height -= ctx.vary(0.27, 0.08) * down
    c.sway[:, 1] -= ctx.vary(0.13, 0.08) * down
    c.pelvis[:, 0] += ctx.vary(30) * down + noise(ctx.rng, ctx.num_frames, 0.7, 9) * down
    c.spine[:, 0] += 3 * down
    c.head[:, 0] -= 14 * down
    c.knee_out += 3 * down[:, None]
    for k in (LEFT, RIGHT):
        c.set_arm(k, reach, flex=ctx.vary(164, 0.02), abd=10, elbow=6, twist=4, pronate=10, wrist=0)
    return c


@action("forward_fold", part="full", seconds=lambda args, rng: float(rng.uniform(4.0, 6.2)))
def forward_fold(ctx: Ctx) -> Channels:
    """Fold over the legs from the hips, hang there with loose arms, roll up bone by bone."""
    low = at(0.905, -0.14, ctx.vary(80, 0.04), ctx.vary(66, 0.06), 16)
    low.set_arm("both", flex=ctx.vary(116, 0.03), abd=4, elbow=8, twist=8, pronate=10, wrist=0)
    rolled = at(0.93, -0.05, 18, 58, 34)
    rolled.set_arm("both", flex=56, abd=5, elbow=10, twist=8)
    reach = at(0.94, 0.0, -3, -5, -4)
    reach.set_arm("both", flex=ctx.vary(165, 0.03), abd=8, elbow=6, twist=4)
    c = play(
        ctx,
        [Stop(0.02, 0.2, reach), Stop(0.18, 0.42, low), Stop(0.60, 0.82, rolled), Stop(0.76, 0.98, standing(1))],
    )
    hang = envelope(ctx.t, 0.8, 0.8, 0.38 * ctx.dur, 0.66 * ctx.dur)
    c.spine[:, 0] += 4 * np.sin(2 * np.pi * 0.3 * ctx.t) * hang
    c.arm[:, :, 0] += 5 * (np.sin(2 * np.pi * 0.42 * ctx.t + ctx.rng.uniform(0, 6)) * hang)[:, None]
    return c
