"""Driving and rowing."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise, pulses

WAYS = {"forward": 0.0, "left": 1.0, "right": -1.0}


@action(
    "drive",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(3.0, 5.6)),
    slots={"direction": tuple(WAYS)},
)
def drive(ctx: Ctx, direction: str) -> Channels:
    """Both hands on a steering wheel: small corrections, or a turn of the wheel to one side and back."""
    c, t, d = ctx.layer(), ctx.t, ctx.dur
    up = min(0.7, 0.22 * d)
    on, way = envelope(t, up, up), WAYS[direction]
    bend = keys(t, [(0.9 * up, 0), (0.40 * d, 1), (0.60 * d, ctx.vary(1.03, 0.03)), (d - 0.9 * up, 0)])
    turn = way * ctx.vary(72, 0.08) * bend + noise(ctx.rng, len(t), 3.0 if way else 8.0, 8) * on
    radius, shake = ctx.vary(0.185, 0.04), noise(ctx.rng, len(t), 0.003, 2.5) * on
    for s in (0, 1):
        flip = 1 - 2 * s
        a = np.radians(18 - flip * turn)
        place = np.stack([radius * np.cos(a), -0.16 + 0.9 * radius * np.sin(a) + shake, 0.41 - 0.06 * np.sin(a)], 1)
        fingers = np.stack([-0.25 - 0.35 * np.sin(a), 0.2 + 0.3 * np.cos(a) + 0.15 * np.sin(a), 0.85 + 0 * t], 1)
        palm = np.stack([-0.75 * np.cos(a), -0.6 * np.sin(a), 0.35 + 0 * t], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(30, 0.15) + 14 * np.sin(a))
    c.arm_over[:] = on[:, None]
    c.spine[:, 2] += 0.07 * turn
    c.spine[:, 1] += 0.08 * turn
    c.spine[:, 0] += 2 * on
    glance = keys(t, [(0.5 * up, 0), (0.9 * up + 0.15, 1), (0.55 * d, 0.7), (0.78 * d, 0)])
    c.head[:, 1] += way * ctx.vary(26) * glance
    if not way:
        side = float(ctx.rng.choice([-1, 1]))
        look = pulses(t, [ctx.rng.uniform(0.35, 0.65) * d], 1.0)
        c.head[:, 1] += side * ctx.vary(22) * look
        c.head[:, 0] -= 4 * look
    return c


@action(
    "row",
    part="upper",
    seconds=lambda args, rng: 1.0 + 1.6 * int(args["count"]),
    slots={"count": ("3", "1", "2", "4", "5")},
)
def row(ctx: Ctx, count: str) -> Channels:
    """Lean forward, pull both oars to the belly while leaning back, bring the hands forward again, `count` times."""
    c, t, n = ctx.layer(), ctx.t, int(count)
    up = min(0.6, 0.18 * ctx.dur)
    on, each = envelope(t, up, up), (ctx.dur - 2 * up) / n
    arms, trunk, lift = [(0.6 * up, 0.3)], [(0.4 * up, 0.0)], [(0.6 * up, 0.0)]
    for k in range(n):
        at, hard = up + k * each, ctx.vary(1.0, 0.05)
        arms += [(at + 0.10 * each, 0.0), (at + 0.22 * each, 0.08), (at + 0.56 * each, hard), (at + 0.62 * each, hard)]
        arms.append((at + each, 0.3 if k == n - 1 else 0.12))
        trunk += [(at + 0.12 * each, 1.0), (at + 0.52 * each, -hard), (at + 0.64 * each, -0.9)]
        trunk.append((at + each, 0.0 if k == n - 1 else 0.55))
        lift += [(at + 0.08 * each, 0.0), (at + 0.20 * each, 1.0), (at + 0.52 * each, 1.0), (at + 0.66 * each, 0.0)]
    pull, lean, high = keys(t, arms), keys(t, trunk), keys(t, lift)
    for s in (0, 1):
        place = np.array([0.10, -0.27, 0.50]) + ctx.rng.normal(0, 0.006, 3)
        place = place + pull[:, None] * (0.05, 0.0, -0.32) + high[:, None] * (0.0, 0.09, 0.0)
        c.set_hand(s, "chest", place, 1.0, swivel=ctx.vary(34, 0.15) + 16 * pull)
        c.set_arm(s, pronate=ctx.vary(58, 0.08), wrist=-6 + 10 * pull, deviate=0)
    c.arm_over[:] = on[:, None]
    c.pelvis[:, 0] += ctx.vary(8) * lean
    c.spine[:, 0] += ctx.vary(21) * lean.clip(0) + ctx.vary(14) * lean.clip(None, 0)
    c.head[:, 0] -= 10 * lean
    c.sway[:, 1] -= 0.03 * lean
    c.collar[:, :, 1] += (9 * lean.clip(0))[:, None]
    return c
