"""Steps of one person to chosen places, and the same steps seen by a partner face to face."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data.pairs.toolkit.person import Person
from engine.data.toolkit.channels import FRAMES, LEFT, RIGHT, Channels
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.dance_steps import Step, at, footwork

Spot = tuple[float, float, float]
"""Where the body goes with a step: metres to the left, metres ahead, heading in degrees."""
_SIGNED = {"root": 0, "sway": 0, "pelvis": (1, 2), "spine": (1, 2), "head": (1, 2)}
_SIDED = (
    "foot_xz", "foot_lift", "foot_yaw", "foot_pitch", "toe", "knee_out", "leg", "leg_w", "collar", "arm", "hand",
    "hand_frame", "hand_w", "swivel", "fingers", "palm", "aim", "arm_over",
)  # fmt: skip


def go_to(
    person: Person,
    spots: Sequence[Spot],
    beat: float,
    first: int = LEFT,
    lead: float = 0.35,
    tail: float = 0.5,
    lift: float = 0.045,
    pitch: float = 0.0,
) -> tuple[float, float]:
    """One step to each spot, of the foot `first` (0 left, 1 right) and then by turns; then the feet are together.

    beat: seconds from landing to landing.  lead, tail: seconds before the first landing and after the last.  pitch:
    degrees that a foot's heel is up while it carries.  Returns the times of the first and of the last landing.
    """
    spots = [*spots, spots[-1]]
    start = person.now
    ctx = person.ctx(lead + beat * (len(spots) - 1) + tail)
    c = ctx.hold()
    steps, turns, swing = [], [(0.0, 0.0)], min(0.75 * beat, 0.36)
    for k, (left, ahead, yaw) in enumerate(spots):
        s, on = (first + k) % 2, lead + k * beat
        steps.append(Step(s, on, at(s, left, ahead, yaw), 1.0, pitch, lift, min(swing, lead - 0.02), yaw))
        turns.append((on, yaw))
    footwork(ctx, c, steps)
    c.yaw[:] = keys(ctx.t, turns, "smooth")
    person.add(c)
    return start + lead, start + lead + beat * (len(spots) - 1)


def partner(spots: Sequence[Spot]) -> list[Spot]:
    """The same places in the world for somebody who stands opposite, and keeps facing whoever goes there."""
    return [(-left, -ahead, yaw) for left, ahead, yaw in spots]


def flail(person: Person, start_s: float, end_s: float, size: float = 1.0) -> None:
    """Both arms fly up and out for balance, and come down."""
    t = np.arange(person.num_frames) / 20.0
    on = envelope(t, 0.2, 0.45, start_s, end_s)
    for s in (LEFT, RIGHT):
        wheel = 2 * np.pi * 1.6 * (t - start_s) + 1.7 * s
        person.c.set_arm(s, on, flex=size * (20 + 22 * np.sin(wheel)), abd=size * (44 + 12 * np.cos(wheel)), elbow=30)


def mirrored_channels(c: Channels) -> Channels:
    """The channels with left and right exchanged."""
    out = c.copy()
    for name, axes in _SIGNED.items():
        getattr(out, name)[..., axes] *= -1
    out.yaw *= -1
    for name in _SIDED:
        getattr(out, name)[:] = getattr(c, name)[:, ::-1]
    out.foot_xz[..., 0] *= -1
    out.foot_yaw *= -1
    world = out.hand_frame.round() == FRAMES.index("world")
    for name in ("hand", "fingers", "palm"):
        curve = getattr(out, name)
        curve[world] = curve[world] * (-1, 1, 1)
    return out


def copy(source: Person, target: Person, late_s: float = 0.0, mirror: bool = False) -> None:
    """Target does from its start what source does, so many seconds later and, if asked, as in a mirror."""
    late = round(late_s * 20)
    change = mirrored_channels if mirror else Channels.copy
    c = change(source.c)
    target.c = c.map(lambda a: np.concatenate([np.repeat(a[:1], late, 0), a]))
    target.layers = [(start + late, change(layer)) for start, layer in source.layers]
