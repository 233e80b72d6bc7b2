"""Key poses near the floor, played one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from engine.core.rotations import quat_from_axis, quat_mul, quat_to_rotmat
from engine.core.skeleton import sole_points
from engine.data.toolkit.channels import FRAMES, LEFT, RIGHT, Channels, Ctx, standing
from engine.data.toolkit.curves import minjerk, smooth
from engine.data.toolkit.solve import solve
from engine.data.toolkit.torso import root_position, solve_torso

PALM_HEIGHT = 0.025
"""Height of the hand's target, metres, when the palm lies on the floor."""


@dataclass(frozen=True)
class Stop:
    """A key pose (one frame): left for at `begin`, reached at `end` (shares of the time).

    order: sides in the order of stepping, None for both at once.  lift: height of a stepping foot, metres.
    """

    begin: float
    end: float
    goal: Channels
    order: tuple[int, int] | None = None
    lift: float = 0.04


def at(
    height: float,
    ahead: float = 0.0,
    pelvis: float = 0.0,
    spine: float = 0.0,
    head: float = 0.0,
    feet: tuple[float, float] | None = None,
    spread: float = 0.095,
    pitch: float = 0.0,
) -> Channels:
    """One frame: pelvis joint `height` above the floor and `ahead`, bends, ankles (left, right) ahead, heels up.

    Metres; pelvis, spine, head: forward bends, and pitch, in degrees; spread: half the distance between the ankles.
    """
    c = standing(1)
    c.height[:], c.sway[:, 1] = height - 0.94, ahead
    c.pelvis[:, 0], c.spine[:, 0], c.head[:, 0] = pelvis, spine, head
    c.foot_xz[:, LEFT, 0], c.foot_xz[:, RIGHT, 0] = spread, -spread
    if feet is not None:
        c.foot_xz[..., 1] = feet
    c.foot_pitch[:] = pitch
    return c


def palms(c: Channels, ahead: float, out: float = 0.17, side: str = "both", height: float = PALM_HEIGHT) -> Channels:
    """The same frame with the palms flat on the floor, `ahead` and `out` metres; side: 'left', 'right' or 'both'.

    c is changed and returned.
    """
    for s in (LEFT, RIGHT) if side == "both" else (LEFT,) if side == "left" else (RIGHT,):
        x = out if s == LEFT else -out
        c.set_hand(s, "world", (x, height, ahead), 1.0, (0.1 * np.sign(x), 0.0, 1.0), (0.0, -1.0, 0.0), swivel=50)
    return c


def play(ctx: Ctx, stops: Sequence[Stop]) -> Channels:
    """Channels of ctx.num_frames: from the held start through the key poses, breathing; feet that move are lifted."""
    hold = ctx.hold()
    c = ctx.start.map(lambda a: np.repeat(a, ctx.num_frames, 0))
    extra = {f.name: getattr(hold, f.name) - getattr(c, f.name) for f in fields(c)}
    for stop in stops:
        _toward(ctx, c, stop)
    for name, value in extra.items():
        getattr(c, name)[:] += value
    return c


def _toward(ctx: Ctx, c: Channels, stop: Stop) -> None:
    begin, length = stop.begin * ctx.dur, (stop.end - stop.begin) * ctx.dur
    go = minjerk((ctx.t - begin) / length)
    moved = np.linalg.norm(stop.goal.foot_xz[0] - c.foot_xz[-1], axis=-1)
    for s in (LEFT, RIGHT):
        held, wanted = c.hand_w[-1, s] > 0, stop.goal.hand_w[0, s] > 0
        now = ctx.t >= begin
        for name in ("hand", "hand_frame", "fingers", "palm", "aim", "swivel"):
            curve, aim = getattr(c, name)[:, s], getattr(stop.goal, name)[0, s]
            if wanted and (not held or name == "hand_frame"):
                curve[now] = aim
            elif wanted:
                _ease(curve, aim, go)
        _ease(c.hand_w[:, s], stop.goal.hand_w[0, s], go)
        w = (ctx.t - begin) / length
        if stop.order is not None:
            w = (w - (0.0 if s == stop.order[0] else 0.45)) / 0.55
        ease = minjerk(w)
        for name in ("foot_xz", "foot_yaw", "foot_pitch", "foot_lift", "toe"):
            _ease(getattr(c, name)[:, s], getattr(stop.goal, name)[0, s], ease)
        c.foot_lift[:, s] += stop.lift * smooth(moved[s] / 0.08) * np.sin(np.pi * np.clip(w, 0, 1))
    for name in ("root", "yaw", "height", "sway", "pelvis", "spine", "head", "arm", "collar", "knee_out", "leg"):
        _ease(getattr(c, name), getattr(stop.goal, name)[0], go)
    _ease(c.leg_w, stop.goal.leg_w[0], go)


def _ease(curve: np.ndarray, aim: np.ndarray, go: np.ndarray) -> None:
    curve += go.reshape(-1, *[1] * (curve.ndim - 1)) * (aim - curve)


def wrapped(degrees: np.ndarray) -> np.ndarray:
    """The same angles (T,) in degrees, between -180 and 180."""
    return (degrees + 180) % 360 - 180


def glide(ctx: Ctx, points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Curve (T,) through (share of the time, value) without stopping in between; at rest at both ends."""
    times, values = np.array(points, float).T
    times = np.concatenate([[-0.1], times, [1.1]])
    return PchipInterpolator(times, np.concatenate([values[:1], values, values[-1:]]))(ctx.u)


def on_floor(c: Channels, clearance: float = 0.10) -> np.ndarray:
    """Height channel (T,) at which the lowest joint of the torso is `clearance` metres above the floor."""
    torso = solve_torso(c, root_position(c))
    room = np.array([0.0, 0.0, 0.0, 0.0, 0.015, -0.02])
    low = (torso.pos[:, [0, 3, 6, 9, 12, 15], 1] + room).min(1)
    return c.height + clearance - low


def moved(pose: Channels, ahead: float = 0.0, left: float = 0.0) -> Channels:
    """The same frame somewhere else on the floor, `ahead` and `left` metres."""
    c = pose.copy()
    c.root += (left, ahead)
    c.foot_xz += (left, ahead)
    c.hand[c.hand_frame == FRAMES.index("world")] += (left, 0.0, ahead)
    return c


def oriented(c: Channels, now: np.ndarray, world: np.ndarray) -> None:
    """Write `pelvis` so that its world orientation is `world` on some frames, whatever the heading.

    now (T,) bool; world (T, 4) unit quaternions wxyz.
    """
    m = quat_to_rotmat(quat_mul(quat_from_axis("y", -np.radians(c.yaw)), world))
    bend = np.arcsin(np.clip(-m[:, 1, 2], -1, 1))
    level = np.cos(bend) < 1e-3
    turn = np.where(level, np.arctan2(-m[:, 2, 0], m[:, 0, 0]), np.arctan2(m[:, 0, 2], m[:, 2, 2]))
    lean = np.where(level, 0.0, -np.arctan2(m[:, 1, 0], m[:, 1, 1]))
    c.pelvis[now] = np.degrees(np.stack([bend, turn, lean], 1))[now]


def cleared(c: Channels) -> Channels:
    """The same channels, pelvis and lifting feet raised where a joint or a sole would be under the floor.

    c is changed and returned.
    """
    for _ in range(2):
        motion = solve(c)
        soles = sole_points(*[a.astype(np.float64) for a in motion.world()])[..., 1].reshape(c.num_frames, -1).min(1)
        low = np.minimum(soles, motion.joint_positions()[..., 1].min(1))
        need = gaussian_filter1d(maximum_filter1d(np.clip(-low, 0, 0.2), 5), 1.0, truncate=2.0)
        c.height += need
        c.foot_lift += need[:, None] * np.minimum(1, 3 * c.leg_w)
    return c


def no_slower(ctx: Ctx, longest: float, act: Callable[[Ctx], Channels]) -> Channels:
    """act(ctx), but in at most `longest` seconds: what is left is waiting before (a little) and rest after."""
    spare = ctx.num_frames - round(longest * 20)
    if spare <= 0:
        return act(ctx)
    before = int(0.2 * ctx.rng.uniform() * spare)
    inner = act(replace(ctx, num_frames=ctx.num_frames - spare))
    c = inner.map(lambda a: np.concatenate([np.repeat(a[:1], before, 0), a, np.repeat(a[-1:], spare - before, 0)]))
    breath = ctx.hold()
    c.spine += breath.spine - ctx.start.spine
    c.collar += breath.collar - ctx.start.collar
    return c
