"""Archery: raise the bow, draw, aim, release."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.sports_kit import flow, pose_arm


@action("archery", part="upper", seconds=lambda args, rng: float(rng.uniform(3.0, 4.4)),
        slots={"side": ("right", "left")})  # fmt: skip
def archery(ctx: Ctx, side: str) -> Channels:
    """Draw a bow with the hand of `side` to the chin, the other arm straight at the target, and let go."""
    c, t, s, d = ctx.layer(), ctx.t, sides(side)[0], ctx.dur
    flip = 1 - 2 * s
    up, drawn, loose, down = 0.24 * d, 0.50 * d, 0.70 * d, 0.82 * d
    on = envelope(t, 0.9 * up, d - down, 0.02, d - 0.02)
    turn = keys(t, [(0.02, 0.0), (up, 0.7), (drawn, 1.0), (down, 1.0), (d - 0.02, 0.0)])
    c.pelvis[:, 1] += flip * 14 * turn
    c.spine[:, 1] += flip * ctx.vary(52, 0.05) * turn
    c.head[:, 1] -= flip * ctx.vary(58, 0.05) * turn
    jolt = keys(t, [(loose, 0.0), (loose + 0.10, 1.0), (loose + 0.45, 0.0)])
    tremble = noise(ctx.rng, ctx.num_frames, 0.8, 4) * envelope(t, 0.2, 0.1, drawn, loose)
    c.spine[:, 0] -= 4 * turn
    c.spine[:, 2] -= flip * (5 * turn - 3 * jolt)
    bow = 1 - s
    side_on = np.array([22.0, 86.0, 10.0, 6.0, 62.0])
    low = np.array([26.0, 40.0, 8.0, 30.0, 40.0])
    pose_arm(c, bow, t, 1.0, [(0.0, low), (up, side_on + (4, -4, 0, 6, 0)), (drawn, side_on), (d, side_on)])
    c.arm[:, bow, 0] += tremble
    c.arm[:, bow, 1] += 5 * jolt - 6 * keys(t, [(down, 0.0), (d, 1.0)])
    at_bow, chin, flown = (-0.30, -0.02, 0.34), (0.07, 0.07, 0.17), (0.29, 0.06, 0.05)
    place = flow(t, [(0.0, (-0.05, -0.25, 0.30)), (up, at_bow), (up + 0.12, at_bow), (drawn, chin), (loose, chin),
                     (loose + 0.14, flown), (down, flown)])  # fmt: skip
    c.set_hand(s, "chest", place + tremble[:, None] * 0.002, swivel=keys(t, [(up, 50.0), (drawn, 88.0)]))
    c.set_arm(s, pronate=40, wrist=keys(t, [(loose, 0.0), (loose + 0.12, -18.0)]), deviate=0)
    for k in (0, 1):
        c.arm_over[:, k] = on
    c.collar[:, s, 1] -= 10 * keys(t, [(up, 0.0), (drawn, 1.0), (d, 0.0)])
    return c
