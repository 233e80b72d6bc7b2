"""Checks on where the hands are held, how often they go to and fro, whether together or in turn, and how they strike.

side: 'left', 'right', or 'both' where it says so. axis: 'across' (left is positive), 'up' or 'ahead', from the chest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.train.suite.limbs import ARM_M
from engine.train.suite.track import FPS, SIDES, Track, Verdict, bumps, counted, held, longest

AXES = {"across": 0, "up": 1, "ahead": 2}
AT_HEAD = {
    "mouth": (0.07, -0.09, 0.14),
    "ear": (0.11, -0.06, 0.04),
    "brow": (0.19, 0.11, 0.06),
    "crown": (0.16, 0.17, 0.09),
}
"""Where a wrist is, from the head joint, when its hand is at that place: outward, up and ahead, metres."""
RESTING = (0.24, -0.04, 0.02)
"""Where a wrist hangs, from the pelvis: outward, up and ahead, metres."""

ANYWHERE = (-9.0, 9.0, -9.0)


def _both(side: str) -> tuple[str, ...]:
    return SIDES if side == "both" else (side,)


def _other(side: str) -> str:
    return "right" if side == "left" else "left"


def _spot(track: Track, joint: str, side: str, offset: tuple[float, float, float]) -> np.ndarray:
    """World path (T, 3) of a place that is outward, up and ahead of a joint, metres."""
    out, up, ahead = offset
    return track.joint(joint) + np.einsum("tij,i->tj", track.axes, [out if side == "left" else -out, up, ahead])


def _place(track: Track, place: str, side: str) -> np.ndarray:
    """World path (T, 3) in metres of a place on the body that a wrist of `side` can be at."""
    if place in AT_HEAD:
        return _spot(track, "head", side, AT_HEAD[place])
    if place in ("chest", "belly"):
        return track.joint("spine3" if place == "chest" else "spine1") + 0.15 * track.front
    joints = {
        "hip": f"{side}_hip",
        "shoulder": f"{side}_shoulder",
        "other_shoulder": f"{_other(side)}_shoulder",
        "other_hand": f"{_other(side)}_wrist",
    }
    return track.joint(joints[place])


def _in_zone(track: Track, side: str, zone: Sequence[float]) -> tuple[int, int]:
    """The longest span in which the wrist is between two heights over the pelvis, and so far before it, metres."""
    low, high, ahead = zone
    mask = np.ones(track.num_frames, bool)
    for one in _both(side):
        wrist = track.seen(f"{one}_wrist", "pelvis")
        mask &= (wrist[:, 1] > low) & (wrist[:, 1] < high) & (wrist[:, 2] > ahead)
    return longest(mask)


def hand_at(track: Track, side: str, place: str, seconds: float = 0.4, metres: float = 0.15) -> Verdict:
    """The wrist stays near the mouth, brow, crown, ear, chest, belly, hip, shoulder, other_shoulder or other_hand."""
    away = np.stack(
        [np.linalg.norm(track.joint(f"{s}_wrist") - _place(track, place, s), axis=-1) for s in _both(side)]
    ).max(0)
    verdict = held(away < metres, seconds, f"{side} wrist within {metres:.2f} m of the {place}")
    return Verdict(verdict.passed, f"{verdict.measured}, nearest {away.min():.2f} m", verdict.span)


def holds_ahead(
    track: Track,
    side: str,
    seconds: float,
    low: float = -0.1,
    high: float = 0.3,
    ahead: float = 0.2,
    speed: float = 99.0,
) -> Verdict:
    """The wrist is held `ahead` metres before the pelvis, and between two heights over it; 'both': both are.

    speed: at most so fast against the body, m/s.
    """
    mask = np.ones(track.num_frames, bool)
    for one in _both(side):
        wrist = track.seen(f"{one}_wrist", "pelvis")
        mask &= (wrist[:, 2] > ahead) & (wrist[:, 1] > low) & (wrist[:, 1] < high) & (_speed(track, one) < speed)
    return held(mask, seconds, f"{side} wrist ahead, {low:.2f} to {high:.2f} m over the pelvis")


def hands_apart(track: Track, seconds: float, least: float = 0.0, most: float = 9.0) -> Verdict:
    """The distance between the wrists stays in a range, metres."""
    apart = np.linalg.norm(track.joint("left_wrist") - track.joint("right_wrist"), axis=-1)
    return held((apart >= least) & (apart <= most), seconds, f"hands {least:.2f} to {most:.2f} m apart")


def arms_out(track: Track, seconds: float, metres: float = 0.3) -> Verdict:
    """Both wrists that far outward of their shoulders."""
    out = np.minimum(
        track.seen("left_wrist", "left_shoulder")[:, 0], -track.seen("right_wrist", "right_shoulder")[:, 0]
    )
    verdict = held(out > metres, seconds, f"both wrists {metres:.2f} m out to the sides")
    return Verdict(verdict.passed, f"{verdict.measured}, at most {out.max():.2f} m", verdict.span)


def hand_behind(track: Track, side: str, metres: float = 0.1, seconds: float = 0.2) -> Verdict:
    """The wrist stays behind the pelvis."""
    back = -track.seen(f"{side}_wrist", "pelvis")[:, 2]
    verdict = held(back > metres, seconds, f"{side} wrist {metres:.2f} m behind")
    return Verdict(verdict.passed, f"{verdict.measured}, at most {back.max():.2f} m", verdict.span)


def hand_repeats(
    track: Track,
    side: str,
    axis: str,
    count: int,
    tolerance: int = 1,
    size: float = 0.08,
    apart_s: float = 0.15,
    zone: Sequence[float] = ANYWHERE,
) -> Verdict:
    """The wrist goes to and fro along an axis that often; 'both': the one that does so less often.

    zone: only while it is higher than, lower than, and farther ahead of the pelvis than that, metres; getting into the
    zone and out of it does not count.
    """
    start, stop = _in_zone(track, side, zone)
    found = []
    for one in _both(side):
        path = track.seen(f"{one}_wrist", "spine3")[start:stop, AXES[axis]]
        found.append(max((bumps(sign * path, size, apart_s) for sign in (1, -1)), key=len) + start)
    verdict = counted(min(found, key=len), count, tolerance, f"{side} wrist went {axis}")
    return Verdict(verdict.passed, f"{verdict.measured} in {(stop - start) / FPS:.1f} s", verdict.span)


def _paired(track: Track, axis: str, zone: Sequence[float]) -> tuple[float, float, tuple[int, int]]:
    """Correlation of the wrists along an axis and the smaller of their amplitudes (2 deviations, metres), and when.

    The first and last 0.3 s in the zone do not count, in which both hands rise to their work or sink from it.
    """
    start, stop = _in_zone(track, "both", zone)
    start, stop = start + round(0.3 * FPS), stop - round(0.3 * FPS)
    if stop - start < 0.6 * FPS:
        return 0.0, 0.0, (0, 0)
    paths = [track.seen(f"{s}_wrist", "spine3")[start:stop, AXES[axis]] for s in SIDES]
    quick = [p - gaussian_filter1d(p, 0.5 * FPS, mode="nearest") for p in paths]
    left, right = (p - p.mean() for p in quick)
    size = 2 * float(min(left.std(), right.std()))
    together = float((left * right).mean() / (left.std() * right.std())) if size > 1e-4 else 0.0
    return together, size, (start, stop)


def hands_in_turn(
    track: Track, axis: str, size: float = 0.04, least: float = 0.25, zone: Sequence[float] = ANYWHERE
) -> Verdict:
    """One wrist goes one way along an axis while the other goes the other way; zone: as in `hand_repeats`."""
    together, found, span = _paired(track, axis, zone)
    return Verdict(
        together <= -least and found >= size, f"hands {axis} by {found:.2f} m, together {together:+.2f}", span
    )


def hands_in_step(
    track: Track, axis: str, size: float = 0.04, least: float = 0.5, zone: Sequence[float] = ANYWHERE
) -> Verdict:
    """Both wrists go the same way along an axis at the same time; zone: as in `hand_repeats`."""
    together, found, span = _paired(track, axis, zone)
    return Verdict(
        together >= least and found >= size, f"hands {axis} by {found:.2f} m, together {together:+.2f}", span
    )


def hands_rub(track: Track, count: int, most: float = 0.28, size: float = 0.03) -> Verdict:
    """The wrists, close to each other, move against each other at least that often."""
    between = np.einsum("tij,tj->ti", track.axes, track.joint("left_wrist") - track.joint("right_wrist"))
    start, stop = longest(np.linalg.norm(between, axis=-1) < most)
    piece = between[start:stop]
    times = max((len(bumps(s * piece[:, a], size, 0.1)) for a in range(3) for s in (1, -1)), default=0)
    text = f"the hands rubbed {times} times, together for {(stop - start) / FPS:.1f} s"
    return Verdict(times >= count, text, (start, stop))


def hangs(track: Track, side: str, metres: float = 0.25) -> Verdict:
    """The arm hangs at rest all the time; 'both': both do."""
    far = max(
        float(np.linalg.norm(track.joint(f"{s}_wrist") - _spot(track, "pelvis", s, RESTING), axis=-1).max())
        for s in _both(side)
    )
    return Verdict(far <= metres, f"{side} wrist up to {far:.2f} m from where it hangs", (0, track.num_frames))


def stands_put(track: Track, metres: float = 0.15) -> Verdict:
    """The pelvis stays where it is, at its height too, and both feet stay down: only the upper body acts."""
    path = track.joint("pelvis") - np.median(track.joint("pelvis"), 0)
    far, up = float(np.linalg.norm(path, axis=-1).max()), float(track.foot_height.max())
    text = f"the pelvis moved by {far:.2f} m, a foot rose to {up:.2f} m"
    return Verdict(far <= metres and up < 0.1, text, (0, track.num_frames))


def _speed(track: Track, side: str) -> np.ndarray:
    """Speed (T,) of a wrist against the pelvis, m/s."""
    path = gaussian_filter1d(track.seen(f"{side}_wrist", "pelvis"), 0.7, axis=0, mode="nearest")
    return np.linalg.norm(np.gradient(path, 1 / FPS, axis=0), axis=-1)


def strikes(track: Track, side: str, speed: float, share: float = 1.1) -> Verdict:
    """The wrist goes faster than that, m/s, and so many times as fast as the other one ever."""
    mine, other = _speed(track, side), float(_speed(track, _other(side)).max())
    peak = int(mine.argmax())
    text = f"{side} wrist up to {mine[peak]:.1f} m/s, the other {other:.1f}"
    return Verdict(bool(mine[peak] >= max(speed, share * other)), text, (max(0, peak - 5), peak + 5))


def swings_together(track: Track, speed: float, most: float = 0.35) -> Verdict:
    """Both wrists, close to each other, go faster than that at once, m/s."""
    apart = np.linalg.norm(track.joint("left_wrist") - track.joint("right_wrist"), axis=-1)
    slower = np.where(apart < most, np.minimum(*(_speed(track, s) for s in SIDES)), 0.0)
    peak = int(slower.argmax())
    text = f"both hands together at {slower[peak]:.1f} m/s"
    return Verdict(bool(slower[peak] >= speed), text, (max(0, peak - 5), peak + 5))


def elbow_bends(track: Track, side: str, count: int, tolerance: int = 0, degrees: float = 40.0) -> Verdict:
    """The elbow closes and opens that often; 'both': the one that does so less often."""
    found = []
    for one in _both(side):
        reach = np.linalg.norm(track.seen(f"{one}_wrist", f"{one}_shoulder"), axis=-1) / ARM_M
        found.append(bumps(-2 * np.degrees(np.arcsin(np.clip(reach, 0, 1))), degrees, 0.3))
    return counted(min(found, key=len), count, tolerance, f"{side} elbow bent by {degrees:.0f} degrees")


def hands_rise(
    track: Track, side: str, count: int, tolerance: int = 0, over: float = 0.0, size: float = 0.2
) -> Verdict:
    """The wrist goes up to `over` metres over the shoulder and down again by `size`; 'both': both at once."""
    low = np.stack([track.seen(f"{s}_wrist", f"{s}_shoulder")[:, 1] for s in _both(side)]).min(0)
    frames = bumps(low, size, 0.3)
    return counted(frames[low[frames] > over], count, tolerance, f"{side} wrist rose over the shoulder")


def trembles(track: Track, speed: float, most: float = 3.0) -> Verdict:
    """What is left of the motion of wrists and head when all that lasts longer than about 0.4 s is gone, m/s."""
    rest = []
    for name in ("left_wrist", "right_wrist", "head"):
        path = track.seen(name, "pelvis")
        quick = path - gaussian_filter1d(path, 2.0, axis=0, mode="nearest")
        rest.append(np.linalg.norm(np.gradient(quick, 1 / FPS, axis=0), axis=-1).mean())
    mean = float(np.mean(rest))
    return Verdict(speed <= mean <= most, f"hands and head trembled at {mean:.2f} m/s", (0, track.num_frames))


HANDS = (
    hand_at, holds_ahead, hands_apart, arms_out, hand_behind, hand_repeats, hands_in_turn, hands_in_step, strikes,
    swings_together, elbow_bends, hands_rise, trembles, hands_rub, hangs, stands_put,
)  # fmt: skip
