"""What an operator may know besides the motion: where the scene begins, when what happens, and the other versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.types import Motion

Events = Mapping[str, Sequence[tuple[float, float]]]
"""Name of an event -> (start_s, end_s) of each, in the order of time."""


@dataclass(frozen=True)
class Anchor:
    """Where the first person of a scene begins: point (3,) metres and heading in radians. Turns and mirrors of a scene
    happen about it, so that two persons keep their places towards each other.

    events: of the motion that is edited.  versions: other motions by their number, for what is taken from them.
    """

    point: np.ndarray
    heading: float
    events: Events = field(default_factory=dict)
    versions: Mapping[int, Motion] = field(default_factory=dict)

    @staticmethod
    def of(motion: Motion, frame: int = 0) -> Anchor:
        """Where the pelvis is in that frame, and which way it faces (lying: which way the crown of the head points)."""
        quat = motion.joint_quat[frame].astype(np.float64)[0]
        forward = R.quat_rotate(quat, np.array([0.0, 0, 1]))
        if np.hypot(forward[0], forward[2]) < 0.5:
            forward = R.quat_rotate(quat, np.array([0.0, 1, 0]))
        return Anchor(motion.root_pos[frame].astype(np.float64), float(np.arctan2(forward[0], forward[2])))

    def version(self, number: int, motion: Motion) -> Motion:
        """That version at the rate and with the shape of `motion`. UserError naming the versions that there are."""
        if number not in self.versions:
            there = ", ".join(map(str, sorted(self.versions)))
            have = f"There are versions {there}." if there else "There are no other versions yet."
            raise UserError(f"There is no version {number} to take motion from. {have}")
        return self.versions[number].resample(motion.fps).with_(fps=motion.fps, betas=motion.betas)
