"""Head over heels: cartwheel, forward roll, handstand."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, STANCE, Channels, Ctx, sides
from engine.data.toolkit.curves import minjerk, smooth
from engine.data.toolkit.floor_poses import PALM_HEIGHT, cleared, glide, no_slower, on_floor, wrapped


def _step(ctx: Ctx, c: Channels, s: int, begin: float, end: float, goal: tuple[float, float], lift: float) -> None:
    """Foot of side s goes to `goal` between two shares of the time."""
    w = (ctx.u - begin) / (end - begin)
    c.foot_xz[:, s] += minjerk(w)[:, None] * (np.array(goal) - c.foot_xz[:, s])
    c.foot_lift[:, s] += lift * np.sin(np.pi * np.clip(w, 0, 1))


def _window(ctx: Ctx, a: float, b: float, d: float, e: float) -> np.ndarray:
    """0 before share a, 1 from b to d, 0 after e."""
    return smooth((ctx.u - a) / (b - a)) * smooth((e - ctx.u) / (e - d))


@action(
    "cartwheel", part="full", seconds=lambda args, rng: float(rng.uniform(2.8, 3.6)), slots={"side": ("left", "right")}
)
def cartwheel(ctx: Ctx, side: str) -> Channels:
    """Over sideways on the hands, legs wide in the air: foot, hand, hand, foot, foot."""
    return no_slower(ctx, 4.2, lambda inner: _wheel(inner, sides(side)[0]))


def _wheel(ctx: Ctx, s: int) -> Channels:
    o, f = 1 - s, 1 - 2 * s
    c, far = ctx.hold(), ctx.vary(1.18, 0.03)
    lean = [(0, 0), (0.16, -4), (0.26, 18), (0.38, 82), (0.50, 172), (0.55, 200), (0.68, 288), (0.80, 345), (0.92, 360)]
    path = [(0, 0), (0.14, 0.02), (0.26, 0.34), (0.38, 0.72), (0.525, far), (0.67, 2 * far - 0.66),
        (0.80, 2.02), (0.96, 2.2)]  # fmt: skip
    high = [(0, 0.94), (0.14, 0.94), (0.26, 0.86), (0.38, 0.70), (0.525, 1.04), (0.67, 0.84), (0.80, 0.86),
        (0.95, 0.94)]  # fmt: skip
    c.pelvis[:, 2] += wrapped(f * glide(ctx, lean))
    c.root[:, 0] = f * glide(ctx, path)
    c.height += glide(ctx, high) - 0.94
    bend = glide(ctx, [(0.16, 0), (0.36, 24), (0.50, 0), (0.56, 0), (0.68, -22), (0.88, 0)])
    c.spine[:, 2] += f * bend
    c.head[:, 0] -= 18 * _window(ctx, 0.2, 0.4, 0.62, 0.78)
    wide = ctx.vary(52, 0.06)
    for k, up, down in ((o, 0.25, 0.64), (s, 0.37, 0.74)):
        spread = glide(ctx, [(up, 8), (up + 0.12, wide), (down, wide), (down + 0.10, 24)])
        point = glide(ctx, [(up, 10), (up + 0.1, 34), (down - 0.06, 34), (down + 0.03, -12)])
        c.set_leg(k, _window(ctx, up, up + 0.08, down, down + 0.07), flex=0, abd=spread, knee=4, ankle=point)
    _step(ctx, c, s, 0.12, 0.25, (f * 0.38, -0.045), 0.12)
    for k, when, place in ((o, 0.45, 1.98), (s, 0.55, 2.2 + STANCE)):
        c.foot_xz[ctx.u > when, k] = (f * place, -0.045)
    _step(ctx, c, o, 0.84, 0.96, (f * (2.2 - STANCE), -0.045), 0.05)
    arms = _window(ctx, 0.02, 0.16, 0.84, 0.99)
    c.set_arm("both", arms, flex=8, abd=ctx.vary(158, 0.02), elbow=8, twist=0, pronate=20, wrist=-10)
    for k, on, off, place in ((s, 0.27, 0.54, far - 0.19), (o, 0.36, 0.60, far + 0.19)):
        held = _window(ctx, on, on + 0.11, off, off + 0.10)
        c.set_hand(k, "world", (f * place, PALM_HEIGHT, 0.04), held, (0, 0, 1), (0, -1, 0), swivel=60)
    return cleared(c)


@action("forward_roll", part="full", seconds=lambda args, rng: float(rng.uniform(2.8, 3.8)))
def forward_roll(ctx: Ctx) -> Channels:
    """Crouch, hands down, chin tucked, over the round back, onto the feet and up."""
    return no_slower(ctx, 4.4, _tumble)


def _tumble(ctx: Ctx) -> Channels:
    c, way = ctx.hold(), ctx.vary(1.30, 0.03)
    pitch = [(0, 0), (0.20, 48), (0.32, 104), (0.43, 180), (0.54, 262), (0.64, 325), (0.74, 392),
        (0.84, 386), (0.98, 360)]  # fmt: skip
    path = [(0, 0), (0.20, 0.0), (0.32, 0.26), (0.43, 0.62), (0.54, 0.92), (0.64, 1.05), (0.76, way - 0.06),
        (0.96, way)]  # fmt: skip
    high = [(0, 0.94), (0.20, 0.48), (0.32, 0.58), (0.43, 0.50), (0.60, 0.14), (0.74, 0.38), (0.80, 0.44), (0.98, 0.94)]
    c.pelvis[:, 0] += wrapped(glide(ctx, pitch))
    c.root[:, 1] = glide(ctx, path)
    c.spine[:, 0] += glide(ctx, [(0, 0), (0.20, 40), (0.36, 80), (0.56, 62), (0.72, 40), (0.96, 0)])
    c.head[:, 0] += glide(ctx, [(0, 0), (0.16, 0), (0.30, 52), (0.52, 50), (0.72, -30), (0.96, 0)])
    c.height += glide(ctx, high) - 0.94
    roll = _window(ctx, 0.32, 0.42, 0.58, 0.70)
    c.height += roll * (on_floor(c) - c.height)
    tuck = _window(ctx, 0.31, 0.40, 0.60, 0.68)
    bend = glide(ctx, [(0.30, 60), (0.42, 125), (0.60, 118)])
    c.set_leg("both", tuck, flex=glide(ctx, [(0.30, 90), (0.42, 108), (0.62, 112)]), abd=4, knee=bend, ankle=14)
    for s, x in ((LEFT, STANCE), (RIGHT, -STANCE)):
        c.foot_xz[ctx.u > 0.5, s] = (x, way - 0.045)
        c.set_hand(
            s,
            "world",
            (2 * x, PALM_HEIGHT, 0.44),
            _window(ctx, 0.08, 0.20, 0.36, 0.46),
            (0, 0, 1),
            (0, -1, 0),
            swivel=60,
        )
    c.foot_pitch += (28 * _window(ctx, 0.10, 0.20, 0.30, 0.36) + 20 * _window(ctx, 0.62, 0.68, 0.76, 0.90))[:, None]
    c.knee_out += (10 * _window(ctx, 0.05, 0.2, 0.8, 0.95))[:, None]
    c.set_arm("both", _window(ctx, 0.16, 0.30, 0.80, 0.98), flex=ctx.vary(72), abd=8, elbow=34, twist=10)
    return cleared(c)


@action("handstand", part="full", seconds=lambda args, rng: float(rng.uniform(4.4, 6.4)))
def handstand(ctx: Ctx) -> Channels:
    """Lunge, hands to the floor, kick up one leg after the other, balance upside down, come down the same way."""
    c, s = ctx.hold(), int(ctx.rng.integers(2))
    far, wide = ctx.vary(0.80, 0.03), ctx.vary(7, 0.5)
    there = [(0.03, 0.0), (0.16, 8.0), (0.25, 112.0), (0.37, 180.0)]
    back = [(1 - u, v) for u, v in reversed(there)]
    c.pelvis[:, 0] += wrapped(glide(ctx, [*there, (0.64, 180), *back[1:]]) - 1e-3)
    ahead = [(0.03, 0.0), (0.16, 0.20), (0.25, 0.42), (0.37, far)]
    c.sway[:, 1] += glide(ctx, [*ahead, (0.63, far), *[(1 - u, v) for u, v in reversed(ahead[:-1])]])
    high = [(0.03, 0.94), (0.16, 0.88), (0.25, 0.76), (0.37, 1.05)]
    c.height += glide(ctx, [*high, (0.63, 1.05), *[(1 - u, v) for u, v in reversed(high[:-1])]]) - 0.94
    c.spine[:, 0] += 26 * _window(ctx, 0.14, 0.24, 0.26, 0.36) + 26 * _window(ctx, 0.64, 0.74, 0.76, 0.86)
    c.head[:, 0] -= 26 * _window(ctx, 0.16, 0.30, 0.70, 0.84)
    _step(ctx, c, s, 0.05, 0.16, (c.foot_xz[0, s, 0], 0.26), 0.07)
    _step(ctx, c, s, 0.85, 0.96, ((1 - 2 * s) * STANCE, -0.045), 0.07)
    sway = 3 * np.sin(2 * np.pi * 0.6 * ctx.t + ctx.rng.uniform(0, 6))
    for k, up in ((1 - s, 0.17), (s, 0.25)):
        swing = glide(
            ctx,
            [
                (up, 4),
                (up + 0.07, -24 if k != s else 30),
                (0.38, 0),
                (0.62, 0),
                (0.93 - up, -24 if k != s else 30),
                (1 - up, 4),
            ],
        )
        free = _window(ctx, up, up + 0.06, 0.94 - up, 1 - up)
        c.set_leg(k, free, flex=swing + sway * _window(ctx, 0.36, 0.42, 0.58, 0.64), abd=wide, knee=5, ankle=38)
    c.set_arm("both", _window(ctx, 0.02, 0.14, 0.84, 0.98), flex=168, abd=8, elbow=6, twist=4)
    for k, x in ((LEFT, 0.19), (RIGHT, -0.19)):
        held = _window(ctx, 0.15, 0.24, 0.76, 0.85)
        c.set_hand(k, "world", (x, PALM_HEIGHT, far + 0.06), held, (0, 0, 1), (0, -1, 0), swivel=70)
    return cleared(c)
