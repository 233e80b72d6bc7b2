"""One hand at the brow or ear: listening, wiping the sweat off, looking into the distance."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.gestures import SIDE, away, raised


@action("listen", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.8)), slots=SIDE)
def listen(ctx: Ctx, side: str) -> Channels:
    """Cup the hand behind the ear and lean that ear ahead."""
    c = raised(ctx, side, 0.55, 0.65)[0]
    s, flip = sides(side)[0], away(side)
    place = np.array([0.115, 0.065, -0.005]) + ctx.rng.normal(0, 0.004, 3)
    c.set_hand(s, "head", place, 1.0, (-0.05, 0.97, -0.15), (-0.45, 0.1, 0.9), swivel=ctx.vary(66, 0.1))
    lean = envelope(ctx.t, 0.8, 0.75, 0.1)
    lean = lean * (1 + noise(ctx.rng, ctx.num_frames, 0.06, 16))
    c.head[:, 1] -= flip * ctx.vary(28, 0.12) * lean
    c.head[:, 2] += flip * ctx.vary(9, 0.25) * lean
    c.spine[:, 0] += ctx.vary(12, 0.15) * lean
    c.spine[:, 1] -= flip * ctx.vary(9, 0.25) * lean
    c.spine[:, 2] += flip * ctx.vary(7, 0.25) * lean
    c.sway[:, 1] += 0.025 * lean
    return c


@action("wipe_brow", part="upper", seconds=lambda args, rng: float(rng.uniform(2.0, 3.2)), slots=SIDE)
def wipe_brow(ctx: Ctx, side: str) -> Channels:
    """Draw the back of the hand across the forehead, flick the sweat off, sink with a breath."""
    c, on = raised(ctx, side, 0.55, 0.6)
    s, flip, d = sides(side)[0], away(side), ctx.dur
    wipe = keys(ctx.t, [(0.24 * d, 0.0), (0.56 * d, 1.0)])
    flick = keys(ctx.t, [(0.56 * d, 0.0), (0.78 * d, 1.0)])
    place = np.array([-0.085, 0.145, 0.135]) + ctx.rng.normal(0, 0.004, 3)
    place = place + wipe[:, None] * (0.20, 0.005, -0.03) + flick[:, None] * (0.24, -0.18, 0.10)
    fingers = np.stack([-0.95 + 0.1 * wipe + 1.0 * flick, 0.2 - 0.5 * flick, 0.05 + 0.5 * flick], 1)
    palm = np.stack([-0.1 + 0 * wipe, -0.65 - 0.3 * flick, 0.7 - 0.6 * flick], 1)
    c.set_hand(s, "head", place, 1.0, fingers, palm, swivel=ctx.vary(84, 0.05) - 25 * flick)
    hot = envelope(ctx.t, 0.5, 0.5, 0.1, 0.75 * d)
    c.head[:, 0] += ctx.vary(9, 0.25) * hot
    c.head[:, 1] += flip * (ctx.vary(12, 0.2) * (wipe - 0.5)) * hot
    c.spine[:, 0] += ctx.vary(5, 0.3) * on
    sigh = envelope(ctx.t, 0.35, 0.6, 0.5 * d)
    c.collar[:, :, 0] += 7 * envelope(ctx.t, 0.4, 0.3, 0.15, 0.62 * d)[:, None] - 4 * sigh[:, None]
    c.spine[:, 0] += 4 * sigh
    return c


@action("shade_eyes", part="upper", seconds=lambda args, rng: float(rng.uniform(2.4, 4.6)), slots=SIDE)
def shade_eyes(ctx: Ctx, side: str) -> Channels:
    """The hand like a visor above the eyes, searching the horizon."""
    c, on = raised(ctx, side, 0.55, 0.65)
    s, flip, d = sides(side)[0], away(side), ctx.dur
    place = np.array([0.03, 0.145, 0.135]) + ctx.rng.normal(0, 0.004, 3)
    c.set_hand(s, "head", place, 1.0, (-0.96, 0.05, 0.2), (0.0, -0.93, -0.3), swivel=ctx.vary(72, 0.08))
    first, wide = float(ctx.rng.choice([-1.0, 1.0])), ctx.vary(24, 0.2)
    search = keys(ctx.t, [(0.2 * d, 0.0), (0.42 * d, first), (0.52 * d, first), (0.8 * d, -0.8 * first), (d, 0.0)])
    search = search * envelope(ctx.t, 0.3, 0.5)
    c.head[:, 1] += wide * search
    c.spine[:, 1] += 0.55 * wide * search
    peer = envelope(ctx.t, 0.8, 0.7, 0.1)
    c.spine[:, 0] += ctx.vary(9, 0.2) * peer + noise(ctx.rng, ctx.num_frames, 0.6) * peer
    c.head[:, 0] -= ctx.vary(6, 0.25) * peer
    c.sway[:, 1] += 0.03 * peer
    c.spine[:, 2] -= flip * 2 * on
    return c
