"""From lying on the back: rolling over, waking up."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import quat_from_axis, quat_mul
from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, Channels, Ctx, sides, standing
from engine.data.toolkit.curves import envelope, minjerk, noise
from engine.data.toolkit.floor_poses import Stop, at, cleared, moved, no_slower, oriented, play


@action(
    "roll_over",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(2.8, 4.2)),
    slots={"side": ("left", "right")},
    start="lie",
    end="lie",
)
def roll_over(ctx: Ctx, side: str) -> Channels:
    """Once around the body's length: over one shoulder, the belly, the other shoulder, onto the back again."""
    return no_slower(ctx, 5.0, lambda inner: _log(inner, 1 if sides(side)[0] == LEFT else -1))


def _log(ctx: Ctx, f: int) -> Channels:
    c = ctx.hold()
    u, lead, tail = ctx.u, ctx.vary(0.16, 0.1), ctx.vary(0.86, 0.02)
    x = np.clip((u - lead) / (tail - lead), 0, 1)
    go = 0.55 * x + 0.45 * minjerk(x) - 0.02 * np.sin(4 * np.pi * x)
    angle = 2 * np.pi * go
    world = quat_mul(quat_from_axis("z", -f * angle), quat_from_axis("x", np.full(len(u), np.radians(-90.0))))
    during = (u > lead) & (u < tail)
    oriented(c, during, world)
    across = np.sin(angle) ** 2
    c.root[:, 0] += f * 0.86 * go
    c.foot_xz[..., 0] += (f * 0.86 * go)[:, None]
    c.height += 0.065 * across + 0.02 * np.sin(angle / 2) ** 2
    on = envelope(ctx.t, 0.9 * lead * ctx.dur, 0.9 * (1 - tail) * ctx.dur, 0.1 * lead * ctx.dur, ctx.dur)
    on = np.clip(1.1 * on, 0, 1)
    c.set_leg(
        "both",
        on,
        flex=-1 + 8 * across,
        abd=3 - 4 * across,
        knee=6 + 8 * across,
        ankle=40 + 22 * np.sin(angle / 2) ** 2,
    )
    c.set_arm("both", on, flex=ctx.vary(158, 0.03), abd=ctx.vary(12), elbow=ctx.vary(34), twist=0)
    c.spine[:, 1] += f * 16 * np.sin(angle) * on
    c.head[:, 0] -= 14 * np.sin(angle / 2) ** 2
    return cleared(c)


@action("wake_up", part="full", seconds=lambda args, rng: float(rng.uniform(5.6, 8.0)), start="lie")
def wake_up(ctx: Ctx) -> Channels:
    """Stir, sit up, stretch both arms with a yawn, draw the feet in and stand."""
    stir = ctx.start.copy()
    stir.head[:, 1], stir.spine[:, 0] = ctx.rng.choice([-24.0, 24.0]), 5
    stir.set_arm("both", flex=20, abd=26, elbow=50, twist=10)
    up = at(0.13, 0, -8, ctx.vary(24), 12, (0.78, 0.78), 0.12, -20)
    up.set_arm("both", flex=18, abd=12, elbow=38, twist=14)
    yawn = at(0.13, 0, -12, -6, -20, (0.78, 0.78), 0.12, -20)
    yawn.set_arm("both", flex=ctx.vary(150, 0.03), abd=ctx.vary(24), elbow=24, twist=0)
    knees = at(0.15, 0, -10, 34, -6, (0.40, 0.40), 0.11)
    knees.knee_out[:] = 12
    knees.set_arm("both", flex=-30, abd=20, elbow=14, twist=0, wrist=-45)
    low = moved(at(0.42, -0.08, 34, 22, -36, None, 0.12, 10), 0.44)
    low.set_arm("both", flex=70, abd=8, elbow=40, twist=12)
    stops = [Stop(0.0, 0.12, stir), Stop(0.11, 0.29, up), Stop(0.28, 0.42, yawn), Stop(0.50, 0.62, up)]
    stops += [
        Stop(0.60, 0.73, knees, None, 0.03),
        Stop(0.72, 0.86, low, None, 0.02),
        Stop(0.84, 0.99, moved(standing(1), 0.44)),
    ]
    c = play(ctx, stops)
    reach = envelope(ctx.t, 0.5, 0.5, 0.36 * ctx.dur, 0.56 * ctx.dur)
    c.spine[:, 2] += ctx.rng.choice([-1, 1]) * 7 * np.sin(2 * np.pi * 0.5 * ctx.t) * reach
    c.head[:, 2] += noise(ctx.rng, ctx.num_frames, 5) * reach
    return c
