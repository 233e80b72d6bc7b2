"""Joint positions seen from the body: what the checks of the suite measure on, and how they count.

Everything is derived from world joint positions (T, 22, 3) at 20 fps; only the gaze of the head needs its rotation,
because the skeleton ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from engine.core.rotations import quat_rotate
from engine.core.skeleton import J
from engine.core.types import Motion

FPS = 20.0
SIDES = ("left", "right")


@dataclass(frozen=True)
class Verdict:
    """passed: whether the check holds.  measured: what was found, in words.  span: frames [start, stop) in which."""

    passed: bool
    measured: str
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Track:
    """pos: (T, 22, 3) world metres at 20 fps.  gaze: (T, 3) unit, where the face points."""

    pos: np.ndarray
    gaze: np.ndarray

    @staticmethod
    def of(motion: Motion) -> Track:
        """The track of a motion at any frame rate."""
        pos, world = motion.resample(FPS).world()
        return Track(pos.astype(np.float64), quat_rotate(world[:, J["head"]].astype(np.float64), np.array([0, 0, 1.0])))

    def part(self, start: int, stop: int) -> Track:
        """Frames [start, stop)."""
        return Track(self.pos[start:stop], self.gaze[start:stop])

    @property
    def num_frames(self) -> int:
        return len(self.pos)

    @property
    def seconds(self) -> float:
        return self.num_frames / FPS

    def joint(self, name: str) -> np.ndarray:
        """World path (T, 3) of a joint, metres."""
        return self.pos[:, J[name]]

    @cached_property
    def axes(self) -> np.ndarray:
        """(T, 3, 3): rows are left, up and forward of the hips, level with the floor."""
        across = self.joint("left_hip") - self.joint("right_hip")
        left = across * [1, 0, 1]
        left /= np.maximum(np.linalg.norm(left, axis=-1, keepdims=True), 1e-6)
        up = np.broadcast_to([0.0, 1.0, 0.0], left.shape)
        forward = np.stack([-left[:, 2], np.zeros(len(left)), left[:, 0]], -1)
        return np.stack([left, up, forward], 1)

    @cached_property
    def yaw_deg(self) -> np.ndarray:
        """Heading (T,) in degrees, unwrapped, lightly smoothed, positive to the left, 0 in the first frame."""
        forward = self.axes[:, 2]
        yaw = np.degrees(np.unwrap(np.arctan2(forward[:, 0], forward[:, 2])))
        return gaussian_filter1d(yaw, 2.0, mode="nearest") - yaw[0]

    def seen(self, joint: str, origin: str) -> np.ndarray:
        """(T, 3) metres: a joint from another one, as left, up, forward of the body at that moment."""
        return np.einsum("tij,tj->ti", self.axes, self.joint(joint) - self.joint(origin))

    @cached_property
    def travel(self) -> np.ndarray:
        """(T, 3) metres: the pelvis from where it began, as left, up, forward of the first facing."""
        return (self.joint("pelvis") - self.joint("pelvis")[0]) @ self.axes[0].T

    @cached_property
    def speed(self) -> np.ndarray:
        """Speed (T,) of the pelvis over the floor, m/s."""
        if self.num_frames < 2:
            return np.zeros(self.num_frames)
        path = gaussian_filter1d(self.joint("pelvis")[:, [0, 2]], 3.0, axis=0, mode="nearest")
        return np.linalg.norm(np.gradient(path, 1 / FPS, axis=0), axis=-1)

    @cached_property
    def foot_height(self) -> np.ndarray:
        """(T, 2) metres of the lower of ankle and toe joint over where it rests, left and right."""
        feet = [
            np.stack([self.joint(f"{s}_ankle")[:, 1] - 0.074, self.joint(f"{s}_foot")[:, 1] - 0.022]) for s in SIDES
        ]
        height = np.stack([f.min(0) for f in feet], -1)
        return height - np.percentile(height.min(-1), 10)

    @cached_property
    def lean_deg(self) -> np.ndarray:
        """(T,) degrees of the trunk (pelvis to neck) from upright; forward is positive."""
        trunk = self.seen("neck", "pelvis")
        return np.degrees(np.arctan2(trunk[:, 2], trunk[:, 1]))

    @cached_property
    def front(self) -> np.ndarray:
        """(T, 3) unit: where the front of the trunk looks, also when the body lies or stands on its hands."""
        across, trunk = self.joint("left_hip") - self.joint("right_hip"), self.joint("neck") - self.joint("pelvis")
        normal = np.cross(across, trunk)
        return normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)

    @cached_property
    def tilt_deg(self) -> np.ndarray:
        """(T,) degrees of the trunk (pelvis to neck) to the side from upright; left is positive."""
        trunk = self.seen("neck", "pelvis")
        return np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))

    @cached_property
    def twist_deg(self) -> np.ndarray:
        """(T,) degrees of the shoulders against the hips about the vertical; left is positive."""
        line = self.seen("left_shoulder", "right_shoulder")
        return np.degrees(np.arctan2(-line[:, 2], line[:, 0]))

    @cached_property
    def head_deg(self) -> np.ndarray:
        """(T, 2) degrees of the gaze against the hips: yaw (left positive) and pitch (down positive)."""
        local = np.einsum("tij,tj->ti", self.axes, self.gaze)
        yaw = np.degrees(np.arctan2(local[:, 0], local[:, 2]))
        return np.stack([yaw, np.degrees(-np.arcsin(np.clip(local[:, 1], -1, 1)))], -1)


def stretches(mask: np.ndarray) -> list[tuple[int, int]]:
    """The spans [start, stop) in which a boolean series (T,) holds."""
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def longest(mask: np.ndarray) -> tuple[int, int]:
    """The longest span in which a boolean series holds; (0, 0) if it never does."""
    return max(stretches(mask), key=lambda s: s[1] - s[0], default=(0, 0))


def bumps(series: np.ndarray, size: float, apart_s: float = 0.2) -> np.ndarray:
    """Frames of the inner maxima of a series (T,) that stand out by `size`, at least `apart_s` from each other."""
    if len(series) < 3:
        return np.zeros(0, int)
    smooth = gaussian_filter1d(series, 1.0, mode="nearest")
    return find_peaks(smooth, prominence=size, distance=max(1, round(apart_s * FPS)))[0]


def counted(frames: np.ndarray, count: int, tolerance: int, what: str) -> Verdict:
    """Verdict on how often something happened; frames (N,): when."""
    span = (int(frames[0]), int(frames[-1]) + 1) if len(frames) else (0, 0)
    return Verdict(len(frames) > 0 and abs(len(frames) - count) <= tolerance, f"{what} {len(frames)} times", span)


def held(mask: np.ndarray, seconds: float, what: str) -> Verdict:
    """Verdict on whether something lasted long enough without a break."""
    span = longest(mask)
    length = (span[1] - span[0]) / FPS
    return Verdict(length >= seconds - 1e-6, f"{what} for {length:.1f} s", span)
