"""Signs made with the hand: thumbs up, stop, quotes in the air."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.gestures import SIDES, away, raised
from engine.data.toolkit.repeats import edges, phase, sizes


@action("thumbs_up", part="upper", seconds=lambda args, rng: float(rng.uniform(1.6, 2.8)), slots=SIDES)
def thumbs_up(ctx: Ctx, side: str) -> Channels:
    """Thrust the fist out, thumb up, with a small nod, and hold it."""
    c, on = raised(ctx, side, 0.45, 0.6)
    at = 0.22 * ctx.dur
    thrust = keys(ctx.t, [(at, 0.0), (at + 0.22, 1.0), (at + 0.45, 0.75), (0.8 * ctx.dur, 0.7), (ctx.dur, 0.2)])
    for s in sides(side):
        place = np.array([0.15, -0.09, 0.30]) + ctx.rng.normal(0, 0.012, 3) + thrust[:, None] * (0.01, 0.05, 0.14)
        c.set_hand(s, "chest", place, 1.0, (-0.35, 0.12, 0.93), (-0.93, 0.0, -0.35), swivel=ctx.vary(30, 0.2))
    c.spine[:, 1] -= away(side) * ctx.vary(7, 0.3) * thrust
    c.spine[:, 0] += ctx.vary(3, 0.4) * thrust
    nod = envelope(ctx.t, 0.2, 0.3, at + 0.1, at + 0.6)
    c.head[:, 0] += ctx.vary(9, 0.3) * nod - 3 * on
    c.head[:, 2] += away(side) * ctx.rng.uniform(0, 6) * on
    return c


@action("stop_sign", part="upper", seconds=lambda args, rng: float(rng.uniform(1.6, 3.0)), slots=SIDES)
def stop_sign(ctx: Ctx, side: str) -> Channels:
    """Push the flat palm out ahead, fingers up, and hold it there."""
    c, on = raised(ctx, side, 0.4, 0.65)
    begin, far = 0.12, ctx.vary(0.535, 0.02)
    push = keys(ctx.t, [(begin, 0.0), (begin + 0.35, 1.0), (begin + 0.6, 0.95), (ctx.dur - 0.5, 0.95), (ctx.dur, 0.3)])
    for s in sides(side):
        near = np.array([-0.02, 0.0, 0.24]) + ctx.rng.normal(0, 0.01, 3)
        place = near + push[:, None] * (np.array([-0.03, 0.06, far]) - near)
        place[:, 1] += noise(ctx.rng, ctx.num_frames, 0.003)
        c.set_hand(s, "shoulder", place, 1.0, (-0.05, 1.0, -0.05), (0.0, 0.05, 1.0), swivel=ctx.vary(32, 0.2))
    c.spine[:, 1] -= away(side) * ctx.vary(8, 0.25) * push
    c.spine[:, 0] -= ctx.vary(3, 0.4) * push
    c.head[:, 0] -= ctx.vary(3, 0.5) * on
    c.head[:, 1] += away(side) * 5 * push
    c.sway[:, 1] -= 0.012 * push
    return c


@action(
    "air_quotes",
    part="upper",
    slots={"count": ("2", "1", "3")},
    seconds=lambda args, rng: 1.3 + 0.42 * int(args["count"]),
)
def air_quotes(ctx: Ctx, count: str) -> Channels:
    """Both hands up beside the face, the fingers curling `count` times."""
    lead = min(ctx.vary(0.5), 0.3 * ctx.dur)
    c, on = raised(ctx, "both", lead, 1.1 * lead)
    bounds = edges(ctx, int(count), 0.42, 1.0 * lead, 0.95 * lead)
    curl = sizes(ctx, bounds, 0.08) * (0.5 - 0.5 * np.cos(phase(ctx.t, bounds)))
    wide = ctx.vary(0.26, 0.06)
    for s in (0, 1):
        place = np.array([wide, 0.13, 0.25]) + ctx.rng.normal(0, 0.008, 3) - curl[:, None] * (0.0, 0.045, -0.02)
        fingers = np.stack([-0.1 + 0 * curl, 1.0 - 0.95 * curl, 0.1 + 0.9 * curl], 1)
        palm = np.stack([-0.1 + 0 * curl, -0.1 - 0.9 * curl, 1.0 - 0.9 * curl], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(34, 0.15))
    c.head[:, 2] += ctx.rng.choice([-1.0, 1.0]) * ctx.vary(6, 0.3) * on
    c.head[:, 0] += 4 * curl * on
    c.spine[:, 0] += 2.5 * curl * on - ctx.vary(2, 0.4) * on
    c.collar[:, :, 0] += 3
    return c
