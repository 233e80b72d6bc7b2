"""Dumbbell exercises that are not drawn: presses overhead, curls, raises to the side."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Array, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, minjerk
from engine.data.toolkit.repeats import edges, phase, sizes

SIDE = ("both", "left", "right")
COUNT = ("3", "1", "2", "4", "5")


def _reps(ctx: Ctx, count: str, period: float, ready: float) -> tuple[Array, Array, Array]:
    """Boundaries of the repetitions, how far each is done (T,) 0..1, the effort (T,) 0..1."""
    bounds = edges(ctx, int(count), period, ready, ready)
    wave = 0.5 - 0.5 * np.cos(phase(ctx.t, bounds))
    strain = np.sin(phase(ctx.t, bounds) / 2) ** 2 * (np.sin(phase(ctx.t, bounds)) > 0)
    return bounds, minjerk(1.06 * wave) * np.minimum(sizes(ctx, bounds, 0.03), 1.04), strain


@action(
    "shoulder_press",
    part="upper",
    seconds=lambda args, rng: 1.3 + 1.25 * int(args["count"]),
    slots={"side": SIDE, "count": COUNT},
)
def shoulder_press(ctx: Ctx, side: str, count: str) -> Channels:
    """Bring the fists to the shoulders, press them overhead `count` times, let them down."""
    c, ready = ctx.layer(), min(ctx.vary(0.65), 0.2 * ctx.dur)
    _, high, strain = _reps(ctx, count, 1.25, ready)
    on = envelope(ctx.t, ready, ready)
    for s in sides(side):
        rack = np.array([ctx.vary(0.085, 0.15), 0.035, ctx.vary(0.12)]) + ctx.rng.normal(0, 0.006, 3)
        top = np.array([ctx.vary(0.045, 0.2), 0.555, 0.045]) + ctx.rng.normal(0, 0.006, 3)
        bulge = 0.07 * np.sin(np.pi * high)[:, None] * (1.0, 0.0, 0.3)
        c.set_hand(s, "shoulder", rack + high[:, None] * (top - rack) + bulge, on, swivel=ctx.vary(48) + 26 * high)
        c.set_arm(s, on, flex=30, abd=34, elbow=100, pronate=ctx.vary(60, 0.1), wrist=-10, twist=0)
        c.arm_over[:, s] = minjerk(3 * on)
    lean = 0.0 if side == "both" else float(sides(side)[0] * 2 - 1)
    c.spine[:, 0] -= ctx.vary(4) * high + 2 * strain
    c.spine[:, 2] += ctx.vary(5) * lean * high
    c.head[:, 0] -= ctx.vary(6, 0.3) * high
    c.height -= 0.01 * strain
    return c


@action(
    "bicep_curl",
    part="upper",
    seconds=lambda args, rng: 0.8 + 1.3 * int(args["count"]),
    slots={"side": SIDE, "count": COUNT},
)
def bicep_curl(ctx: Ctx, side: str, count: str) -> Channels:
    """Bend the elbows `count` times from hanging until the fists are at the shoulders, the upper arms still."""
    c, ready = ctx.layer(), min(ctx.vary(0.45), 0.18 * ctx.dur)
    _, up, strain = _reps(ctx, count, 1.3, ready)
    on = envelope(ctx.t, ready, ready)
    for s in sides(side):
        curl = np.roll(up, 1) if s and side == "both" else up
        c.set_arm(s, on, flex=ctx.vary(4, 0.3) + 16 * curl, abd=ctx.vary(7), twist=-4, pronate=-48, wrist=14 * curl)
        c.set_arm(s, on, elbow=12 + ctx.vary(126, 0.03) * curl)
        c.arm_over[:, s] = minjerk(2.5 * on)
    lean = 0.0 if side == "both" else float(1 - 2 * sides(side)[0])
    c.spine[:, 0] -= ctx.vary(4) * strain - 1.5 * on
    c.spine[:, 2] -= lean * 3 * up
    c.head[:, 0] += ctx.vary(6, 0.3) * on
    c.head[:, 1] += lean * ctx.vary(14, 0.3) * on
    c.collar[:, :, 0] += 2 * strain[:, None]
    return c


@action(
    "lateral_raise", part="upper", seconds=lambda args, rng: 0.7 + 1.45 * int(args["count"]), slots={"count": COUNT}
)
def lateral_raise(ctx: Ctx, count: str) -> Channels:
    """Raise both nearly straight arms sideways to shoulder height and lower them, `count` times."""
    c, ready = ctx.layer(), min(ctx.vary(0.35), 0.15 * ctx.dur)
    _, up, strain = _reps(ctx, count, 1.45, ready)
    late = np.concatenate([up[:1], up[:-1]])
    on = envelope(ctx.t, ready, ready)
    for s in (0, 1):
        c.set_arm(s, on, flex=ctx.vary(5, 0.4) + 8 * up, abd=9 + ctx.vary(80, 0.04) * up, elbow=ctx.vary(16, 0.2))
        c.set_arm(s, on, twist=6, pronate=ctx.vary(12, 0.3) + 20 * up, wrist=10 * (up - late) * 6 - 4 * up)
        c.arm_over[:, s] = minjerk(2.5 * on)
    c.spine[:, 0] += ctx.vary(3) * on - 4 * strain
    c.head[:, 0] -= 3 * up
    c.collar[:, :, 0] += ctx.vary(4) * up[:, None]
    c.height -= 0.008 * strain
    return c
