"""What the legs do: steps, flights, squats, kicks, raised knees."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.ndimage import binary_propagation

from engine.assess.events import bumps, peaks, spans
from engine.assess.posture import Body
from engine.core.contacts import runs
from engine.core.skeleton import MEAN_STANDING_HEIGHT, J

AIR_M, PEAK_M, AIR_S = 0.015, 0.026, 0.09
"""A flight lasts while both soles are above the first height, and rises above the second."""
FLOOR_M = 0.05
"""The floor is taken to be where the soles are lowest, if that is no further than this from y = 0."""
DIP_M = 0.13
KICK_AHEAD_M, KICK_RISE_M = 0.38, 0.15
KNEE_BELOW_M = 0.3
STEP_M, LIFT_M = 0.08, 0.03


@dataclass(frozen=True)
class LegFacts:
    """steps: (left, right).  airborne: spans in seconds in which both feet are off the floor.  flight_m: highest rise
    of the pelvis above its height at the start, within a flight.  squats: dips of the pelvis.  kicks, knee_raises:
    (left, right).  kick_m: highest ankle of a kick.  stands_on: share of the time on the (left, right) foot alone.
    lifts: (left, right) times that a foot leaves the floor and comes back.
    """

    steps: tuple[int, int]
    airborne: tuple[tuple[float, float], ...]
    flight_m: float
    squats: int
    kicks: tuple[int, int]
    kick_m: float
    knee_raises: tuple[int, int]
    stands_on: tuple[float, float]
    lifts: tuple[int, int]


def measure_legs(body: Body) -> LegFacts:
    """The facts of both legs."""
    fps = body.fps
    pelvis = body.pos[:, 0, 1]
    lowest = _lowest(body)
    in_air = _in_air(body, lowest)
    kicked = [kick_heights(body, side) for side in ("left", "right")]
    down = body.contact | (lowest < AIR_M)
    return LegFacts(
        steps=(len(step_frames(body, 0)), len(step_frames(body, 1))),
        airborne=_flights(in_air, fps),
        flight_m=float((pelvis[in_air] - pelvis[0]).max()) if in_air.any() else 0.0,
        squats=len(squat_frames(body)),
        kicks=(len(kicked[0]), len(kicked[1])),
        kick_m=float(max([0.0, *kicked[0], *kicked[1]])),
        knee_raises=(_knee_raises(body, 0), _knee_raises(body, 1)),
        stands_on=(float((down[:, 0] & ~down[:, 1]).mean()), float((down[:, 1] & ~down[:, 0]).mean())),
        lifts=(_lifts(lowest[:, 0], fps), _lifts(lowest[:, 1], fps)),
    )


def flights(body: Body) -> tuple[tuple[float, float], ...]:
    """Spans in seconds in which both feet are off the floor."""
    return _flights(_in_air(body, _lowest(body)), body.fps)


def _flights(in_air: np.ndarray, fps: float) -> tuple[tuple[float, float], ...]:
    return spans(in_air, fps, AIR_S, 0.0)


def _lowest(body: Body) -> np.ndarray:
    """Height (T, 2) of the lowest point of each sole over the floor."""
    lowest = body.soles[..., 1].min(-1)
    return lowest - np.clip(np.percentile(lowest.min(1), 10), -FLOOR_M, FLOOR_M)


def _in_air(body: Body, lowest: np.ndarray) -> np.ndarray:
    """Which frames (T,) both feet are off the floor in."""
    on_feet = body.pos[:, 0, 1] > 0.5 * MEAN_STANDING_HEIGHT
    air = lowest.min(1)
    certain = (air > PEAK_M) & on_feet & ~body.contact.any(1)
    return np.asarray(binary_propagation(certain, mask=(air > AIR_M) & on_feet), bool)


def squat_frames(body: Body) -> np.ndarray:
    """Frames at which the pelvis is lowest in a dip."""
    pelvis = body.pos[:, 0, 1]
    if np.ptp(pelvis) <= DIP_M:
        return np.zeros(0, int)
    return bumps(-pelvis, body.fps, DIP_M, above=-0.86 * MEAN_STANDING_HEIGHT)


def step_frames(body: Body, side: int) -> list[tuple[int, int]]:
    """(left, landed) of each landing of a foot somewhere else than where it left, or after it was lifted."""
    stances = runs(body.contact[:, side])
    centre = body.soles[:, side, :, :].mean(1)
    steps = []
    for (_, left), (landed, _) in pairwise(stances):
        travel = np.linalg.norm((centre[landed] - centre[left - 1])[[0, 2]])
        lift = body.soles[left:landed, side, :, 1].min(-1).max(initial=0)
        if travel > STEP_M or lift > LIFT_M:
            steps.append((left, landed))
    return steps


def _lifts(lowest: np.ndarray, fps: float) -> int:
    return len(peaks(lowest, fps, LIFT_M, above=LIFT_M))


def kick_frames(body: Body, side: str) -> np.ndarray:
    """Frames at which the foot is furthest out in a kick: it goes ahead or aside with a nearly straight leg."""
    ankle = body.local[:, J[f"{side}_ankle"]]
    leg = ankle - body.local[:, J[f"{side}_hip"]]
    out = np.hypot(np.maximum(leg[:, 2], 0), leg[:, 0])
    standing = body.pos[:, 0, 1] > 0.65 * MEAN_STANDING_HEIGHT
    found = peaks(out, body.fps, 0.2, above=KICK_AHEAD_M)
    return found[(ankle[found, 1] > 0.09 + KICK_RISE_M) & standing[found]]


def kick_heights(body: Body, side: str) -> list[float]:
    """Height of the ankle, metres, at every kick."""
    return body.local[kick_frames(body, side), J[f"{side}_ankle"], 1].tolist()


def _knee_raises(body: Body, side: int) -> int:
    """Times that a knee comes up to within KNEE_BELOW_M of the hip's height while the other foot carries the body."""
    name = ("left", "right")[side]
    hip, knee = body.pos[:, J[f"{name}_hip"]], body.pos[:, J[f"{name}_knee"]]
    lowest = body.soles[..., 1].min(-1)
    raised = (lowest[:, side] > 0.1) & (lowest[:, 1 - side] < 0.08) & (hip[:, 1] > 0.65 * MEAN_STANDING_HEIGHT)
    rise = np.where(raised, knee[:, 1] - hip[:, 1], -0.4)
    return len(peaks(rise, body.fps, 0.08, above=-KNEE_BELOW_M))
