"""Putting on a hat and a jacket."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys

SIDE = {"side": ("right", "left")}


@action(
    "put_on_hat",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.0, 3.4)),
    slots={"side": ("right", "left", "both")},
)
def put_on_hat(ctx: Ctx, side: str) -> Channels:
    """Lift a hat in front, set it on the head from above, press it down and adjust it."""
    c, t, d = ctx.layer(), ctx.t, ctx.dur
    on = envelope(t, min(0.5, 0.2 * d), min(0.6, 0.22 * d))
    at = np.array([0.16, 0.38, 0.52, 0.60, 0.70, 0.80]) * d
    for s in sides(side):
        stops = [(0.13, -0.26, 0.36), (0.15, 0.34, 0.20), (0.145, 0.20, 0.085), (0.145, 0.185, 0.085)]
        stops += [(0.145, 0.205, 0.095), (0.145, 0.175, 0.09)]
        place = keys(t, [(a, np.array(p)) for a, p in zip(at, stops, strict=True)], "smooth")
        over = keys(t, [(at[0], 0.0), (at[1], 1.0)])
        fingers = np.array([-0.5, 0.2, 0.8]) + over[:, None] * (-0.3, 0.35, -0.75)
        palm = np.array([-0.8, 0.1, -0.5]) + over[:, None] * (0.1, -0.75, 0.4)
        c.set_hand(s, "head", place + ctx.rng.normal(0, 0.005, 3), 1.0, fingers, palm, swivel=34 + ctx.vary(34) * over)
        c.arm_over[:, s] = on
        c.collar[:, s, 0] += 6 * over
    seat = keys(t, [(at[0], 0.0), (at[1], -0.6), (at[2], 1.0), (at[4], 0.4), (at[5], 0.8), (0.97 * d, 0.0)])
    lean = 0.0 if side == "both" else (1 - 2 * sides(side)[0]) * 4.0
    c.head[:, 0] += ctx.vary(12, 0.2) * seat
    c.head[:, 2] += lean * seat
    c.head[:, 1] += ctx.rng.normal(0, 3) * on + 5 * keys(t, [(at[3], 0), (at[4], 1), (at[5], -0.8), (0.95 * d, 0)])
    c.spine[:, 0] += 4 * seat.clip(0, 1)
    return c


@action("put_on_jacket", part="upper", seconds=lambda args, rng: float(rng.uniform(3.6, 5.4)), slots=SIDE)
def put_on_jacket(ctx: Ctx, side: str) -> Channels:
    """One arm into its sleeve, the other reaches behind for its own, both draw the collar round and close the front."""
    c, t, d, s = ctx.layer(), ctx.t, ctx.dur, sides(side)[0]
    flip = 1 - 2 * s
    names = ("flex", "abd", "twist", "elbow", "pronate")
    hold, sleeve, pushed = (38.0, 12.0, 22.0, 70.0, 30.0), (34.0, 26.0, 6.0, 40.0, 20.0), (58.0, 34.0, 0.0, 8.0, 15.0)
    behind, through, out = (
        (-34.0, 30.0, 26.0, 74.0, 10.0),
        (-38.0, 52.0, -4.0, 34.0, 20.0),
        (24.0, 62.0, -6.0, 12.0, 20.0),
    )
    lapel, close = (34.0, 22.0, 34.0, 124.0, 20.0), (22.0, 8.0, 46.0, 92.0, 30.0)
    rest = (2.0, 6.0, 8.0, 14.0, 8.0)
    first = [(0.02, rest), (0.12, hold), (0.22, sleeve), (0.34, pushed), (0.50, (48.0, 20.0, 40.0, 118.0, 20.0))]
    second = [(0.02, rest), (0.12, hold), (0.34, lapel), (0.46, behind), (0.55, through), (0.66, out)]
    tail = [(0.76, lapel), (0.84, close), (0.90, close), (0.99, rest)]
    for k, stops in ((s, first + [(0.64, lapel)] + tail), (1 - s, second + tail)):
        pose = keys(t, [(a * d, np.array(p) * ctx.vary(1, 0.03)) for a, p in stops], "smooth")
        c.set_arm(k, 1.0, **{name: pose[:, j] for j, name in enumerate(names)})
        c.arm_over[:, k] = envelope(t, 0.08 * d, 0.08 * d)
    reach = keys(t, [(0.10 * d, 0), (0.34 * d, -0.7), (0.50 * d, 1.0), (0.60 * d, 0.9), (0.74 * d, 0.0)])
    c.spine[:, 1] -= flip * ctx.vary(18) * reach
    c.spine[:, 2] += flip * ctx.vary(5) * reach
    c.head[:, 1] -= flip * ctx.vary(14) * reach
    c.head[:, 0] += keys(t, [(0.0, 0), (0.2 * d, 14), (0.4 * d, 6), (0.7 * d, 2), (0.84 * d, 20), (0.97 * d, 0)])
    shrug = keys(t, [(0.64 * d, 0), (0.73 * d, 1), (0.80 * d, 0)])
    c.collar[:, :, 0] += ctx.vary(13) * shrug[:, None]
    c.spine[:, 0] += -5 * shrug + 4 * keys(t, [(0.02 * d, 0), (0.2 * d, 1), (0.6 * d, 0.5), (0.95 * d, 0)])
    return c
