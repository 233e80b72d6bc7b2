"""What a motion must show to be one of the new actions, measured on joint positions as the checks of the suite are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.core.types import Motion
from engine.train.suite.limbs import ARM_M
from engine.train.suite.track import FPS, SIDES, Track, Verdict, bumps, stretches

SHORTEST = 3
"""Frames that a signal lasts at least."""
STRAIGHT, WITHIN_DEG = 0.85, 35.0
"""How straight a signalling arm is, as a share of its length, and how near to its direction."""
BENT = 0.9
"""How straight the arm at the waist is at most."""
FOOT_UP_M, HOP_M = 0.15, 0.02
"""Height of the raised foot, and of a hop of the pelvis."""
LOW_M = 0.84
"""Height of the pelvis in a straddle, at most."""
SWING_DEG = 12.0


def _towards(track: Track, side: str, direction: tuple[float, float, float]) -> np.ndarray:
    """(T,) whether the arm is straight and points that way (left, up, forward)."""
    arm = track.seen(f"{side}_wrist", f"{side}_shoulder")
    reach = np.linalg.norm(arm, axis=-1)
    cosine = arm @ np.array(direction) / np.maximum(reach, 1e-6)
    return (reach > STRAIGHT * ARM_M) & (cosine > np.cos(np.radians(WITHIN_DEG)))


def semaphore(track: Track, count: int = 3) -> Verdict:
    """One arm straight up and the other straight out to its side, either way round, `count` signals in all."""
    out = {"left": (1.0, 0.0, 0.0), "right": (-1.0, 0.0, 0.0)}
    found = [
        len([s for s in stretches(_towards(track, up, (0.0, 1.0, 0.0)) & _towards(track, level, out[level]))
             if s[1] - s[0] >= SHORTEST])
        for up, level in (SIDES, SIDES[::-1])
    ]  # fmt: skip
    text = f"signalled {found[0]} times with the left arm up and {found[1]} times with the right"
    return Verdict(min(found) >= 1 and sum(found) >= count, text, (0, track.num_frames))


def highland(track: Track, count: int = 2, seconds: float = 1.2) -> Verdict:
    """Hops on one foot, the other one up, under a raised arm with the other one bent; then the other way round."""
    held = []
    for k, (leg, arm) in enumerate((SIDES, SIDES[::-1])):
        wrist = track.seen(f"{leg}_wrist", f"{leg}_shoulder")
        bent = (wrist[:, 1] < 0) & (np.linalg.norm(wrist, axis=-1) < BENT * ARM_M)
        over = track.seen(f"{arm}_wrist", "head")[:, 1] > 0
        held.append(float((bent & over & (track.foot_height[:, k] > FOOT_UP_M)).sum() / FPS))
    hops = len(bumps(track.joint("pelvis")[:, 1], HOP_M, 0.2))
    text = f"on one foot under the other arm for {held[0]:.1f} s (left up) and {held[1]:.1f} s, hopped {hops} times"
    return Verdict(min(held) > 0.3 and sum(held) >= seconds and hops >= count, text, (0, track.num_frames))


def rodeo(track: Track, count: int = 2, seconds: float = 1.2) -> Verdict:
    """Straddled low, one hand above the head, the other before the belly, while the trunk is thrown to and fro."""
    apart = np.abs(track.seen("left_ankle", "right_ankle")[:, 0])
    straddled = (apart > 0.42) & (track.joint("pelvis")[:, 1] < LOW_M)
    best, way = 0.0, "no hand up"
    for up, rope in (SIDES, SIDES[::-1]):
        high = track.seen(f"{up}_wrist", "head")[:, 1] > 0.0
        hand = track.seen(f"{rope}_wrist", "pelvis")
        holds = (hand[:, 2] > 0.08) & (np.abs(hand[:, 1]) < 0.35) & (np.abs(hand[:, 0]) < 0.3)
        held = float((straddled & high & holds).sum() / FPS)
        if held > best:
            best, way = held, f"the {up} hand up"
    throws = len(bumps(track.lean_deg, SWING_DEG, 0.25))
    text = f"straddled with {way} for {best:.1f} s, the trunk thrown forward {throws} times"
    return Verdict(best >= seconds and throws >= count, text, (0, track.num_frames))


NOVEL_CHECKS: Mapping[str, Callable[[Track], Verdict]] = {f.__name__: f for f in (semaphore, highland, rodeo)}


def judge_novel(name: str, motion: Motion) -> Verdict:
    """Whether a motion shows the new action."""
    return NOVEL_CHECKS[name](Track.of(motion))
