"""Arms held out or thrown up: a V of victory, a stretch to the front and wide, a pumped fist."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.gestures import SIDE, away, raised
from engine.data.toolkit.repeats import edges, sizes


@action("victory_v", part="upper", seconds=lambda args, rng: float(rng.uniform(2.2, 3.8)))
def victory_v(ctx: Ctx) -> Channels:
    """Throw both arms up into a wide V and hold them, chest out, chin up."""
    c, on = raised(ctx, "both", 0.5, 0.8)
    top = keys(ctx.t, [(0.1, 0.0), (0.55, 1.0)], ease="overshoot")
    still = noise(ctx.rng, ctx.num_frames, 2.0, 12)
    wide = ctx.vary(142, 0.03)
    for s in (0, 1):
        c.set_arm(s, flex=ctx.vary(14, 0.4) + still, abd=wide * (0.85 + 0.15 * top) + ctx.rng.normal(0, 2))
        c.set_arm(s, twist=-45, elbow=ctx.vary(9, 0.4) + 14 * (1 - top), pronate=-10, wrist=-4 + 0.6 * still)
    dip = envelope(ctx.t, 0.2, 0.25, 0.0, 0.45)
    c.spine[:, 0] += 6 * dip - ctx.vary(8, 0.2) * on
    c.head[:, 0] -= ctx.vary(14, 0.2) * on
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 6, 18) * on
    c.collar[:, :, 0] += 6 * on[:, None]
    c.height -= 0.03 * dip
    return c


@action("stretch_arms", part="upper", seconds=lambda args, rng: float(rng.uniform(3.0, 4.8)))
def stretch_arms(ctx: Ctx) -> Channels:
    """Push the joined hands out ahead with a round back, then open the arms wide, chest out."""
    c, on = raised(ctx, "both", 0.8, 0.8)
    d, n = ctx.dur, ctx.num_frames
    wide = keys(ctx.t, [(0.44 * d, 0.0), (0.64 * d, 1.0)])
    far = keys(ctx.t, [(0.1 * d, 0.0), (0.32 * d, 1.0), (0.42 * d, 1.0), (0.56 * d, 0.0)])
    back = keys(ctx.t, [(0.5 * d, 0.0), (0.68 * d, 1.0), (0.78 * d, 1.0), (0.97 * d, 0.0)])
    for s in (0, 1):
        c.set_arm(s, flex=90 - 92 * wide - 10 * back + noise(ctx.rng, n, 1, 10), abd=-9 + ctx.vary(103, 0.03) * wide)
        c.set_arm(s, twist=18 - 26 * wide, elbow=ctx.vary(26, 0.15) - 18 * far - 14 * wide)
        c.set_arm(s, pronate=70 - 75 * wide, wrist=-58 * far - 12 * back)
    c.spine[:, 0] += ctx.vary(12, 0.2) * far - ctx.vary(11, 0.2) * back
    c.head[:, 0] += ctx.vary(16, 0.2) * far - ctx.vary(10, 0.2) * back
    c.spine[:, 2] += ctx.rng.normal(0, 2.5) * far
    c.collar[:, :, 1] += (14 * far - 12 * back)[:, None]
    c.sway[:, 1] += (0.03 * back - 0.035 * far) * on
    return c


@action(
    "fist_pump",
    part="upper",
    slots={**SIDE, "count": ("1", "2", "3", "4")},
    seconds=lambda args, rng: 1.0 + 0.62 * int(args["count"]),
)
def fist_pump(ctx: Ctx, side: str, count: str) -> Channels:
    """Pull the raised fist down to the ribs `count` times: yes!"""
    lead = min(ctx.vary(0.4), 0.25 * ctx.dur)
    c, on = raised(ctx, side, lead, 1.3 * lead)
    bounds, n = edges(ctx, int(count), 0.6, 0.8 * lead, 1.1 * lead), int(count)
    size, length = sizes(ctx, bounds, 0.07), np.diff(bounds)
    points = [(float(bounds[0]), 0.0)]
    for k in range(n):
        last = k == n - 1
        points += [(bounds[k] + 0.38 * length[k], 1.0), (bounds[k] + (0.75 if last else 0.5) * length[k], 0.92)]
        points += [(bounds[k + 1], 0.75 if last else 0.0)]
    pull = size * keys(ctx.t, points)
    for s in sides(side):
        place = np.array([0.21, 0.31, 0.22]) + ctx.rng.normal(0, 0.01, 3) + pull[:, None] * (0.01, -0.46, 0.02)
        fingers = np.stack([-0.1 + 0 * pull, 1.0 - 0.45 * pull, 0.1 + 0.7 * pull], 1)
        palm = np.stack([-0.75 + 0 * pull, 0 * pull, -0.5 + 0 * pull], 1)
        c.set_hand(s, "chest", place, 1.0, fingers, palm, swivel=ctx.vary(26, 0.15) + 8 * (1 - pull))
    c.spine[:, 0] += (ctx.vary(11, 0.15) * pull - 4) * on
    c.spine[:, 2] += away(side) * (6 * pull - 3) * on
    c.spine[:, 1] += away(side) * 5 * (pull - 0.5) * on
    c.head[:, 0] += (5 * pull - 7) * on
    c.height -= 0.03 * pull * on
    c.collar[:, :, 0] += 4 * on[:, None]
    return c
