"""keep: keep one span of time."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import Scope


@EDITS.register("keep")
@dataclass(frozen=True)
class Keep:
    """Keep the span between two moments and drop the rest. The frames that stay are untouched."""

    start: float = argument("number", default=0.0, low=0, high=600, unit="s", help="where the span begins")
    end: float = argument("number", default=0.0, low=0, high=600, unit="s", help="where it ends; 0 is the clip's end")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """An end past the clip means its end. UserError when fewer than two frames would stay."""
        first = round(self.start * motion.fps)
        last = min(round(self.end * motion.fps) or motion.num_frames, motion.num_frames)
        if last - first < 2:
            raise UserError(
                f"keep from {self.start:g} s to {self.end or motion.duration_s:g} s leaves nothing: the motion lasts "
                f"{motion.duration_s:.1f} s. The span must lie within it and end after it starts."
            )
        out = motion.slice(first, last)
        past = f" (it ends at {motion.duration_s:.2f} s)" if self.end > motion.duration_s else ""
        span = f"{first / motion.fps:.2f} s to {last / motion.fps:.2f} s"
        text = f"Kept {span}{past}: {motion.duration_s:.2f} s became {out.duration_s:.2f} s."
        return Edited(out, text, Scope(0.0, 0.0, retimed=True, kept=((first, 0, last - first),)))
