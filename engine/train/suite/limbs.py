"""Checks on arms, head and legs. side: 'left' or 'right'."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.core.skeleton import MEAN_OFFSETS, J
from engine.train.suite.track import FPS, SIDES, Track, Verdict, bumps, counted, held, longest, stretches

ARM_M = float(sum(np.linalg.norm(MEAN_OFFSETS[J[f"left_{n}"]]) for n in ("elbow", "wrist")))
POINTS = {  # down: at the floor ahead, which a hanging arm does not point at
    "forward": (0, 0, 1),
    "up": (0, 1, 0),
    "down": (0, -0.7, 0.7),
    "left": (1, 0, 0),
    "right": (-1, 0, 0),
}


def _sign(side: str) -> int:
    """+1 when the body's left is outward."""
    return 1 if side == "left" else -1


def wrist_up(track: Track, side: str, seconds: float = 0.5, over: str = "shoulder", metres: float = 0.0) -> Verdict:
    """The wrist stays above a joint ('shoulder', 'head' or 'chest') by `metres` for that long."""
    origin = {"shoulder": f"{side}_shoulder", "head": "head", "chest": "spine3"}[over]
    return held(track.seen(f"{side}_wrist", origin)[:, 1] > metres, seconds, f"{side} wrist above the {over}")


def wrist_down(track: Track, side: str) -> Verdict:
    """The wrist never rises above the shoulder."""
    top = float(track.seen(f"{side}_wrist", f"{side}_shoulder")[:, 1].max())
    return Verdict(top < 0, f"{side} wrist at most {top:+.2f} m from the shoulder", (0, track.num_frames))


def waves(track: Track, side: str, count: int = 3, tolerance: int = 1) -> Verdict:
    """The wrist swings sideways at about shoulder height or above: how often it comes in towards the head."""
    wrist = track.seen(f"{side}_wrist", f"{side}_shoulder")
    start, stop = longest(wrist[:, 1] > -0.12)
    inward = -_sign(side) * wrist[start:stop, 0]
    frames = bumps(inward, 0.09) + start
    frames = frames[(frames > start) & (frames < stop - 1)]
    return counted(frames, count, tolerance, f"{side} wrist swung in")


def claps(track: Track, count: int = 3, tolerance: int = 1) -> Verdict:
    """The wrists come together in front of the body that often."""
    apart = np.linalg.norm(track.joint("left_wrist") - track.joint("right_wrist"), axis=-1)
    frames = bumps(-apart, 0.08, 0.15)
    frames = frames[(apart[frames] < 0.26) & (track.seen("left_wrist", "pelvis")[frames, 2] > 0.1)]
    return counted(frames, count, tolerance, "the hands met")


def hands_together(track: Track, seconds: float = 0.6) -> Verdict:
    """The wrists stay together in front of the chest."""
    apart = np.linalg.norm(track.joint("left_wrist") - track.joint("right_wrist"), axis=-1)
    high = track.seen("left_wrist", "pelvis")[:, 1] > 0.15
    return held((apart < 0.22) & high, seconds, "hands together")


def near_head(track: Track, side: str, seconds: float = 0.4, metres: float = 0.28, below: float = 9.0) -> Verdict:
    """The wrist stays near the head; `below`: at most so far above the head joint."""
    away = np.linalg.norm(track.joint(f"{side}_wrist") - track.joint("head"), axis=-1)
    high = track.seen(f"{side}_wrist", "head")[:, 1] < below
    verdict = held((away < metres) & high, seconds, f"{side} wrist within {metres:.2f} m of the head")
    return Verdict(verdict.passed, f"{verdict.measured}, nearest {away.min():.2f} m", verdict.span)


def far_from_head(track: Track, side: str, metres: float = 0.3) -> Verdict:
    """The wrist never comes near the head."""
    nearest = float(np.linalg.norm(track.joint(f"{side}_wrist") - track.joint("head"), axis=-1).min())
    return Verdict(nearest >= metres, f"{side} wrist as near as {nearest:.2f} m to the head", (0, track.num_frames))


def wrist_before_chest(track: Track, side: str, seconds: float = 0.4) -> Verdict:
    """The wrist is held up in front of the chest, and the elbow is bent."""
    wrist, elbow = track.seen(f"{side}_wrist", "spine3"), track.seen(f"{side}_wrist", f"{side}_shoulder")
    reach = np.linalg.norm(elbow, axis=-1)
    mask = (wrist[:, 2] > 0.12) & (np.abs(wrist[:, 1]) < 0.3) & (reach < 0.85 * ARM_M)
    return held(mask, seconds, f"{side} wrist in front of the chest")


def arms_crossed(track: Track, seconds: float = 0.5) -> Verdict:
    """Each wrist on the other side of the midline, in front of the chest."""
    left, right = track.seen("left_wrist", "spine3"), track.seen("right_wrist", "spine3")
    front = (left[:, 2] > 0.05) & (right[:, 2] > 0.05) & (left[:, 1] > -0.3) & (right[:, 1] > -0.3)
    return held((left[:, 0] < 0.02) & (right[:, 0] > -0.02) & front, seconds, "arms crossed")


def hands_on_hips(track: Track, seconds: float = 0.5) -> Verdict:
    """Both wrists beside the pelvis with the elbows out."""
    mask = np.ones(track.num_frames, bool)
    for side in SIDES:
        wrist, elbow = track.seen(f"{side}_wrist", "pelvis"), track.seen(f"{side}_elbow", f"{side}_shoulder")
        out = _sign(side) * elbow[:, 0]
        mask &= (np.abs(wrist[:, 1]) < 0.22) & (np.abs(wrist[:, 0]) < 0.33) & (out > 0.1)
        mask &= np.linalg.norm(track.seen(f"{side}_wrist", f"{side}_shoulder"), axis=-1) < 0.92 * ARM_M
    return held(mask, seconds, "hands on the hips")


def points(track: Track, side: str, direction: str, seconds: float = 0.3, tolerance: float = 40.0) -> Verdict:
    """The arm is nearly straight and within an angle of a direction of the body."""
    arm = track.seen(f"{side}_wrist", f"{side}_shoulder")
    reach = np.linalg.norm(arm, axis=-1)
    angle = np.degrees(np.arccos(np.clip(arm @ np.array(POINTS[direction], float) / np.maximum(reach, 1e-6), -1, 1)))
    straight = reach > 0.8 * ARM_M
    best = float(angle[straight].min()) if straight.any() else 180.0
    verdict = held(straight & (angle < tolerance), seconds, f"{side} arm {direction}")
    return Verdict(verdict.passed, f"{verdict.measured}, as near as {best:.0f} degrees", verdict.span)


def arms_wide(track: Track, seconds: float = 0.4) -> Verdict:
    """Both arms straight out to the sides."""
    mask = np.ones(track.num_frames, bool)
    for side in SIDES:
        arm = track.seen(f"{side}_wrist", f"{side}_shoulder")
        mask &= (_sign(side) * arm[:, 0] > 0.75 * ARM_M) & (np.abs(arm[:, 1]) < 0.2)
    return held(mask, seconds, "arms wide")


def thrusts(track: Track, side: str, count: int, tolerance: int = 1, size: float = 0.15) -> Verdict:
    """The wrist shoots forward of the shoulder; 'both' counts both hands."""
    sides = SIDES if side == "both" else (side,)
    frames: list[int] = []
    for one in sides:
        wrist = track.seen(f"{one}_wrist", f"{one}_shoulder")
        found = bumps(wrist[:, 2], size, 0.15)
        frames += [int(f) for f in found if wrist[f, 2] > 0.36 and wrist[f, 1] > -0.3]
    return counted(np.array(sorted(frames), int), count, tolerance, f"{side} wrist shot forward")


def wrist_bobs(track: Track, side: str, count: int, tolerance: int = 1, size: float = 0.05) -> Verdict:
    """The wrist goes to and fro, in whatever direction it does most, while it is in front of the body."""
    wrist = track.seen(f"{side}_wrist", f"{side}_shoulder")
    start, stop = longest((wrist[:, 2] > 0.12) & (wrist[:, 1] > -0.5))
    piece = wrist[start:stop]
    counts = [bumps(s * piece[:, axis], size, 0.12) + start for axis in (1, 2) for s in (-1, 1)] if len(piece) else []
    inner = [f[(f > start + 1) & (f < stop - 2)] for f in counts]
    best = min(inner, key=lambda f: abs(len(f) - count), default=np.zeros(0, int))
    return counted(best, count, tolerance, f"{side} wrist bobbed")


def pumps(track: Track, count: int, tolerance: int = 1) -> Verdict:
    """Both wrists go up and down above the shoulders."""
    low = np.minimum(*(track.seen(f"{s}_wrist", f"{s}_shoulder")[:, 1] for s in SIDES))
    frames = bumps(low, 0.06)
    return counted(frames[low[frames] > 0.05], count, tolerance, "both fists rose")


def jacks(track: Track, count: int, tolerance: int = 1) -> Verdict:
    """The feet part sideways while both wrists are over the shoulders."""
    apart = np.abs(track.seen("left_ankle", "right_ankle")[:, 0])
    low = np.minimum(*(track.seen(f"{s}_wrist", f"{s}_shoulder")[:, 1] for s in SIDES))
    frames = bumps(apart, 0.15, 0.3)
    frames = np.array([f for f in frames if low[max(0, f - 5) : f + 6].max() > 0.1], int)
    return counted(frames, count, tolerance, "feet and arms went apart")


def circles(track: Track, direction: str, count: int, tolerance: int = 1) -> Verdict:
    """The wrists go around the shoulders; forward: over the top to the front."""
    sign, turned = (1 if direction == "forward" else -1), []
    for side in SIDES:
        arm = track.seen(f"{side}_wrist", f"{side}_shoulder")
        angle = sign * np.unwrap(np.arctan2(arm[:, 2], arm[:, 1]))
        turned.append((angle - np.minimum.accumulate(angle)).max() / (2 * np.pi))
    mean = float(np.mean(turned))
    passed = abs(mean - count) <= tolerance + 0.3 and mean > 0.6
    return Verdict(passed, f"the arms circled {mean:.1f} times {direction}", (0, track.num_frames))


def shrugs(track: Track, count: int = 1, tolerance: int = 1) -> Verdict:
    """Both shoulders rise against the chest."""
    rise = np.minimum(*(track.seen(f"{s}_shoulder", "spine3")[:, 1] for s in SIDES))
    return counted(bumps(rise, 0.012, 0.3), count, tolerance, "the shoulders rose")


def nods(track: Track, count: int = 2, tolerance: int = 1, degrees: float = 8.0) -> Verdict:
    """The gaze dips and comes up again."""
    return counted(bumps(track.head_deg[:, 1], degrees), count, tolerance, "the head dipped")


def shakes_head(track: Track, count: int = 2, tolerance: int = 1, degrees: float = 12.0) -> Verdict:
    """The gaze goes from side to side: the larger number of swings to one side."""
    yaw = track.head_deg[:, 0]
    sides = [bumps(sign * yaw, degrees) for sign in (1, -1)]
    return counted(max(sides, key=len), count, tolerance, "the head swung to a side")


def looks_both_ways(track: Track, degrees: float = 22.0) -> Verdict:
    """The gaze reaches far to the left and to the right."""
    yaw = track.head_deg[:, 0]
    passed = yaw.max() >= degrees and yaw.min() <= -degrees
    return Verdict(bool(passed), f"looked {yaw.max():.0f} degrees left and {-yaw.min():.0f} right", (0, len(yaw)))


def gaze_down(track: Track, degrees: float) -> Verdict:
    """Median pitch of the gaze, at least so far down."""
    pitch = float(np.median(track.head_deg[:, 1]))
    return Verdict(pitch >= degrees, f"looked {pitch:.0f} degrees down", (0, track.num_frames))


def kicks(
    track: Track, side: str, count: int = 1, tolerance: int = 0, height: float = 0.2, below: float = 9.0
) -> Verdict:
    """The ankle swings up and forward of the pelvis to at least `height` metres over where it stands."""
    up, ahead = track.joint(f"{side}_ankle")[:, 1] - 0.074, track.seen(f"{side}_ankle", "pelvis")[:, 2]
    frames = bumps(ahead, 0.2, 0.3)
    frames = np.array([f for f in frames if up[max(0, f - 3) : f + 4].max() > height and ahead[f] > 0.25], int)
    top = float(up.max())
    verdict = counted(frames, count, tolerance, f"the {side} foot kicked (up to {top:.2f} m)")
    return Verdict(verdict.passed and top <= below, verdict.measured, verdict.span)


def knees_up(track: Track, side: str, count: int, tolerance: int = 0, height: float = 0.65) -> Verdict:
    """The knee rises to at least `height` metres; 'both' counts both knees."""
    frames: list[int] = []
    for one in SIDES if side == "both" else (side,):
        knee = track.joint(f"{one}_knee")[:, 1]
        frames += [int(f) for f in bumps(knee, 0.1, 0.3) if knee[f] > height]
    return counted(np.array(sorted(frames), int), count, tolerance, f"{side} knee rose above {height:.2f} m")


def foot_lifts(track: Track, side: str, count: int, tolerance: int = 0, height: float = 0.08) -> Verdict:
    """The foot leaves the floor that often."""
    up = track.foot_height[:, SIDES.index(side)]
    spans = [s for s in stretches(up > height) if s[1] - s[0] >= 2]
    frames = np.array([(a + b) // 2 for a, b in spans], int)
    return counted(frames, count, tolerance, f"the {side} foot rose")


def foot_off(track: Track, side: str, seconds: float, height: float = 0.08) -> Verdict:
    """The foot stays off the floor, higher than that, that long."""
    return held(track.foot_height[:, SIDES.index(side)] > height, seconds, f"the {side} foot off the floor")


def lunges(track: Track, side: str, count: int = 1, tolerance: int = 0) -> Verdict:
    """The feet part with that side ahead while the pelvis sinks."""
    ahead = (track.seen(f"{side}_ankle", "pelvis") - track.seen(f"{_other(side)}_ankle", "pelvis"))[:, 2]
    height = track.joint("pelvis")[:, 1]
    frames = bumps(-height, 0.12, 0.4)
    frames = frames[ahead[frames] > 0.4]
    return counted(frames, count, tolerance, f"lunged with the {side} foot ahead")


def kneels(track: Track, side: str) -> Verdict:
    """At the end that knee is on the floor and the other is up."""
    down, up = (float(track.joint(f"{s}_knee")[-4:, 1].mean()) for s in (side, _other(side)))
    text = f"{side} knee at {down:.2f} m, {_other(side)} knee at {up:.2f} m"
    low = track.joint(f"{side}_knee")[:, 1] < 0.2
    return Verdict(down < 0.2 and up > 0.3, text, longest(low))


def sits(track: Track) -> Verdict:
    """At the end: pelvis at seat height, trunk upright, feet in front."""
    height, lean = float(track.joint("pelvis")[-4:, 1].mean()), float(np.abs(track.lean_deg[-4:]).mean())
    ahead = float(min(track.seen(f"{s}_ankle", "pelvis")[-4:, 2].mean() for s in SIDES))
    low = track.joint("pelvis")[:, 1] < 0.7
    text = f"pelvis at {height:.2f} m, leaning {lean:.0f} degrees, feet {ahead:.2f} m ahead"
    return Verdict(0.3 < height < 0.7 and lean < 35 and ahead > 0.15, text, longest(low))


def reaches_floor(track: Track, side: str, below: float = 0.4) -> Verdict:
    """The wrist comes down near the floor."""
    height = track.joint(f"{side}_wrist")[:, 1]
    lowest = float(height.min())
    return Verdict(lowest < below, f"{side} wrist as low as {lowest:.2f} m", longest(height < below + 0.2))


def throws(track: Track, side: str, speed: float = 3.0) -> Verdict:
    """The wrist, once high, whips forward faster than that, m/s, and than the other one."""
    fast = {s: gaussian_filter1d(np.gradient(track.seen(f"{s}_wrist", "pelvis")[:, 2], 1 / FPS), 0.7) for s in SIDES}
    top = float(track.seen(f"{side}_wrist", f"{side}_shoulder")[:, 1].max())
    peak = int(fast[side].argmax())
    passed = fast[side][peak] > speed and top > 0 and fast[side][peak] > fast[_other(side)].max()
    text = f"{side} wrist up to {fast[side][peak]:.1f} m/s forward, {top:+.2f} m from the shoulder"
    return Verdict(bool(passed), text, (max(0, peak - 4), peak + 4))


def reaches_out(track: Track, metres: float = 0.35) -> Verdict:
    """Both wrists far in front of the shoulders at once."""
    near = np.minimum(*(track.seen(f"{s}_wrist", f"{s}_shoulder")[:, 2] for s in SIDES))
    return Verdict(bool(near.max() >= metres), f"both wrists {near.max():.2f} m ahead", longest(near > 0.8 * metres))


def draws_in(track: Track, metres: float = 0.15) -> Verdict:
    """Both wrists, once ahead, come back towards the body."""
    near = gaussian_filter1d(np.minimum(*(track.seen(f"{s}_wrist", "pelvis")[:, 2] for s in SIDES)), 1.5)
    back = float((np.maximum.accumulate(near) - near).max())
    passed = near.max() > 0.3 and back > metres
    return Verdict(bool(passed), f"both wrists {near.max():.2f} m ahead, then {back:.2f} m back", longest(near > 0.2))


def limps(track: Track, side: str, degrees: float = 3.0, metres: float = 0.055) -> Verdict:
    """Moves on, and drops at every other step, with the trunk over the hurt leg when it is lowest."""
    trunk, height = track.seen("neck", "pelvis"), track.joint("pelvis")[:, 1]
    lean = _sign(side) * np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))
    over = float(lean[height <= np.percentile(height, 25)].mean())
    drop, moved = float(np.percentile(height, 95) - np.percentile(height, 5)), float(track.travel[-1, 2])
    text = f"dropped by {drop:.3f} m, leaning {over:.0f} degrees over the {side} leg, {moved:.2f} m forward"
    return Verdict(over >= degrees and drop >= metres and moved > 0.3, text, (0, track.num_frames))


def steps(track: Track, count: int, tolerance: int = 0) -> Verdict:
    """Feet put down at a new place, both feet counted."""
    frames: list[int] = []
    for side in SIDES:
        speed = np.linalg.norm(np.gradient(track.joint(f"{side}_ankle")[:, [0, 2]], 1 / FPS, axis=0), axis=-1)
        spans = [s for s in stretches(gaussian_filter1d(speed, 1.0) > 0.35) if s[1] - s[0] >= 3]
        ankle = track.joint(f"{side}_ankle")
        frames += [b for a, b in spans if np.linalg.norm((ankle[min(b, len(ankle) - 1)] - ankle[a])[[0, 2]]) > 0.12]
    return counted(np.array(sorted(frames), int), count, tolerance, "a foot was put down elsewhere")


def _other(side: str) -> str:
    return "right" if side == "left" else "left"


LIMBS = (
    wrist_up, wrist_down, waves, claps, hands_together, near_head, far_from_head, wrist_before_chest, arms_crossed,
    hands_on_hips, jacks, points, arms_wide, thrusts, wrist_bobs, pumps, circles, shrugs, nods, shakes_head,
    looks_both_ways, gaze_down, kicks, knees_up, foot_lifts, foot_off, lunges, kneels, sits, reaches_floor, throws,
    reaches_out, draws_in, limps, steps,
)  # fmt: skip
