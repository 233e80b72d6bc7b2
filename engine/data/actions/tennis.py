"""Tennis: the serve, forehand and backhand strokes."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.sports_kit import at, flow, pose_arm, step

REST = (2.0, 6.0, 8.0, 14.0, 8.0)


@action("tennis_serve", part="full", seconds=lambda args, rng: float(rng.uniform(2.8, 3.8)),
        slots={"side": ("right", "left")})  # fmt: skip
def tennis_serve(ctx: Ctx, side: str) -> Channels:
    """Toss the ball high with one hand, drop the racket behind the back, hit overhead, follow through across."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    flip, lead = 1 - 2 * s, 1 - s
    k = at(0.0, ctx.dur, 0.02, 0.14, 0.32, 0.46, 0.54, 0.60, 0.68, 0.80, 0.98)
    step(c, t, s, (k[0], k[1]), (0.03 * flip, -0.24), 48 * flip)
    step(c, t, lead, (k[7], k[8] - 0.02), (0.0, -0.10), 20 * -flip)
    step(c, t, lead, (k[0] + 0.1, k[1] + 0.12), (0.0, 0.10), 20 * flip)
    step(c, t, s, (k[6] + 0.06, k[7] + 0.05), (-0.03 * flip, 0.24), 48 * -flip, 0.10)
    turn = flow(t, [(k[0], 0.0), (k[1], 0.6), (k[3], 1.0), (k[4], 0.8), (k[5], 0.0), (k[6], -0.7), (k[8], 0.0)])
    c.pelvis[:, 1] += flip * ctx.vary(34) * turn
    c.spine[:, 1] += flip * ctx.vary(30) * turn
    c.head[:, 1] -= flip * 46 * turn
    arch = flow(t, [(k[1], 0.0), (k[3], 1.0), (k[4], 0.9), (k[5], 0.1), (k[6], -1.0), (k[7], -0.6), (k[8], 0.0)])
    c.spine[:, 0] -= ctx.vary(17) * arch + 6 * (-arch).clip(0, 1)
    c.spine[:, 2] -= flip * 16 * flow(t, [(k[2], 0.0), (k[4], 0.6), (k[5], 1.0), (k[6], 0.2), (k[8], 0.0)])
    c.pelvis[:, 0] -= 8 * arch - 8 * (-arch).clip(0, 1)
    c.head[:, 0] -= 34 * envelope(t, k[3] - k[2], 0.35, k[2] - 0.1, k[5] + 0.3)
    c.height -= ctx.vary(0.13) * keys(t, [(k[2], 0.0), (k[4] - 0.08, 1.0), (k[5] - 0.03, 0.0)])
    c.foot_pitch += 32 * keys(t, [(k[4] - 0.06, 0.0), (k[5], 1.0), (k[6] + 0.02, 0.0)])[:, None]
    c.sway[:, 1] += flow(t, [(k[0], 0.0), (k[1], -0.10), (k[3], 0.0), (k[5], 0.10), (k[6], 0.12), (k[8], 0.0)])
    trophy, drop = (10, 96, -72, 96, 10), (26, 112, -108, 122, 10)
    pose_arm(c, s, t, 1.0, [
        (k[0], REST), (k[1], (38, 14, 8, 42, 20)), (k[2], (-34, 34, 0, 16, 10)), (k[3], trophy), (k[4], drop),
        (k[5], (158, 30, -20, 12, 40)), (k[6], (62, 0, 28, 16, 62)), (k[7], (22, -14, 50, 40, 60)),
        (k[8], REST)])  # fmt: skip
    pose_arm(c, lead, t, 1.0, [
        (k[0], REST), (k[1], (40, 8, 8, 40, -30)), (k[2] - 0.08, (14, 8, 0, 8, -60)), (k[3], (156, 18, 0, 6, -50)),
        (k[4], (140, 20, 0, 20, -20)), (k[5], (58, 10, 30, 92, 20)), (k[7], (24, 8, 20, 80, 20)),
        (k[8], REST)])  # fmt: skip
    return c


@action("tennis_swing", part="full", seconds=lambda args, rng: float(rng.uniform(1.6, 2.3)),
        slots={"style": ("forehand", "backhand"), "side": ("right", "left")})  # fmt: skip
def tennis_swing(ctx: Ctx, style: str, side: str) -> Channels:
    """Turn and take the racket back, step in, swing from low to high through the ball, finish over the shoulder."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    fore = style == "forehand"
    away = 1 - 2 * s if fore else 2 * s - 1
    lead = 1 - s if fore else s
    k = at(0.0, ctx.dur, 0.02, 0.32, 0.42, 0.50, 0.56, 0.64, 0.74, 0.98)
    step(c, t, 1 - lead, (k[0], 0.6 * k[1]), (0.07 * away, -0.10), 38 * away)
    step(c, t, lead, (0.6 * k[1], k[2]), (0.05 * away, ctx.vary(0.30)), 10 * away)
    step(c, t, lead, (k[6] - 0.06, k[7] - 0.12), (-0.05 * away, -c.foot_xz[-1, lead, 1] - 0.045), 10 * -away)
    step(c, t, 1 - lead, (k[6] + 0.1, k[7]), (-0.07 * away, 0.10), 38 * -away)
    turn = flow(t, [(k[0], 0.0), (k[1], 1.0), (k[2], 1.0), (k[4], -0.1), (k[5], -0.8), (k[6], -0.7), (k[7], 0.0)])
    c.pelvis[:, 1] += away * ctx.vary(32) * turn
    late = np.concatenate([turn[:1], turn[:-1]])
    c.spine[:, 1] += away * ctx.vary(36 if fore else 42) * late
    c.head[:, 1] -= away * (26 * turn + 26 * late)
    c.sway[:, 1] += flow(t, [(k[0], 0.0), (k[1], -0.05), (k[2], 0.06), (k[4], 0.16), (k[6], 0.12), (k[7], 0.0)])
    c.height -= ctx.vary(0.08) * flow(t, [(k[0], 0.0), (k[1], 1.0), (k[2], 1.0), (k[5], 0.3), (k[7], 0.0)])
    c.foot_pitch[:, 1 - lead] += 38 * keys(t, [(k[3], 0.0), (k[5], 1.0), (k[6] + 0.1, 0.0)])
    c.spine[:, 0] += 9 * envelope(t, 0.3, 0.4)
    if fore:
        swing = [(-14, 62, -8, 52, 10), (-28, 50, 10, 24, 10), (36, 52, 4, 18, 16), (70, 36, 14, 30, 20),
                 (112, -14, 40, 92, 20), (104, -18, 44, 104, 20)]  # fmt: skip
        other = [(58, 6, 30, 40, 20), (50, 20, 20, 46, 20), (30, 34, 0, 66, 10), (26, 32, 0, 82, 10),
                 (28, 26, 10, 92, 10), (24, 20, 10, 80, 10)]  # fmt: skip
    else:
        swing = [(44, -32, 44, 62, 40), (34, -36, 44, 40, 40), (44, 0, 26, 18, 40), (66, 44, 0, 8, 40),
                 (84, 86, -22, 14, 30), (80, 84, -24, 20, 30)]  # fmt: skip
        other = [(30, 20, 30, 74, 20), (22, 26, 20, 60, 20), (0, 30, 0, 34, 10), (-24, 34, 0, 22, 10),
                 (-34, 36, 0, 22, 10), (-28, 30, 0, 22, 10)]  # fmt: skip
    for side_index, poses in ((s, swing), (1 - s, other)):
        middle = list(zip(k[1:7], poses, strict=True))
        pose_arm(c, side_index, t, 1.0, [(k[0], REST), *middle, (k[7], REST)])
    return c
