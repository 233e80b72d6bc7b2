"""Checks on a body that leaves its feet: on hands and knees, on its front or back, upside down, on stairs."""

from __future__ import annotations

import numpy as np

from engine.train.suite.track import FPS, SIDES, Track, Verdict, bumps, counted, held, longest

FLOOR_M = 0.2
"""A wrist or knee below this height rests on the floor."""


def _highest(track: Track, part: str) -> np.ndarray:
    """Height (T,) in metres of the higher of both wrists, knees or ankles."""
    return np.maximum(*(track.joint(f"{side}_{part}")[:, 1] for side in SIDES))


def _lowest(track: Track, part: str) -> np.ndarray:
    """Height (T,) in metres of the lower of both."""
    return np.minimum(*(track.joint(f"{side}_{part}")[:, 1] for side in SIDES))


def _planked(track: Track) -> np.ndarray:
    """(T,) whether the body is straight, its front down, on hands and toes with the knees off the floor."""
    straight = np.ones(track.num_frames, bool)
    for side in SIDES:
        up, down = (track.joint(f"{side}_{n}") - track.joint(f"{side}_hip") for n in ("shoulder", "ankle"))
        cosine = (up * down).sum(-1) / np.maximum(np.linalg.norm(up, axis=-1) * np.linalg.norm(down, axis=-1), 1e-6)
        straight &= cosine < np.cos(np.radians(145))
    return straight & (track.front[:, 1] < -0.7) & (_highest(track, "wrist") < 0.25) & (_lowest(track, "knee") > 0.08)


def all_fours(track: Track, seconds: float) -> Verdict:
    """On hands and knees for that long: all four near the floor, the pelvis over them."""
    mask = (_highest(track, "wrist") < FLOOR_M) & (_highest(track, "knee") < FLOOR_M)
    return held(mask & (track.joint("pelvis")[:, 1] > 0.28), seconds, "on hands and knees")


def hands_down(track: Track, seconds: float = 0.2, below: float = 0.2) -> Verdict:
    """Both wrists below a height at once."""
    high = _highest(track, "wrist")
    verdict = held(high < below, seconds, f"both hands below {below:.2f} m")
    return Verdict(verdict.passed, f"{verdict.measured}, at lowest {high.min():.2f} m", verdict.span)


def planks(track: Track, seconds: float) -> Verdict:
    """Holds a straight body on hands and toes."""
    return held(_planked(track), seconds, "a straight body on hands and toes")


def push_ups(track: Track, count: int, tolerance: int = 0) -> Verdict:
    """The chest sinks and rises while the body is straight on hands and toes."""
    start, stop = longest(_planked(track))
    low = bumps(-track.joint("spine3")[start:stop, 1], 0.08, 0.4) + start
    return counted(low, count, tolerance, "the chest sank in the plank")


def knees_drive(track: Track, count: int, tolerance: int = 0) -> Verdict:
    """A knee comes forward under the body while both hands and the other, straight leg carry it."""
    down = (_highest(track, "wrist") < 0.25) & (track.front[:, 1] < -0.5)
    frames: list[int] = []
    for side, other in (SIDES, SIDES[::-1]):
        near = -np.linalg.norm(track.joint(f"{side}_knee") - track.joint("spine2"), axis=-1)
        leg = np.linalg.norm(track.joint(f"{other}_ankle") - track.joint(f"{other}_hip"), axis=-1)
        frames += [int(f) for f in bumps(near, 0.12, 0.2) if down[f] and leg[f] > 0.65]
    return counted(np.array(sorted(frames), int), count, tolerance, "a knee was driven to the chest")


def chest_up(track: Track, seconds: float) -> Verdict:
    """On the belly with the chest pushed up: the pelvis at the floor, legs behind, the neck well over it."""
    legs = (track.joint("left_ankle") + track.joint("right_ankle")) / 2 - track.joint("pelvis")
    behind = (legs * track.axes[:, 2]).sum(-1) < -0.4
    rise = track.seen("neck", "pelvis")[:, 1]
    mask = behind & (track.joint("pelvis")[:, 1] < 0.28) & (rise > 0.22) & (_highest(track, "knee") < FLOOR_M)
    return held(mask, seconds, "the chest up over a pelvis at the floor")


def hips_high(track: Track, seconds: float) -> Verdict:
    """Hands and feet on the floor, the hips the highest point by far."""
    over = track.joint("pelvis")[:, 1] - np.maximum(track.joint("neck")[:, 1], _highest(track, "knee"))
    mask = (_highest(track, "wrist") < 0.25) & (_highest(track, "ankle") < 0.3) & (over > 0.12)
    return held(mask, seconds, "hips high over hands and feet")


def upside_down(track: Track, seconds: float) -> Verdict:
    """The head under the pelvis, and at least one foot well over it, for that long."""
    pelvis = track.joint("pelvis")[:, 1]
    mask = (track.joint("head")[:, 1] < pelvis - 0.15) & (_highest(track, "ankle") > pelvis + 0.2)
    return held(mask, seconds, "upside down")


def somersaults(track: Track, degrees: float = 300.0) -> Verdict:
    """The trunk goes over forwards, head first, at least so far round."""
    trunk = track.joint("neck") - track.joint("pelvis")
    angle = np.degrees(np.unwrap(np.arctan2(trunk @ track.axes[0, 2], trunk[:, 1])))
    round_ = float((angle - np.minimum.accumulate(angle)).max())
    low = track.joint("head")[:, 1] < track.joint("pelvis")[:, 1]
    return Verdict(round_ >= degrees, f"the trunk went {round_:.0f} degrees over", longest(low))


def rolls_over(track: Track) -> Verdict:
    """Lies on the back, then on the belly, then on the back again."""
    low = (track.joint("pelvis")[:, 1] < 0.35) & (track.joint("head")[:, 1] < 0.45)
    up, down = low & (track.front[:, 1] > 0.6), low & (track.front[:, 1] < -0.4)
    frames = np.flatnonzero(down)
    passed = len(frames) > 0 and up[: frames[0]].any() and up[frames[-1] :].any()
    text = f"on the belly for {down.sum() / FPS:.1f} s, on the back for {up.sum() / FPS:.1f} s"
    return Verdict(bool(passed), text, longest(low))


def sits_on_floor(track: Track, seconds: float) -> Verdict:
    """The pelvis on the floor, the trunk upright."""
    mask = (track.joint("pelvis")[:, 1] < 0.32) & (np.abs(track.lean_deg) < 35)
    return held(mask, seconds, "sitting on the floor")


def on_both_knees(track: Track, seconds: float) -> Verdict:
    """Both knees on the floor, the trunk upright, the hands off the floor."""
    mask = (_highest(track, "knee") < FLOOR_M) & (np.abs(track.lean_deg) < 35) & (_lowest(track, "wrist") > FLOOR_M)
    return held(mask & (track.joint("pelvis")[:, 1] > 0.28), seconds, "on both knees")


def sit_ups(track: Track, count: int, tolerance: int = 0) -> Verdict:
    """The trunk goes back to the floor and comes up while the pelvis stays on it."""
    start, stop = longest(track.joint("pelvis")[:, 1] < 0.35)
    back = bumps(-track.joint("neck")[start:stop, 1], 0.25, 0.5) + start
    return counted(back, count, tolerance, "the trunk came up off the floor")


def lying_leg_raises(track: Track, count: int, tolerance: int = 0) -> Verdict:
    """Both ankles rise over the body while the back is on the floor."""
    down = (track.joint("pelvis")[:, 1] < 0.35) & (track.joint("neck")[:, 1] < 0.4)
    ankles = _lowest(track, "ankle")
    frames = bumps(ankles, 0.3, 0.5)
    return counted(frames[down[frames] & (ankles[frames] > 0.45)], count, tolerance, "both legs rose")


def climbs(track: Track, metres: float, seconds: float = 0.6) -> Verdict:
    """The pelvis stays so much higher than in the first frames for that long; a jump does not last."""
    height = track.joint("pelvis")[:, 1] - track.joint("pelvis")[:4, 1].mean()
    verdict = held(height > metres, seconds, f"the pelvis more than {metres:.2f} m higher")
    return Verdict(verdict.passed, f"{verdict.measured}, at most {height.max():.2f} m", verdict.span)


def ends_higher(track: Track, least: float, most: float = 9.0) -> Verdict:
    """How much higher the feet are at the end than at the beginning, metres; negative: lower."""
    feet = (track.joint("left_ankle") + track.joint("right_ankle"))[:, 1] / 2
    rise = float(feet[-4:].mean() - feet[:4].mean())
    return Verdict(least <= rise <= most, f"the feet ended {rise:+.2f} m from where they began", (0, track.num_frames))


def drops_fast(track: Track, seconds: float = 0.8) -> Verdict:
    """The pelvis goes from standing height to the floor within that time."""
    height = track.joint("pelvis")[:, 1]
    down = np.flatnonzero(height < 0.35)
    if not len(down):
        return Verdict(False, f"the pelvis never below {height.min():.2f} m")
    high = np.flatnonzero(height[: down[0]] > 0.8)
    took = (down[0] - high[-1]) / FPS if len(high) else float("inf")
    return Verdict(took <= seconds, f"went down in {took:.1f} s", (int(high[-1]) if len(high) else 0, int(down[0]) + 1))


FLOOR = (
    all_fours, hands_down, planks, push_ups, knees_drive, chest_up, hips_high, upside_down, somersaults,
    rolls_over, sits_on_floor, on_both_knees, sit_ups, lying_leg_raises, climbs, ends_higher, drops_fast,
)  # fmt: skip
