"""What one arm does: raised, waving, reaching, punching, at the head, circling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.assess.events import bumps, oscillations, peaks, smoothed, spans, winding
from engine.assess.posture import Body
from engine.core import rotations as R
from engine.core.contacts import runs
from engine.core.skeleton import MEAN_OFFSETS, J

WAVE_M, PUNCH_M = 0.07, 0.15
KNOCK_M, BECKON_M, BOUNCE_M = 0.04, 0.08, 0.06
ACT_M = 0.18
"""A wrist higher than this above the pelvis does more than swing along."""


@dataclass(frozen=True)
class ArmFacts:
    """One arm. raised: share of the time with the wrist above the shoulder.  peak_m: highest wrist above the shoulder.
    low_m: lowest wrist above the floor.  ahead_m, aside_m: furthest wrist in front of and outside of the shoulder, at
    about its height.  straight: greatest reach as a share of the arm.  waves: swings to and fro with the wrist above
    the shoulder.  knocks, beckons, bounces: strokes of the hand out in front: of an upright forearm, up, and down.
    punches: quick thrusts.  circles: turns, forward positive.  raises: times that the wrist goes above the shoulder.
    mouth, ear, brow, hip, across, front: share of the time with the hand there (`across`: past the middle of the body).
    acts: spans in seconds in which the arm does more than swing along.
    """

    raised: float
    peak_m: float
    low_m: float
    ahead_m: float
    aside_m: float
    straight: float
    waves: int
    knocks: int
    beckons: int
    bounces: int
    punches: int
    circles: float
    raises: int
    mouth: float
    ear: float
    brow: float
    hip: float
    across: float
    front: float
    acts: tuple[tuple[float, float], ...]


def hand_position(body: Body, side: str) -> np.ndarray:
    """World position (T, 3) of the knuckles."""
    wrist = J[f"{side}_wrist"]
    return body.pos[:, wrist] + R.quat_rotate(body.world[:, wrist], MEAN_OFFSETS[J[f"{side}_hand"]])


def measure_arm(body: Body, side: str) -> ArmFacts:
    """The facts of the 'left' or the 'right' arm."""
    fps, sign = body.fps, 1.0 if side == "left" else -1.0
    shoulder, elbow, wrist = (body.chest[:, J[f"{side}_{n}"]] for n in ("shoulder", "elbow", "wrist"))
    arm = wrist - shoulder
    length = sum(np.linalg.norm(MEAN_OFFSETS[J[f"{side}_{n}"]]) for n in ("elbow", "wrist"))
    up = arm[:, 1]
    high = up > 0.02
    level = np.abs(up) < 0.3
    at_chest = (up > -0.4) & (arm[:, 2] > 0.12)
    at_waist = np.linalg.norm(wrist - np.array([sign * 0.17, 0.08, 0]), axis=-1) < 0.2
    near, strokes = _near_head(body, side), _strokes(wrist - elbow, arm, fps)
    return ArmFacts(
        raised=float(high.mean()),
        peak_m=float(up.max()),
        low_m=float(body.height(f"{side}_wrist").min()),
        ahead_m=float(np.max(arm[:, 2], where=level, initial=0.0)),
        aside_m=float(np.max(sign * arm[:, 0], where=level, initial=0.0)),
        straight=float(np.linalg.norm(arm, axis=-1).max() / length),
        waves=sum(count for *_, count in _waving(wrist - elbow, smoothed(up, fps), fps)),
        knocks=strokes["knocks"],
        beckons=strokes["beckons"],
        bounces=strokes["bounces"],
        punches=len(punch_frames(arm, fps)),
        circles=winding(arm[:, 2], -up, 0.25),
        raises=len(bumps(up, fps, 0.3, above=0.05)),
        mouth=near["mouth"],
        ear=near["ear"],
        brow=near["brow"],
        hip=float((at_waist & (sign * (elbow - wrist)[:, 0] > 0.06)).mean()),
        across=float(((sign * wrist[:, 0] < 0.02) & (up > -0.45)).mean()),
        front=float(at_chest.mean()),
        acts=spans(wrist[:, 1] > ACT_M, fps, 0.25),
    )


def _near_head(body: Body, side: str) -> dict[str, float]:
    """Shares of the time with the hand at the mouth, the ear of its side, and the brow or crown."""
    sign = 1.0 if side == "left" else -1.0
    hand = 0.5 * (hand_position(body, side) + body.pos[:, J[f"{side}_wrist"]])
    places = {"mouth": (0.0, 0.03, 0.1), "ear": (sign * 0.09, 0.06, 0.0), "brow": (sign * 0.04, 0.14, 0.06)}
    head = body.pos[:, J["head"]]
    gap = {name: np.linalg.norm(hand - head - body.rotate("head", at), axis=-1) for name, at in places.items()}
    return {name: float((distance < 0.2).mean()) for name, distance in gap.items()}


def _waving(forearm: np.ndarray, up: np.ndarray, fps: float) -> list[tuple[int, int, int]]:
    """(start, stop, count) of stretches with the wrist above the shoulder, count: swings of the forearm (T, 3)."""
    found = []
    for start, stop in runs(up > -0.05):
        if stop - start >= 0.4 * fps:
            part = forearm[start:stop]
            swing = part[:, 0] if np.ptp(part[:, 0]) >= 0.7 * np.ptp(part[:, 2]) else part[:, 2]
            found.append((start, stop, oscillations(swing, fps, WAVE_M)))
    return found


def wave_runs(body: Body, side: str) -> list[tuple[int, int]]:
    """Frames [start, stop) in which an arm waves."""
    shoulder, elbow, wrist = (body.chest[:, J[f"{side}_{n}"]] for n in ("shoulder", "elbow", "wrist"))
    up = smoothed((wrist - shoulder)[:, 1], body.fps)
    return [(start, stop) for start, stop, count in _waving(wrist - elbow, up, body.fps) if count]


def _strokes(forearm: np.ndarray, arm: np.ndarray, fps: float) -> dict[str, int]:
    """Knocks, beckons and bounces: swings of forearm (T, 3) or hand against the shoulder (T, 3), out in front."""
    out = arm[:, 2] > 0.15
    knocks = peaks(forearm[:, 2], fps, KNOCK_M)
    beckons = peaks(forearm[:, 1], fps, BECKON_M)
    bounces = peaks(-arm[:, 1], fps, BOUNCE_M)
    return {
        "knocks": int((out & (forearm[:, 1] > 0.12))[knocks].sum()),
        "beckons": int(out[beckons].sum()),
        "bounces": int(out[bounces].sum()),
    }


def punch_frames(arm: np.ndarray, fps: float) -> list[int]:
    """Frames of quick thrusts: peaks of the reach ahead of the shoulder (T, 3) that come at 1.2 m/s or more."""
    ahead = arm[:, 2]
    if len(ahead) < 3:
        return []
    found = peaks(ahead, fps, PUNCH_M, above=0.32)
    speed = np.gradient(smoothed(ahead, fps, 0.03), 1 / fps)
    window = max(1, round(0.3 * fps))
    return [int(f) for f in found if speed[max(0, f - window) : f + 1].max() > 1.2 and arm[f, 1] > -0.35]
