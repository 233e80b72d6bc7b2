"""Cleaning: sweeping, vacuuming, wiping a table."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import cycles, envelope, noise
from engine.data.toolkit.transitions import step_out

RATES = {"normal": 1.0, "slow": 0.55, "fast": 1.75}


SPEED = {"speed": tuple(RATES)}


SIDE = {"side": ("right", "left")}


@action("sweep", part="full", seconds=lambda args, rng: float(rng.uniform(3.4, 5.6)), slots=SPEED)
def sweep(ctx: Ctx, speed: str) -> Channels:
    """Both hands on a broom, the lower one drives it from side to side, hips and trunk turn along."""
    c, t, lead = ctx.hold(), ctx.t, int(ctx.rng.integers(2))
    move = min(0.6, 0.2 * ctx.dur)
    out = step_out(ctx, c, lead, move, ctx.vary(0.20))
    on, low = envelope(t, move, move, 0.02, ctx.dur - 0.02), 1 - lead
    n = max(1, round((ctx.dur - 1.4 * move) * RATES[speed] * ctx.vary(0.72, 0.05)))
    phase = cycles(t, n, 0.7 * move, ctx.dur - 0.7 * move)
    work = envelope(t, 0.5, 0.5, 0.7 * move, ctx.dur - 0.7 * move)
    swing, hips = np.sin(phase) * work, np.sin(phase + 0.45) * work
    dip = np.cos(2 * phase) * work
    flip = 1 - 2 * low
    lower = np.stack([0.02 + flip * ctx.vary(0.21) * swing, -0.40 - 0.025 * dip, 0.38 - 0.03 * dip], 1)
    upper = np.stack([0.05 - flip * -0.07 * swing, -0.10 + 0.02 * dip, 0.25 + 0 * t], 1)
    c.set_hand(low, "chest", lower, on, swivel=ctx.vary(26, 0.2))
    c.set_hand(1 - low, "chest", upper, on, swivel=ctx.vary(52, 0.15))
    for s in (0, 1):
        c.set_arm(s, on, pronate=25 if s == low else 50, wrist=0)
    c.sway[:, 1] += 0.08 * out
    c.sway[:, 0] += ctx.vary(0.045) * hips
    c.height -= ctx.vary(0.05, 0.2) * on
    c.pelvis[:, 1] += ctx.vary(9) * hips
    c.pelvis[:, 0] += 6 * on
    c.spine[:, 1] += ctx.vary(17) * swing
    c.spine[:, 0] += ctx.vary(16) * on
    c.head[:, 0] += ctx.vary(15) * on
    c.head[:, 1] -= 6 * swing
    return c


@action("vacuum", part="full", seconds=lambda args, rng: float(rng.uniform(3.4, 5.8)), slots=SIDE)
def vacuum(ctx: Ctx, side: str) -> Channels:
    """One hand on the tube of a vacuum cleaner, long strokes out and back, the body rocking over a step."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    move, flip = min(0.6, 0.2 * ctx.dur), 1 - 2 * s
    out = step_out(ctx, c, 1 - s, move, ctx.vary(0.30))
    on = envelope(t, move, move, 0.02, ctx.dur - 0.02)
    n = max(1, round((ctx.dur - 1.4 * move) * ctx.vary(0.62, 0.08)))
    phase = cycles(t, n, 0.7 * move, ctx.dur - 0.7 * move)
    work = envelope(t, 0.4, 0.4, 0.7 * move, ctx.dur - 0.7 * move)
    far, body = (0.5 - 0.5 * np.cos(phase)) * work, (0.5 - 0.5 * np.cos(phase + 0.4)) * work
    fan = noise(ctx.rng, len(t), 0.06, 16) * work
    place = np.stack([0.21 + fan - 0.06 * far, -0.42 + 0.08 * far, 0.17 + ctx.vary(0.31, 0.06) * far], 1)
    c.set_hand(s, "chest", place, on, swivel=ctx.vary(28, 0.2))
    c.set_arm(s, on, pronate=ctx.vary(35, 0.2), wrist=-8)
    c.set_arm(1 - s, on, flex=ctx.vary(6, 0.5) - 14 * far, abd=16, elbow=ctx.vary(26, 0.2), twist=12)
    c.sway[:, 1] += 0.05 * out + ctx.vary(0.14) * body
    c.height -= 0.03 * out + 0.03 * body
    c.foot_pitch[:, s] += 24 * body * out
    c.pelvis[:, 0] += (4 + ctx.vary(8) * body) * on
    c.spine[:, 0] += (6 + ctx.vary(9) * far) * on
    c.spine[:, 1] += flip * (-ctx.vary(12) * far + 5) * on + 60 * fan * flip
    c.head[:, 0] += ctx.vary(14) * on - 5 * far
    c.head[:, 1] += flip * 6 * far * on
    return c


@action("wipe_table", part="upper", seconds=lambda args, rng: float(rng.uniform(2.6, 4.6)), slots=SIDE)
def wipe_table(ctx: Ctx, side: str) -> Channels:
    """Rub the flat hand in wide circles over a table, leaning on the other hand."""
    c, t, s = ctx.layer(), ctx.t, sides(side)[0]
    up, flip = min(0.6, 0.22 * ctx.dur), 1 - 2 * s
    on, work = envelope(t, up, up), envelope(t, 0.4, 0.4, 0.7 * up, ctx.dur - 0.7 * up)
    n = max(1, round((ctx.dur - 1.2 * up) * ctx.vary(0.95, 0.08)))
    phase = cycles(t, n, 0.6 * up, ctx.dur - 0.6 * up) * ctx.rng.choice([-1, 1])
    wander = 0.05 * np.sin(2 * np.pi * t / max(ctx.dur, 3)) * work
    ring = np.stack([0.15 * np.sin(phase) * work + wander, 0 * t, 0.10 * np.cos(phase) * work], 1)
    place = np.array([0.11, -0.40, 0.40]) + ring + ctx.rng.normal(0, 0.008, 3)
    fingers = np.stack([-0.35 + 0.2 * np.sin(phase), -0.25 + 0 * t, 0.9 + 0 * t], 1)
    c.set_hand(s, "chest", place, 1.0, fingers, (0, -0.95, -0.3), swivel=ctx.vary(42, 0.15))
    c.arm_over[:, s] = on
    c.set_hand(1 - s, "chest", (0.20, -0.46, 0.30), 1.0, (-0.3, -0.3, 0.9), (0, -0.95, -0.3), swivel=30)
    c.arm_over[:, 1 - s] = on
    c.pelvis[:, 0] += ctx.vary(7, 0.2) * on
    c.spine[:, 0] += (ctx.vary(15) + 3 * np.cos(phase) * work) * on
    c.spine[:, 1] += flip * ctx.vary(5) * np.sin(phase) * work
    c.sway[:, 0] += flip * 0.014 * np.sin(phase - 0.3) * work
    c.head[:, 0] += ctx.vary(14) * on
    return c
