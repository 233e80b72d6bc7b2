"""Checks on the whole body: where it goes, how it turns, when it leaves the floor, how it ends."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.train.suite.track import FPS, Track, Verdict, bumps, counted, held, longest, stretches

WAYS = {"forward": (2, 1), "backward": (2, -1), "left": (0, 1), "right": (0, -1)}
AIR_M = 0.06


def travels(track: Track, direction: str, metres: float, at_most: float = 100.0) -> Verdict:
    """Ends at least `metres` in a direction of its first facing, and not much to any other side."""
    axis, sign = WAYS[direction]
    end = track.travel[-1]
    along, across = sign * end[axis], abs(end[2 - axis])
    passed = metres <= along <= at_most and across < 0.6 * along
    moving = longest(track.speed > 0.15)
    return Verdict(passed, f"{end[2]:.2f} m forward and {end[0]:.2f} m to the left", moving)


def faces_ahead(track: Track, tolerance: float = 35.0) -> Verdict:
    """Never turns away from its first facing."""
    worst = float(np.abs(track.yaw_deg).max())
    return Verdict(worst <= tolerance, f"turned by up to {worst:.0f} degrees", (0, track.num_frames))


def covers(track: Track, metres: float) -> Verdict:
    """The path of the pelvis over the floor is at least that long."""
    length = float(track.speed.sum() / FPS)
    return Verdict(length >= metres, f"a path of {length:.2f} m", longest(track.speed > 0.15))


def comes_back(track: Track, metres: float) -> Verdict:
    """Ends within `metres` of where it began, after having been at least 1.5 times as far away."""
    away = np.linalg.norm(track.travel[:, [0, 2]], axis=-1)
    passed = away[-1] <= metres and away.max() >= 1.5 * metres
    return Verdict(bool(passed), f"went {away.max():.2f} m away and ended {away[-1]:.2f} m from the start")


def stays(track: Track, metres: float) -> Verdict:
    """The pelvis never gets farther than `metres` from where it began."""
    far = float(np.linalg.norm(track.travel[:, [0, 2]], axis=-1).max())
    return Verdict(far <= metres, f"went up to {far:.2f} m away", (0, track.num_frames))


def turns(track: Track, degrees: float, tolerance: float = 25.0, either: bool = False) -> Verdict:
    """The last facing is `degrees` from the first; left is positive. either: to whichever side."""
    end = float(track.yaw_deg[-4:].mean())
    rate = np.abs(np.gradient(track.yaw_deg)) * FPS if track.num_frames > 1 else np.zeros(1)
    off = abs(abs(end) - degrees) if either else abs(end - degrees)
    return Verdict(off <= tolerance, f"turned by {end:.0f} degrees", longest(rate > 20))


def pace(track: Track, slowest: float = 0.0, fastest: float = 20.0) -> Verdict:
    """Mean speed over the floor, of the middle 70 % of the time, in m/s."""
    n = track.num_frames
    mean = float(track.speed[round(0.15 * n) : max(1, round(0.85 * n))].mean())
    return Verdict(slowest <= mean <= fastest, f"moved at {mean:.2f} m/s", longest(track.speed > 0.15))


def lasts(track: Track, seconds: float, tolerance: float = 0.15) -> Verdict:
    """The length within a share of `seconds`."""
    passed = abs(track.seconds - seconds) <= tolerance * seconds
    return Verdict(passed, f"lasted {track.seconds:.1f} s", (0, track.num_frames))


def airborne(track: Track, count: int = 1, tolerance: int = 0, at_least: int = 0, height: float = 0.0) -> Verdict:
    """Phases of at least 0.1 s with both feet more than 6 cm up; `height`: how far the pelvis rises at the highest."""
    spans = [s for s in stretches(track.foot_height.min(-1) > AIR_M) if s[1] - s[0] >= 2]
    rise = float(track.joint("pelvis")[:, 1].max() - np.median(track.joint("pelvis")[:, 1]))
    fits = len(spans) >= at_least if at_least else abs(len(spans) - count) <= tolerance
    span = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    text = f"{len(spans)} times in the air, the pelvis up to {rise:.2f} m higher"
    return Verdict(bool(spans) and fits and rise >= height, text, span)


def stays_down(track: Track) -> Verdict:
    """At least one foot is on the floor at all times."""
    lowest = float(track.foot_height.min(-1).max())
    return Verdict(lowest <= AIR_M, f"the lower foot rose to {lowest:.2f} m", (0, track.num_frames))


def dips(track: Track, count: int, tolerance: int = 0, depth: float = 0.15) -> Verdict:
    """The pelvis goes down and comes up again that often."""
    height = track.joint("pelvis")[:, 1]
    deep = bumps(-height, depth, 0.4)
    up_again = np.array([f for f in deep if height[f:].max() - height[f] > 0.6 * depth], int)
    return counted(up_again, count, tolerance, f"the pelvis dipped by {depth:.2f} m")


def ends_low(track: Track, below: float, above: float = 0.0) -> Verdict:
    """Height of the pelvis at the end, metres."""
    height = float(track.joint("pelvis")[-4:, 1].mean())
    low = track.joint("pelvis")[:, 1] < below
    return Verdict(above <= height <= below, f"the pelvis ended at {height:.2f} m", longest(low))


def ends_upright(track: Track) -> Verdict:
    """Stands at the end: pelvis high, trunk upright."""
    height, lean = float(track.joint("pelvis")[-4:, 1].mean()), float(np.abs(track.lean_deg[-4:]).max())
    passed = height > 0.8 and lean < 25
    return Verdict(passed, f"ended with the pelvis at {height:.2f} m, leaning {lean:.0f} degrees")


def begins_low(track: Track, below: float) -> Verdict:
    """Height of the pelvis in the first frames, metres."""
    height = float(track.joint("pelvis")[:4, 1].mean())
    return Verdict(height <= below, f"the pelvis began at {height:.2f} m", (0, 4))


def lies(track: Track) -> Verdict:
    """Pelvis and head near the floor at the end."""
    pelvis, head = (float(track.joint(n)[-4:, 1].mean()) for n in ("pelvis", "head"))
    low = (track.joint("pelvis")[:, 1] < 0.3) & (track.joint("head")[:, 1] < 0.4)
    return Verdict(pelvis < 0.3 and head < 0.4, f"pelvis at {pelvis:.2f} m, head at {head:.2f} m", longest(low))


def bows(track: Track, count: int = 1, degrees: float = 40.0, tolerance: int = 0) -> Verdict:
    """The trunk pitches forward past an angle that often, while the pelvis stays up."""
    down = [s for s in stretches(track.lean_deg > degrees) if track.joint("pelvis")[s[0] : s[1], 1].min() > 0.6]
    frames = np.array([(a + b) // 2 for a, b in down], int)
    verdict = counted(frames, count, tolerance, f"bent past {degrees:.0f} degrees (at most {track.lean_deg.max():.0f})")
    return Verdict(verdict.passed, verdict.measured, (down[0][0], down[-1][1]) if down else (0, 0))


def still(track: Track, speed: float = 0.25) -> Verdict:
    """No joint moves faster than a little on average."""
    mean = float(np.linalg.norm(np.gradient(track.pos, 1 / FPS, axis=0), axis=-1).mean(0).max())
    return Verdict(mean <= speed, f"the liveliest joint moved at {mean:.2f} m/s", (0, track.num_frames))


def sways(track: Track, count: int, tolerance: int = 1, size: float = 0.06) -> Verdict:
    """The pelvis goes to a side and back, as seen from its first facing."""
    return counted(bumps(track.travel[:, 0], size, 0.4), count, tolerance, "the pelvis went to the left")


def weaves(track: Track, metres: float) -> Verdict:
    """The path strays from a straight line, to both sides taken together."""
    path = gaussian_filter1d(track.travel[:, [0, 2]], 4.0, axis=0, mode="nearest")
    line = path[-1] - path[0]
    length = max(float(np.linalg.norm(line)), 1e-6)
    off = ((path - path[0]) @ np.array([line[1], -line[0]])) / length
    wide = float(off.max() - off.min())
    return Verdict(wide >= metres and length > 0.5, f"strayed by {wide:.2f} m over {length:.2f} m", (0, len(path)))


def moves_low(track: Track, below: float) -> Verdict:
    """The pelvis stays below a height for most of the time while it covers ground."""
    height, length = float(np.median(track.joint("pelvis")[:, 1])), float(track.speed.sum() / FPS)
    return Verdict(height <= below and length > 0.4, f"pelvis at {height:.2f} m over a path of {length:.2f} m")


def on_toes(track: Track, share: float = 0.5) -> Verdict:
    """The heel of the lower foot stays off the floor while toes touch it, for a share of the time."""
    heels = np.stack([track.joint(f"{s}_ankle")[:, 1] - track.joint(f"{s}_foot")[:, 1] for s in ("left", "right")], -1)
    carrying = track.foot_height.argmin(-1)
    raised = float((np.take_along_axis(heels, carrying[:, None], 1)[:, 0] > 0.085).mean())
    return Verdict(raised >= share, f"on its toes for {100 * raised:.0f} % of the time", (0, track.num_frames))


def bounces(track: Track, metres: float) -> Verdict:
    """The pelvis rises and falls with the gait by at least so much."""
    height = track.joint("pelvis")[:, 1]
    swing = float(np.percentile(height, 95) - np.percentile(height, 5))
    return Verdict(swing >= metres, f"the pelvis rose and fell by {swing:.3f} m", (0, track.num_frames))


def leans(track: Track, least: float = -90.0, most: float = 90.0) -> Verdict:
    """Median pitch of the trunk, degrees; forward is positive."""
    lean = float(np.median(track.lean_deg))
    return Verdict(least <= lean <= most, f"leant {lean:.0f} degrees forward", (0, track.num_frames))


def lively(track: Track, speed: float) -> Verdict:
    """Hands, feet and hips move at that speed at least, on average, m/s."""
    joints = [track.joint(n) for n in ("left_wrist", "right_wrist", "left_ankle", "right_ankle", "pelvis")]
    mean = float(np.mean([np.linalg.norm(np.gradient(p, 1 / FPS, axis=0), axis=-1).mean() for p in joints]))
    return Verdict(mean >= speed, f"limbs moved at {mean:.2f} m/s", (0, track.num_frames))


def low_for(track: Track, below: float, seconds: float) -> Verdict:
    """The pelvis stays below a height for that long."""
    return held(track.joint("pelvis")[:, 1] < below, seconds, f"the pelvis was below {below:.2f} m")


WHOLE = (
    travels, faces_ahead, covers, comes_back, stays, turns, pace, lasts, airborne, stays_down, dips, ends_low,
    ends_upright, begins_low, lies, bows, still, sways, weaves, moves_low, on_toes, bounces, leans, lively, low_for,
)  # fmt: skip
