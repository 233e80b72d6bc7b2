"""Fishing and taking photographs."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, keys, noise, pulses


@action("fish", part="upper", seconds=lambda args, rng: float(rng.uniform(4.4, 6.8)), slots={"side": ("right", "left")})
def fish(ctx: Ctx, side: str) -> Channels:
    """Cast a rod over the shoulder of `side`, wait, jerk it up and wind in the line with the other hand."""
    c, t, d, s = ctx.layer(), ctx.t, ctx.dur, sides(side)[0]
    flip = 1 - 2 * s
    at = np.array([0.06, 0.14, 0.25, 0.29, 0.355, 0.45, 0.54, 0.60, 0.66, 0.88]) * d
    hold, back, out = np.array([0.11, -0.22, 0.34]), np.array([0.24, 0.20, 0.03]), np.array([0.07, 0.04, 0.50])
    jerk = hold + (0.02, 0.20, -0.07)
    rest = [hold, hold, back, back + (0, 0.01, -0.03), out, hold, hold, jerk, hold + (0, 0.06, 0), hold]
    place = keys(t, [(a, np.array(p)) for a, p in zip(at, rest, strict=True)])
    on = envelope(t, 0.12 * d, 0.10 * d)
    cast = keys(t, [(at[1], 0.0), (at[2], -1.0), (at[3], -1.0), (at[4], 1.0), (at[5], 0.0)])
    strike = keys(t, [(at[6], 0.0), (at[7], 1.0), (at[8], 0.4), (at[9], 0.0)])
    c.set_hand(s, "chest", place + ctx.rng.normal(0, 0.006, 3), 1.0, swivel=ctx.vary(36, 0.12) - 8 * cast)
    c.set_arm(s, pronate=8, wrist=0, deviate=-22 * cast + 12 * strike)
    wind = cycles(t, max(1, round((at[9] - at[7]) * ctx.vary(1.9))), at[7], at[9])
    work = envelope(t, 0.15, 0.2, at[7], at[9])
    crank = np.array([0.0, -0.20, 0.39]) + np.stack([0 * t, 0.07 * np.sin(wind) * work, 0.07 * np.cos(wind) * work], 1)
    crank = crank + (0.10 * strike)[:, None] * (0, 1, 0)
    c.set_hand(1 - s, "chest", crank, 1.0, (-0.75, 0.15, 0.6), (-0.5, -0.55, -0.6), swivel=ctx.vary(36, 0.15))
    c.arm_over[:, s] = on
    c.arm_over[:, 1 - s] = keys(t, [(at[4], 0.0), (at[5] + 0.03 * d, 1.0), (at[9], 1.0), (0.985 * d, 0.0)])
    c.spine[:, 1] -= flip * (ctx.vary(15) * cast.clip(None, 0) + 8 * cast.clip(0))
    c.spine[:, 0] += 8 * cast - 9 * strike + 3 * on
    c.sway[:, 1] += 0.02 * cast - 0.02 * strike
    c.head[:, 0] += 3 * on - 4 * strike
    return c


@action(
    "take_photo",
    part="upper",
    seconds=lambda args, rng: float(rng.uniform(2.4, 4.0)),
    slots={"style": ("camera", "phone", "selfie")},
)
def take_photo(ctx: Ctx, style: str) -> Channels:
    """Raise a camera to the eye, a phone before the face, or a phone at arm's length turned back; aim and press."""
    c, t, d = ctx.layer(), ctx.t, ctx.dur
    up = min(0.75, 0.26 * d)
    on, drift = envelope(t, up, up), noise(ctx.rng, len(t), 0.005, 12)
    shots = [0.5 * d] if d < 2.9 else [0.44 * d, 0.66 * d]
    click = pulses(t, shots, 0.3)
    if style == "selfie":
        s = 1 if ctx.rng.random() < 0.75 else 0
        flip = 1 - 2 * s
        place = np.array([0.20, 0.14, 0.53]) + ctx.rng.normal(0, 0.015, 3) + np.stack([drift, -0.012 * click, drift], 1)
        c.set_hand(s, "head", place, 1.0, (-0.35, 0.75, 0.55), (-0.8, -0.1, -0.45), swivel=ctx.vary(48, 0.12))
        c.arm_over[:, s] = on
        c.head[:, 1] += flip * ctx.vary(12) * on
        c.head[:, 0] -= ctx.vary(9) * on
        c.head[:, 2] -= flip * ctx.vary(11, 0.2) * on
        c.spine[:, 2] -= flip * ctx.vary(5) * on
        c.spine[:, 1] -= flip * 8 * on
        c.collar[:, s, 0] += 5
        return c
    for s in (0, 1):
        spot = (0.072, 0.065, 0.185) if style == "camera" else (0.075, 0.0, 0.43)
        press = click if s else 0 * click
        place = np.array(spot) + ctx.rng.normal(0, 0.005, 3)
        place = place + np.stack([(1 - 2 * s) * drift, -0.014 * press + 0.4 * drift, 0 * t], 1)
        fingers = (-0.45, 0.75, 0.35) if style == "camera" else (-0.55, 0.7, 0.3)
        c.set_hand(s, "head", place, 1.0, fingers, (-0.8, 0.1, -0.4), swivel=ctx.vary(26, 0.2))
    c.arm_over[:] = on[:, None]
    c.spine[:, 0] += ((6 if style == "camera" else -2) + ctx.rng.normal(0, 2)) * on
    c.spine[:, 1] += ctx.rng.normal(0, 5) * on + 300 * drift * on
    c.head[:, 0] += (ctx.vary(5) + 2 * click) * on
    c.head[:, 2] += ctx.rng.normal(0, 3) * on
    return c
