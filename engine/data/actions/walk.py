"""Walking in any direction, at three speeds, in six moods."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.gait import Gait, Path, go, spot, straight

DIRECTIONS = ("forward", "backward", "left", "right", "place")
SPEEDS = {
    "normal": Gait(),
    "slow": Gait(
        speed=0.72,
        period=0.68,
        stance=0.66,
        lift=0.045,
        pitch_off=36,
        pitch_land=-14,
        swing=15,
        pump=6,
        twist=3.5,
        sway=0.028,
    ),
    "fast": Gait(
        speed=1.85,
        period=0.44,
        stance=0.59,
        lift=0.06,
        pitch_off=54,
        pitch_land=-24,
        swing=34,
        elbow=28,
        pump=20,
        twist=7,
        lean=5,
        drop=0.03,
    ),
}
STYLES = ("plain", "happy", "sad", "tired", "proud", "drunk")


def seconds(args: Mapping[str, str], rng: np.random.Generator) -> float:
    """Long enough for a handful of steps."""
    return float(rng.uniform(2.6, 5.6)) + (0.6 if args["speed"] == "slow" else 0.0)


def directed(gait: Gait, direction: str) -> Gait:
    """The gait changed for going backward, sideways or on the spot."""
    if direction == "backward":
        return replace(
            gait,
            speed=0.62 * gait.speed,
            pitch_land=18.0,
            pitch_off=-12.0,
            ahead=0.55,
            swing=0.5 * gait.swing,
            lean=3.0,
        )
    if direction in ("left", "right"):
        return replace(
            gait, speed=0.36 * gait.speed, pitch_land=4.0, pitch_off=14.0, ahead=0.5, width=0.135, swing=0.25 * gait.swing,
            twist=1.5, sway=0.03, toe_out=0.0, lean=1.0, lift=0.05,
        )  # fmt: skip
    if direction == "place":
        return replace(gait, speed=0.0, pitch_land=12.0, pitch_off=30.0, lift=0.12, swing=0.8 * gait.swing, width=0.085)
    return gait


def path_of(direction: str) -> Callable[[float], Path]:
    """Path maker for a direction."""
    if direction == "place":
        return lambda metres: spot()
    angle = {"forward": 0.0, "backward": 180.0, "left": 90.0, "right": -90.0}[direction]
    return lambda metres: straight(angle, metres)


@action("walk", part="lower", seconds=seconds, slots={"direction": DIRECTIONS, "speed": tuple(SPEEDS), "style": STYLES})
def walk(ctx: Ctx, direction: str, speed: str, style: str) -> Channels:
    """Walk, beginning and ending in standing."""
    gait = directed(SPEEDS[speed], direction)
    gait = replace(gait, speed=ctx.vary(gait.speed, 0.06), period=ctx.vary(gait.period, 0.03))
    first = {"left": 0, "right": 1}.get(direction)
    c, steps = go(ctx, gait, path_of(direction), first)
    return c
