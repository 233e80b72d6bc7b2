"""Pointing: the arm unfolds to where the eyes already look, and stays there with a small jab."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise, pulses


@action(
    "point",
    part="upper",
    slots={"side": ("right", "left"), "direction": ("forward", "up", "down", "left", "right")},
    seconds=lambda args, rng: rng.uniform(2.0, 2.9),
)
def point(ctx: Ctx, side: str, direction: str) -> Channels:
    """Point with one hand; left and right are the body's."""
    c, s = ctx.layer(), sides(side)[0]
    rise = min(ctx.vary(0.6), 0.33 * ctx.dur)
    fall = rise * ctx.vary(1.1)
    over = envelope(ctx.t, rise, fall)
    jab = pulses(ctx.t, [ctx.vary(1.25, 0.08) * rise + 0.25, *_second_jab(ctx, rise)], 0.4)
    flex, abd, twist = _aim(ctx, side, direction)
    unfold = keys(ctx.t, [(0, 62.0), (0.35 * rise, 66.0), (1.15 * rise, 5.0)], ease="overshoot")
    fold = keys(ctx.t, [(ctx.dur - fall, 0.0), (ctx.dur - 0.35 * fall, 24.0)])
    wander = noise(ctx.rng, ctx.num_frames, 1.0)
    c.set_arm(s, flex=flex + 2.5 * jab + wander, abd=abd + noise(ctx.rng, ctx.num_frames, 0.8), twist=twist)
    c.set_arm(s, elbow=np.clip(unfold + fold - 3 * jab + 4, 2, 80), pronate=ctx.vary(45, 0.2), wrist=4 - 4 * jab)
    c.collar[:, s, 1] = ctx.vary(5, 0.3) + 2 * jab
    c.arm_over[:, s] = over
    _look(ctx, c, side, direction, rise, fall, jab)
    return c


def _second_jab(ctx: Ctx, rise: float) -> list[float]:
    """Now and then the pointing is repeated, if there is time."""
    return [1.25 * rise + ctx.vary(0.75)] if ctx.dur > 2 * rise + 1.2 and ctx.rng.random() < 0.5 else []


def _aim(ctx: Ctx, side: str, direction: str) -> tuple[float, float, float]:
    """Flexion, abduction and twist of the arm that points."""
    if direction in ("left", "right"):
        inward = direction != side
        around, level = np.radians(ctx.vary(-32 if inward else 78, 0.08)), ctx.vary(85, 0.05)
        return level * np.cos(around), level * np.sin(around), (20.0 if inward else -10.0)
    mean = {"forward": (84, 8, 12), "up": (138, 22, 0), "down": (38, 10, 15)}[direction]
    return ctx.vary(mean[0], 0.05), ctx.vary(mean[1], 0.4), float(mean[2])


def _look(ctx: Ctx, c: Channels, side: str, direction: str, rise: float, fall: float, jab: Array) -> None:
    """The head goes first and the trunk follows; both come back after the arm has begun to sink."""
    head = envelope(ctx.t, 0.75 * rise, 0.8 * fall, end=ctx.dur - 0.05 * fall)
    trunk = envelope(ctx.t, 1.1 * rise, fall)
    way = {"left": 1.0, "right": -1.0}.get(direction, 0.0)
    own = 1.0 if side == "left" else -1.0
    across = way != 0 and way != own
    c.head[:, 1] += ctx.vary(38, 0.15) * way * head
    c.spine[:, 1] += (ctx.vary(24 if across else 13, 0.2) * way - (6 * own if not way else 0)) * trunk
    c.pelvis[:, 1] += ctx.vary(6, 0.3) * way * trunk
    bend = {"up": -24, "down": 24}.get(direction, 2)
    c.head[:, 0] += ctx.vary(bend, 0.15) * head
    c.spine[:, 0] += ctx.vary({"up": -5, "down": 7}.get(direction, 3), 0.3) * trunk + 1.2 * jab * trunk
    c.sway[:, 0] += 0.018 * (way or -own * 0.6) * trunk
    c.sway[:, 1] += (0.012 if direction in ("forward", "down") else 0.0) * trunk
