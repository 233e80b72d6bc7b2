"""Danced poses in order: the macarena and the robot."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, pulses
from engine.data.toolkit.dance_steps import bounce, grid, later

DOWN, UP = (0.0, -1.0, 0.05), (0.0, 1.0, 0.05)
POSES = {  # place, fingers, palm, swivel; in the chest's frame
    "side": ((0.25, -0.565, 0.05), (0, -1, 0.1), (-1, 0, 0), 30),
    "out": ((0.17, -0.02, 0.60), (0, 0, 1), DOWN, 25),
    "turning": ((0.18, -0.03, 0.57), (0, 0, 1), (-1, 0, 0), 20),
    "palm": ((0.17, -0.04, 0.59), (0, 0, 1), UP, 12),
    "shoulder": ((-0.14, 0.02, 0.14), (-0.8, 0.45, -0.35), (0.1, -0.45, -1), 42),
    "beside_head": ((0.28, 0.17, 0.20), (-0.15, 1, -0.1), (-1, 0, 0.1), 66),
    "head": ((0.075, 0.235, -0.105), (-0.9, 0.3, -0.25), (0, 0.1, 1), 82),
    "lowering": ((0.20, -0.12, 0.34), (-0.55, 0.45, 0.5), (-0.75, -0.2, -0.5), 55),
    "cross": ((-0.09, -0.38, 0.18), (-0.95, -0.3, 0.0), (0, -0.1, -1), 45),
    "passing": ((0.24, -0.38, 0.22), (-0.2, -1, 0.3), (-1, 0, 0), 55),
    "hip": ((0.155, -0.44, -0.10), (-0.35, -0.85, -0.1), (-0.45, 0, 0.9), 75),
}
ORDER = (
    ("out",),
    ("turning", "palm"),
    ("shoulder",),
    ("beside_head", "head"),
    ("beside_head", "lowering", "cross"),
    ("passing", "hip"),
)

DUE = {1: (1.0,), 2: (0.65, 1.5), 3: (0.35, 0.95, 1.5)}
"""Beats after the call at which a hand is at each pose of its way."""


@action("macarena", part="full", seconds=lambda args, rng: float(rng.uniform(6.8, 8.4)))
def macarena(ctx: Ctx) -> Channels:
    """Arms out, palms up, shoulders, head, hips, behind; right hand first; then the hips go round."""
    c, t = ctx.hold(), ctx.t
    begin, beat, rounds = grid(ctx, 16, 0.43, lead=0.25, tail=0.4)
    flip = float(ctx.rng.choice([-1.0, 1.0]))
    for s in (1, 0):
        points = [(0.0, "side")]
        for r in range(rounds):
            for k, names in enumerate(ORDER):
                time = begin + (16 * r + 2 * k + (0 if s == 1 else 1)) * beat
                points.append((time, points[-1][1]))
                points += [(time + DUE[len(names)][m] * beat, name) for m, name in enumerate(names)]
        place, fingers, palm, swivel = (keys(t, [(when, POSES[n][i]) for when, n in points]) for i in range(4))
        place = place + ctx.rng.normal(0, 0.006, 3)
        weight = envelope(t, 0.3, 0.45, 0.02, ctx.dur - 0.02)
        c.set_hand(s, "chest", place, weight, fingers, palm, swivel)
    on = envelope(t, 0.4, 0.4)
    wiggle = pulses(t, [begin + (16 * r + 14) * beat for r in range(rounds)], 5.2 * beat).clip(0, 1)
    swing = flip * np.sin(np.pi * (t - begin) / beat + 0.5) * on * (0.45 + 0.75 * wiggle)
    c.sway[:, 0] += ctx.vary(0.06) * swing
    c.sway[:, 1] += 0.04 * wiggle * np.cos(np.pi * (t - begin) / beat)
    c.pelvis[:, 2] -= ctx.vary(10) * swing
    c.spine[:, 2] += ctx.vary(11) * later(ctx, swing, 0.06)
    c.height -= (0.03 + 0.03 * wiggle) * on + 0.014 * bounce(ctx, begin, beat, 16 * rounds)
    c.head[:, 0] += 4 * bounce(ctx, begin, beat, 16 * rounds)
    c.head[:, 1] += 5 * swing
    for s in (0, 1):
        c.foot_pitch[:, s] += 16 * np.maximum(-(1 - 2 * s) * swing - 0.2, 0)
    return c


SQUARE = (  # flex, abd, twist, elbow of one arm, everything at right angles
    (0.0, 84.0, -82.0, 90.0),
    (0.0, 84.0, 66.0, 90.0),
    (4.0, 8.0, 2.0, 90.0),
    (84.0, 6.0, 0.0, 90.0),
    (0.0, 82.0, 0.0, 90.0),
    (2.0, 10.0, 5.0, 8.0),
)


@action("robot_dance", part="full", seconds=lambda args, rng: float(rng.uniform(4.2, 7.0)))
def robot_dance(ctx: Ctx) -> Channels:
    """Arms at right angles, head and hips turning by jerks, everything locking on the beat."""
    c, t = ctx.hold(), ctx.t
    begin, beat, n = grid(ctx, 1, 0.54, lead=0.15, tail=0.5)
    flip, go = float(ctx.rng.choice([-1.0, 1.0])), min(0.30, 0.6 * beat)
    rest = (2.0, 6.0, 8.0, 14.0)
    arms, body, look = [[(0.0, rest)], [(0.0, rest)]], [(0.0, (0.0, 0.0, 0.0))], [(0.0, (0.0, 0.0))]
    last, knees = [5, 5], [(0.0, 0.0)]
    for k in range(n):
        now, side = begin + k * beat, flip * (1 if k % 2 == 0 else -1)
        for s in (0, 1):
            choices = [i for i in range(6) if i != last[s] and {i, last[s]} != {0, 1} and (i != 5 or k % 3 == 2)]
            last[s] = int(ctx.rng.choice(choices)) if k or s else 4
            start = now + (0.07 if s == (k % 2) else 0.0)
            arms[s] += [(start, arms[s][-1][1]), (start + go, SQUARE[last[s]])]
        body += [(now, body[-1][1]), (now + 0.8 * go, (side * ctx.vary(16), side * ctx.vary(10), 6.0 * (k % 2)))]
        half = now + 0.45 * beat
        look += [(half, look[-1][1]), (half + 0.7 * go, (-side * ctx.vary(30), ctx.rng.choice([-10.0, 0.0, 14.0])))]
        knees += [(now, knees[-1][1]), (now + 0.8 * go, ctx.vary(0.06) if k % 2 == 0 else 0.015)]
    end = begin + n * beat
    for points, home in ((arms[0], rest), (arms[1], rest), (body, (0, 0, 0)), (look, (0, 0)), (knees, 0.0)):
        points += [(max(end, points[-1][0]), points[-1][1]), (ctx.dur - 0.02, home)]
    turn, head = keys(t, body), keys(t, look)
    ring = np.exp(-((t - begin) % beat - go).clip(0) / 0.07) * np.sin(2 * np.pi * 7 * ((t - begin) % beat - go).clip(0))
    ring = ring * envelope(t, 0.3, 0.3)
    c.pelvis[:, 1] += 0.6 * turn[:, 0]
    c.spine[:, 1] += 0.9 * turn[:, 0]
    c.spine[:, 2] += turn[:, 1] + 1.2 * ring
    c.spine[:, 0] += turn[:, 2]
    c.head[:, 1] += head[:, 0]
    c.head[:, 0] += head[:, 1]
    c.sway[:, 0] += 0.003 * turn[:, 1]
    c.height -= keys(t, knees) + 0.004 * ring
    for s in (0, 1):
        pose = keys(t, arms[s])
        wrist = 6 * ring
        c.set_arm(s, 1.0, flex=pose[:, 0], abd=pose[:, 1] + 2.5 * ring, twist=pose[:, 2], elbow=pose[:, 3] + 3 * ring)
        c.set_arm(s, envelope(t, 0.3, 0.3), wrist=wrist, pronate=10)
    return c
