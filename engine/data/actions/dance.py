"""Dancing in four styles, on the beat, for as long as asked."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise


@action(
    "dance",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(3.6, 7.0)),
    slots={"style": ("step", "sway", "twist", "disco")},
)
def dance(ctx: Ctx, style: str) -> Channels:
    """Dance on a beat of about 110 a minute (swaying: slower)."""
    c = ctx.hold()
    wanted = 0.85 if style == "sway" else 0.55
    bars = max(1, round(ctx.dur / (2 * ctx.vary(wanted, 0.08))))
    beats = np.pi * 2 * bars * ctx.u
    on = envelope(ctx.t, min(0.55, 0.2 * ctx.dur), min(0.55, 0.2 * ctx.dur))
    flip = float(ctx.rng.choice([-1.0, 1.0]))
    STYLES[style](ctx, c, beats, on, flip, bars)
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 5, 14) * on
    return c


def _step(ctx: Ctx, c: Channels, phase: np.ndarray, on: np.ndarray, flip: float, bars: int) -> None:
    """Step to the side and close, one beat each; over two bars there and back."""
    beat, width = ctx.dur / (2 * bars), ctx.vary(0.30, 0.12)
    feet = [[(0.0, 0.0)], [(0.0, 0.0)]]
    body, place = [(0.0, 0.0)], 0.0
    for k in range(bars):
        way = flip if k % 2 == 0 else -flip
        goal = 0.0 if place and k % 2 else place + way * width
        if k == bars - 1 and not place:
            goal = place
        lead = 0 if way > 0 else 1
        for m, s in enumerate((lead, 1 - lead)):
            begin = (2 * k + m) * beat + 0.08 * beat
            feet[s] += [(begin, place), (begin + 0.72 * beat, goal)]
            c.foot_lift[:, s] += 0.055 * np.sin(np.pi * np.clip((ctx.t - begin) / (0.72 * beat), 0, 1))
        body += [(2 * k * beat, place), ((2 * k + 1.5) * beat, goal)]
        place = goal
    for s in (0, 1):
        c.foot_xz[:, s, 0] += keys(ctx.t, feet[s])
    c.root[:, 0] += keys(ctx.t, body, "smooth")
    bounce = 0.5 - 0.5 * np.cos(2 * phase)
    c.height -= (0.02 + ctx.vary(0.03) * bounce) * on
    c.spine[:, 2] += flip * ctx.vary(6) * np.sin(phase / 2) * on
    c.spine[:, 1] += ctx.vary(9) * np.sin(phase) * on
    c.head[:, 0] += 5 * bounce * on
    for s in (0, 1):
        swing = np.sin(phase + np.pi * s - 0.4)
        c.set_arm(
            s, on, flex=28 + ctx.vary(26) * swing, abd=ctx.vary(18, 0.2), elbow=ctx.vary(82) + 14 * swing, twist=14
        )


def _sway(ctx: Ctx, c: Channels, phase: np.ndarray, on: np.ndarray, flip: float, bars: int) -> None:
    """The hips go from side to side, the raised arms float after them."""
    side, later = flip * np.sin(phase) * on, flip * np.sin(phase - 0.8) * on
    c.sway[:, 0] += ctx.vary(0.085, 0.08) * side
    c.height -= 0.03 * on + 0.018 * np.abs(side)
    c.pelvis[:, 2] -= ctx.vary(9, 0.12) * side
    c.pelvis[:, 1] += 8 * later
    c.spine[:, 2] += ctx.vary(15, 0.12) * later
    c.head[:, 2] += ctx.vary(7, 0.3) * flip * np.sin(phase - 1.2) * on
    for s in (0, 1):
        out = 1 - 2 * s
        c.foot_pitch[:, s] += 22 * np.maximum(-out * side - 0.2, 0)
        wave = flip * np.sin(phase - 1.1)
        c.set_arm(
            s, on, flex=ctx.vary(112, 0.06) + 8 * np.cos(phase), abd=ctx.vary(58, 0.1) + out * 18 * wave, twist=-30,
            elbow=ctx.vary(62, 0.1) - out * 22 * wave, wrist=12 * np.sin(phase - 1.8), pronate=10,
        )  # fmt: skip


def _twist(ctx: Ctx, c: Channels, phase: np.ndarray, on: np.ndarray, flip: float, bars: int) -> None:
    """On the balls of the feet the hips turn against the arms, sinking and rising."""
    turn = flip * np.sin(1.5 * phase) * on
    deep = ctx.vary(0.10, 0.15) * (0.5 - 0.5 * np.cos(2 * np.pi * max(1, bars // 3) * ctx.u)) * on
    c.foot_yaw += (ctx.vary(24, 0.1) * turn)[:, None]
    c.foot_pitch += (20 * on)[:, None]
    c.pelvis[:, 1] += ctx.vary(26, 0.1) * turn
    c.spine[:, 1] -= ctx.vary(44, 0.08) * turn
    c.head[:, 1] += 16 * turn
    c.height -= 0.06 * on + deep
    c.sway[:, 1] += 0.03 * on
    c.spine[:, 0] += (5 + 50 * deep) * on
    c.spine[:, 2] += ctx.vary(5, 0.3) * np.sin(0.75 * phase) * on
    for s in (0, 1):
        out = 1 - 2 * s
        c.set_arm(s, on, flex=ctx.vary(34) - out * 30 * turn, abd=ctx.vary(30, 0.15), elbow=ctx.vary(84), twist=10)


def _disco(ctx: Ctx, c: Channels, phase: np.ndarray, on: np.ndarray, flip: float, bars: int) -> None:
    """One arm shoots up and out and back down across the hip; the other hand rests on the hip; then they change."""
    lead = 0 if flip > 0 else 1
    half = keys(ctx.u, [(0.41, 0.0), (0.59, 1.0)]) if bars > 3 else 0 * ctx.u
    high = 0.5 - 0.5 * np.cos(phase)
    for s, share in ((lead, 1 - half), (1 - lead, half)):
        out = 1 - 2 * s
        w = share * on
        c.sway[:, 0] += out * 0.075 * (2 * high - 1) * w
        c.pelvis[:, 2] -= out * 7 * (2 * high - 1) * w
        c.spine[:, 1] += out * (ctx.vary(18) * high - 10) * w
        c.spine[:, 2] -= out * 6 * high * w
        c.head[:, 1] += out * 26 * (high - 0.4) * w
        c.head[:, 0] -= (14 * high - 8) * w
        c.foot_pitch[:, 1 - s] += 26 * high * w
        c.set_arm(
            s, w, flex=38 + ctx.vary(62) * high, abd=-16 + ctx.vary(112) * high, twist=20 - 30 * high,
            elbow=42 - 32 * high, pronate=30,
        )  # fmt: skip
        hip = np.array([0.155, 0.11, 0.045])
        c.hand[:, 1 - s], c.hand_frame[:, 1 - s] = hip, 3
        c.hand_w[:, 1 - s] += w
        c.swivel[:, 1 - s] = 88
    c.height -= (0.03 + 0.025 * (0.5 - 0.5 * np.cos(2 * phase))) * on


STYLES = {"step": _step, "sway": _sway, "twist": _twist, "disco": _disco}
