"""repeat: play several times in a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.join import concatenate
from engine.edit.registry import EDITS, Anchor, argument

SEAM_S = 0.2
MAX_SECONDS = 600.0
SAME_DEG, SAME_M = 3.0, 0.01
"""Ends this near to each other are played on without a blend."""


def ends_match(motion: Motion) -> bool:
    """Whether the last pose leads into the first: joints and pelvis height about equal (place and heading aside)."""
    last, first = motion.joint_quat[-1, 1:], motion.joint_quat[0, 1:]
    angle = 2 * np.arccos(np.clip(np.abs((last * first).sum(-1)), 0, 1)).max()
    tilt = [R.quat_mul(R.quat_from_axis("y", -R.heading(q)), q) for q in motion.joint_quat[[0, -1], 0]]
    lean = 2 * np.arccos(np.clip(abs((tilt[0] * tilt[1]).sum()), 0, 1))
    drop = abs(motion.root_pos[-1, 1] - motion.root_pos[0, 1])
    return bool(max(angle, lean) < np.radians(SAME_DEG) and drop < SAME_M)


@EDITS.register("repeat")
@dataclass(frozen=True)
class Repeat:
    """Play the motion several times in a row; each play goes on from the place and heading where the last one ended."""

    count: int = argument("integer", default=2, low=2, high=10, unit="plays", help="how often it plays in total")

    def apply(self, motion: Motion, anchor: Anchor) -> tuple[Motion, str]:
        """The first play stays bit-identical; seams are blended only where the ends differ, and the text says so."""
        if motion.duration_s * self.count > MAX_SECONDS:
            length = f"{self.count} plays of {motion.duration_s:.1f} s"
            raise UserError(f"{length} are longer than {MAX_SECONDS:.0f} s. Repeat it less often.")
        blend_s = 0.0 if ends_match(motion) else SEAM_S
        out = motion
        for _ in range(self.count - 1):
            out = concatenate(out, motion, blend_s)
        seam = "the ends match" if blend_s == 0 else f"the start of each further play is blended over {blend_s:g} s"
        text = f"Played {self.count} times in a row: {motion.duration_s:.2f} s became {out.duration_s:.2f} s; {seam}."
        return out, text
