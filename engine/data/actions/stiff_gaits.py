"""Walking like a zombie and like a robot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys, noise
from engine.data.toolkit.gait import Gait, Timeline, go, straight

ZOMBIE = Gait(
    speed=0.55, period=0.74, stance=0.68, ahead=0.42, lift=0.05, pitch_land=-2, pitch_off=20, width=0.09, drop=0.004,
    bob=0.004, sway=0.05, twist=8, roll=6, lean=0, swing=0, elbow=0, pump=0,
)  # fmt: skip
ROBOT = Gait(
    speed=0.62, period=0.64, stance=0.70, ahead=0.46, lift=0.13, pitch_land=0, pitch_off=3, width=0.09, toe_out=0,
    drop=0.02, bob=0, sway=0.03, twist=0, roll=0, lean=0, swing=0, elbow=0, pump=0,
)  # fmt: skip
PACES = {"normal": (1.0, 1.0), "slow": (0.6, 1.35), "fast": (1.6, 0.72)}


def _seconds(args: Mapping[str, str], rng: np.random.Generator) -> float:
    return float(rng.uniform(3.4, 5.6)) + (0.8 if args["speed"] == "slow" else 0.0)


def _paced(ctx: Ctx, gait: Gait, speed: str) -> Gait:
    faster, longer = PACES[speed]
    return replace(gait, speed=ctx.vary(faster * gait.speed, 0.06), period=longer * gait.period)


@action("zombie_walk", part="full", seconds=_seconds, slots={"speed": tuple(PACES)})
def zombie_walk(ctx: Ctx, speed: str) -> Channels:
    """Arms stretched out ahead, head lolling, one leg dragged along stiffly."""
    c, steps = go(ctx, _paced(ctx, ZOMBIE, speed), lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.8, 0.25 * ctx.dur), min(0.7, 0.22 * ctx.dur))
    dragged, n = int(ctx.rng.integers(2)), ctx.num_frames
    flip = 1 - 2 * dragged
    beat = np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period) * (1 - 2 * int(steps.foot[0]))
    c.foot_lift[:, dragged] *= 0.35
    c.foot_pitch[:, dragged] += 60 * c.foot_lift[:, dragged] / 0.02
    c.pelvis[:, 0] += 4 * on
    c.spine[:, 0] += ctx.vary(9) * on
    c.spine[:, 2] += (flip * 5 + ctx.vary(7) * beat) * on
    c.head[:, 2] += (-flip * ctx.vary(17) - 6 * beat + noise(ctx.rng, n, 4, 8)) * on
    c.head[:, 0] += (8 + noise(ctx.rng, n, 4, 8)) * on
    for s in (0, 1):
        reach = ctx.vary(84, 0.05) + noise(ctx.rng, n, 4, 8) - 7 * s * ctx.rng.uniform()
        side = ctx.vary(3, 1) + noise(ctx.rng, n, 3, 8)
        c.set_arm(s, on, flex=reach, abd=side, elbow=ctx.vary(10), twist=4, pronate=72, wrist=ctx.vary(38))
    return c


@action("robot_walk", part="full", seconds=_seconds, slots={"speed": tuple(PACES)})
def robot_walk(ctx: Ctx, speed: str) -> Channels:
    """Flat feet, straight back, forearms at right angles; every part jerks into its place and waits there."""
    c, steps = go(ctx, _paced(ctx, ROBOT, speed), lambda metres: straight(0, metres))
    on = envelope(ctx.t, min(0.5, 0.2 * ctx.dur), min(0.5, 0.2 * ctx.dur))
    jerk = 0.16 if speed != "fast" else 0.12
    beat = _snaps(ctx, steps, jerk)
    wave = 2 * np.pi * (ctx.t - steps.on[0] - 0.02) / steps.period
    surge = (c.root[-1, 1] / max(steps.cruising, 0.1)) * steps.period / (2 * np.pi)
    c.root[:, 1] -= 0.8 * surge * np.sin(wave) * envelope(ctx.t, 1.2, 1.2)
    c.spine[:, 0] -= 3 * on
    c.spine[:, 1] += ctx.vary(9) * beat * on
    c.head[:, 1] += (keys(ctx.t, _turns(ctx)) - 6 * beat) * on
    for s in (0, 1):
        swing = ctx.vary(33, 0.05) * beat * (1 - 2 * s)
        c.set_arm(s, on, flex=4 - swing, abd=9, elbow=ctx.vary(90, 0.02) - 0.5 * swing, twist=0, pronate=0, wrist=0)
    return c


def _snaps(ctx: Ctx, steps: Timeline, jerk: float) -> np.ndarray:
    """+1 (left foot ahead) or -1 (T,), jumping at every footfall within `jerk` seconds; 0 at both ends."""
    points = [(0.0, 0.0)]
    for foot, at in zip(steps.foot[:-1], steps.on[:-1], strict=True):
        points += [(at - jerk, points[-1][1]), (at, 1.0 - 2.0 * foot)]
    return keys(ctx.t, [*points, (steps.on[-1] - jerk, points[-1][1]), (steps.on[-1], 0.0)])


def _turns(ctx: Ctx) -> list[tuple[float, float]]:
    """Key poses of a head that now and then snaps to a new heading."""
    points = [(0.0, 0.0)]
    for at in np.arange(0.9, ctx.dur - 0.9, 1.1) + ctx.rng.uniform(-0.2, 0.2):
        points += [(at, points[-1][1]), (at + 0.15, float(ctx.rng.choice([-32.0, 0.0, 32.0])))]
    return points
