"""Looking around: the head searches left and right, the trunk follows it."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import keys, noise


@action("look_around", part="upper", seconds=lambda args, rng: rng.uniform(3.4, 5.2))
def look_around(ctx: Ctx) -> Channels:
    """Look to one side, to the other, and perhaps up, down or back again, in turns and pauses."""
    c = ctx.layer()
    looks = max(2, round((ctx.dur - 0.7) / ctx.vary(1.25)))
    way = ctx.rng.choice([-1.0, 1.0])
    begin, end = 0.08, ctx.dur - 0.5
    parts = np.clip(1 + 0.15 * ctx.rng.standard_normal(looks), 0.7, 1.3)
    bounds = begin + (end - begin) * np.concatenate([[0.0], np.cumsum(parts) / parts.sum()])
    head, trunk = [(0.0, (0.0, 0.0, 0.0)), (begin, (0.0, 0.0, 0.0))], [(0.0, (0.0, 0.0, 0.0))]
    for k in range(looks):
        length = bounds[k + 1] - bounds[k]
        share = ctx.vary(1.0, 0.15)
        gaze = np.array([ctx.rng.normal(0, 7), way * 50 * share, -way * ctx.rng.uniform(0, 5)])
        moving, drift = (
            min(ctx.vary(0.55), 0.6 * length),
            np.array([ctx.rng.normal(0, 3), way * ctx.rng.uniform(0, 7), 0]),
        )
        head += [(bounds[k] + moving, gaze), (bounds[k + 1], gaze + drift)]
        body = np.array([ctx.rng.normal(1, 2), way * ctx.vary(17, 0.3), way * ctx.rng.uniform(-1, 3)])
        trunk += [(bounds[k] + 0.18, trunk[-1][1]), (bounds[k] + 0.2 + moving, body)]
        way = -way
    head.append((ctx.dur, (0.0, 0.0, 0.0)))
    trunk += [(bounds[-1] + 0.02, trunk[-1][1]), (ctx.dur, (0.0, 0.0, 0.0))]
    turning = keys(ctx.t, sorted(trunk, key=lambda item: item[0]))
    c.head += keys(ctx.t, head)
    c.spine += turning
    c.pelvis[:, 1] += 0.25 * turning[:, 1]
    c.sway[:, 0] += 0.0012 * turning[:, 1] + noise(ctx.rng, ctx.num_frames, 0.002) * np.sin(np.pi * ctx.u)
    return c
