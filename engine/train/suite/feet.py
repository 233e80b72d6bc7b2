"""Checks on the path of the body over the floor, on the way the feet carry it, and on what single legs do."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.train.suite.track import FPS, SIDES, Track, Verdict, bumps, counted, held, longest, stretches


def _ahead(track: Track, side: str) -> np.ndarray:
    """(T,) metres of the ankle before the pelvis."""
    return track.seen(f"{side}_ankle", "pelvis")[:, 2]


def zigzags(track: Track, count: int, tolerance: int = 1, metres: float = 0.25) -> Verdict:
    """The path changes to the other side of its line that often, by so much; the line goes on."""
    path = gaussian_filter1d(track.travel[:, [0, 2]], 4.0, axis=0, mode="nearest")
    line = path[-1] - path[0]
    length = max(float(np.linalg.norm(line)), 1e-6)
    off = ((path - path[0]) @ np.array([line[1], -line[0]])) / length
    frames = np.sort(np.concatenate([bumps(off, metres, 0.4), bumps(-off, metres, 0.4)]))
    verdict = counted(frames, count, tolerance, f"over {length:.1f} m the path changed its side")
    return Verdict(verdict.passed and length > 1.0, verdict.measured, longest(track.speed > 0.15))


def shuttles(track: Track, count: int, tolerance: int = 0, metres: float = 0.8) -> Verdict:
    """Goes that far away and comes back, that often."""
    away = np.linalg.norm(track.travel[:, [0, 2]], axis=-1)
    frames = bumps(np.r_[away, away[-1:]], metres, 0.6)
    return counted(frames, count, tolerance, f"went up to {away.max():.1f} m away and back")


def leads(track: Track, side: str, share: float = 0.6) -> Verdict:
    """That foot is the one in front for most of the time that the body moves on."""
    ahead = track.seen(f"{side}_ankle", f"{_other(side)}_ankle")[:, 2]
    moving = track.speed > 0.3
    found = float((ahead[moving] > 0.0).mean()) if moving.any() else 0.0
    return Verdict(found >= share, f"the {side} foot in front for {100 * found:.0f} % of the way", longest(moving))


def crosses_feet(track: Track, count: int, metres: float = 0.03) -> Verdict:
    """One foot is put across the line of the other at least that often."""
    across = -track.seen("left_ankle", "right_ankle")[:, 0]
    spans = [s for s in stretches(across > metres) if s[1] - s[0] >= 3]
    return Verdict(len(spans) >= count, f"the feet crossed {len(spans)} times", longest(track.speed > 0.1))


def feet_apart(track: Track, seconds: float, metres: float) -> Verdict:
    """Both feet on the floor that far from each other."""
    apart = np.linalg.norm((track.joint("left_ankle") - track.joint("right_ankle"))[:, [0, 2]], axis=-1)
    verdict = held((apart > metres) & (track.foot_height.max(-1) < 0.15), seconds, f"feet {metres:.2f} m apart")
    return Verdict(verdict.passed, f"{verdict.measured}, at most {apart.max():.2f} m", verdict.span)


def drags_feet(track: Track, height: float) -> Verdict:
    """Moves over the floor although no foot rises over a height, metres."""
    top = float(np.percentile(track.foot_height, 97))
    length = float(track.speed.sum() / FPS)
    return Verdict(top <= height and length > 0.4, f"feet up to {top:.2f} m over {length:.1f} m of way",
                   longest(track.speed > 0.1))  # fmt: skip


def heels_up(track: Track, count: int, tolerance: int = 1, height: float = 0.35) -> Verdict:
    """A heel rises behind the body while its knee stays down; both feet counted."""
    frames: list[int] = []
    for side in SIDES:
        ankle, knee = track.joint(f"{side}_ankle")[:, 1], track.joint(f"{side}_knee")[:, 1]
        found = bumps(ankle, 0.15, 0.2)
        behind = _ahead(track, side) < -0.05
        frames += [int(f) for f in found if ankle[f] > height and behind[f] and ankle[f] > knee[f] - 0.15]
    return counted(np.array(sorted(frames), int), count, tolerance, "a heel rose behind")


def toe_rises(track: Track, count: int, tolerance: int = 0, metres: float = 0.035) -> Verdict:
    """Both heels rise and sink together, that often, with the toes on the floor."""
    heels = np.minimum(*(track.joint(f"{s}_ankle")[:, 1] - track.joint(f"{s}_foot")[:, 1] for s in SIDES))
    toes = np.maximum(*(track.joint(f"{s}_foot")[:, 1] for s in SIDES))
    frames = bumps(heels, metres, 0.4)
    return counted(frames[toes[frames] < 0.08], count, tolerance, "both heels rose")


def kicks_aside(track: Track, side: str, count: int = 1, tolerance: int = 0, height: float = 0.4) -> Verdict:
    """The foot is thrust out to its side at that height."""
    out = track.seen(f"{side}_ankle", "pelvis")[:, 0] * (1 if side == "left" else -1)
    up = track.joint(f"{side}_ankle")[:, 1]
    frames = bumps(out, 0.25, 0.3)
    frames = np.array([f for f in frames if up[max(0, f - 2) : f + 3].max() > height and out[f] > 0.4], int)
    return counted(frames, count, tolerance, f"the {side} foot kicked aside (up to {up.max():.2f} m)")


def high_kicks(track: Track, count: int, tolerance: int = 1, height: float = 0.5) -> Verdict:
    """A foot of either side swings up ahead to that height; both sides take part when there are several."""
    frames: list[int] = []
    sides = 0
    for side in SIDES:
        up, ahead = track.joint(f"{side}_ankle")[:, 1], _ahead(track, side)
        found = [int(f) for f in bumps(up, 0.25, 0.3) if up[f] > height and ahead[f] > 0.3]
        frames, sides = frames + found, sides + bool(found)
    verdict = counted(np.array(sorted(frames), int), count, tolerance, "a foot kicked high")
    return Verdict(verdict.passed and sides == min(2, count), verdict.measured, verdict.span)


def leg_behind(track: Track, side: str, seconds: float, height: float = 0.4) -> Verdict:
    """The ankle is held up behind the body."""
    mask = (_ahead(track, side) < -0.25) & (track.joint(f"{side}_ankle")[:, 1] > height)
    return held(mask, seconds, f"the {side} leg up behind")


def side_lunges(track: Track, side: str, count: int = 1, tolerance: int = 0) -> Verdict:
    """The pelvis sinks over that foot while the feet are wide apart sideways."""
    apart = np.abs(track.seen("left_ankle", "right_ankle")[:, 0])
    over = track.seen("pelvis", f"{_other(side)}_ankle")[:, 0] * (1 if side == "left" else -1)
    frames = bumps(-track.joint("pelvis")[:, 1], 0.12, 0.4)
    frames = frames[(apart[frames] > 0.5) & (over[frames] > 0.55 * apart[frames])]
    return counted(frames, count, tolerance, f"sank over the {side} foot")


def halts_and_jerks(track: Track, count: int) -> Verdict:
    """The limbs stop dead between quick moves at least that often."""
    joints = [track.joint(n) for n in ("left_wrist", "right_wrist", "left_ankle", "right_ankle", "head")]
    pace = np.mean([np.linalg.norm(np.gradient(p, 1 / FPS, axis=0), axis=-1) for p in joints], 0)
    stops = [s for s in stretches(pace < 0.35 * pace.mean()) if s[1] - s[0] >= 2]
    return Verdict(len(stops) >= count, f"stopped dead {len(stops)} times", (0, track.num_frames))


def skips_rope(track: Track, count: int, tolerance: int = 1) -> Verdict:
    """Small jumps with both feet, found by the pelvis, that often; no foot ahead of the other."""
    height = track.joint("pelvis")[:, 1]
    frames = bumps(height, 0.04, 0.25)
    apart = np.abs(track.seen("left_ankle", "right_ankle")[:, 2])
    frames = frames[(track.foot_height.min(-1)[frames] > 0.03) & (apart[frames] < 0.2)]
    return counted(frames, count, tolerance, "both feet jumped")


def _other(side: str) -> str:
    return "right" if side == "left" else "left"


FEET = (
    zigzags, shuttles, leads, crosses_feet, feet_apart, drags_feet, heels_up,
    toe_rises, kicks_aside, high_kicks, leg_behind, side_lunges, halts_and_jerks, skips_rope,
)  # fmt: skip
