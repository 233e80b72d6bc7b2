"""What a reader hands to `capture`: a tree of joints, the poses that it may be at rest in, and its motion.

BVH and glTF have clips of their own; `PoseClip` serves formats whose joints turn from a rest pose without rotations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.core.rotations import quat_mul, quat_rotate

END = "(end)"
"""Name of the end of a bone that carries no joint."""
RestPose = tuple[np.ndarray, np.ndarray]
"""Positions (J, 3) and world rotations (J, 4) of all joints."""


class SkeletonClip(Protocol):
    """names, parents: one per joint, parents first.  fps: frames per second.  up: 'y' or 'z' if the format or the file
    says it.  metres: True if lengths are metres unless that makes no person.  Lengths are the file's."""

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def parents(self) -> tuple[int, ...]: ...

    @property
    def fps(self) -> float: ...

    @property
    def up(self) -> str | None: ...

    @property
    def metres(self) -> bool: ...

    @property
    def rests(self) -> tuple[RestPose, ...]:
        """Poses to measure rotations from, the best first."""
        ...

    def pose(self, wanted: set[int]) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
        """World positions (T, 3) and rotations (T, 4) of the `wanted` joints, in the file's axes and unit."""
        ...


def identity_rest(parents: tuple[int, ...], offsets: np.ndarray) -> RestPose:
    """The rest pose of joints that do not turn: offsets (J, 3) from the parent added up, the root at the origin."""
    pos = np.zeros_like(offsets)
    for j, p in enumerate(parents):
        if p >= 0:
            pos[j] = pos[p] + offsets[j]
    return pos, np.tile([1.0, 0, 0, 0], (len(parents), 1))


@dataclass(frozen=True, eq=False)
class PoseClip:
    """offsets: (J, 3) from the parent at rest, where nothing turns.  local_quat: (T, J, 4).  root_pos: (T, 3)."""

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray
    local_quat: np.ndarray
    root_pos: np.ndarray
    fps: float
    up: str | None = None
    metres: bool = False

    @property
    def rests(self) -> tuple[RestPose, ...]:
        return (identity_rest(self.parents, self.offsets),)

    def pose(self, wanted: set[int]) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
        pos, rot = {0: self.root_pos}, {0: self.local_quat[:, 0]}
        for j, p in enumerate(self.parents[1:], 1):
            rot[j] = quat_mul(rot[p], self.local_quat[:, j])
            pos[j] = pos[p] + quat_rotate(rot[p], self.offsets[j])
        return {j: pos[j] for j in wanted}, {j: rot[j] for j in wanted}
