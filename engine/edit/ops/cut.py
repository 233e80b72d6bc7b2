"""cut: take a span out."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import Scope
from engine.edit.spans import Span
from engine.edit.splice import SEAM_S, follow, scope_between


@EDITS.register("cut")
@dataclass(frozen=True)
class Cut:
    """Take a span of time out; what comes before and after it is joined."""

    span: str = argument("span", help="what is taken out")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The first 0.2 s after the seam are blended. UserError when fewer than two frames would stay."""
        frames = Span(self.span).frames(motion, anchor)
        if frames.total - frames.count < 2:
            raise UserError(
                f"Cutting {self.span} would leave nothing of {motion.duration_s:.2f} s. Name a shorter span."
            )
        length = f"{motion.duration_s:.2f} s became {(frames.total - frames.count) / motion.fps:.2f} s"
        if frames.start == 0 or frames.stop == frames.total:
            first, last = (frames.stop, frames.total) if frames.start == 0 else (0, frames.start)
            text = f"Cut out what was {frames.words()}: {length}."
            return Edited(motion.slice(first, last), text, Scope(0, 0, retimed=True, kept=((first, 0, last - first),)))
        before, after = motion.slice(0, frames.start), motion.slice(frames.stop)
        blend = min(after.num_frames, round(SEAM_S * motion.fps))
        out, shifted = follow(before, after, blend / motion.fps)
        text = f"Cut out what was {frames.words()}: {length}; the seam is blended over {blend / motion.fps:.2g} s."
        return Edited(out, text, scope_between(motion, out, frames.start, frames.stop + blend, shifted))
