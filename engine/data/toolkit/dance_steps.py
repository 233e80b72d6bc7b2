"""Footwork on a beat: feet that land where and when they should, the pelvis over the one that carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.data.toolkit.channels import STANCE, Channels, Ctx
from engine.data.toolkit.curves import keys, smooth

Array = np.ndarray
ANKLE_Z = -0.045
"""Where the ankles of someone who stands are, ahead of the pelvis, metres."""
TEMPO = {"normal": 1.0, "slow": 1.5, "fast": 0.72}
"""Length of a beat at each value of a `speed` slot."""


@dataclass(frozen=True)
class Step:
    """A foot (0 left, 1 right) lands at `on` seconds at `to` (x, z) metres.

    weight: 1 carries the body, 0 only touches.  pitch: heel up while it stands there, degrees.  lift: metres.
    swing: seconds in the air.  yaw: heading, degrees, left positive.
    """

    side: int
    on: float
    to: tuple[float, float]
    weight: float = 1.0
    pitch: float = 0.0
    lift: float = 0.05
    swing: float = 0.3
    yaw: float = 0.0


def at(side: int, x: float = 0.0, z: float = 0.0, yaw: float = 0.0, out: float = 0.0, ahead: float = 0.0) -> tuple:
    """x, z of a foot under a body at x, z with heading yaw: its usual place, moved outwards and ahead.

    side: 0 left, 1 right; yaw in degrees, left positive; all else in metres.
    """
    a, across, along = np.radians(yaw), (1 - 2 * side) * (STANCE + out), ANKLE_Z + ahead
    return (x + across * np.cos(a) + along * np.sin(a), z - across * np.sin(a) + along * np.cos(a))


def grid(ctx: Ctx, beats: int, beat: float, lead: float = 0.35, tail: float = 0.45) -> tuple[float, float, int]:
    """(start of the first bar, seconds of a beat, bars) of as many bars of `beats` as fit between lead and tail.

    beat, lead, tail: seconds; a beat is stretched so that the bars fill the time.
    """
    lead, tail = min(lead, 0.15 * ctx.dur), min(tail, 0.18 * ctx.dur)
    room = ctx.dur - lead - tail
    bars = max(1, round(room / (beats * ctx.vary(beat, 0.05))))
    return lead, room / (bars * beats), bars


def footwork(ctx: Ctx, c: Channels, steps: Sequence[Step], over: float = 0.6, settle: float = 0.06) -> Array:
    """Write feet and path of the steps; returns the load (T,): 1 all weight on the left, -1 on the right.

    over: share of the way from between the feet to the one that carries that the pelvis goes.  settle: seconds after
    the landing when it is there.
    """
    t = ctx.t
    place = [c.foot_xz[0, s].copy() for s in (0, 1)]
    yaw = [float(c.foot_yaw[0, s]) for s in (0, 1)]
    spots = [[(0.0, place[s])] for s in (0, 1)]
    turns, pitch = [[(0.0, yaw[s])] for s in (0, 1)], [[(0.0, 0.0)] for s in (0, 1)]
    body, load, carrier = [(0.0, np.zeros(2))], [(0.0, 0.0)], 1 - steps[0].side
    first = steps[0].on - steps[0].swing
    body.append((max(first, 0.05), 0.55 * over * (_centre(place[carrier], yaw[carrier]) - body[0][1])))
    load.append((max(first, 0.05), 0.6 * (1 - 2 * carrier)))
    for step in steps:
        s, off = step.side, step.on - step.swing
        goal = np.array(step.to)
        spots[s] += [(off, place[s]), (step.on, goal)]
        turns[s] += [(off, yaw[s]), (step.on, step.yaw)]
        held = pitch[s][-1][1]
        pitch[s] += [(off, held), (off + 0.35 * step.swing, held + 14), (step.on, step.pitch)]
        w = np.clip((t - off) / step.swing, 0, 1)
        c.foot_lift[:, s] += step.lift * np.sin(np.pi * w) ** 1.2
        place[s], yaw[s] = goal, step.yaw
        carrier = s if step.weight else carrier
        mid = (_centre(place[0], yaw[0]) + _centre(place[1], yaw[1])) / 2
        share = over * (step.weight or 1.0)
        when = max(off - 0.04, body[-1][0])
        body += [(when, body[-1][1]), (step.on + settle, mid + share * (_centre(place[carrier], yaw[carrier]) - mid))]
        load += [(when, load[-1][1]), (step.on + settle, float(1 - 2 * carrier))]
    last = min(steps[-1].on + 0.45, ctx.dur - 0.02)
    last = max(last, steps[-1].on + settle + 0.02)
    body.append((last, (_centre(place[0], yaw[0]) + _centre(place[1], yaw[1])) / 2))
    load.append((last, 0.0))
    for s in (0, 1):
        c.foot_xz[:, s] = keys(t, spots[s])
        c.foot_yaw[:, s] = keys(t, turns[s])
        c.foot_pitch[:, s] += keys(t, [*pitch[s], (last, 0.0)], "smooth")
    path = gaussian_filter1d(keys(t, body, "smooth"), 1.2, axis=0, mode="nearest")
    edge = smooth(np.minimum(t, ctx.dur - t) / 0.15)[:, None]
    c.root[:] = path + (1 - edge) * (np.where(t[:, None] < ctx.dur / 2, body[0][1], body[-1][1]) - path)
    return gaussian_filter1d(keys(t, load, "smooth"), 1.0, mode="nearest") * edge[:, 0]


def _centre(foot: Array, yaw: float) -> Array:
    """Where the pelvis stands when it is right over this foot, x, z."""
    return foot - ANKLE_Z * np.array([np.sin(np.radians(yaw)), np.cos(np.radians(yaw))])


def later(ctx: Ctx, curve: Array, seconds: float) -> Array:
    """The curve (T,) that many seconds later."""
    return np.interp(ctx.t - seconds, ctx.t, curve)


def hips(ctx: Ctx, c: Channels, load: Array, push: float = 0.03, tilt: float = 7.0) -> None:
    """Hips out and up over the leg that carries, the chest staying upright a moment later.

    load (T,) as `footwork` gives it; push: metres; tilt: degrees.
    """
    c.sway[:, 0] += push * load
    c.pelvis[:, 2] -= tilt * load
    c.spine[:, 2] += 1.25 * tilt * later(ctx, load, 0.06)
    c.head[:, 2] -= 0.4 * tilt * later(ctx, load, 0.1)


def bounce(ctx: Ctx, begin: float, beat: float, count: float) -> Array:
    """0 between beats, 1 on each beat (T,), from `begin` on for `count` beats; smooth.

    begin, beat: seconds.
    """
    phase = (ctx.t - begin) / beat
    inside = smooth((ctx.t - begin + 0.5 * beat) / beat) * smooth((begin + (count + 0.5) * beat - ctx.t) / beat)
    return (0.5 + 0.5 * np.cos(2 * np.pi * phase)) * inside
