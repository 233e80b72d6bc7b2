"""`Motion` and `Scene`: the one currency that every part of the engine passes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import NUM_JOINTS, forward_kinematics, rest_offsets

MODEL_FPS = 20.0
"""Frames per second that the models run at."""


@dataclass(frozen=True, eq=False)
class Motion:
    """One person's motion; arrays are float32 and read-only.

    root_pos: (T, 3) world pelvis, metres, Y up.  joint_quat: (T, 22, 4) local unit quaternions, wxyz, the first 22
    SMPL joints; joint 0 is the world orientation of the pelvis.  fps: frames per second.  betas: (10,) body shape.
    """

    root_pos: np.ndarray
    joint_quat: np.ndarray
    fps: float = MODEL_FPS
    betas: np.ndarray = field(default_factory=lambda: np.zeros(10, np.float32))

    def __post_init__(self) -> None:
        for name, shape in (("root_pos", (-1, 3)), ("joint_quat", (-1, NUM_JOINTS, 4)), ("betas", (10,))):
            value = np.array(getattr(self, name), np.float32)
            assert value.ndim == len(shape) and value.shape[1:] == shape[1:], f"{name} has shape {value.shape}"
            if not np.isfinite(value).all():
                raise UserError(f"The motion has values that are not numbers in {name}; the file may be damaged.")
            value.flags.writeable = False
            object.__setattr__(self, name, value)
        assert len(self.root_pos) == len(self.joint_quat) >= 1, "a motion needs a frame"
        assert self.fps > 0, f"fps is {self.fps}"

    @property
    def num_frames(self) -> int:
        return len(self.root_pos)

    @property
    def duration_s(self) -> float:
        """Seconds that the clip fills when played or looped: frames / fps."""
        return self.num_frames / self.fps

    def joint_positions(self) -> np.ndarray:
        """World joint positions (T, 22, 3) in metres, on the loaded body's rest joints for these betas."""
        return self.world()[0]

    def world(self) -> tuple[np.ndarray, np.ndarray]:
        """World joint positions (T, 22, 3) metres and rotations (T, 22, 4) wxyz."""
        return forward_kinematics(self.joint_quat, self.root_pos, rest_offsets(self.betas))

    def with_(self, **changes: Any) -> Motion:
        """A copy with some fields replaced."""
        return replace(self, **changes)

    def slice(self, start: int, stop: int | None = None) -> Motion:
        """Frames [start, stop) as a motion of its own."""
        return self.with_(root_pos=self.root_pos[start:stop], joint_quat=self.joint_quat[start:stop])

    def resample(self, fps: float) -> Motion:
        """The same motion at another rate: slerp for rotations, linear for the path. Exact where frames coincide."""
        if abs(fps - self.fps) < 1e-6:
            return self
        count = max(1, int(np.floor((self.num_frames - 1) / self.fps * fps + 1e-6)) + 1)
        return self.sample_at(np.arange(count) / fps * self.fps).with_(fps=float(fps))

    def sample_at(self, frame: np.ndarray) -> Motion:
        """The motion at fractional frame numbers (N,), held at both ends; keeps `fps`."""
        frame = np.clip(np.asarray(frame, np.float64), 0, self.num_frames - 1)
        low = np.minimum(frame.astype(int), max(self.num_frames - 2, 0))
        high = np.minimum(low + 1, self.num_frames - 1)
        t = (frame - low).astype(np.float32)
        root = self.root_pos[low] * (1 - t[:, None]) + self.root_pos[high] * t[:, None]
        quat = R.quat_slerp(self.joint_quat[low], self.joint_quat[high], np.repeat(t[:, None], NUM_JOINTS, 1))
        exact = t == 0
        quat[exact] = self.joint_quat[low[exact]]
        quat[t == 1] = self.joint_quat[high[t == 1]]
        return self.with_(root_pos=root, joint_quat=quat)


@dataclass(frozen=True, eq=False)
class Scene:
    """One or two motions in one world frame, plus what is known of them.

    motions: the persons.  caption: what they do, in words.  seed: what it was sampled with, None for an upload.
    provenance: where it came from, for example {"source": "walk.bvh"} or {"plan": "..."}.
    """

    motions: tuple[Motion, ...]
    caption: str = ""
    seed: int | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "motions", tuple(self.motions))
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        if not 1 <= len(self.motions) <= 2:
            raise UserError(f"A scene holds one or two persons, not {len(self.motions)}.")

    @property
    def duration_s(self) -> float:
        return max(m.duration_s for m in self.motions)

    def with_(self, **changes: Any) -> Scene:
        """A copy with some fields replaced."""
        return replace(self, **changes)
