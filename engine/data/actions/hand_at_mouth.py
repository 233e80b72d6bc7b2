"""One hand at the mouth or chin: a kiss that is blown, silence, thinking, yawning, coughing."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise, pulses
from engine.data.toolkit.gestures import SIDE, away, raised


@action("blow_kiss", part="upper", seconds=lambda args, rng: float(rng.uniform(1.8, 2.8)), slots=SIDE)
def blow_kiss(ctx: Ctx, side: str) -> Channels:
    """Touch the lips with the fingers, then send the kiss off the open palm."""
    c, on = raised(ctx, side, 0.5, 0.6)
    s, flip, d = sides(side)[0], away(side), ctx.dur
    sent = keys(ctx.t, [(0.44 * d, 0.0), (0.62 * d, 1.0), (0.8 * d, 1.0), (d, 0.85)])
    late = keys(ctx.t, [(0.47 * d, 0.0), (0.67 * d, 1.0)])
    place = np.array([0.015, -0.04, 0.165]) + ctx.rng.normal(0, 0.004, 3) + sent[:, None] * (0.14, 0.0, 0.30)
    fingers = np.stack([-0.3 + 0.5 * late, 0.93 - 0.75 * late, -0.05 + 1.0 * late], 1)
    palm = np.stack([-0.05 + 0 * late, 0.05 + 0.95 * late, -1.0 + 0.9 * late], 1)
    c.set_hand(s, "head", place, 1.0, fingers, palm, swivel=ctx.vary(40, 0.15) - 14 * sent)
    kiss = envelope(ctx.t, 0.2 * d, 0.1 * d, 0.2 * d, 0.52 * d)
    c.head[:, 0] += ctx.vary(8, 0.25) * kiss - ctx.vary(9, 0.25) * sent * on
    c.head[:, 2] += flip * ctx.vary(6, 0.4) * on
    c.spine[:, 0] += (ctx.vary(7, 0.25) * sent - 3 * kiss) * on
    c.spine[:, 1] -= flip * ctx.vary(8, 0.3) * sent * on
    c.sway[:, 1] += 0.02 * sent * on
    return c


@action("shush", part="upper", seconds=lambda args, rng: float(rng.uniform(1.6, 3.0)), slots=SIDE)
def shush(ctx: Ctx, side: str) -> Channels:
    """Put the finger upright before the lips, the head leaning in."""
    c, on = raised(ctx, side, 0.5, 0.6)
    s, flip = sides(side)[0], away(side)
    place = np.array([0.012, -0.055, 0.165]) + ctx.rng.normal(0, 0.003, 3)
    place = place + 0.006 * pulses(ctx.t, [0.42 * ctx.dur, 0.62 * ctx.dur], 0.3)[:, None] * (0.0, 0.5, 1.0)
    c.set_hand(s, "head", place, 1.0, (-0.06, 1.0, -0.08), (-0.95, 0.0, -0.3), swivel=ctx.vary(34, 0.2))
    lean = envelope(ctx.t, 0.6, 0.7, 0.15)
    c.spine[:, 0] += ctx.vary(8, 0.25) * lean
    c.head[:, 0] += ctx.vary(3, 0.6) * on
    c.head[:, 1] += (ctx.rng.uniform(-8, 8) + noise(ctx.rng, ctx.num_frames, 2, 14)) * on
    c.head[:, 2] -= flip * ctx.vary(4, 0.5) * on
    c.collar[:, :, 0] += 4 * lean[:, None]
    return c


@action("think", part="upper", seconds=lambda args, rng: float(rng.uniform(2.8, 5.2)), slots=SIDE)
def think(ctx: Ctx, side: str) -> Channels:
    """A hand at the chin, its elbow on the other arm, the eyes up and aside."""
    c, on = raised(ctx, "both", 0.75, 0.8)
    s, flip, n = sides(side)[0], away(side), ctx.num_frames
    tap = pulses(ctx.t, list(np.arange(0.4 * ctx.dur, 0.75 * ctx.dur, ctx.vary(0.55))), 0.35)
    place = np.array([0.03, -0.055, 0.135]) + ctx.rng.normal(0, 0.004, 3) + tap[:, None] * (0.0, -0.012, 0.01)
    c.set_hand(s, "head", place, 1.0, (-0.55, 0.75, -0.1), (-0.5, 0.1, -0.85), swivel=ctx.vary(8, 0.4))
    across = np.array([-0.10, -0.245, 0.20]) + ctx.rng.normal(0, 0.006, 3)
    c.set_hand(1 - s, "chest", across, 1.0, (-0.95, 0.1, 0.05), (0.0, 0.55, -0.8), swivel=ctx.vary(28, 0.15))
    musing = envelope(ctx.t, 0.9, 0.7, 0.2)
    c.head[:, 0] += (ctx.vary(-3, 0.8) + noise(ctx.rng, n, 3, 16)) * musing
    c.head[:, 1] -= flip * (ctx.vary(9, 0.3) + noise(ctx.rng, n, 5, 18)) * musing
    c.head[:, 2] += flip * ctx.vary(9, 0.25) * musing
    c.spine[:, 0] += ctx.vary(3, 0.4) * on
    c.sway[:, 0] -= flip * 0.02 * on
    c.spine[:, 2] += flip * 2 * on
    return c


@action("yawn", part="upper", seconds=lambda args, rng: float(rng.uniform(2.8, 4.4)), slots=SIDE)
def yawn(ctx: Ctx, side: str) -> Channels:
    """Cover the mouth with one hand, head back, while the other arm stretches up and out."""
    c, on = raised(ctx, side, 0.65, 0.7)
    s, flip, d = sides(side)[0], away(side), ctx.dur
    o = 1 - s
    gape = keys(ctx.t, [(0.12 * d, 0.0), (0.42 * d, 1.0), (0.62 * d, 1.0), (0.82 * d, 0.0)])
    place = np.array([0.015, 0.02, 0.165]) + ctx.rng.normal(0, 0.004, 3) + 0.015 * gape[:, None] * (0, -1, 0.6)
    c.set_hand(s, "head", place, 1.0, (-0.75, 0.65, 0.0), (-0.05, 0.0, -1.0), swivel=ctx.vary(40, 0.15))
    reach = keys(ctx.t, [(0.1 * d, 0.0), (0.5 * d, 1.0), (0.64 * d, 1.0), (0.95 * d, 0.0)])
    c.arm_over[:, o] = envelope(ctx.t, 0.25 * d, 0.3 * d, 0.06 * d)
    c.set_arm(o, flex=ctx.vary(22, 0.2) * reach, abd=10 + ctx.vary(122, 0.06) * reach, twist=-45 * reach)
    c.set_arm(o, elbow=ctx.vary(95, 0.06) - ctx.vary(62, 0.12) * reach, wrist=-14 * reach)
    c.head[:, 0] -= ctx.vary(20, 0.15) * gape - 6 * (on - gape).clip(0)
    c.spine[:, 0] -= ctx.vary(8, 0.2) * gape
    c.spine[:, 2] += flip * ctx.vary(8, 0.3) * reach
    c.collar[:, :, 0] += 8 * gape[:, None]
    return c


@action("cough", part="upper", seconds=lambda args, rng: float(rng.uniform(1.8, 3.2)), slots=SIDE)
def cough(ctx: Ctx, side: str) -> Channels:
    """Fist before the mouth, the trunk jerked by coughs."""
    c, on = raised(ctx, side, 0.4, 0.6)
    s, flip, begin, end = sides(side)[0], away(side), 0.27 * ctx.dur, 0.72 * ctx.dur
    count = max(2, round((end - begin) * ctx.vary(2.4, 0.1)))
    times = np.linspace(begin, end, count) + ctx.rng.normal(0, 0.03, count)
    sharp = sum(a * keys(ctx.t, [(k - 0.02, 0.0), (k + 0.1, 1.0), (k + 0.32, 0.0)]) for k, a in
                zip(times, ctx.rng.uniform(0.75, 1.15, count), strict=True))  # fmt: skip
    jerk = np.minimum(sharp, 1.3)
    place = np.array([0.02, 0.01, 0.155]) + ctx.rng.normal(0, 0.004, 3)
    c.set_hand(s, "head", place, 1.0, (-0.85, 0.45, 0.1), (-0.2, -0.1, -0.95), swivel=ctx.vary(34, 0.2))
    c.spine[:, 0] += ctx.vary(9, 0.2) * on + ctx.vary(17, 0.15) * jerk
    c.head[:, 0] += ctx.vary(5, 0.3) * on + 9 * jerk
    c.head[:, 1] += flip * ctx.vary(8, 0.4) * on
    c.collar[:, :, 0] += 7 * jerk[:, None]
    c.sway[:, 1] -= 0.015 * jerk
    return c
