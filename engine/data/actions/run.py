"""Running and jogging: both feet leave the floor between steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.data.registry import action
from engine.data.toolkit.channels import ABD, ELBOW, Channels, Ctx
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.gait import RUN, Gait, Path, go, spot, straight

FAST = replace(RUN, speed=3.5, period=0.34, lift=0.22, lean=17, swing=46, stance=0.34)
JOG = Gait(
    speed=1.95, period=0.38, stance=0.42, ahead=0.42, lift=0.11, pitch_land=-6, pitch_off=50, width=0.05, drop=0.045,
    bob=-0.028, sway=0.012, twist=6, roll=3, lean=7, swing=24, elbow=66, pump=8,
)  # fmt: skip


def _paths(direction: str) -> Callable[[float], Path]:
    return (lambda metres: spot()) if direction == "place" else (lambda metres: straight(0, metres))


def _perform(ctx: Ctx, gait: Gait, direction: str) -> Channels:
    if direction == "place":
        gait = replace(
            gait, speed=0.0, lift=1.3 * gait.lift, pitch_land=16, pitch_off=45, lean=0.4 * gait.lean, width=0.075
        )
    gait = replace(gait, speed=ctx.vary(gait.speed, 0.06), period=ctx.vary(gait.period, 0.03))
    c, _ = go(ctx, gait, _paths(direction))
    on = envelope(ctx.t, min(0.5, 0.3 * ctx.dur), min(0.5, 0.3 * ctx.dur))
    c.arm[:, :, ABD] += (ctx.vary(5) * on)[:, None]
    c.arm[:, :, ELBOW] += (4 * on)[:, None]
    return c


@action(
    "run",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(2.2, 4.2)),
    slots={"direction": ("forward", "place"), "speed": ("normal", "fast")},
)
def run(ctx: Ctx, direction: str, speed: str) -> Channels:
    """Run, from standing to standing."""
    return _perform(ctx, FAST if speed == "fast" else RUN, direction)


@action(
    "jog",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(2.4, 4.8)),
    slots={"direction": ("forward", "place")},
)
def jog(ctx: Ctx, direction: str) -> Channels:
    """Jog, from standing to standing."""
    return _perform(ctx, JOG, direction)
