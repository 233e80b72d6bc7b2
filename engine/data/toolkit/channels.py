"""The rig's curves: everything an action may move, as plain arrays over frames.

Frame of a segment: it begins with the pelvis over x = z = 0 looking along +Z; left is +X. Metres; ANGLES IN DEGREES.
Torso triples are (bend forward, turn left, lean left). Sides: index 0 left, 1 right. Everything that belongs to a side
is written as for that side (out = away from the body), so both sides take the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from engine.data.toolkit.curves import breathing, noise

Array = np.ndarray
LEFT, RIGHT = 0, 1
FLEX, ABD, TWIST, ELBOW, PRONATE, WRIST, DEVIATE = range(7)
ARM_NAMES = ("flex", "abd", "twist", "elbow", "pronate", "wrist", "deviate")
LEG_NAMES = ("flex", "abd", "twist", "knee", "ankle")
FRAMES = ("chest", "shoulder", "head", "pelvis", "world")
RELAXED_ARM = (2.0, 6.0, 8.0, 14.0, 8.0, 4.0, 0.0)
STANCE = 0.095
"""Half the distance between the ankles of someone who stands, metres."""
_SHAPES: dict[str, tuple[int, ...]] = {
    "root": (2,), "yaw": (), "height": (), "sway": (2,), "pelvis": (3,), "spine": (3,), "head": (3,),
    "foot_xz": (2, 2), "foot_lift": (2,), "foot_yaw": (2,), "foot_pitch": (2,), "toe": (2,), "knee_out": (2,),
    "leg": (2, 5), "leg_w": (2,), "collar": (2, 2), "arm": (2, 7), "hand": (2, 3), "hand_frame": (2,), "hand_w": (2,),
    "swivel": (2,), "fingers": (2, 3), "palm": (2, 3), "aim": (2,), "arm_over": (2,),
}  # fmt: skip


def sides(name: str) -> tuple[int, ...]:
    """'left' | 'right' | 'both' -> side indices."""
    return {"left": (LEFT,), "right": (RIGHT,), "both": (LEFT, RIGHT)}[name]


@dataclass
class Channels:
    """Curves of T frames; write into the arrays. All float64.

    root (T, 2) x, z of the pelvis' path; yaw (T,) heading, left positive; height (T,) pelvis above (+) or below (-)
    standing; sway (T, 2) pelvis shift (to the left, forward) from the path; pelvis, spine, head (T, 3) torso triples,
    each relative to the part below it.

    foot_xz (T, 2, 2) where the flat foot's ankle stands in the segment's frame; foot_lift (T, 2) height of the sole;
    foot_yaw (T, 2) absolute heading; foot_pitch (T, 2) positive: heel up, rolling over the ball; negative: toes up,
    rolling over the heel; toe (T, 2) toes up, added to what the floor bends; knee_out (T, 2) turns the knee outwards.
    leg (T, 2, 5) free leg: hip flexion, abduction, inward twist, knee bend, ankle (toes down +); leg_w (T, 2) how much
    of it (0: the foot channels hold).

    collar (T, 2, 2) shrug up, pull forward (added to what follows the arm); arm (T, 2, 7) flexion (raise forward),
    abduction (raise sideways), inward twist, elbow bend, pronation, wrist bend to the palm, wrist deviation to the
    thumb.  hand (T, 2, 3) (out, up, forward) metres in the frame hand_frame (T, 2) (index into FRAMES); hand_w (T, 2)
    how much of it (0: `arm` holds); swivel (T, 2) 0: elbow below, 90: elbow out to the side; fingers, palm (T, 2, 3)
    directions (out, up, forward) in that frame where fingers point and the palm faces; aim (T, 2) how much of these
    holds. With aim, `hand` is the centre of the palm, without it the wrist.  arm_over (T, 2): as a layer, how much
    this arm replaces the one below.
    """

    root: Array
    yaw: Array
    height: Array
    sway: Array
    pelvis: Array
    spine: Array
    head: Array
    foot_xz: Array
    foot_lift: Array
    foot_yaw: Array
    foot_pitch: Array
    toe: Array
    knee_out: Array
    leg: Array
    leg_w: Array
    collar: Array
    arm: Array
    hand: Array
    hand_frame: Array
    hand_w: Array
    swivel: Array
    fingers: Array
    palm: Array
    aim: Array
    arm_over: Array

    @property
    def num_frames(self) -> int:
        return len(self.yaw)

    def copy(self) -> Channels:
        return self.map(np.copy)

    def map(self, change) -> Channels:
        """Apply `change(array)` to every curve."""
        return Channels(**{f.name: change(getattr(self, f.name)) for f in fields(self)})

    def frame(self, index: int) -> Channels:
        """One frame as channels of one frame."""
        return self.map(lambda a: a[[index]].copy())

    def set_arm(self, side: str | int, weight: Array | float = 1.0, **angles: Array | float) -> None:
        """Blend the named angles (flex, abd, twist, elbow, pronate, wrist, deviate; degrees) into `arm`.

        side: 'left', 'right', 'both' or an index; values are numbers or (T,) curves; weight 0..1 likewise.
        """
        for s in _indices(side):
            for name, value in angles.items():
                k = ARM_NAMES.index(name)
                self.arm[:, s, k] += weight * (value - self.arm[:, s, k])

    def set_leg(self, side: str | int, weight: Array | float, **angles: Array | float) -> None:
        """Lift the leg off its foot target: weight (T,) 0..1 and angles flex, abd, twist, knee, ankle in degrees."""
        for s in _indices(side):
            self.leg_w[:, s] = weight
            for name, value in angles.items():
                self.leg[:, s, LEG_NAMES.index(name)] = value

    def set_hand(
        self,
        side: str | int,
        frame: str,
        position: Array | tuple[float, float, float],
        weight: Array | float = 1.0,
        fingers: Array | tuple[float, float, float] | None = None,
        palm: Array | tuple[float, float, float] | None = None,
        swivel: Array | float = 30.0,
    ) -> None:
        """Reach for (out, up, forward) metres in `frame` ('chest', 'shoulder', 'head', 'pelvis', 'world').

        Origins: chest = middle between the shoulders; shoulder = that side's; head = base of the skull (the mouth is
        about (0, 0.03, 0.12), the ear (0.08, 0.07, 0.01), the forehead (0, 0.13, 0.10)); pelvis = its joint; world =
        the segment's frame (here x is world left for both sides).  fingers, palm: directions, given together.
        """
        for s in _indices(side):
            self.hand[:, s], self.hand_frame[:, s] = position, FRAMES.index(frame)
            self.hand_w[:, s], self.swivel[:, s] = weight, swivel
            if fingers is not None and palm is not None:
                self.fingers[:, s], self.palm[:, s], self.aim[:, s] = fingers, palm, 1.0


def _indices(side: str | int) -> Iterable[int]:
    return sides(side) if isinstance(side, str) else (side,)


def zeros(num_frames: int) -> Channels:
    """Channels of zeros, arms relaxed, hand directions valid."""
    c = Channels(**{name: np.zeros((num_frames, *shape)) for name, shape in _SHAPES.items()})
    c.arm[:] = RELAXED_ARM
    c.fingers[:], c.palm[:] = (0, -1, 0), (-1, 0, 0)
    c.swivel[:] = 30
    return c


def standing(num_frames: int) -> Channels:
    """Standing at the origin, arms at the sides."""
    c = zeros(num_frames)
    c.foot_xz[:, LEFT, 0], c.foot_xz[:, RIGHT, 0] = STANCE, -STANCE
    c.foot_xz[..., 1] = -0.045
    c.height[:] = -0.003
    return c


@dataclass(frozen=True)
class Ctx:
    """What an action is given: rng, num_frames at 20 fps, start (channels of one frame, pelvis at the origin)."""

    rng: np.random.Generator
    num_frames: int
    start: Channels

    @property
    def dur(self) -> float:
        """Seconds."""
        return self.num_frames / 20.0

    @property
    def t(self) -> Array:
        """(T,) seconds from 0 to `dur`, both reached."""
        return np.linspace(0.0, self.dur, self.num_frames)

    @property
    def u(self) -> Array:
        """(T,) from 0 to 1."""
        return np.linspace(0.0, 1.0, self.num_frames)

    def vary(self, value: float, share: float = 0.1) -> float:
        """The value times a random factor, about 1 +- share."""
        return float(value * np.clip(1 + share * self.rng.standard_normal(), 1 - 2 * share, 1 + 2 * share))

    def hold(self) -> Channels:
        """The start posture held for all frames, breathing: what full and lower actions begin with."""
        c = self.start.map(lambda a: np.repeat(a, self.num_frames, 0))
        breath, n = breathing(self.rng, self.t), self.num_frames
        fade = np.minimum(1, np.minimum(self.t, self.dur - self.t) / 0.4)
        c.spine[:, 0] += (-0.7 * breath + noise(self.rng, n, 0.4)) * fade
        c.collar[:, :, 0] += (0.8 * breath * fade)[:, None]
        c.head += np.stack([noise(self.rng, n, a, 10) for a in (0.8, 1.2, 0.5)], 1) * fade[:, None]
        c.arm[:, :, 0] += np.stack([noise(self.rng, n, 0.8), noise(self.rng, n, 0.8)], 1) * fade[:, None]
        return c

    def layer(self) -> Channels:
        """Empty upper layer: torso and head curves are added to what is below; arms replace it by `arm_over`."""
        c = zeros(self.num_frames)
        c.arm += self.rng.normal(0, 1.2, (1, 2, 7))
        return c
