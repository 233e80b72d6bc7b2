"""Lifting a box from the floor and putting it back."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import keys


@action(
    "lift_box",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(4.4, 6.2)),
    slots={"height": ("normal", "high")},
)
def lift_box(ctx: Ctx, height: str) -> Channels:
    """Squat, grab a box, stand up with it before the belly or over the head, squat and put it down."""
    c, d, t = ctx.hold(), ctx.dur, ctx.t
    low = [(0.03, 0), (0.19, 1), (0.25, 1), (0.43, 0), (0.60, 0), (0.78, 1), (0.83, 1), (0.98, 0)]
    bend = [(0.02, 0), (0.17, 1), (0.26, 1), (0.45, 0), (0.58, 0), (0.77, 1), (0.82, 1), (0.99, 0)]
    down, fold = keys(t, [(u * d, v) for u, v in low]), keys(t, [(u * d, v) for u, v in bend])
    held = keys(t, [(0.24 * d, 0.0), (0.40 * d, 1.0), (0.64 * d, 1.0), (0.79 * d, 0.0)])
    reach = keys(t, [(0.05 * d, 0.0), (0.19 * d, 1.0), (0.82 * d, 1.0), (0.95 * d, 0.0)])
    grab, wide, far = ctx.vary(0.22), ctx.vary(0.17, 0.06), ctx.vary(0.38, 0.04)
    carry = (1.04, 0.33) if height == "normal" else (1.80, 0.16)
    stops = [(0.24, (grab, far)), (0.40, (0.98, 0.34)), (0.47, carry), (0.57, carry), (0.63, (0.98, 0.34))]
    stops += [(0.79, (grab, far))]
    path = keys(t, [(u * d, np.array(p)) for u, p in stops], "smooth")
    for s in (0, 1):
        flip = 1 - 2 * s
        place = np.stack([flip * (wide + 0 * t), path[:, 0], path[:, 1]], 1)
        up = np.clip((path[:, 0] - 1.1) / 0.6, 0, 1)
        fingers = np.stack([-flip * 0.1 + 0 * t, -0.35 + 1.0 * up, 0.9 - 0.4 * up], 1)
        palm = np.stack([-flip + 0 * t, 0.35 * held, 0 * t], 1)
        c.set_hand(s, "world", place, reach, fingers, palm, swivel=ctx.vary(34) + 20 * up)
    high = np.clip((path[:, 0] - 1.1) / 0.7, 0, 1)
    c.height -= ctx.vary(0.43, 0.05) * down
    c.sway[:, 1] -= 0.14 * down + 0.03 * held
    c.knee_out += 14 * down[:, None]
    c.pelvis[:, 0] += ctx.vary(42, 0.06) * fold - 3 * held
    c.spine[:, 0] += ctx.vary(22) * fold - 6 * held - 4 * high
    c.head[:, 0] += -22 * fold + 6 * held - 22 * high
    c.collar[:, :, 0] += (7 * high)[:, None]
    return c
