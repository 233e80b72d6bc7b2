"""Sitting and kneeling on the floor: cross-legged, in meditation, on both knees."""

from __future__ import annotations

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx, standing
from engine.data.toolkit.curves import breathing, envelope, noise
from engine.data.toolkit.floor_poses import Stop, at, play
from engine.data.toolkit.postures import posture


def _half_way() -> Channels:
    """Bottom just above the floor, knees up, hands behind."""
    c = at(0.16, -0.27, -14, 30, -8, (0.16, 0.16), 0.11)
    c.knee_out[:] = 22
    c.set_arm("both", flex=-34, abd=24, elbow=14, twist=0, wrist=-50)
    return c


def _crossed(front: int) -> Channels:
    """Cross-legged, the foot of side `front` before the other."""
    c = at(0.125, -0.27, -6, 12, -2)
    for s in (LEFT, RIGHT):
        c.foot_xz[:, s] = ((2 * s - 1) * (0.12 if s == front else 0.08), 0.06 if s == front else -0.03)
        c.foot_yaw[:, s] = (2 * s - 1) * 66
        c.foot_pitch[:, s] = 8
    c.knee_out[:] = 74
    c.set_arm("both", flex=34, abd=14, elbow=52, twist=24, pronate=30)
    return c


def _down_and_up(ctx: Ctx, seat: Channels) -> Channels:
    return play(
        ctx,
        [
            Stop(0.01, 0.15, posture("crouch")),
            Stop(0.13, 0.24, _half_way()),
            Stop(0.22, 0.34, seat, None, 0.03),
            Stop(0.70, 0.79, _half_way(), None, 0.03),
            Stop(0.77, 0.88, posture("crouch")),
            Stop(0.86, 0.99, standing(1)),
        ],
    )


@action("sit_floor", part="lower", seconds=lambda args, rng: float(rng.uniform(6.4, 9.0)))
def sit_floor(ctx: Ctx) -> Channels:
    """Sit down cross-legged on the floor, rest there, get up again."""
    c = _down_and_up(ctx, _crossed(int(ctx.rng.integers(2))))
    rest = envelope(ctx.t, 0.5, 0.5, 0.33 * ctx.dur, 0.71 * ctx.dur)
    c.spine[:, 0] += ctx.vary(6, 0.4) * rest
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 12, 14) * rest
    c.spine[:, 2] += noise(ctx.rng, ctx.num_frames, 2.5, 18) * rest
    return c


@action("meditate", part="full", seconds=lambda args, rng: float(rng.uniform(7.6, 9.8)))
def meditate(ctx: Ctx) -> Channels:
    """Sit cross-legged with a tall back and hands on the knees, breathe deeply and calmly, get up again."""
    seat = _crossed(int(ctx.rng.integers(2)))
    seat.pelvis[:, 0], seat.spine[:, 0], seat.head[:, 0] = -2, -2, ctx.vary(7, 0.3)
    c = _down_and_up(ctx, seat)
    rest = envelope(ctx.t, 0.7, 0.6, 0.29 * ctx.dur, 0.73 * ctx.dur)
    breath = breathing(ctx.rng, ctx.t) * rest
    c.spine[:, 0] -= 2.5 * breath
    c.collar[:, :, 0] += 3.5 * breath[:, None]
    place = (ctx.vary(0.235, 0.03), 0.05, ctx.vary(0.27, 0.03))
    c.set_hand("both", "pelvis", place, rest, (0.45, -0.25, 0.85), (0.0, 0.95, 0.3), swivel=38)
    return c


@action("kneel_both", part="lower", seconds=lambda args, rng: float(rng.uniform(2.2, 3.6)), end="kneel")
def kneel_both(ctx: Ctx) -> Channels:
    """Go down on one knee, then on both, thighs upright, and stay."""
    s = int(ctx.rng.integers(2))
    one = at(0.56, 0.0, 14, 10, -6, (-0.45, -0.45), 0.11, 66)
    one.foot_xz[:, 1 - s, 1], one.foot_pitch[:, 1 - s] = 0.20, 0
    both = at(
        0.515, ctx.vary(0.02, 0.5), ctx.vary(2, 0.8), ctx.vary(3, 0.6), ctx.vary(3, 1.0), (-0.45, -0.45), 0.12, 68
    )
    both.set_arm("both", flex=ctx.vary(12, 0.25), abd=8, elbow=ctx.vary(26), twist=14, pronate=20)
    move = min(2.0, 0.92 * ctx.dur) / ctx.dur
    return play(ctx, [Stop(0.02, 0.62 * move, one, None, 0.06), Stop(0.55 * move, move, both, None, 0.05)])
