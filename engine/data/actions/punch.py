"""Punching from a guard: the trunk turns first, the fist follows and snaps back."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys


@action(
    "punch",
    part="upper",
    seconds=lambda args, rng: 0.9 + 0.56 * int(args["count"]),
    slots={"side": ("right", "left", "both"), "count": ("1", "2", "3", "4", "5", "6")},
)
def punch(ctx: Ctx, side: str, count: str) -> Channels:
    """Punch ahead `count` times with one fist, or with both in turn."""
    c, n, t = ctx.layer(), int(count), ctx.t
    ready = min(ctx.vary(0.42, 0.08), 0.24 * ctx.dur)
    period = min((ctx.dur - 1.9 * ready) / n, ctx.vary(0.66, 0.06))
    first = int(ctx.rng.integers(2))
    start = 0.9 * ready + max(0.0, ctx.dur - 1.9 * ready - n * period) * ctx.rng.uniform(0.2, 0.6)
    out: dict[int, list[tuple[float, float]]] = {LEFT: [(0.0, 0.0)], RIGHT: [(0.0, 0.0)]}
    turn = [(0.0, 0.0)]
    for k in range(n):
        s = (first + k) % 2 if side == "both" else sides(side)[0]
        begin, far = start + k * period, ctx.vary(1.0, 0.02)
        draw, hit = begin + 0.16 * period, begin + ctx.vary(0.53, 0.03) * period
        out[s] += [(begin, 0.0), (draw, -0.12), (hit, far), (hit + 0.06 * period, far), (begin + period, 0.0)]
        flip = 2 * s - 1
        turn += [
            (begin, 0.0),
            (draw, -0.35 * flip),
            (hit - 0.04, flip * ctx.vary(1, 0.1)),
            (begin + 0.98 * period, 0.0),
        ]
    on = envelope(t, ready, 1.05 * ready)
    twist = keys(t, turn)
    aim = np.array([0.075, 0.07 + ctx.rng.normal(0, 0.03), 0.505])
    for s in (LEFT, RIGHT):
        reach = keys(t, out[s])
        guard = np.array([0.085, 0.03, 0.235]) + ctx.rng.normal(0, 0.010, 3)
        c.set_hand(
            s, "chest", guard + reach[:, None] * (aim - guard), swivel=ctx.vary(22, 0.2) + 22 * np.clip(reach, 0, 1)
        )
        c.set_arm(s, pronate=10 + 62 * np.clip(reach, 0, 1), wrist=0, deviate=0)
        c.collar[:, s, 1] += 12 * np.clip(reach, 0, 1)
        c.arm_over[:, s] = on
    c.spine[:, 1] += ctx.vary(19, 0.1) * twist
    c.pelvis[:, 1] += 4 * twist
    c.head[:, 1] -= 19 * twist
    c.sway[:, 1] += 0.02 * np.abs(twist)
    c.spine[:, 0] += ctx.vary(5, 0.2) * on + 3 * np.abs(twist)
    c.height -= 0.025 * on
    return c
