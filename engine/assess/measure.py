"""What a motion does, measured: the facts that the assessment, the answers and the choice among candidates rest on.

Directions are the body's own: forward is where it faces when it begins, turning left is positive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from engine.assess.arms import ArmFacts, measure_arm
from engine.assess.events import smoothed
from engine.assess.legs import LegFacts, measure_legs
from engine.assess.posture import Body, observe, posture
from engine.assess.trunk import TrunkFacts, measure_trunk
from engine.core.skeleton import J
from engine.core.types import Motion

SIDES = ("left", "right")


@dataclass(frozen=True)
class Facts:
    """Measured kinematics of one motion; lengths in metres.

    forward_m, left_m: displacement relative to the first heading.  ahead_m, aside_m: travel along and across the body's
    own heading, summed up along the way.  path_m: length of the way.  range_m: furthest place from the first.
    turn_deg: net turn, left positive.
    pelvis_m: (lowest, highest, last) height of the pelvis.  start, end: postures.  activity: part -> mean speed in m/s
    of its end against the pelvis.
    """

    duration_s: float
    forward_m: float
    left_m: float
    ahead_m: float
    aside_m: float
    path_m: float
    range_m: float
    turn_deg: float
    pelvis_m: tuple[float, float, float]
    start: str
    end: str
    kneeling_on: str
    legs: LegFacts
    trunk: TrunkFacts
    arms: Mapping[str, ArmFacts]
    activity: Mapping[str, float]

    @property
    def speed_m_s(self) -> float:
        """Mean speed along the way."""
        return self.path_m / self.duration_s

    @property
    def airborne(self) -> int:
        """Number of phases with both feet off the floor."""
        return len(self.legs.airborne)

    def lines(self) -> list[str]:
        """The notable facts as short sentences without a subject, most important first."""
        from engine.assess.wording import describe

        return describe(self)


def measure(motion: Motion) -> Facts:
    """Measure a motion at any frame rate, floor at y = 0."""
    body = observe(motion)
    travel, forward, left, ahead, aside = _travel(body)
    pelvis = body.pos[:, 0, 1]
    knees = body.pos[-1, [J["left_knee"], J["right_knee"]], 1]
    end = posture(body, -1)
    both = abs(knees[0] - knees[1]) < 0.1
    return Facts(
        duration_s=motion.duration_s,
        forward_m=forward,
        left_m=left,
        ahead_m=ahead,
        aside_m=aside,
        path_m=travel,
        range_m=float(np.linalg.norm((body.pos[:, 0] - body.pos[0, 0])[:, [0, 2]], axis=-1).max()),
        turn_deg=float(np.degrees(body.heading[-1] - body.heading[0])),
        pelvis_m=(float(pelvis.min()), float(pelvis.max()), float(pelvis[-1])),
        start=posture(body, 0),
        end=end,
        kneeling_on="" if end != "kneel" else "both" if both else SIDES[int(knees.argmin())],
        legs=measure_legs(body),
        trunk=measure_trunk(body),
        arms=MappingProxyType({side: measure_arm(body, side) for side in SIDES}),
        activity=MappingProxyType(_activity(body)),
    )


def _travel(body: Body) -> tuple[float, float, float, float, float]:
    """Length of the way; displacement forward and left at the first heading; travel ahead and aside at the own one."""
    path = smoothed(body.pos[:, 0][:, [0, 2]], body.fps, 0.15)
    step = np.diff(path, axis=0)
    net = path[-1] - path[0]
    yaw0, yaw = body.heading[0], body.heading[:-1]

    def along(vector: np.ndarray, angle: np.ndarray) -> np.ndarray:
        return vector[..., 0] * np.sin(angle) + vector[..., 1] * np.cos(angle)

    forward, left = along(net, yaw0), along(net, yaw0 + np.pi / 2)
    ahead, aside = along(step, yaw).sum(), along(step, yaw + np.pi / 2).sum()
    return float(np.linalg.norm(step, axis=-1).sum()), float(forward), float(left), float(ahead), float(aside)


def _activity(body: Body) -> dict[str, float]:
    """Mean speed, m/s, of wrists against the chest, ankles and head against the pelvis."""
    if len(body.pos) < 2:
        return dict.fromkeys(("left_arm", "right_arm", "left_leg", "right_leg", "head"), 0.0)
    ends = {"left_arm": "left_wrist", "right_arm": "right_wrist", "left_leg": "left_ankle", "right_leg": "right_ankle"}
    out = {}
    for part, joint in {**ends, "head": "head"}.items():
        seen = body.chest if "arm" in part else body.local - body.local[:, :1]
        speed = np.linalg.norm(np.diff(smoothed(seen[:, J[joint]], body.fps), axis=0), axis=-1)
        out[part] = float(speed.mean() * body.fps)
    return out
