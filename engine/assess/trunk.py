"""What torso and head do: bows, nods, shakes of the head, looking around, shrugs; and what both hands do together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.assess.arms import hand_position
from engine.assess.events import bumps, oscillations, peaks
from engine.assess.posture import Body
from engine.core.skeleton import J

BOW_DEG, NOD_DEG, SHAKE_DEG = 20.0, 7.0, 12.0
TOGETHER_M, APART_M = 0.2, 0.06


@dataclass(frozen=True)
class TrunkFacts:
    """bows: forward bends of the torso, bow_deg the deepest.  nods, head_shakes: of the head against the chest.
    look_deg: range of the head's turn.  shrugs: rises of both shoulders.  sways: shifts of the hips from side to side.
    claps: times that the hands meet.  together: share of the time with the hands together.
    """

    bows: int
    bow_deg: float
    nods: int
    head_shakes: int
    look_deg: float
    shrugs: int
    sways: int
    claps: int
    together: float


def measure_trunk(body: Body) -> TrunkFacts:
    """The facts of torso, head and both hands."""
    fps = body.fps
    lean = lean_deg(body)
    nod = _pitch_deg(_turn_back(body.rotate("head", (0, 1, 0)), body.heading)) - _pitch_deg(
        _turn_back(body.rotate("spine3", (0, 1, 0)), body.heading)
    )
    face, front = body.rotate("head", (0, 0, 1)), body.rotate("spine3", (0, 0, 1))
    shake = np.degrees(np.unwrap(np.arctan2(face[:, 0], face[:, 2]) - np.arctan2(front[:, 0], front[:, 2])))
    shoulders = body.chest[:, [J["left_shoulder"], J["right_shoulder"]], 1] - body.chest[:, [J["spine3"]], 1]
    hands = _between_hands(body)
    hips = _turn_back(body.pos[:, 0] - body.soles.mean((1, 2)), body.heading)[:, 0]
    return TrunkFacts(
        bows=len(bow_frames(body)),
        bow_deg=float(lean.max()),
        nods=len(peaks(nod, fps, NOD_DEG)),
        head_shakes=oscillations(shake, fps, SHAKE_DEG),
        look_deg=float(np.ptp(shake)),
        shrugs=len(peaks(shoulders.min(1), fps, 0.012)),
        sways=oscillations(hips, fps, 0.05, 0.3),
        claps=len(clap_frames(body)),
        together=float((hands < TOGETHER_M).mean()),
    )


def lean_deg(body: Body) -> np.ndarray:
    """How far the torso is bent forward, (T,) degrees."""
    return _pitch_deg(_turn_back(body.pos[:, J["neck"]] - body.pos[:, 0], body.heading))


def bow_frames(body: Body) -> np.ndarray:
    """Frames at which a forward bend of the torso is deepest."""
    lean = lean_deg(body)
    return bumps(lean, body.fps, BOW_DEG, above=max(BOW_DEG, lean[0] + BOW_DEG))


def clap_frames(body: Body) -> np.ndarray:
    """Frames at which the hands meet."""
    return peaks(-_between_hands(body), body.fps, APART_M, above=-TOGETHER_M - 0.06, gap_s=0.15)


def _between_hands(body: Body) -> np.ndarray:
    return np.linalg.norm(hand_position(body, "left") - hand_position(body, "right"), axis=-1)


def _turn_back(vector: np.ndarray, yaw: np.ndarray) -> np.ndarray:
    """World directions (T, 3) as seen from a body of heading yaw (T,): left, up, ahead."""
    c, s = np.cos(yaw), np.sin(yaw)
    x, y, z = vector.T
    return np.stack([c * x - s * z, y, s * x + c * z], -1)


def _pitch_deg(up: np.ndarray) -> np.ndarray:
    """How far (T,) an up direction, seen from the body, leans ahead; degrees."""
    return np.degrees(np.arctan2(up[:, 2], up[:, 1]))
