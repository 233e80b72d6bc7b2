"""Going down against one's will: falling backwards, on the face or to a side, fainting."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import quat_from_axis, quat_mul, quat_slerp
from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, minjerk, noise, smooth
from engine.data.toolkit.floor_poses import Stop, at, cleared, moved, no_slower, oriented, palms, play
from engine.data.toolkit.postures import posture


@action(
    "fall",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(2.6, 3.6)),
    slots={"direction": ("backward", "forward", "left", "right")},
    end="lie",
)
def fall(ctx: Ctx, direction: str) -> Channels:
    """Lose balance with flailing arms, hit the floor in that direction and end on the back."""
    acts = {"backward": _backward, "forward": _forward, "left": _to_left, "right": _to_right}
    return no_slower(ctx, 4.0, acts[direction])


def _to_left(ctx: Ctx) -> Channels:
    return _aside(ctx, 1)


def _to_right(ctx: Ctx) -> Channels:
    return _aside(ctx, -1)


def _backward(ctx: Ctx) -> Channels:
    tip = at(0.87, -0.16, -12, -6, 14)
    tip.foot_pitch[:] = -16
    tip.set_arm("both", flex=76, abd=36, elbow=22, twist=0)
    seat = _seat(-0.40, -32)
    flat = moved(at(0.125, 0, -88, ctx.vary(6), 16, (0.58, 0.58), 0.13, -10), -0.46)
    flat.knee_out[:] = 8
    flat.set_arm("both", flex=2, abd=ctx.vary(58), elbow=20, twist=0, pronate=20)
    stops = [Stop(0.05, 0.22, tip, None, 0.0), Stop(0.18, 0.40, seat, None, 0.03), Stop(0.37, 0.53, flat, None, 0.14)]
    c = play(ctx, [*stops, Stop(0.57, 0.90, moved(posture("lie"), -0.46), None, 0.0)])
    return _flailing(ctx, c, 0.02, 0.36)


def _seat(ahead: float, pelvis: float) -> Channels:
    """Bottom on the floor, knees up, arms reaching back to catch."""
    c = at(0.135, 0, pelvis, 30, 10, (0.16 - ahead, 0.16 - ahead), 0.13)
    c.knee_out[:] = 10
    c.set_arm("both", flex=-36, abd=34, elbow=22, twist=0, wrist=-30)
    return moved(c, ahead)


def _forward(ctx: Ctx) -> Channels:
    tip = moved(at(0.88, 0, 14, 8, -10, (-0.145, -0.145), 0.095, 14), 0.10)
    tip.set_arm("both", flex=60, abd=30, elbow=30, twist=0)
    knees = palms(moved(at(0.52, 0, 44, 14, -24, (-0.43, -0.43), 0.11, 66), 0.38), 1.12, 0.22)
    prone = palms(moved(at(0.125, 0, 88, 2, -8, (-0.97, -0.97), 0.11, 80), 0.92), 1.34, 0.26)
    out = moved(posture("lie"), 0.92)
    out.foot_xz[:] = (0, 0.92) - (posture("lie").foot_xz)
    out.foot_yaw += 180
    stops = [Stop(0.03, 0.18, tip, None, 0.0), Stop(0.14, 0.33, knees, None, 0.0), Stop(0.29, 0.45, prone, None, 0.0)]
    c = play(ctx, [*stops, Stop(0.62, 0.88, out)])
    _flailing(ctx, c, 0.02, 0.24)
    down, back = quat_from_axis("x", np.array([np.radians(88.0)])), quat_from_axis("x", np.array([np.radians(-90.0)]))
    return _rolled(ctx, c, (0.58, 0.86), down, ctx.rng.choice([-1, 1]), 180.0, back)


def _aside(ctx: Ctx, f: int) -> Channels:
    """To the left (f = 1) or right: one hip, the arm and the shoulder land, then onto the back."""
    s = LEFT if f > 0 else RIGHT
    tip = moved(at(0.86, 0, 4, 2, 4, (-0.045, -0.045)), 0, 0.20 * f)
    tip.foot_xz[..., 0] -= 0.20 * f
    tip.pelvis[:, 2], tip.spine[:, 2], tip.head[:, 2] = 18 * f, 10 * f, -16 * f
    tip.set_arm("both", flex=20, abd=78, elbow=20, twist=0)
    hip = moved(at(0.19, 0, 6, 4, 4, (-0.045, -0.045)), 0, 0.58 * f)
    hip.foot_xz[..., 0] -= 0.58 * f
    hip.pelvis[:, 2], hip.spine[:, 2], hip.head[:, 2] = 76 * f, -12 * f, -24 * f
    hip.set_arm("both", flex=38, abd=60, elbow=40, twist=0)
    hip.set_arm(s, flex=58, abd=26, elbow=26)
    hip.set_leg("both", 1.0, flex=34, abd=0, knee=52, ankle=16)
    hip.leg[:, s] += (6, -15, 0, 12, 0)
    hip.leg[:, 1 - s, 1] -= 8
    hip.foot_lift[:] = 0.09
    side = hip.copy()
    side.pelvis[:, 2], side.height[:], side.spine[:, 2] = 90 * f, 0.165 - 0.94, 4 * f
    side.set_arm("both", flex=62, abd=2, elbow=34, twist=10)
    side.leg[:, s, 1], side.leg[:, 1 - s, 1] = -2, -10
    out = moved(posture("lie"), 0, 0.62 * f)
    out.foot_xz[:] = posture("lie").foot_xz[..., ::-1] * (-f, f) + (0.62 * f, 0)
    out.foot_yaw -= 90 * f
    side.foot_lift[:] = 0.0
    stops = [Stop(0.03, 0.20, tip, None, 0.0), Stop(0.15, 0.38, hip, None, 0.0), Stop(0.35, 0.48, side)]
    c = play(ctx, [*stops, Stop(0.54, 0.88, out)])
    _flailing(ctx, c, 0.02, 0.28)
    lying = quat_from_axis("z", np.array([np.radians(-90.0 * f)]))
    return _rolled(ctx, c, (0.54, 0.84), lying, 0, -90.0 * f, quat_from_axis("x", np.array([np.radians(-90.0)])))


def _rolled(
    ctx: Ctx, c: Channels, span: tuple[float, float], lying: np.ndarray, way: int, yaw: float, back: np.ndarray
) -> Channels:
    """Roll about the body's length from `lying` (a quaternion, heading 0) onto the back with heading `yaw`."""
    goal = quat_mul(quat_from_axis("y", np.array([np.radians(yaw)])), back)
    go = minjerk((ctx.u - span[0]) / (span[1] - span[0]))
    if way:
        half = quat_mul(quat_from_axis("z", np.array([np.radians(90.0 * way)])), lying)
        first, second = np.clip(2 * go, 0, 1), np.clip(2 * go - 1, 0, 1)
        n = ctx.num_frames
        world = quat_slerp(np.repeat(lying, n, 0), np.repeat(half, n, 0), first)
        world = np.where(second[:, None] > 0, quat_slerp(np.repeat(half, n, 0), np.repeat(goal, n, 0), second), world)
        c.height += 0.05 * np.sin(np.pi * go)
        free = smooth((ctx.u - span[0] + 0.12) / 0.10) * smooth((span[1] + 0.10 - ctx.u) / 0.12)
        c.set_leg("both", free, flex=2 + 14 * np.sin(np.pi * go), abd=3, knee=5 + 22 * np.sin(np.pi * go), ankle=46)
        for s in (LEFT, RIGHT):
            c.hand_w[:, s] *= 1 - smooth((ctx.u - span[0] + 0.08) / 0.10)
        tuck = np.sin(np.pi * go) ** 0.7
        c.set_arm("both", np.clip(1.2 * tuck, 0, 1), flex=10, abd=10, elbow=14, twist=10)
    else:
        world = quat_slerp(np.repeat(lying, ctx.num_frames, 0), np.repeat(goal, ctx.num_frames, 0), go)
    oriented(c, ctx.u > span[0], world)
    done = go >= 1
    c.yaw[done], c.pelvis[done] = yaw, (-90, 0, 0)
    return cleared(c)


def _flailing(ctx: Ctx, c: Channels, begin: float, end: float) -> Channels:
    """Arms circle in search of balance."""
    on = envelope(ctx.t, 0.2, 0.2, begin * ctx.dur, end * ctx.dur)
    for s in (LEFT, RIGHT):
        turn = 2 * np.pi * ctx.vary(2.2) * ctx.t + (1.2 if s else 0)
        c.arm[:, s, 0] += 26 * np.sin(turn) * on
        c.arm[:, s, 1] += 18 * np.cos(turn) * on
    return c


@action("collapse", part="full", seconds=lambda args, rng: float(rng.uniform(3.0, 4.4)), end="lie")
def collapse(ctx: Ctx) -> Channels:
    """Sway, eyes roll up, the knees give way and the limp body sinks down and back onto the floor."""
    return no_slower(ctx, 5.0, _sink)


def _sink(ctx: Ctx) -> Channels:
    f = ctx.rng.choice([-1.0, 1.0])
    faint = at(0.90, 0.02, -4, -2, -22)
    buckle = at(0.46, -0.04, 16, 24, 30, None, 0.10, 34)
    buckle.pelvis[:, 2], buckle.spine[:, 2], buckle.head[:, 2] = 7 * f, 12 * f, 16 * f
    seat = moved(at(0.15, 0, -14, 30, 34, (0.28, 0.28), 0.12), -0.26)
    seat.pelvis[:, 2], seat.spine[:, 2], seat.head[:, 2] = 10 * f, 14 * f, 14 * f
    seat.knee_out[:] = 12
    flat = moved(at(0.12, 0, -86, ctx.vary(5), 8, (0.52, 0.52), 0.14), -0.30)
    flat.knee_out[:], flat.head[:, 1] = 16, 26 * f
    for pose, abd in ((buckle, 12), (seat, 24), (flat, 48)):
        pose.set_arm("both", flex=ctx.vary(6), abd=ctx.vary(abd), elbow=ctx.vary(22), twist=4, wrist=18)
    lie = moved(posture("lie"), -0.30)
    stops = [Stop(0.04, 0.26, faint), Stop(0.24, 0.44, buckle), Stop(0.41, 0.56, seat, None, 0.0)]
    c = play(ctx, [*stops, Stop(0.52, 0.68, flat, None, 0.0), Stop(0.68, 0.94, lie, None, 0.0)])
    dizzy = envelope(ctx.t, 0.4, 0.3, 0.0, 0.40 * ctx.dur)
    turn = 2 * np.pi * 0.8 * ctx.t
    c.sway += dizzy[:, None] * np.stack([0.035 * f * np.sin(turn), 0.03 * np.cos(turn)], 1)
    c.head[:, 2] += 9 * f * dizzy * np.sin(turn - 0.7) + noise(ctx.rng, ctx.num_frames, 2) * dizzy
    c.head[:, 1] += keys(ctx.t, [(0.0, 0.0), (0.3 * ctx.dur, ctx.vary(9) * f), (0.5 * ctx.dur, 0.0)])
    return c
