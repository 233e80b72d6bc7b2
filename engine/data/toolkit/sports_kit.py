"""What the sports actions share: flowing curves, steps, arm poses, a fighter's stance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator

from engine.data.toolkit.channels import Array, Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, minjerk

ARM = ("flex", "abd", "twist", "elbow", "pronate")
LEG = ("flex", "abd", "twist", "knee", "ankle")
Points = Sequence[tuple[float, object]]
"""Key poses as `keys` takes them: (second, number or vector (D,)) in the order of time."""


def flow(t: Array, points: Points) -> Array:
    """Like `keys`, but gliding through the poses on the way instead of stopping at each.

    t (T,) seconds -> (T,) or (T, D).
    """
    times = np.array([p[0] for p in points], np.float64)
    values = np.array([p[1] for p in points], np.float64)
    times = np.maximum.accumulate(times - 1e-3 * np.arange(len(times))) + 1e-3 * np.arange(len(times))
    times = np.concatenate([[times[0] - 0.3], times, [times[-1] + 0.3]])
    values = np.concatenate([values[:1], values, values[-1:]])
    return PchipInterpolator(times, values, axis=0)(np.clip(t, times[0], times[-1]))


def at(start: float, length: float, *shares: float) -> list[float]:
    """Seconds at the shares of a stretch of time."""
    return [start + length * x for x in shares]


def step(
    c: Channels, t: Array, s: int, span: tuple[float, float], move: tuple[float, float], turn: float = 0.0, lift=0.06
) -> None:
    """Lift the foot, carry it by (x, z) metres and `turn` degrees within `span` seconds, set it down.

    t (T,) seconds; s: 0 left, 1 right; lift: metres.
    """
    x = (t - span[0]) / max(span[1] - span[0], 1e-3)
    go = minjerk(x)
    c.foot_xz[:, s] += go[:, None] * np.array(move)
    c.foot_yaw[:, s] += turn * go
    c.foot_lift[:, s] += lift * np.sin(np.pi * np.clip(x, 0, 1))


def pose_arm(c: Channels, s: int, t: Array, weight: Array | float, points: Points) -> None:
    """Arm through poses (flex, abd, twist, elbow, pronate) in degrees, as much as `weight` (T,) 0..1 says."""
    curve = flow(t, points)
    c.set_arm(s, weight, **{name: curve[:, k] for k, name in enumerate(ARM)})


def pose_leg(c: Channels, s: int, t: Array, weight: Array, points: Points) -> None:
    """Free leg through poses (flex, abd, twist, knee, ankle) in degrees, as much as `weight` (T,) 0..1 says."""
    curve = flow(t, points)
    c.set_leg(s, weight, **{name: curve[:, k] for k, name in enumerate(LEG)})


def grip(c: Channels, t: Array, weight: Array, points: Points, lower: int, gap: float = 0.05) -> None:
    """Both hands on one handle along points (left, up, forward) of the chest; `lower` is the hand nearer its end.

    Metres; t (T,) seconds; weight (T,) 0..1; gap: between the hands along the handle.
    """
    place = flow(t, points)
    for k in (0, 1):
        off = np.array([gap * (1 - 2 * k) * 0.6, -gap / 2 if k == lower else gap / 2, 0.0])
        c.set_hand(k, "chest", (place + off) * (1 - 2 * k, 1, 1), weight, swivel=24)
        c.set_arm(k, weight, pronate=24, wrist=0, deviate=8)


def stance(ctx: Ctx, c: Channels, lead: int, ready: float, size: float = 1.0) -> Array:
    """A fighter's stance, the foot of side `lead` ahead: taken and left within `ready` seconds; (T,) 0..1 how much.

    lead: 0 left, 1 right; size: share of the usual stance.
    """
    t, flip, end = ctx.t, 1 - 2 * lead, ctx.dur
    on = envelope(t, ready, ready)
    ahead, back = ctx.vary(0.15) * size, ctx.vary(0.13) * size
    step(c, t, lead, (0.0, 0.6 * ready), (0.02 * flip, ahead), -4 * flip)
    step(c, t, 1 - lead, (0.4 * ready, ready), (-0.05 * flip, -back), -28 * flip)
    step(c, t, 1 - lead, (end - ready, end - 0.4 * ready), (0.05 * flip, back), 28 * flip)
    step(c, t, lead, (end - 0.6 * ready, end), (-0.02 * flip, -ahead), 4 * flip)
    c.height -= 0.05 * size * on
    c.knee_out += 5 * on[:, None]
    c.pelvis[:, 1] -= 16 * flip * size * on
    c.spine[:, 1] -= 8 * flip * size * on
    c.head[:, 1] += 22 * flip * size * on
    c.spine[:, 0] += 9 * on
    return on


def fists(ctx: Ctx, c: Channels, on: Array, reach: dict[int, Array] | None = None, swivel: dict | None = None) -> None:
    """Fists at the chin as much as `on`; reach: side -> (T, 3) metres, displacement of the fist from there.

    on (T,) 0..1; swivel: side -> degrees that the elbow is out, a number or (T,).
    """
    for s in (0, 1):
        guard = np.array([0.075, 0.05, 0.215]) + ctx.rng.normal(0, 0.009, 3)
        place = guard + (reach or {}).get(s, np.zeros(3))
        c.set_hand(s, "chest", place, on, swivel=(swivel or {}).get(s, ctx.vary(14, 0.3)))
        c.set_arm(s, on, pronate=10, wrist=0, deviate=0)


def rounds(ctx: Ctx, count: int, ready: float, period: float) -> tuple[list[float], float]:
    """Begins of `count` repetitions between getting ready and leaving, and the length of one.

    All in seconds; ready: at the start and at the end; period: natural length of one.
    """
    room = ctx.dur - 2 * ready
    length = min(room / count, ctx.vary(period, 0.06))
    begin = ready + (room - count * length) * ctx.rng.uniform(0.2, 0.7)
    return [begin + k * length for k in range(count)], length


def train(t: Array, begins: Sequence[float], length: float, points: Points, ctx: Ctx, share: float = 0.05) -> Array:
    """The same key poses (share of the length, value) at every begin, each time a little different in size.

    t (T,), begins and length in seconds; share: how different.  Returns (T,) or (T, D).
    """
    out = [(0.0, np.asarray(points[0][1], np.float64))]
    for begin in begins:
        size = ctx.vary(1.0, share)
        out += [(begin + x * length, np.asarray(v, np.float64) * size) for x, v in points]
    return keys(t, [p for k, p in enumerate(out) if k == 0 or p[0] > out[k - 1][0]])
