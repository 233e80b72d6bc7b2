"""insert: another version in between."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.join import concatenate
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.splice import backwards, check_length, put_between

BLEND_S = 0.3


@EDITS.register("insert")
@dataclass(frozen=True)
class Insert:
    """Put another version in at a moment; what came after goes on from where it ends."""

    version: int = argument("integer", low=0, high=999, help="number of the version")
    at: float = argument("number", low=0, high=600, unit="s", help="the moment")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Both seams are blended within what is put in. UserError for a moment outside the motion."""
        other = anchor.version(self.version, motion)
        check_length(motion.duration_s + other.duration_s, "The two together")
        if self.at > motion.duration_s:
            raise UserError(f"There is no moment at {self.at:g} s: the motion lasts {motion.duration_s:.2f} s.")
        frame = min(round(self.at * motion.fps), motion.num_frames)
        if frame == 0:
            other = backwards(concatenate(backwards(motion), backwards(other))).slice(0, other.num_frames)
        what = f"Inserted version {self.version} at {frame / motion.fps:.2f} s"
        length = f"{motion.duration_s:.2f} s became {motion.duration_s + other.duration_s:.2f} s"
        return put_between(motion, frame, frame, other, f"{what}: {length}; both seams are blended.", BLEND_S)
