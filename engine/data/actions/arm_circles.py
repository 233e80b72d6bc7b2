"""Circling both straight arms about the shoulders."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, smooth


@action(
    "arm_circles",
    part="upper",
    seconds=lambda args, rng: 0.8 + 1.15 * int(args["count"]),
    slots={"direction": ("forward", "backward"), "count": ("3", "2", "4", "5")},
)
def arm_circles(ctx: Ctx, direction: str, count: str) -> Channels:
    """Swing both arms around `count` times: forward (over the top to the front) or backward."""
    c, n, t = ctx.layer(), int(count), ctx.t
    ready = min(ctx.vary(0.4, 0.1), 0.15 * ctx.dur)
    length = ctx.dur - 2 * ready
    w = np.clip((t - ready) / length, 0, 1)
    ramp = min(0.35, 0.3 / n)
    turned = np.where(w < ramp, w * w / (2 * ramp), w - ramp / 2)
    turned = np.where(w > 1 - ramp, 1 - ramp - (1 - w) ** 2 / (2 * ramp), turned) / (1 - ramp)
    way = -1 if direction == "forward" else 1
    on = envelope(t, ready, ready)
    for s in (0, 1):
        # the angle from straight down; growing angles carry the hand ahead and up
        angle = way * 2 * np.pi * n * turned + ctx.rng.normal(0, 0.06) * np.sin(np.pi * w)
        ahead, up = np.sin(angle), -np.cos(angle)
        out = 0.10 + 0.05 * smooth(up) + 0.16 * smooth(-ahead) + ctx.rng.normal(0, 0.012)
        reach = np.sqrt(0.506**2 - out**2)
        c.set_hand(s, "shoulder", np.stack([out, reach * up, reach * ahead], 1), swivel=90.0)
        c.set_arm(s, pronate=0, wrist=0, deviate=0)
        c.arm_over[:, s] = on
    body = way * 2 * np.pi * n * turned
    c.spine[:, 0] += ctx.vary(3.5, 0.2) * np.sin(body - 0.5) * on - 1.5 * on
    c.head[:, 0] -= 2 * np.sin(body - 0.5) * on
    c.height += 0.006 * (1 - np.cos(body)) * on * -0.5
    return c
