"""One hand at the head: drinking, phoning, saluting, scratching, hiding the face."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, minjerk, noise

SIDE = {"side": ("right", "left")}


def _raise(ctx: Ctx, side: str, up: float, down: float) -> tuple[Channels, int, int, np.ndarray]:
    """A layer with one arm coming up over `up` seconds and down over `down`: (layer, side, its sign, weight)."""
    c, s = ctx.layer(), sides(side)[0]
    weight = envelope(ctx.t, min(ctx.vary(up), 0.38 * ctx.dur), min(ctx.vary(down), 0.38 * ctx.dur))
    c.arm_over[:, s] = weight
    return c, s, 1 - 2 * s, weight


@action("drink", part="upper", seconds=lambda args, rng: float(rng.uniform(2.2, 4.0)), slots=SIDE)
def drink(ctx: Ctx, side: str) -> Channels:
    """Lift a cup to the mouth, tip it and the head back, lower it."""
    c, s, flip, on = _raise(ctx, side, 0.75, 0.8)
    begin, end = 0.26 * ctx.dur, 0.74 * ctx.dur
    sips = int(np.clip(round((end - begin) / ctx.vary(1.0, 0.2)), 1, 4))
    each, points = (end - begin) / sips, [(begin, 0.0)]
    for k in range(sips):
        start, high = begin + k * each, ctx.vary(1.0, 0.12)
        points += [(start + 0.4 * each, high), (start + 0.7 * each, high), (start + each, 0.25 if k < sips - 1 else 0)]
    tip = keys(ctx.t, points)[:, None]
    place = np.array([0.035, -0.01, 0.165]) + tip * (0.0, 0.015, -0.015) + ctx.rng.normal(0, 0.006, 3)
    fingers = np.array([-0.65, 0.1, 0.75]) + tip * (0.1, 0.5, -0.1)
    c.set_hand(s, "head", place, 1.0, fingers, (-0.75, 0.0, -0.65), swivel=ctx.vary(8, 0.4) + 16 * tip[:, 0])
    c.head[:, 0] += -ctx.vary(19, 0.12) * tip[:, 0] + 4 * (on - tip[:, 0]) * on
    c.spine[:, 0] -= ctx.vary(4) * tip[:, 0]
    c.spine[:, 2] -= 1.5 * flip * on
    return c


@action("phone", part="upper", seconds=lambda args, rng: float(rng.uniform(2.6, 6.0)), slots=SIDE)
def phone(ctx: Ctx, side: str) -> Channels:
    """Hold a phone to the ear, talking with small nods."""
    c, s, flip, on = _raise(ctx, side, 0.7, 0.75)
    n = ctx.num_frames
    place = np.array([0.125, 0.035, 0.025]) + ctx.rng.normal(0, 0.006, 3)
    place = place + 0.004 * np.stack([noise(ctx.rng, n, 1, 9) for _ in range(3)], 1) * (0.3, 1, 1)
    c.set_hand(
        s,
        "head",
        place,
        1.0,
        (-0.15, 0.92, -0.2),
        (-1.0, -0.1, 0.15),
        swivel=ctx.vary(38, 0.2) + noise(ctx.rng, n, 3, 16),
    )
    c.head[:, 2] += flip * ctx.vary(8, 0.25) * on
    c.head[:, 1] += (flip * ctx.vary(-6, 0.5) + noise(ctx.rng, n, 6, 16)) * on
    c.head[:, 0] += (ctx.vary(4, 0.4) + noise(ctx.rng, n, 4, 6)) * on
    c.spine[:, 1] += noise(ctx.rng, n, 3, 20) * on
    c.spine[:, 2] += flip * 2 * on
    c.sway[:, 0] += noise(ctx.rng, n, 0.006, 20) * on
    return c


@action("salute", part="upper", seconds=lambda args, rng: float(rng.uniform(1.4, 2.6)), slots=SIDE)
def salute(ctx: Ctx, side: str) -> Channels:
    """Snap the flat hand to the brow, hold it, cut it away."""
    c, s, flip, on = _raise(ctx, side, 0.42, 0.5)
    place = np.array([0.145, 0.125, 0.095]) + ctx.rng.normal(0, 0.006, 3)
    c.set_hand(s, "head", place, 1.0, (-0.80, 0.50, 0.22), (-0.25, -0.70, 0.62), swivel=ctx.vary(82, 0.06))
    c.spine[:, 0] -= ctx.vary(5, 0.2) * on
    c.head[:, 0] -= ctx.vary(3, 0.4) * on
    c.head[:, 2] += flip * ctx.vary(2, 0.5) * on
    other = 1 - s
    c.arm_over[:, other] = 0.8 * on
    c.set_arm(other, flex=0, abd=4, elbow=ctx.vary(6, 0.3), twist=4, pronate=0)
    return c


@action("scratch_head", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.8)), slots=SIDE)
def scratch_head(ctx: Ctx, side: str) -> Channels:
    """Scratch the top of the head, wondering."""
    c, s, flip, on = _raise(ctx, side, 0.65, 0.7)
    start, end = 0.28 * ctx.dur, 0.74 * ctx.dur
    scratch = np.sin(cycles(ctx.t, max(2, round((end - start) * ctx.vary(2.6, 0.12))), start, end))
    scratch = scratch * envelope(ctx.t, 0.2, 0.2, start, end)
    back = ctx.rng.uniform(-0.05, 0.02)
    place = np.array([0.10, 0.195, back]) + ctx.rng.normal(0, 0.006, 3) + scratch[:, None] * (0.004, 0.006, 0.024)
    fingers = np.array([-0.82, 0.25, -0.25]) + scratch[:, None] * (0.0, 0.0, 0.22)
    c.set_hand(s, "head", place, 1.0, fingers, (-0.4, -0.9, 0.05), swivel=ctx.vary(76, 0.08) + 4 * scratch)
    c.head[:, 0] += ctx.vary(8, 0.3) * on
    c.head[:, 2] += -flip * ctx.vary(7, 0.3) * on + flip * 1.2 * scratch
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 3, 14) * on
    c.spine[:, 2] -= flip * 3 * on
    return c


@action("facepalm", part="upper", seconds=lambda args, rng: float(rng.uniform(1.8, 3.2)), slots=SIDE)
def facepalm(ctx: Ctx, side: str) -> Channels:
    """Drop the face into the palm and shake it a little."""
    c, s, flip, _ = _raise(ctx, side, 0.5, 0.75)
    t, lead = ctx.t, min(0.45, 0.25 * ctx.dur)
    place = np.array([0.012, 0.085, 0.150]) + ctx.rng.normal(0, 0.005, 3)
    c.set_hand(s, "head", place, 1.0, (-0.42, 0.88, -0.12), (-0.05, -0.1, -1.0), swivel=ctx.vary(36, 0.15))
    drop = minjerk((t - 0.6 * lead) / (1.2 * lead)) * minjerk((ctx.dur - t) / min(0.9, 0.4 * ctx.dur))
    begin, end = 0.38 * ctx.dur, 0.72 * ctx.dur
    shakes = np.sin(cycles(t, max(1, round((end - begin) * 1.3)), begin, end)) * envelope(t, 0.2, 0.2, begin, end)
    c.head[:, 0] += ctx.vary(20, 0.15) * drop - 6 * envelope(t, lead, 0.3, 0, 1.3 * lead)
    c.head[:, 1] += ctx.vary(7, 0.3) * shakes + flip * 4 * drop
    c.spine[:, 0] += ctx.vary(9, 0.2) * drop
    c.collar[:, s, 0] += 3 * drop
    return c
