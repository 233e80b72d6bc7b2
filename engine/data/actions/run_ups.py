"""Balls sent off after a step or a few: the baseball pitch, the bowling roll, the football kick."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.sports_kit import at, flow, pose_arm, pose_leg, step

SIDE = {"side": ("right", "left")}
REST = (2.0, 6.0, 8.0, 14.0, 8.0)


@action("pitch", part="full", seconds=lambda args, rng: float(rng.uniform(3.2, 4.2)), slots=SIDE)
def pitch(ctx: Ctx, side: str) -> Channels:
    """Wind up turned sideways with the knee high, stride far, whip the arm over, bow after the ball."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    flip, lead, far, glove = 1 - 2 * s, 1 - s, ctx.vary(0.66, 0.05), (48, -12, 36, 104, 20)
    k = at(0.0, ctx.dur, 0.02, 0.14, 0.30, 0.40, 0.51, 0.57, 0.62, 0.72, 0.90)
    free = keys(t, [(k[1], 0.0), (k[2] - 0.15, 1.0), (k[3], 1.0), (k[4] - 0.04, 0.0)])
    pose_leg(c, lead, t, free, [(k[1], (10, 2, 0, 40, 0)), (k[2], (100, 2, 14, 104, 14)), (k[3] - 0.06,
                                (84, 4, 10, 92, 10)),
                                (k[4] - 0.04, (40, 8, 0, 22, -8))])  # fmt: skip
    c.foot_xz[:, lead, 1] += far * keys(t, [(k[2], 0.0), (k[4], 1.0)])
    c.foot_lift[:, lead] += 0.16 * keys(t, [(k[1] + 0.1, 0.0), (k[2], 1.0), (k[3], 0.9), (k[4], 0.0)])
    step(c, t, s, (k[0], k[1]), (0.0, 0.0), 55 * flip, 0.025)
    step(c, t, s, (k[6] - 0.03, k[8]), (0.0, far), -55 * flip, 0.12)
    c.foot_pitch[:, s] += 50 * keys(t, [(k[4] - 0.1, 0.0), (k[5] + 0.05, 1.0), (k[7], 0.8), (k[8], 0.0)])
    c.root[:, 1] += far * flow(t, [(k[2], 0.0), (k[3], 0.10), (k[4], 0.50), (k[5], 0.72), (k[6], 0.84), (k[8], 1.0)])
    c.sway[:, 0] += flip * flow(t, [(k[0], 0.0), (k[1], 0.07), (k[3], 0.08), (k[4], 0.0), (k[5], -0.05),
                                    (k[7], -0.06), (k[8], 0.0)])  # fmt: skip
    c.height -= flow(t, [(k[2], 0.0), (k[3], 0.03), (k[4], 0.13), (k[5], 0.16), (k[6], 0.14), (k[7], 0.09),
                         (k[8], 0.0)])  # fmt: skip
    turn = flow(t, [(k[0], 0.0), (k[2], 1.0), (k[3], 1.05), (k[4], 0.75), (k[5], -0.2), (k[6], -0.7),
                    (k[7], -0.6), (k[8], 0.0)])  # fmt: skip
    late = np.concatenate([turn[:1], turn[:-1]])
    c.pelvis[:, 1] += flip * ctx.vary(42) * turn
    c.spine[:, 1] += flip * ctx.vary(34) * late
    c.head[:, 1] -= flip * (36 * turn + 30 * late)
    bow = flow(t, [(k[3], 0.0), (k[4], -0.35), (k[5], 0.35), (k[6], 1.0), (k[7], 0.9), (k[8], 0.0)])
    c.pelvis[:, 0] += 26 * bow - 6 * free
    c.spine[:, 0] += ctx.vary(26) * bow
    c.spine[:, 2] -= flip * 12 * keys(t, [(k[4], 0.0), (k[5], 1.0), (k[7], 0.0)])
    c.head[:, 0] -= 26 * bow
    pose_arm(c, s, t, 1.0, [
        (k[0], REST), (k[1], glove), (k[2], (56, -10, 34, 106, 20)), (k[3], (10, 36, 6, 40, 20)), (k[4],
        (-8, 88, -40, 92, 10)),
        (k[5], (16, 100, -92, 96, 10)), (k[5] + 0.12, (112, 44, -30, 24, 20)), (k[6] + 0.10, (58, -12, 36, 18, 50)),
        (k[7] + 0.1, (30, -12, 36, 26, 50)), (k[8], REST)])  # fmt: skip
    pose_arm(c, lead, t, 1.0, [
        (k[0], REST), (k[1], glove), (k[2], (56, -10, 34, 106, 20)), (k[3], (36, 40, 20, 52, 20)), (k[4],
        (62, 50, 20, 22, 30)),
        (k[5], (52, 26, 20, 92, 20)), (k[7], (26, 22, 20, 100, 20)), (k[8], REST)])  # fmt: skip
    return c


@action("bowl", part="full", seconds=lambda args, rng: float(rng.uniform(3.4, 4.2)), slots=SIDE)
def bowl(ctx: Ctx, side: str) -> Channels:
    """Ball at the chest, three steps while it swings back, a low slide and an underarm roll."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    flip, lead, a = 1 - 2 * s, 1 - s, ctx.vary(0.36, 0.05)
    k = at(0.0, ctx.dur, 0.03, 0.16, 0.28, 0.40, 0.53, 0.62, 0.72, 0.95)
    step(c, t, lead, (k[1], k[2]), (0.0, a), 0.0, 0.05)
    step(c, t, s, (k[2], k[3]), (0.0, 2.1 * a), 0.0, 0.06)
    step(c, t, lead, (k[3], k[4]), (0.0, 2.6 * a), 0.0, 0.04)
    step(c, t, s, (k[4] - 0.05, k[5]), (-0.14 * flip, 0.25 * a), 0.0, 0.05)
    step(c, t, s, (k[6], k[7] - 0.08), (0.14 * flip, 1.25 * a), 0.0, 0.07)
    c.root[:, 1] += a * flow(t, [(k[1] - 0.1, 0.0), (k[2], 0.6), (k[3], 1.7), (k[4], 2.95), (k[5], 3.2),
                                 (k[6], 3.25), (k[7], 3.6)])  # fmt: skip
    c.height -= flow(t, [(k[1], 0.0), (k[2], 0.04), (k[3], 0.07), (k[4], 0.23), (k[5], 0.26), (k[6], 0.22),
                         (k[7] - 0.05, 0.0)])  # fmt: skip
    c.foot_pitch[:, s] += 52 * keys(t, [(k[3] + 0.1, 0.0), (k[4], 1.0), (k[6], 1.0), (k[6] + 0.35, 0.0)])
    c.sway[:, 0] -= flip * 0.05 * envelope(t, 0.3, 0.5, k[3], k[7])
    bend = flow(t, [(k[0], 0.0), (k[1], 0.2), (k[3], 0.6), (k[4], 1.0), (k[5], 0.9), (k[6], 0.7), (k[7], 0.0)])
    c.pelvis[:, 0] += ctx.vary(28) * bend
    c.spine[:, 0] += ctx.vary(20) * bend
    c.head[:, 0] -= 34 * bend
    turn = flow(t, [(k[1], 0.0), (k[3], 1.0), (k[4] - 0.1, 0.8), (k[5], -0.4), (k[6], -0.4), (k[7], 0.0)])
    c.spine[:, 1] += flip * 18 * turn
    c.head[:, 1] -= flip * 16 * turn
    c.spine[:, 2] += flip * 9 * envelope(t, 0.4, 0.5, k[3], k[7])
    held = (26, 6, 26, 102, -40)
    pose_arm(c, s, t, 1.0, [
        (k[0], REST), (k[1], held), (k[2] - 0.08, (46, 4, 10, 56, -50)), (k[2] + 0.2, (8, 8, 0, 8, -40)),
        (k[3] + 0.12, (-62, 12, 0, 6, -30)), (k[4] - 0.14, (-56, 12, 0, 6, -30)), (k[4] + 0.06, (14, 4, 0, 6, -50)),
        (k[5] - 0.02, (118, 2, 0, 16, -60)), (k[6], (126, 4, 0, 40, -60)), (k[7], REST)])  # fmt: skip
    pose_arm(c, lead, t, 1.0, [
        (k[0], REST), (k[1], held), (k[2], (40, 16, 10, 50, 0)), (k[3], (26, 64, 0, 20, 20)), (k[4],
        (4, 74, 0, 14, 30)),
        (k[6], (0, 62, 0, 16, 30)), (k[7], REST)])  # fmt: skip
    return c


@action("soccer_kick", part="full", seconds=lambda args, rng: float(rng.uniform(2.3, 3.0)), slots=SIDE)
def soccer_kick(ctx: Ctx, side: str) -> Channels:
    """Two approach steps, the foot planted beside a ball, the leg swung from far behind through it."""
    c, t, s = ctx.hold(), ctx.t, sides(side)[0]
    flip, lead, a = 1 - 2 * s, 1 - s, ctx.vary(0.40, 0.05)
    k = at(0.0, ctx.dur, 0.05, 0.21, 0.38, 0.52, 0.60, 0.66, 0.74, 0.94)
    step(c, t, s, (k[0], k[1]), (0.0, a), 0.0, 0.07)
    step(c, t, lead, (k[1] - 0.03, k[2]), (0.0, 2.35 * a), 0.0, 0.10)
    step(c, t, s, (k[2] - 0.05, k[6] + 0.14), (0.0, 1.35 * a), 0.0, 0.05)
    free = keys(t, [(k[2] - 0.06, 0.0), (k[2] + 0.14, 1.0), (k[6] - 0.02, 1.0), (k[7] - 0.10, 0.0)])
    pose_leg(c, s, t, free, [
        (k[1], (-12, 4, 0, 46, 20)), (k[2] + 0.04, (-30, 12, 0, 78, 24)), (k[3] - 0.06, (-28, 16, -6, 98, 30)),
        (k[4] - 0.05, (26, 10, -10, 66, 12)), (k[4] + 0.07, (66, 2, -6, 14, 24)), (k[5] + 0.06, (94, -6, 0, 8, 26)),
        (k[6], (62, -2, 0, 36, 10)), (k[7] - 0.1, (16, 3, 0, 30, 0))])  # fmt: skip
    c.root[:, 1] += a * flow(t, [(k[0] - 0.05, 0.0), (k[1], 0.75), (k[2], 1.85), (k[4], 2.25), (k[5], 2.4),
                                 (k[7] - 0.1, 2.35)])  # fmt: skip
    c.height -= flow(t, [(k[0], 0.0), (k[1], 0.03), (k[2], 0.06), (k[3], 0.05), (k[4], 0.01), (k[5], 0.0),
                         (k[6], 0.02), (k[7], 0.0)])  # fmt: skip
    c.sway[:, 0] -= flip * 0.07 * keys(t, [(k[1], 0.0), (k[2], 1.0), (k[6], 1.0), (k[7], 0.0)])
    c.foot_pitch[:, lead] += 24 * keys(t, [(k[4], 0.0), (k[5], 1.0), (k[6], 0.0)])
    power = flow(t, [(k[1], 0.0), (k[3] - 0.04, -1.0), (k[4], 0.5), (k[5] + 0.04, 1.0), (k[6], 0.6), (k[7], 0.0)])
    c.pelvis[:, 1] -= flip * ctx.vary(26) * power
    c.spine[:, 1] += flip * ctx.vary(44) * power
    c.head[:, 1] -= flip * 16 * power
    c.pelvis[:, 0] -= 12 * power
    c.spine[:, 0] += 8 * envelope(t, 0.3, 0.5, k[1], k[7]) + ctx.vary(20) * power
    c.pelvis[:, 2] -= flip * 8 * envelope(t, 0.25, 0.3, k[2], k[6])
    c.head[:, 0] += 16 * keys(t, [(k[0], 0.0), (k[2], 1.0), (k[5], 0.8), (k[6], -0.4), (k[7], 0.0)])
    pose_arm(c, lead, t, 1.0, [
        (0.0, REST), (k[1], (24, 14, 8, 40, 8)), (k[2], (-22, 60, 0, 24, 10)), (k[3], (-26, 82, 0, 16, 10)),
        (k[5], (54, 20, 34, 34, 20)), (k[6], (34, 24, 20, 36, 20)), (k[7], REST)])  # fmt: skip
    pose_arm(c, s, t, 1.0, [
        (0.0, REST), (k[1], (-22, 10, 8, 26, 8)), (k[2], (26, 26, 8, 44, 8)), (k[3], (30, 36, 8, 44, 8)),
        (k[5], (-40, 38, 0, 22, 10)), (k[6], (-22, 32, 0, 24, 10)), (k[7], REST)])  # fmt: skip
    return c
