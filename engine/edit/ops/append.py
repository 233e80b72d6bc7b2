"""append: another version afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.join import concatenate
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.splice import check_length, scope_between


@EDITS.register("append")
@dataclass(frozen=True)
class Append:
    """Let another version follow, going on from the place and the heading where this one ends."""

    version: int = argument("integer", low=0, high=999, help="number of the version")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """What was there stays bit-identical; the seam is blended over the start of what follows."""
        other = anchor.version(self.version, motion)
        check_length(motion.duration_s + other.duration_s, "The two together")
        out = concatenate(motion, other)
        length = f"{motion.duration_s:.2f} s became {out.duration_s:.2f} s"
        text = f"Appended version {self.version}: {length}; its start is blended."
        return Edited(out, text, scope_between(motion, out, motion.num_frames, motion.num_frames, shifted=False))
