"""hold: freeze a moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.splice import check_length, scope_between


@EDITS.register("hold")
@dataclass(frozen=True)
class Hold:
    """Freeze the pose of a moment for so long; what comes after is later by as much."""

    at: float = argument("number", low=0, high=600, unit="s", help="the moment")
    seconds: float = argument("number", low=0.1, high=60, unit="s", help="how long the pose is held")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The frame is repeated exactly. UserError for a moment outside the motion."""
        frame = min(round(self.at * motion.fps), motion.num_frames - 1)
        if self.at > motion.duration_s:
            raise UserError(f"There is no moment at {self.at:g} s: the motion lasts {motion.duration_s:.2f} s.")
        count = max(1, round(self.seconds * motion.fps))
        check_length(motion.duration_s + self.seconds, "This")
        order = np.concatenate([np.arange(frame + 1), np.full(count, frame), np.arange(frame + 1, motion.num_frames)])
        out = motion.with_(root_pos=motion.root_pos[order], joint_quat=motion.joint_quat[order])
        lengths = f"{motion.duration_s:.2f} s became {out.duration_s:.2f} s"
        text = f"Held the pose of {frame / motion.fps:.2f} s for {count / motion.fps:.2f} s: {lengths}."
        return Edited(out, text, scope_between(motion, out, frame + 1, frame + 1, shifted=False))
