"""Jumping with both feet and hopping on one."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, smooth
from engine.data.toolkit.flight import Jump, fly, plan_jumps, shift, tiptoe_pitch

RISE = {"normal": 0.23, "low": 0.09, "high": 0.40}
DEPTH = {"normal": 0.21, "low": 0.13, "high": 0.29}
LENGTH = {"up": 0.0, "forward": 0.62, "backward": -0.38, "left": 0.42, "right": -0.42}


@action(
    "jump",
    part="full",
    seconds=lambda args, rng: 0.5 + {"low": 0.95, "normal": 1.15, "high": 1.35}[args["height"]] * int(args["count"]),
    slots={
        "direction": ("up", "forward", "backward", "left", "right"),
        "count": ("1", "2", "3", "4", "5"),
        "height": ("normal", "low", "high"),
    },
)
def jump(ctx: Ctx, direction: str, count: str, height: str) -> Channels:
    """Jump `count` times."""
    c, n = ctx.hold(), int(count)
    jumps = plan_jumps(ctx, n, RISE[height])
    depth = ctx.vary(DEPTH[height], 0.1)
    crouch, air = fly(ctx, c, jumps, depth)
    pitch = tiptoe_pitch(ctx, jumps, 42)
    size = ctx.vary(LENGTH[direction], 0.12) * n * (0.75 if height == "low" else 1.0)
    axis = 0 if direction in ("left", "right") else 1
    _move(ctx, c, jumps, size, axis)
    tuck = 0.16 * air / max(float(air.max()), 1e-3) * RISE[height]
    for s in (0, 1):
        c.foot_lift[:, s] += air + tuck
        c.foot_pitch[:, s] += pitch * (0.6 if direction == "forward" else 1.0)
    _bend(ctx, c, crouch, jumps, 1.0 if height != "low" else 0.6)
    return c


def _move(ctx: Ctx, c: Channels, jumps: list[Jump], size: float, axis: int) -> None:
    """Carry the body and the feet by `size` metres along x (axis 0) or z (axis 1), all in the air."""
    c.root[:, axis] += size * shift(ctx, jumps, 0.10)
    c.foot_xz[:, :, axis] += size * shift(ctx, jumps)[:, None]


def _bend(ctx: Ctx, c: Channels, crouch: np.ndarray, jumps: list[Jump], arms: float) -> None:
    """Trunk over the knees in the crouch; arms back, then up with the push."""
    c.sway[:, 1] -= 0.06 * crouch
    c.pelvis[:, 0] += 24 * crouch
    c.spine[:, 0] += ctx.vary(15) * crouch
    c.head[:, 0] -= 26 * crouch
    c.knee_out += 8 * crouch[:, None]
    back, up = np.zeros(ctx.num_frames), np.zeros(ctx.num_frames)
    for one in jumps:
        middle = one.begin + 0.55 * (one.off - one.begin)
        back += smooth((ctx.t - one.begin) / (middle - one.begin)) * smooth((one.off - 0.04 - ctx.t) / 0.16)
        up += smooth((ctx.t - middle) / (one.off + 0.05 - middle)) * smooth(
            (one.end - ctx.t) / (one.end - one.on + 0.12)
        )
    for s in (0, 1):
        c.set_arm(s, back, flex=-arms * ctx.vary(38), abd=14, elbow=ctx.vary(24))
        c.set_arm(s, up * arms, flex=ctx.vary(105, 0.1), abd=ctx.vary(22, 0.2), elbow=ctx.vary(38, 0.2), twist=0)
    c.spine[:, 0] -= 5 * up


@action(
    "hop",
    part="full",
    seconds=lambda args, rng: 0.8 + 0.58 * int(args["count"]),
    slots={"side": ("right", "left"), "direction": ("up", "forward"), "count": ("1", "2", "3", "4", "5", "6")},
)
def hop(ctx: Ctx, side: str, direction: str, count: str) -> Channels:
    """Hop `count` times on the leg of `side`."""
    c, n, s = ctx.hold(), int(count), sides(side)[0]
    ready = min(0.42, 0.2 * ctx.dur)
    jumps = plan_jumps(ctx, n, ctx.vary(0.085), lead=ready, ground=0.26)
    crouch, air = fly(ctx, c, jumps, ctx.vary(0.075), push=0.045)
    on = envelope(ctx.t, 0.95 * ready, 0.95 * ready)
    size = n * ctx.vary(0.42, 0.12) if direction == "forward" else 0.0
    flip = 1 - 2 * s
    c.root[:, 1] += size * shift(ctx, jumps, 0.08)
    c.foot_xz[:, s, 1] += size * shift(ctx, jumps)
    c.foot_xz[:, 1 - s, 1] += size * smooth((ctx.t - 0.9 * ready) / max(ctx.dur - 1.8 * ready, 0.1))
    c.foot_lift[:, s] += air
    c.foot_pitch[:, s] += tiptoe_pitch(ctx, jumps, 34)
    c.foot_lift[:, 1 - s] += 0.2 * on
    c.foot_pitch[:, 1 - s] += 35 * on
    c.foot_xz[:, 1 - s, 1] -= 0.22 * on
    c.set_leg(
        1 - s, np.clip(1.3 * on - 0.3, 0, 1), flex=ctx.vary(18) - 6 * crouch, abd=2, knee=ctx.vary(82, 0.08), ankle=25
    )
    c.sway[:, 0] += flip * 0.075 * on
    c.pelvis[:, 2] += flip * 3 * on
    c.pelvis[:, 0] += 8 * crouch
    c.spine[:, 0] += 6 * on + ctx.vary(7) * crouch
    c.head[:, 0] -= 8 * crouch
    for k in (0, 1):
        lifted = ctx.vary(14, 0.2) * (1 - crouch)
        c.set_arm(k, on, flex=ctx.vary(24) + lifted, abd=ctx.vary(26, 0.15) + lifted, elbow=ctx.vary(52), twist=5)
    return c
