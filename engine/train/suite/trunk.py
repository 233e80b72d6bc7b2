"""Checks on how the trunk bends, twists and leans, how the hips and the head go round, and where the path leads."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.train.suite.track import FPS, SIDES, Track, Verdict, bumps, counted, held

UPRIGHT_M = 0.65


def twists(track: Track, count: int, tolerance: int = 1, degrees: float = 20.0, rate: float = 0.0) -> Verdict:
    """The shoulders turn against the hips to both sides: the number of swings to the left; rate: at least, a second."""
    twist = gaussian_filter1d(track.twist_deg, 1.0, mode="nearest")
    frames = bumps(twist, degrees, 0.2)
    wide = float(twist.max() - twist.min())
    verdict = counted(frames, count, tolerance, f"the shoulders turned (over {wide:.0f} degrees)")
    often = (len(frames) - 1) * FPS / (frames[-1] - frames[0]) if len(frames) > 1 else 0.0
    return Verdict(
        verdict.passed and wide >= degrees and often >= rate, f"{verdict.measured}, {often:.1f} a second", verdict.span
    )


def turns_shoulders(track: Track, degrees: float) -> Verdict:
    """The shoulders turn in the world, to one side and the other taken together, at least so far, feet or no feet."""
    yaw = np.unwrap(np.radians(track.twist_deg + track.yaw_deg))
    wide = float(np.degrees(yaw.max() - yaw.min()))
    return Verdict(wide >= degrees, f"the shoulders turned over {wide:.0f} degrees", (0, track.num_frames))


def leans_past(track: Track, degrees: float, seconds: float = 0.2) -> Verdict:
    """The trunk leans past an angle for a while with the hips up: forward when positive, back when negative."""
    sign = 1 if degrees > 0 else -1
    mask = (sign * track.lean_deg > abs(degrees)) & (track.joint("pelvis")[:, 1] > 0.5)
    verdict = held(mask, seconds, f"leant past {degrees:.0f} degrees")
    text = f"{verdict.measured} (from {track.lean_deg.min():.0f} to {track.lean_deg.max():.0f})"
    return Verdict(verdict.passed, text, verdict.span)


def folds(track: Track, count: int, tolerance: int = 0, below: float = 0.35) -> Verdict:
    """Both hands come down that low, that often, over legs that are nearly straight."""
    low = np.maximum(*(track.joint(f"{s}_wrist")[:, 1] for s in SIDES))
    frames = bumps(-low, 0.3, 0.4)
    pelvis = track.joint("pelvis")[:, 1]
    frames = frames[(low[frames] < below) & (pelvis[frames] > UPRIGHT_M)]
    return counted(frames, count, tolerance, f"the hands went below {below:.2f} m (at lowest {low.min():.2f})")


def hinges(track: Track, count: int, tolerance: int = 0, degrees: float = 30.0) -> Verdict:
    """The trunk pitches forward by so much and comes up again that often, wherever the hips go."""
    return counted(bumps(track.lean_deg, degrees, 0.4), count, tolerance, f"hinged by {degrees:.0f} degrees")


def head_throws(track: Track, count: int, tolerance: int = 1, degrees: float = 25.0) -> Verdict:
    """The gaze is thrown down and up again, at least twice a second."""
    frames = bumps(track.head_deg[:, 1], degrees, 0.2)
    rate = (len(frames) - 1) * FPS / (frames[-1] - frames[0]) if len(frames) > 1 else 0.0
    verdict = counted(frames, count, tolerance, f"the head was thrown {rate:.1f} times a second:")
    return Verdict(verdict.passed and rate > 1.2, verdict.measured, verdict.span)


def looks_up(track: Track, degrees: float, seconds: float = 0.2) -> Verdict:
    """The gaze is raised that far over the level."""
    verdict = held(track.head_deg[:, 1] < -degrees, seconds, f"looked {degrees:.0f} degrees up")
    return Verdict(verdict.passed, f"{verdict.measured}, at most {-track.head_deg[:, 1].min():.0f}", verdict.span)


def looks_down(track: Track, degrees: float, seconds: float = 0.4) -> Verdict:
    """The gaze is lowered that far under the level."""
    verdict = held(track.head_deg[:, 1] > degrees, seconds, f"looked {degrees:.0f} degrees down")
    return Verdict(verdict.passed, f"{verdict.measured}, at most {track.head_deg[:, 1].max():.0f}", verdict.span)


def hips_swing(track: Track, count: int, tolerance: int = 1, size: float = 0.05) -> Verdict:
    """The pelvis goes to the left over the feet and back that often."""
    feet = (track.joint("left_ankle") + track.joint("right_ankle")) / 2
    aside = np.einsum("tj,tj->t", track.axes[:, 0], track.joint("pelvis") - feet)
    return counted(bumps(aside, size, 0.2), count, tolerance, "the hips swung to the left")


def tips(track: Track, degrees: float, count: int = 3) -> Verdict:
    """The trunk rocks from side to side by so much, several times."""
    frames = [*bumps(track.tilt_deg, degrees, 0.2)]
    verdict = counted(np.array(frames, int), count, 100, f"the trunk rocked by {degrees:.0f} degrees")
    return Verdict(len(frames) >= count, verdict.measured, (0, track.num_frames))


TRUNK = (
    twists, turns_shoulders, leans_past, folds, hinges, head_throws, looks_up, looks_down, 
    hips_swing, tips, 
)  # fmt: skip
