"""Gait: footfalls along any path, feet fixed while they stand, and the body that goes with them.

`timeline` decides when feet lift and land in a given time, `travel` puts the footfalls under a path, `carry` adds the
pelvis, torso and arms. Every gait begins and ends standing, so segments can follow one another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.data.toolkit.channels import ELBOW, FLEX, STANCE, Channels, Ctx
from engine.data.toolkit.curves import minjerk, noise, smooth

Array = np.ndarray
Path = Callable[[Array], tuple[Array, Array]]
"""Progress (T,) from 0 to 1 -> pelvis x, z (T, 2) metres and facing (T,) degrees; starts at the origin facing +Z."""


@dataclass(frozen=True)
class Gait:
    """How someone goes. Lengths in metres, angles in degrees, times in seconds.

    period: from one footfall to the next.  stance: share of a foot's cycle on the floor (above 0.5 walking, below
    running).  ahead: share of the stance before the pelvis passes over the foot.  lift: clearance of the swinging
    foot.  pitch_land, pitch_mid, pitch_off: foot pitch when landing, standing, leaving.  width: half the distance
    between the feet's lines.  drop: pelvis below standing; bob: its rise and fall (positive: high over the standing
    foot, negative: low); sway: towards the standing foot.  twist, roll: pelvis swings.  lean: trunk forward.
    swing, elbow, pump: arm swing, elbow bend, how much the elbow bends with the swing.  ready: seconds of getting
    ready before the first step and after the last, besides the usual.
    """

    speed: float = 1.22
    period: float = 0.52
    stance: float = 0.62
    ahead: float = 0.43
    lift: float = 0.055
    pitch_land: float = -20.0
    pitch_mid: float = 0.0
    pitch_off: float = 48.0
    width: float = 0.07
    toe_out: float = 4.0
    drop: float = 0.018
    bob: float = 0.008
    sway: float = 0.022
    twist: float = 5.0
    roll: float = 3.0
    lean: float = 2.0
    swing: float = 24.0
    elbow: float = 7.0
    pump: float = 9.0
    ready: float = 0.0


RUN = Gait(
    speed=2.7, period=0.36, stance=0.37, ahead=0.42, lift=0.17, pitch_land=-8, pitch_off=58, width=0.045, drop=0.055,
    bob=-0.035, sway=0.010, twist=8, roll=3, lean=13, swing=38, elbow=72, pump=10,
)  # fmt: skip
"""Running at a middling pace; other ways of running are changes of it."""


@dataclass(frozen=True)
class Timeline:
    """Footfalls: foot (N,) side, off and on (N,) seconds of leaving and landing; the pelvis goes from begin to end."""

    foot: Array
    off: Array
    on: Array
    period: float
    begin: float
    end: float

    def progress(self, t: Array) -> Array:
        """Share (T,) of the path that is done, eased at both ends."""
        rise, fall = self._ramps()
        fine = np.linspace(self.begin, self.end, 400)
        speed = smooth((fine - self.begin) / rise) * smooth((self.end - fine) / fall)
        done = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
        return np.interp(t, fine, done / done[-1])

    @property
    def cruising(self) -> float:
        """Seconds at full speed that cover the same path."""
        return self.end - self.begin - sum(self._ramps()) / 2

    def _ramps(self) -> tuple[float, float]:
        """Seconds of speeding up and of slowing down."""
        whole = self.end - self.begin
        slow = 1.0 if self.on[len(self.on) // 2] - self.off[len(self.on) // 2] < self.period else 1.9
        return min(0.42 * whole, 1.25 * slow * self.period), min(0.5 * whole, 1.7 * slow * self.period)


def timeline(ctx: Ctx, gait: Gait, first: int | None = None, count: int | None = None) -> Timeline:
    """Footfalls that fill ctx.dur; count: how many (default: as many as the period asks)."""
    first = int(ctx.rng.integers(2)) if first is None else first
    ready = min(gait.ready, 0.12 * ctx.dur)
    lead, tail = min(0.12, 0.08 * ctx.dur) + ready, min(0.22, 0.12 * ctx.dur) + ready
    room = ctx.dur - lead - tail
    swing = 2 * (1 - gait.stance) * gait.period
    if count is None:
        count = max(2, round((room - swing) / ctx.vary(gait.period, 0.04)) + 1)
    period = room / (count - 1 + 2 * (1 - gait.stance))
    swing = 2 * (1 - gait.stance) * period
    on = lead + swing + period * np.arange(count)
    off = on - swing
    off[0] = max(off[0], on[0] - 0.9 * period)
    off[-1] = max(off[-1], on[-1] - 0.9 * period)
    foot = (first + np.arange(count)) % 2
    return Timeline(foot, off, on, period, max(lead - 0.05, 0.0), float(on[-1]) + 0.6 * tail)


def travel(ctx: Ctx, c: Channels, gait: Gait, steps: Timeline, path: Path) -> None:
    """Write path, heading and feet of the steps into c, from the feet that c starts with."""
    progress = steps.progress(ctx.t)
    c.root[:], yaw = path(progress)
    c.yaw[:] = yaw
    mid = _passing_times(steps, gait, ctx.dur)
    place, facing = path(steps.progress(mid))
    place, facing = place.copy(), facing + 0.0
    for k, s in enumerate(steps.foot):
        last = k >= len(steps.foot) - 2
        half = STANCE if last else gait.width
        side = 1 - 2 * s
        angle = np.radians(facing[k])
        left = np.array([np.cos(angle), -np.sin(angle)])
        ahead = np.array([np.sin(angle), np.cos(angle)])
        place[k] += side * half * left - 0.045 * ahead
        if not last:
            place[k] += ctx.rng.normal(0, 0.006, 2)
            facing[k] += side * gait.toe_out + ctx.rng.normal(0, 1.2)
    for s in (0, 1):
        mine = [k for k in range(len(steps.foot)) if steps.foot[k] == s]
        _follow(ctx, c, s, gait, [(steps.off[k], steps.on[k], place[k], facing[k]) for k in mine])


def _passing_times(steps: Timeline, gait: Gait, duration: float) -> Array:
    """When the pelvis passes over each footfall; the last two stand where the path ends."""
    leave = np.append(steps.off[2:], [duration, duration])
    mid = steps.on + gait.ahead * (leave - steps.on)
    mid[-2:] = duration
    return mid


def _follow(ctx: Ctx, c: Channels, s: int, gait: Gait, falls: list[tuple[float, float, Array, float]]) -> None:
    """One foot through its footfalls: stand, roll off, swing, land."""
    t, here, yaw, landed, land_pitch = ctx.t, c.foot_xz[0, s].copy(), c.foot_yaw[0, s], 0.0, 0.0
    for off, on, goal, heading in falls:
        reach = np.clip(np.linalg.norm(goal - here) / 0.9, 0.25, 1)
        reach = 1.0 if gait.pitch_mid else float(reach)
        stand, swing = (t >= landed) & (t < off), (t >= off) & (t < on)
        _stand(c, s, stand, t, (landed, off), (land_pitch, gait.pitch_mid, gait.pitch_off * reach))
        c.foot_xz[stand, s], c.foot_yaw[stand, s] = here, yaw
        w = (t[swing] - off) / max(on - off, 1e-3)
        go = 0.35 * smooth(w) + 0.65 * minjerk(w)
        land_pitch = gait.pitch_land * reach
        c.foot_xz[swing, s] = here + go[:, None] * (goal - here)
        c.foot_yaw[swing, s] = yaw + go * (heading - yaw)
        c.foot_lift[swing, s] = gait.lift * np.sin(np.pi * w**0.85) ** 1.1
        tilt = gait.pitch_off * reach * (1 - smooth(w / 0.75)) * (1 + 0.5 * np.sin(np.pi * np.clip(w / 0.5, 0, 1)))
        c.foot_pitch[swing, s] = tilt + land_pitch * smooth((w - 0.35) / 0.65)
        here, yaw, landed = goal, heading, on
    stand = t >= landed
    down = min(landed + 0.25 + 1.5 * gait.ready, float(t[-1])) if gait.pitch_mid else float(t[-1])
    _stand(c, s, stand, t, (landed, down), (land_pitch, 0.0, 0.0))
    c.foot_xz[stand, s], c.foot_yaw[stand, s] = here, yaw


def _stand(c: Channels, s: int, now: Array, t: Array, span: tuple[float, float], pitch: tuple[float, ...]) -> None:
    """Pitch of a standing foot: from landing to flat, from 55 % of the stance up to leaving."""
    x = (t[now] - span[0]) / max(span[1] - span[0], 1e-3)
    settle = max(0.18, 0.10 / max(span[1] - span[0], 0.1)) if pitch[0] and span[0] else 0.8
    if not pitch[1] and not pitch[2]:  # standing at last: however the foot landed, it settles
        settle = 1.0 if abs(pitch[0]) > 30 else settle
    land, off = 1 - smooth(x / settle), np.clip((x - 0.52) / 0.48, 0, 1) ** 1.7
    c.foot_lift[now, s] = 0.0
    c.foot_pitch[now, s] = pitch[0] * land + pitch[1] * (1 - land) * (1 - off) + pitch[2] * off


def carry(ctx: Ctx, c: Channels, gait: Gait, steps: Timeline, arms: float = 1.0) -> None:
    """Pelvis, trunk and arms of the gait over the steps, fading in and out with them."""
    t, p = ctx.t, steps.period
    on = minjerk((t - steps.begin) / (0.9 * p)) * minjerk((steps.on[-1] + 0.35 * p - t) / (0.9 * p))
    side = 1 - 2 * int(steps.foot[0])
    middle = side * np.cos(np.pi * (t - steps.on[0] - gait.stance * p) / p)
    landing = side * np.cos(np.pi * (t - steps.on[0]) / p)
    later = side * np.cos(np.pi * (t - steps.on[0] - 0.07) / p)
    live = 1 + noise(ctx.rng, len(t), 0.06, 14)
    c.height += on * (-gait.drop + gait.bob * (2 * middle**2 - 1) * live)
    c.sway[:, 0] += on * gait.sway * middle * live
    twist = on * gait.twist * landing * live
    roll = on * gait.roll * middle * live
    c.pelvis += np.stack([0.4 * gait.lean * on, -twist, -roll], 1)
    c.spine += np.stack([0.6 * gait.lean * on + 0.8 * on * (2 * landing**2 - 1), 2.1 * twist, 1.15 * roll], 1)
    c.head += np.stack([-0.6 * gait.lean * on, -0.9 * twist, -0.1 * roll], 1)
    for s in (0, 1):
        flip = 1 - 2 * s
        pull = ctx.vary(1.0, 0.08) * live * arms
        swing = -flip * later
        c.arm[:, s, FLEX] += on * (gait.swing * swing * pull - 0.12 * gait.swing)
        c.arm[:, s, ELBOW] += on * (gait.elbow + gait.pump * np.maximum(swing + 0.3, 0) * pull)


def straight(angle_deg: float, length: float) -> Path:
    """A straight path towards angle_deg (0 ahead, 90 left), facing ahead all the time."""
    a = np.radians(angle_deg)
    way = np.array([np.sin(a), np.cos(a)]) * length
    return lambda x: (x[:, None] * way, 0.0 * x)


def arc(angle_deg: float, radius: float, before: float = 0.0, after: float = 0.0) -> Path:
    """Ahead by `before`, along a circle through angle_deg (left positive), ahead by `after`; facing along the path."""
    turn = np.radians(abs(angle_deg))
    total = before + turn * radius + after

    def path(x: Array) -> tuple[Array, Array]:
        s = np.clip(x, 0, 1) * total
        a = np.clip((s - before) / radius, 0, turn)
        rest = np.maximum(s - before - turn * radius, 0)
        out = radius * (1 - np.cos(a)) + rest * np.sin(a)
        along = np.minimum(s, before) + radius * np.sin(a) + rest * np.cos(a)
        sign = np.sign(angle_deg)
        return np.stack([sign * out, along], 1), sign * np.degrees(a)

    return path


def spot(turn_deg: float = 0.0) -> Path:
    """On the spot, turning by turn_deg (left positive)."""
    return lambda x: (np.zeros((len(x), 2)), turn_deg * x)


def go(
    ctx: Ctx,
    gait: Gait,
    make_path: Callable[[float], Path],
    first: int | None = None,
    count: int | None = None,
    arms: float = 1.0,
) -> tuple[Channels, Timeline]:
    """A whole gait: make_path(metres that the time allows) -> path. Returns the channels and the footfalls."""
    c = ctx.hold()
    steps = timeline(ctx, gait, first, count)
    travel(ctx, c, gait, steps, make_path(gait.speed * gait.period / steps.period * steps.cruising))
    carry(ctx, c, gait, steps, arms)
    return c, steps
