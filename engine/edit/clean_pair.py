"""Contact clean-up of two persons: bodies that keep out of each other, feet that stand, hands that meet.

    a, b = clean_pair(a, b, contacts)              # each gives way by half
    a, b = clean_pair(a, b, contacts, fixed="a")   # only b does; a stays the same object

First the bodies are pushed apart along the floor, then each is cleaned on its own, then hands are brought to where they
touch by two-bone inverse kinematics of the arms, and a body is moved by what its arms are too short.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from engine.core import rotations as R
from engine.core.contacts import runs
from engine.core.errors import UserError
from engine.core.points import place
from engine.core.skin import BARS, Touch, body_bars, nearest_on, skin_point, trunk_ways
from engine.core.types import Motion
from engine.edit.arms import hands_moved
from engine.edit.clean import clean
from engine.edit.legs import moved_feet, steady

Array = np.ndarray
APART_M, HUG_M = 0.22, 0.15
"""Joints of one trunk are at least so far from those of the other; HUG_M where a hand is on the other's back."""
MARGIN_M = 0.01
PUSH_S = 0.5
"""Bodies are pushed for so long before and after they would be too near."""
MET_M = 0.15
"""Hands that are further than this from where they touch are left alone."""
PALMS_M = 0.03
"""Palms that touch are so far apart: two halves of a hand."""
FLESH_M = 0.02
"""The middle of a hand is so far from the skin that it touches."""
SLACK_M, SMOOTH_S = 0.015, 0.1
"""A hand on the other's body is right within the first; what it is off by is smoothed by the second."""
NEAREST = 4
"""Rounds in which the nearest places of two lines are found."""
EASE_S = 0.3
"""A hand is brought to its place and let go over so much time."""
SHORT_M, STEPS = 0.008, 6
"""A body is moved where its arms are too short by more than the first, at most so often."""
HUGGED = ("back", "waist")
FIXED = ("", "a", "b")


def clean_pair(a: Motion, b: Motion, contacts: Iterable[Touch] = (), fixed: str = "") -> tuple[Motion, Motion]:
    """Both without bodies in each other, sliding feet and hands that miss; lengths are kept.

    contacts: what touches when, as of `engine.assess.between.contacts`.  fixed: 'a' or 'b' stays as it is, the same
    object; the other gives way.  UserError where the frame rates differ.
    """
    assert fixed in FIXED, fixed
    if abs(a.fps - b.fps) > 1e-6:
        raise UserError(
            f"Two persons are cleaned up together at one frame rate, and these have {a.fps:g} and {b.fps:g} frames a "
            "second. Resample one of them first."
        )
    touches = tuple(contacts)
    shares = {"": (0.5, 0.5), "a": (0.0, 1.0), "b": (1.0, 0.0)}[fixed]
    pair = _apart((a, b), touches, shares)
    pair = [clean(motion) if share else motion for motion, share in zip(pair, shares, strict=True)]
    pair = _apart((pair[0], pair[1]), touches, shares)
    for step in range(STEPS):
        met, short = _met(pair, touches, shares)
        if step == STEPS - 1 or max(float(np.linalg.norm(way)) for way in short) < SHORT_M:
            return met[0], met[1]
        pair = [m.with_(root_pos=m.root_pos + way.astype(np.float32)) if way.any() else m
                for m, way in zip(pair, short, strict=True)]  # fmt: skip
        pair = _apart((pair[0], pair[1]), touches, shares)
    raise AssertionError("the last step returns")


def _apart(pair: tuple[Motion, Motion], touches: tuple[Touch, ...], shares: tuple[float, float]) -> list[Motion]:
    """Both pushed apart along the floor where their trunks are too near; planted feet stay planted."""
    count = min(m.num_frames for m in pair)
    pos = [m.joint_positions()[:count].astype(np.float64) for m in pair]
    fps = pair[0].fps
    wanted = np.where(_hugging(touches, count, fps), HUG_M, APART_M) + MARGIN_M
    ways = trunk_ways(*pos)
    away = _away(pair, count)
    along = (ways * away[:, None]).sum(-1)
    beside = (ways**2).sum(-1) - along**2
    need = (np.sqrt(np.maximum(wanted[:, None] ** 2 - beside, 0)) - along).max(1)
    need = np.where(np.linalg.norm(ways, axis=-1).min(1) < wanted, np.maximum(need, 0), 0)
    if not need.any():
        return list(pair)
    width = 2 * round(PUSH_S * fps) + 1
    push = gaussian_filter1d(maximum_filter1d(need, width, mode="nearest"), width / 6, mode="nearest")
    return [
        _shifted(motion, sign * share * push[:, None] * away) if share else motion
        for motion, share, sign in zip(pair, shares, (-1.0, 1.0), strict=True)
    ]


def _away(pair: tuple[Motion, Motion], count: int) -> Array:
    """Directions (T, 3) along the floor from the first to the second, slowly changing."""
    way = (pair[1].root_pos[:count] - pair[0].root_pos[:count]).astype(np.float64)
    smooth = gaussian_filter1d(way * np.array([1.0, 0, 1]), PUSH_S * pair[0].fps, axis=0, mode="nearest")
    length = np.linalg.norm(smooth, axis=1, keepdims=True)
    ahead = R.quat_rotate(pair[0].joint_quat[:count, 0].astype(np.float64), np.array([0, 0, 1.0])) * (1.0, 0, 1)
    return R.normalize(np.where(length > 0.02, smooth, ahead))


def _hugging(touches: tuple[Touch, ...], count: int, fps: float) -> Array:
    """Frames (T,) in and around which a hand is on the other's back."""
    out = np.zeros(count, bool)
    for touch in touches:
        if touch.a in HUGGED or touch.b in HUGGED:
            out[max(0, round((touch.start_s - PUSH_S) * fps)) : round((touch.end_s + PUSH_S) * fps) + 1] = True
    return out


def _shifted(motion: Motion, shift: Array) -> Motion:
    """The motion moved by shift (T, 3), held at its end; feet go along only while they are in the air."""
    shift = shift[np.minimum(np.arange(motion.num_frames), len(shift) - 1)]
    quat, root = motion.joint_quat.astype(np.float64), motion.root_pos.astype(np.float64)
    feet = steady(shift, motion) - shift[:, None]
    quat, root = moved_feet(quat, root + shift, feet, motion.betas, motion.fps, np.ones(len(root)))
    return motion.with_(joint_quat=R.normalize(quat), root_pos=root)


def _met(
    pair: list[Motion], touches: tuple[Touch, ...], shares: tuple[float, float]
) -> tuple[list[Motion], list[Array]]:
    """Both with their hands brought to where they touch, and how far (3,) each must be moved for its arms to reach."""
    count = min(m.num_frames for m in pair)
    moves: list[dict[str, list[tuple[Array, Array]]]] = [{}, {}]
    for touch in touches:
        frames = np.arange(max(0, round(touch.start_s * pair[0].fps)), min(count, round(touch.end_s * pair[0].fps) + 1))
        if len(frames):
            for who, hand, shift, off in _goals(pair, touch, frames, shares):
                moves[who].setdefault(hand, []).append(_eased(shift, off, frames, pair[who]))
    out, short = [], []
    for motion, wanted in zip(pair, moves, strict=True):
        met, miss = hands_moved(motion, {hand: _sum(found) for hand, found in wanted.items()})
        out.append(met)
        short.append(miss * np.array([1.0, 0, 1]))
    return out, short


def _goals(
    pair: list[Motion], touch: Touch, frames: Array, shares: tuple[float, float]
) -> list[tuple[int, str, Array, Array]]:
    """Who moves which hand, by how much (N, 3) so that the touch holds in these frames, and how far (N,) it is off."""
    parts = (touch.a, touch.b)
    hands = [part.removesuffix(" hand") if part.endswith(" hand") else "" for part in parts]
    cut = [motion.slice(int(frames[0]), int(frames[-1]) + 1) for motion in pair]
    if all(hands):
        close = _between_hands(cut, hands)
        found = [(0, hands[0], shares[0] * close), (1, hands[1], -shares[1] * close)]
        off = np.linalg.norm(close, axis=1)
    else:
        who = 0 if hands[0] else 1
        if not hands[who]:
            return []
        palm = place(cut[who], f"{hands[who]}_palm").astype(np.float64)
        way = skin_point(body_bars(cut[1 - who]), parts[1 - who], palm, FLESH_M) - palm
        off = np.linalg.norm(way, axis=1)
        way = way * np.maximum(1 - SLACK_M / np.maximum(off, 1e-6), 0)[:, None]
        found = [(who, hands[who], gaussian_filter1d(way, SMOOTH_S * pair[0].fps, axis=0, mode="nearest"))]
    return [(who, hand, shift, off) for who, hand, shift in found if shares[who]]


def _between_hands(pair: list[Motion], sides: list[str]) -> Array:
    """The way (N, 3) that a hand of the first must go to meet one of the second: palm to palm, or where they are
    nearest for palms that never come near (a fist to a fist, a hand around a wrist)."""
    palms = [place(motion, f"{side}_palm").astype(np.float64) for motion, side in zip(pair, sides, strict=True)]
    way = palms[1] - palms[0]
    if np.linalg.norm(way, axis=1).min() > MET_M:
        index = [[bar[0] for bar in BARS].index(f"{side} hand") for side in sides]
        lines = [(bars.first[:, i], bars.last[:, i]) for bars, i in zip(map(body_bars, pair), index, strict=True)]
        there = palms[0]
        for _ in range(NEAREST):
            there = nearest_on(nearest_on(there, *lines[1]), *lines[0])
        way = nearest_on(there, *lines[1]) - there
    length = np.linalg.norm(way, axis=1, keepdims=True)
    return way * np.maximum(1 - PALMS_M / np.maximum(length, 1e-6), 0)


def _eased(shift: Array, off: Array, frames: Array, motion: Motion) -> tuple[Array, Array]:
    """A displacement (T, 3) that comes and goes smoothly around the frames that `shift` (N, 3) is of; its weight (T,).

    It is for the frames around the nearest one in which the hand is off (N,) by no more than MET_M.
    """
    every, best = np.arange(motion.num_frames), int(off.argmin())
    met = next(((i, j) for i, j in runs(off <= MET_M) if i <= best < j), None)
    if met is None:
        return np.zeros((motion.num_frames, 3)), np.zeros(motion.num_frames)
    first, last = int(frames[met[0]]), int(frames[met[1] - 1])
    away = np.maximum(np.maximum(first - every, every - last), 0) / (EASE_S * motion.fps + 1)
    weight = np.where(away < 1, 1 - away**2 * (3 - 2 * away), 0)
    return shift[np.clip(every, first, last) - frames[0]], weight


def _sum(found: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    """Displacements of one hand, by their weights, in one; the greatest weight (T,)."""
    weights = np.stack([weight for _, weight in found])
    share = weights / np.maximum(weights.sum(0), 1e-9)
    return (share[..., None] * np.stack([shift for shift, _ in found])).sum(0), weights.max(0)
