"""Walking in any direction, at three speeds, in eleven moods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, ELBOW, FLEX, TWIST, Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise, pulses
from engine.data.toolkit.gait import Gait, Path, Timeline, go, spot, straight

DIRECTIONS = ("forward", "backward", "left", "right", "place")
SPEEDS = {
    "normal": Gait(),
    "slow": Gait(
        speed=0.70, period=0.68, stance=0.66, lift=0.045, pitch_off=36, pitch_land=-14, swing=14, pump=5, twist=3.5,
        sway=0.028,
    ),
    "fast": Gait(
        speed=1.85, period=0.43, stance=0.58, lift=0.06, pitch_off=54, pitch_land=-24, swing=34, elbow=26, pump=18,
        twist=7, lean=5, drop=0.03,
    ),
}  # fmt: skip
STYLES = ("plain", "happy", "sad", "tired", "proud", "drunk", "angry", "old", "scared", "cool", "hurried")


def seconds(args: Mapping[str, str], rng: np.random.Generator) -> float:
    """Long enough for a handful of steps."""
    return float(rng.uniform(2.6, 5.6)) + (0.6 if args["speed"] == "slow" else 0.0)


def directed(gait: Gait, direction: str) -> Gait:
    """The gait changed for going backward, sideways or on the spot."""
    if direction == "backward":
        return replace(
            gait, speed=0.58 * gait.speed, pitch_land=18, pitch_off=-12, ahead=0.55, swing=0.5 * gait.swing, lean=3
        )  # fmt: skip
    if direction in ("left", "right"):
        return replace(
            gait, speed=0.36 * gait.speed, pitch_land=4.0, pitch_off=14.0, ahead=0.5, width=0.135, lift=0.05,
            swing=0.25 * gait.swing, twist=1.5, sway=0.03, toe_out=0.0, lean=1.0,
        )  # fmt: skip
    if direction == "place":
        return replace(gait, speed=0.0, pitch_land=12.0, pitch_off=36.0, lift=0.17, swing=0.8 * gait.swing, width=0.085)
    return gait


def path_of(direction: str) -> Callable[[float], Path]:
    """Path maker for a direction."""
    if direction == "place":
        return lambda metres: spot()
    angle = {"forward": 0.0, "backward": 180.0, "left": 90.0, "right": -90.0}[direction]
    return lambda metres: straight(angle, metres)


def styled(gait: Gait, style: str) -> Gait:
    """The gait of a mood."""
    changes: dict[str, dict[str, float]] = {
        "plain": {},
        "happy": {
            "speed": 1.08,
            "period": 0.94,
            "swing": 1.45,
            "bob": 3.0,
            "lift": 1.5,
            "twist": 1.4,
            "pitch_off": 1.1,
        },
        "sad": {"speed": 0.66, "period": 1.2, "swing": 0.35, "pump": 0.3, "lift": 0.8, "pitch_off": 0.75, "twist": 0.7},
        "tired": {
            "speed": 0.68,
            "period": 1.22,
            "swing": 0.55,
            "pump": 0.3,
            "lift": 0.55,
            "pitch_off": 0.7,
            "sway": 1.5,
        },
        "proud": {"speed": 0.98, "period": 1.04, "swing": 1.2, "twist": 1.2, "lift": 1.1},
        "drunk": {"speed": 0.72, "period": 1.12, "swing": 0.8, "width": 1.9, "sway": 2.0, "lift": 1.2, "roll": 1.5},
        "angry": {
            "speed": 1.22,
            "period": 0.92,
            "lift": 2.2,
            "pitch_land": 0.2,
            "swing": 1.1,
            "pump": 0.3,
            "twist": 1.6,
        },
        "old": {
            "speed": 0.42,
            "period": 1.12,
            "lift": 0.5,
            "pitch_off": 0.35,
            "pitch_land": 0.2,
            "swing": 0.3,
            "twist": 0.6,
        },
        "scared": {"speed": 0.55, "period": 0.85, "lift": 0.8, "pitch_off": 0.55, "pitch_land": 0.3, "swing": 0.2},
        "cool": {"speed": 0.8, "period": 1.22, "swing": 1.35, "twist": 2.1, "roll": 2.0, "sway": 1.7, "bob": 2.2},
        "hurried": {"speed": 1.42, "period": 0.74, "lift": 1.2, "swing": 1.25, "pump": 0.6, "twist": 1.3},
    }
    gait = replace(gait, **{name: getattr(gait, name) * factor for name, factor in changes[style].items()})
    return replace(gait, speed=min(gait.speed, 2.2), period=max(gait.period, 0.34))


@action("walk", part="lower", seconds=seconds, slots={"direction": DIRECTIONS, "speed": tuple(SPEEDS), "style": STYLES})
def walk(ctx: Ctx, direction: str, speed: str, style: str) -> Channels:
    """Walk, beginning and ending in standing."""
    gait = styled(directed(SPEEDS[speed], direction), style)
    gait = replace(
        gait, speed=ctx.vary(gait.speed, 0.06), period=ctx.vary(gait.period, 0.03), swing=ctx.vary(gait.swing, 0.15)
    )
    first = {"left": 0, "right": 1}.get(direction)
    make_path = _weaving(ctx) if style == "drunk" and direction == "forward" else path_of(direction)
    c, steps = go(ctx, gait, make_path, first)
    MOODS.get(style, _plain)(ctx, c, steps)
    return c


def _weaving(ctx: Ctx) -> Callable[[float], Path]:
    """A path that swerves from side to side."""
    size, turns, phase = ctx.rng.uniform(0.10, 0.2), ctx.rng.uniform(0.6, 1.1), ctx.rng.choice([0.0, np.pi])

    def make(metres: float) -> Path:
        def path(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            fade = np.sin(np.pi * x) ** 2
            side = size * np.sin(2 * np.pi * turns * x + phase) * fade
            facing = 14 * np.cos(2 * np.pi * turns * x + phase) * fade
            return np.stack([side, metres * x], 1), facing

        return path

    return make


def _present(ctx: Ctx) -> np.ndarray:
    """How much a mood shows (T,): comes in 0.6 s, leaves in 0.6 s."""
    return envelope(ctx.t, min(0.6, 0.3 * ctx.dur), min(0.6, 0.3 * ctx.dur))


def _plain(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    c.head[:, 1] += noise(ctx.rng, ctx.num_frames, 3.0, 16) * _present(ctx)


def _happy(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    beat = np.sin(np.pi * (ctx.t - steps.on[0]) / steps.period)
    c.spine[:, 0] -= ctx.vary(6) * on
    c.head[:, 0] -= 4 * on
    c.head[:, 2] += ctx.vary(5, 0.3) * beat * on
    c.arm[:, :, ABD] += (6 * on)[:, None]
    c.arm[:, :, ELBOW] += (12 * on)[:, None]


def _sad(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    c.spine[:, 0] += ctx.vary(17) * on
    c.head[:, 0] += ctx.vary(24) * on
    c.collar[:, :, 1] += (9 * on)[:, None]
    c.arm[:, :, FLEX] += (6 * on)[:, None]


def _tired(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    roll = np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period + ctx.rng.uniform(0, 6))
    c.spine[:, 0] += ctx.vary(20) * on
    c.spine[:, 2] += ctx.vary(4) * roll * on
    c.head[:, 0] += ctx.vary(10) * on
    c.head[:, 2] += 5 * roll * on
    c.height -= ctx.vary(0.025) * on
    c.arm[:, :, FLEX] += (10 * on)[:, None]
    c.arm[:, :, ELBOW] -= (5 * on)[:, None]


def _proud(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    c.spine[:, 0] -= ctx.vary(11) * on
    c.head[:, 0] -= ctx.vary(3) * on
    c.collar[:, :, 1] -= (11 * on)[:, None]
    c.arm[:, :, ABD] += (11 * on)[:, None]
    c.arm[:, :, FLEX] -= (4 * on)[:, None]


def _drunk(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on, n = _present(ctx), ctx.num_frames
    c.spine += np.stack([noise(ctx.rng, n, a, 11) for a in (8, 8, 8)], 1) * on[:, None]
    c.pelvis += np.stack([noise(ctx.rng, n, a, 12) for a in (3, 4, 4)], 1) * on[:, None]
    c.head += np.stack([noise(ctx.rng, n, a, 9) for a in (10, 8, 9)], 1) * on[:, None]
    c.head[:, 0] += 8 * on
    for s in (0, 1):
        c.arm[:, s, ABD] += (ctx.vary(24, 0.25) + noise(ctx.rng, n, 9, 9)) * on
        c.arm[:, s, ELBOW] += (ctx.vary(20, 0.3) + noise(ctx.rng, n, 10, 9)) * on
        c.arm[:, s, FLEX] += noise(ctx.rng, n, 9, 9) * on


def _angry(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    hit = np.minimum(pulses(ctx.t, list(steps.on + 0.08), 0.9 * steps.period), 1) * on
    c.height -= ctx.vary(0.03) * hit
    c.pelvis[:, 0] += 5 * on
    c.spine[:, 0] += ctx.vary(10) * on + 5 * hit
    c.head[:, 0] += 2 * on
    c.collar[:, :, 0] += (7 * on)[:, None]
    c.collar[:, :, 1] += (6 * on)[:, None]
    c.arm[:, :, ABD] += (ctx.vary(15) * on)[:, None]
    c.arm[:, :, ELBOW] += (ctx.vary(42) * on)[:, None]
    c.arm[:, :, TWIST] += (16 * on)[:, None]


def _old(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on, lower = _present(ctx), float(ctx.rng.uniform())
    c.height -= ctx.vary(0.05) * on
    c.sway[:, 1] -= 0.04 * on
    c.pelvis[:, 0] += ctx.vary(15) * on
    c.spine[:, 0] += ctx.vary(32) * on
    c.head[:, 0] -= ctx.vary(20) * on
    c.head += np.stack([noise(ctx.rng, ctx.num_frames, a, 5) for a in (1.5, 2.0, 1.0)], 1) * on[:, None]
    for s in (0, 1):
        tremble = noise(ctx.rng, ctx.num_frames, 2.0, 2)
        c.set_arm(s, on, flex=ctx.vary(30) + tremble, abd=12, elbow=ctx.vary(52) + tremble, twist=12, wrist=12)
    if lower < 0.7:
        s = int(lower < 0.35)
        c.set_hand(s, "pelvis", (0.02, ctx.vary(0.12), -0.175), on, (-0.9, 0.25, -0.1), (0, 0, -1), swivel=55)


def _scared(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on, t = _present(ctx), ctx.t
    looks, now, way = [(0.0, 0.0)], 0.25, float(ctx.rng.choice([-1.0, 1.0]))
    while now < ctx.dur - 0.4:
        aim = way * ctx.vary(52, 0.2)
        looks += [(now, looks[-1][1]), (now + 0.24, aim)]
        now, way = now + 0.24 + ctx.rng.uniform(0.15, 0.5), -way
    c.height -= ctx.vary(0.09) * on
    c.pelvis[:, 0] += 10 * on
    c.spine[:, 0] += ctx.vary(14) * on
    c.spine[:, 1] += 0.2 * keys(t, looks) * on
    c.head[:, 1] += 0.9 * keys(t, looks) * on
    c.head[:, 0] -= 12 * on
    c.collar[:, :, 0] += (15 * on)[:, None]
    for s in (0, 1):
        shiver = noise(ctx.rng, ctx.num_frames, 2.0, 1.6)
        c.set_arm(s, on, flex=ctx.vary(32) + shiver, abd=4, elbow=ctx.vary(122, 0.05) + shiver, twist=26, wrist=25)


def _cool(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    beat = np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period)
    c.spine[:, 0] -= ctx.vary(10) * on
    c.spine[:, 2] += (
        ctx.vary(6) * (1 - 2 * int(steps.foot[0])) * np.sin(np.pi * (ctx.t - steps.on[0]) / steps.period) * on
    )
    c.head[:, 0] += (4 + 5 * beat**2) * on
    c.head[:, 2] += ctx.rng.choice([-1, 1]) * ctx.vary(7) * on
    c.knee_out += (8 * on)[:, None]
    loose = int(ctx.rng.integers(2))
    c.arm[:, :, ABD] += (9 * on)[:, None]
    c.arm[:, loose, FLEX] += (1 - 2 * int(steps.foot[0])) * (1 - 2 * loose) * -10 * beat * on - 8 * on
    c.arm[:, loose, ELBOW] += 14 * on


def _hurried(ctx: Ctx, c: Channels, steps: Timeline) -> None:
    on = _present(ctx)
    c.pelvis[:, 0] += 5 * on
    c.spine[:, 0] += ctx.vary(10) * on
    c.head[:, 0] -= 9 * on
    c.arm[:, :, ELBOW] += (ctx.vary(68) * on)[:, None]
    c.arm[:, :, ABD] += (ctx.vary(7) * on)[:, None]
    c.arm[:, :, FLEX] -= (6 * on)[:, None]


MOODS = {
    "happy": _happy,
    "sad": _sad,
    "tired": _tired,
    "proud": _proud,
    "drunk": _drunk,
    "angry": _angry,
    "old": _old,
    "scared": _scared,
    "cool": _cool,
    "hurried": _hurried,
}
