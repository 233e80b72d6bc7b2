"""trim: cut seconds off the start and the end."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import Scope


@EDITS.register("trim")
@dataclass(frozen=True)
class Trim:
    """Cut seconds off the start, the end, or both. The frames that stay are untouched."""

    start: float = argument("number", default=0.0, low=0, high=600, unit="s", help="seconds cut from the start")
    end: float = argument("number", default=0.0, low=0, high=600, unit="s", help="seconds cut from the end")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """UserError when fewer than two frames would stay."""
        first, cut = round(self.start * motion.fps), round(self.end * motion.fps)
        if first + cut == 0:
            return Edited(motion, "Trimmed nothing: both lengths are under half a frame.", Scope(0.0, 0.0))
        left = motion.num_frames - first - cut
        if left < 2:
            raise UserError(
                f"trim would remove all {motion.duration_s:.1f} s (start={self.start:g}, end={self.end:g}). "
                f"Cut less than {motion.duration_s:.1f} s in total."
            )
        out = motion.slice(first, motion.num_frames - cut)
        places = ((first, "start"), (cut, "end"))
        cuts = [f"{frames / motion.fps:.2f} s from the {place}" for frames, place in places if frames]
        text = f"Cut {' and '.join(cuts)}: {motion.duration_s:.2f} s became {out.duration_s:.2f} s."
        return Edited(out, text, Scope(0.0, 0.0, retimed=True, kept=((first, 0, left),)))
