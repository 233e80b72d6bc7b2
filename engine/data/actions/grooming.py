"""Morning routine: brushing the teeth, combing the hair."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, noise

SIDE = {"side": ("right", "left")}


RATES = {"normal": 2.4, "slow": 1.2, "fast": 3.6}


@action(
    "brush_teeth",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.8, 5.0)),
    slots={"side": ("right", "left"), "speed": tuple(RATES)},
)
def brush_teeth(ctx: Ctx, side: str, speed: str) -> Channels:
    """Move a toothbrush to and fro at the mouth, elbow out, now on one cheek, now on the other."""
    c, t, s = ctx.layer(), ctx.t, sides(side)[0]
    up, flip = min(0.65, 0.24 * ctx.dur), 1 - 2 * s
    on, work = envelope(t, up, up), envelope(t, 0.25, 0.25, 0.85 * up, ctx.dur - 0.85 * up)
    n = max(2, round((ctx.dur - 1.7 * up) * RATES[speed] * ctx.vary(1.0, 0.05)))
    scrub = np.sin(cycles(t, n, 0.85 * up, ctx.dur - 0.85 * up)) * work
    zone = np.sin(cycles(t, max(1, round(ctx.dur / 2.6)), 0.5 * up, ctx.dur - 0.5 * up)) * on
    place = np.array([0.065, 0.0, 0.165]) + ctx.rng.normal(0, 0.005, 3)
    place = place + np.stack([0.038 * scrub + 0.03 * zone, 0.010 * zone, -0.02 * np.abs(zone)], 1)
    fingers = np.stack([-0.9 + 0.12 * scrub, 0.25 + 0.1 * scrub, 0.2 - 0.2 * zone], 1)
    c.set_hand(s, "head", place, 1.0, fingers, (-0.15, -0.35, -0.9), swivel=ctx.vary(62, 0.1) + 5 * scrub)
    c.arm_over[:, s] = on
    c.head[:, 0] += ctx.vary(7, 0.3) * on
    c.head[:, 1] += flip * (5 * zone + 1.6 * scrub)
    c.head[:, 2] += flip * (ctx.vary(4, 0.4) * on + 1.2 * scrub)
    c.spine[:, 0] += ctx.vary(6, 0.3) * on
    c.spine[:, 1] += flip * 0.9 * scrub
    c.collar[:, s, 0] += 4
    return c


@action("comb_hair", part="upper", seconds=lambda args, rng: float(rng.uniform(2.6, 4.8)), slots=SIDE)
def comb_hair(ctx: Ctx, side: str) -> Channels:
    """Draw a comb from the forehead over the head to the neck, again and again."""
    c, t, s = ctx.layer(), ctx.t, sides(side)[0]
    up, flip = min(0.7, 0.24 * ctx.dur), 1 - 2 * s
    on, begin, end = envelope(t, up, up), 0.7 * up, ctx.dur - 0.7 * up
    n = int(np.clip(round((end - begin) / ctx.vary(1.15, 0.1)), 1, 6))
    each, points = (end - begin) / n, []
    front, top, back, away = (0.07, 0.155, 0.135), (0.10, 0.235, 0.02), (0.13, 0.09, -0.09), (0.19, 0.20, 0.06)
    for k in range(n):
        at, shift = begin + k * each, ctx.rng.normal(0, 0.012) + 0.012 * (k % 2)
        stops = [(0.0, front), (0.26, top), (0.56, back), (0.78, away)]
        points += [(at + u * each, np.array(p) + (shift, 0, 0)) for u, p in stops]
    points.append((end, np.array(front)))
    place = keys(t, points, "smooth")
    down = np.clip((0.235 - place[:, 1]) / 0.15, 0, 1) * (place[:, 2] < 0.02)
    fingers = np.stack([-0.85 + 0.15 * down, 0.35 - 0.35 * down, -0.1 - 0.45 * down], 1)
    palm = np.stack([-0.5 - 0.2 * down, -0.75 + 0.5 * down, -0.1 + 0.35 * down], 1)
    c.set_hand(s, "head", place, 1.0, fingers, palm, swivel=ctx.vary(74, 0.08) + 8 * down)
    c.arm_over[:, s] = on
    stroke = np.clip((0.135 - place[:, 2]) / 0.22, 0, 1)
    c.head[:, 0] += (ctx.vary(7, 0.3) - 5 * stroke) * on
    c.head[:, 2] += -flip * (ctx.vary(8, 0.2) - 3 * stroke) * on
    c.head[:, 1] += flip * -4 * on + noise(ctx.rng, ctx.num_frames, 2, 16) * on
    c.spine[:, 2] -= flip * 3 * on
    c.collar[:, s, 0] += 5
    return c
