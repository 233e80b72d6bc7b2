"""prepend: another version before."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.join import concatenate
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.splice import backwards, check_length, scope_between


@EDITS.register("prepend")
@dataclass(frozen=True)
class Prepend:
    """Let another version come before, so that it ends at the place and the heading where this one begins."""

    version: int = argument("integer", low=0, high=999, help="number of the version")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """What was there stays bit-identical, later; the seam is blended over the end of what comes before."""
        other = anchor.version(self.version, motion)
        check_length(motion.duration_s + other.duration_s, "The two together")
        out = backwards(concatenate(backwards(motion), backwards(other)))
        length = f"{motion.duration_s:.2f} s became {out.duration_s:.2f} s"
        text = f"Prepended version {self.version}: {length}; its end is blended."
        return Edited(out, text, scope_between(motion, out, 0, 0, shifted=False))
