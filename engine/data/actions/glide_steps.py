"""Moonwalk, hula and air guitar."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, noise, smooth
from engine.data.toolkit.dance_steps import TEMPO, Step, at, bounce, footwork, grid, later


@action(
    "moonwalk",
    part="lower",
    seconds=lambda args, rng: 4.2 * TEMPO[args["speed"]] ** 0.7,
    slots={"speed": tuple(TEMPO)},
)
def moonwalk(ctx: Ctx, speed: str) -> Channels:
    """Glide backwards: one foot waits on its toes, heel high, while the other skims back flat; then they change."""
    c, t = ctx.hold(), ctx.t
    begin, beat, n = grid(ctx, 1, 0.56 * TEMPO[speed], lead=0.4, tail=0.45)
    n, first, size = max(n, 2), int(ctx.rng.integers(2)), ctx.vary(0.30, 0.06)
    beat = (ctx.dur - begin - min(0.45, 0.18 * ctx.dur)) / n
    place, tilt = [[(0.0, 0.0)], [(0.0, 0.0)]], [[(0.0, 0.0)], [(0.0, 0.0)]]
    heel = ctx.vary(46, 0.06)
    for k in range(n):
        s, now = (first + k) % 2, begin + k * beat
        goal = -size * (n - 1 if k == n - 1 else k + 1)
        place[s] += [(now + 0.16 * beat, place[s][-1][1]), (now + 0.97 * beat, goal)]
        c.foot_lift[:, s] += 0.016 * smooth(np.sin(np.pi * np.clip((t - now - 0.16 * beat) / (0.81 * beat), 0, 1)) * 3)
        tilt[s] += [(now - 0.05 * beat, tilt[s][-1][1]), (now + 0.18 * beat, 0.0)]
        tilt[1 - s] += [(now - 0.14 * beat, tilt[1 - s][-1][1]), (now + 0.14 * beat, heel)]
    for s in (0, 1):
        c.foot_xz[:, s, 1] += keys(t, place[s], "smooth")
        c.foot_pitch[:, s] += keys(t, [*tilt[s], (begin + (n - 0.1) * beat, tilt[s][-1][1]), (ctx.dur - 0.1, 0.0)])
    end = begin + n * beat
    go = np.clip((t - begin) / (end - begin), 0, 1)
    go = 0.5 * go + 0.5 * smooth(go)
    c.root[:, 1] = -size * (n - 1) * go
    on = envelope(t, 0.4, 0.4)
    c.height -= 0.045 * on
    wave = (1 - 2 * first) * np.cos(np.pi * (t - begin) / beat) * on
    c.sway[:, 0] -= 0.022 * wave
    c.pelvis[:, 2] += 3 * wave
    c.pelvis[:, 1] += 6 * wave
    c.spine[:, 1] -= ctx.vary(11) * later(ctx, wave, 0.05)
    c.spine[:, 0] += ctx.vary(8) * on
    c.head[:, 0] += (2 - 5 * np.cos(2 * np.pi * (t - begin) / beat)) * on
    for s in (0, 1):
        swing = (1 - 2 * s) * later(ctx, wave, 0.08)
        c.set_arm(
            s, 0.9 * on, flex=5 + ctx.vary(18) * swing, abd=ctx.vary(14), elbow=ctx.vary(30) + 10 * swing, twist=8
        )
    return c


@action("hula", part="full", seconds=lambda args, rng: float(rng.uniform(4.0, 6.4)), slots={"side": ("left", "right")})
def hula(ctx: Ctx, side: str) -> Channels:
    """Hips circle over soft knees, both arms ripple out to one side."""
    c, s, t = ctx.hold(), sides(side)[0], ctx.t
    begin, beat, _ = grid(ctx, 1, 1.1, 0.2, 0.2)
    flip, ramp = 1 - 2 * s, min(0.7, 0.2 * ctx.dur)
    on = envelope(t, ramp, ramp)
    phase = flip * 2 * np.pi * (t - begin) / beat
    across, along = np.sin(phase) * on, np.cos(phase) * on
    c.sway[:, 0] += ctx.vary(0.085, 0.06) * across
    c.sway[:, 1] += ctx.vary(0.045, 0.1) * along
    c.height -= 0.065 * on
    c.pelvis[:, 2] -= ctx.vary(13) * across
    c.pelvis[:, 0] -= 7 * along
    c.pelvis[:, 1] += 7 * np.sin(phase - 0.8) * on
    c.spine[:, 2] += ctx.vary(15) * later(ctx, across, 0.06) - flip * 3 * on
    c.spine[:, 0] += 6 * along
    c.spine[:, 1] += flip * ctx.vary(13) * on
    c.head[:, 1] += flip * ctx.vary(22) * on
    c.head[:, 2] += flip * (4 * on - 4 * later(ctx, across, 0.15))
    for k in (0, 1):
        c.foot_pitch[:, k] += 20 * np.maximum(-(1 - 2 * k) * across - 0.15, 0)
    ripple = 2 * np.pi * (t - begin) / beat
    for k, shift in ((s, 0.5), (1 - s, 0.0)):
        up, tip = np.sin(ripple - shift), np.cos(ripple - shift)
        out = ctx.vary(0.60, 0.03) if k == s else -0.13
        place = np.stack([out + 0.015 * tip, (-0.02 if k == s else -0.10) + 0.075 * up, 0.25 + 0.0 * up], 1)
        fingers = np.stack([(1 if k == s else -1) + 0 * up, 0.1 - 0.55 * tip, 0.25 + 0 * up], 1)
        palm = np.stack([0.1 * tip, -1 + 0 * up, 0.25 + 0 * up], 1)
        c.set_hand(k, "chest", place, on, fingers, palm, swivel=62 if k == s else 80)
    return c


@action(
    "air_guitar", part="full", seconds=lambda args, rng: float(rng.uniform(3.0, 5.6)), slots={"side": ("right", "left")}
)
def air_guitar(ctx: Ctx, side: str) -> Channels:
    """Strum a guitar that is not there with the hand of `side`, knees bent, head rocking."""
    c, s, t = ctx.hold(), sides(side)[0], ctx.t
    o, flip = 1 - s, 1 - 2 * s
    begin, beat, n = grid(ctx, 1, 0.5, 0.5, 0.7)
    end = begin + n * beat
    steps = [Step(o, begin, at(o, out=0.09, ahead=0.15), 0.5, 0, 0.05, 0.38, 18.0 * (1 - 2 * o))]
    steps.append(Step(o, end + 0.42, at(o), 0.5, 0, 0.04, 0.38))
    footwork(ctx, c, steps, over=0.5)
    on = envelope(t, 0.55, 0.6)
    rock = envelope(t, 0.3, 0.3, begin - 0.2, end + 0.2)
    beats = bounce(ctx, begin, beat, n) * rock
    c.height -= 0.075 * on + 0.03 * beats
    c.knee_out += (5 * on)[:, None]
    c.pelvis[:, 1] -= flip * ctx.vary(10) * on
    lean = noise(ctx.rng, ctx.num_frames, 4, 14) * rock
    c.spine[:, 0] += -8 * on + lean + 7 * beats
    c.spine[:, 2] += flip * ctx.vary(8) * on
    c.head[:, 0] += -6 * on + ctx.vary(22) * later(ctx, beats, 0.04)
    c.head[:, 1] -= flip * 8 * on
    stroke = np.sin(2 * np.pi * (t - begin) / beat) * rock
    strum = [0.02 - 0.02 * stroke, -0.36 + ctx.vary(0.085) * stroke, 0.22 + 0.012 * stroke]
    fingers = np.stack([-0.75 + 0 * t, -0.35 + 0.5 * stroke, 0.45 + 0 * t], 1)
    c.set_hand(s, "chest", np.stack(strum, 1), on, fingers, (-0.5, -0.3, -0.85), swivel=ctx.vary(62, 0.1))
    chords = [(0.0, 0.0)]
    for k in range(1, max(n // 2, 1)):
        chords += [(begin + (2 * k - 0.2) * beat, chords[-1][1]), (begin + 2 * k * beat, ctx.rng.uniform(-0.07, 0.07))]
    slide = keys(t, chords, "smooth")
    neck = np.stack([ctx.vary(0.38, 0.03) + slide, -0.07 + 0.35 * slide, 0.29 - 0.25 * slide], 1)
    c.set_hand(o, "chest", neck, on, (-0.25, 0.75, 0.45), (0.1, 0.5, -0.85), swivel=ctx.vary(22))
    return c
