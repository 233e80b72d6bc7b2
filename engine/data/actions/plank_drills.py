"""Plank drills: mountain climbers and burpees."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import keys, minjerk, smooth
from engine.data.toolkit.plank import STRAIGHT, down_and_up, prone, step_back


@action(
    "mountain_climber",
    part="full",
    seconds=lambda args, rng: 3.4 + 0.5 * int(args["count"]),
    slots={"count": ("6", "4", "5", "8")},
)
def mountain_climber(ctx: Ctx, count: str) -> Channels:
    """In the plank the knees drive to the chest in turn, `count` times in all."""
    down, back, feet, spans, into, leave = down_and_up(ctx)
    n, first = int(count), int(ctx.rng.integers(2))
    period, drive = (leave - into - 0.2) / n, np.zeros((ctx.num_frames, 2))
    for k in range(n):
        x = (ctx.t - into - k * period) / period
        drive[:, (first + k) % 2] += minjerk((x + 0.05) / 0.5) * minjerk((1.05 - x) / 0.5)
    c = prone(ctx, down, back, feet, STRAIGHT + 0.0 * down)
    step_back(ctx, c, spans)
    busy = np.clip(drive.sum(1), 0, 1)
    c.foot_xz[..., 1] += ctx.vary(0.50, 0.05) * drive
    c.foot_lift += 0.13 * smooth(2.5 * drive)
    c.foot_pitch -= 18 * drive
    raised = minjerk((ctx.t - into + 0.35) / 0.4) * minjerk((leave + 0.35 - ctx.t) / 0.4)
    c.height += 0.10 * raised + 0.015 * busy
    c.sway[:, 1] -= 0.05 * raised
    c.knee_out += 10 * drive
    c.pelvis[:, 0] += 5 * busy
    c.spine[:, 0] += 10 * busy
    c.pelvis[:, 2] += 4 * (drive[:, 0] - drive[:, 1])
    c.pelvis[:, 1] += 5 * (drive[:, 1] - drive[:, 0])
    return c


@action(
    "burpee", part="full", seconds=lambda args, rng: 0.4 + 3.0 * int(args["count"]), slots={"count": ("1", "2", "3")}
)
def burpee(ctx: Ctx, count: str) -> Channels:
    """Squat, hop into the plank, hop back in, jump up with the arms high, `count` times."""
    n, t = int(count), ctx.t
    each, rise = (ctx.dur - 0.2) / n, ctx.vary(0.17)
    flight = np.sqrt(8 * rise / 9.81)
    curves: dict[str, list[tuple[float, float]]] = {k: [(0.0, 0.0)] for k in ("down", "back", "up", "soft", "reach")}
    high, hop = np.zeros(ctx.num_frames), np.zeros(ctx.num_frames)
    for k in range(n):
        a = 0.1 + k * each
        low, out, stay, close, off = (a + share * each for share in (0.22, 0.33, 0.47, 0.58, 0.72))
        on, stop = off + flight, a + 0.99 * each
        curves["down"] += [(a, 0.0), (low, 1.0), (close, 1.0), (off, 0.0)]
        curves["back"] += [(low - 0.02, 0.0), (out, 1.0), (stay, 1.0), (close, 0.0)]
        curves["up"] += [(off - 0.16, 0.0), (off, 1.0), (on, 1.0), (on + 0.10, 0.0)]
        curves["soft"] += [(on, 0.0), (on + 0.16, 1.0), (min(on + 0.5, stop), 0.0)]
        curves["reach"] += [(off - 0.28, 0.0), (off + 0.06, 1.0), (on, 0.9), (min(on + 0.4, stop), 0.0)]
        w = np.clip((t - off) / flight, 0, 1)
        high += rise * 4 * w * (1 - w)
        for begin, end in ((low - 0.02, out), (stay, close)):
            hop += ctx.vary(0.09) * np.sin(np.pi * np.clip((t - begin) / (end - begin), 0, 1))
    down, back, up, soft, reach = (keys(t, points) for points in curves.values())
    c = prone(ctx, down, back, back[:, None].repeat(2, 1), STRAIGHT + 0.0 * t)
    c.height += high + 0.06 * up - ctx.vary(0.14) * soft
    c.foot_lift += (high + hop)[:, None]
    c.foot_pitch += 42 * up[:, None]
    c.pelvis[:, 0] += 18 * soft
    c.spine[:, 0] += 8 * soft - 5 * up
    c.sway[:, 1] -= 0.05 * soft
    for s in (0, 1):
        c.set_arm(s, reach, flex=ctx.vary(158, 0.04), abd=ctx.vary(20, 0.2), elbow=ctx.vary(16, 0.3), twist=-8)
        c.set_arm(s, reach, pronate=0, wrist=0)
    return c
