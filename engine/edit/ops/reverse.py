"""reverse: play backwards."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, span_argument
from engine.edit.scope import Scope
from engine.edit.spans import Span
from engine.edit.splice import SEAM_S, backwards, frames_of, put_between


@EDITS.register("reverse")
@dataclass(frozen=True)
class Reverse:
    """Play the motion or a span of it backwards: the whole clip begins where it ended."""

    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The same frames in the opposite order; a span goes on from where it begins, its ends blended within it."""
        frames = Span(self.span).frames(motion, anchor)
        part = backwards(frames_of(motion, frames))
        if frames.whole:
            scope = Scope(0.0, motion.duration_s, retimed=True)
            return Edited(part, f"Reversed: the {motion.duration_s:.2f} s now run backwards.", scope)
        blend_s = min(SEAM_S, 0.4 * part.duration_s)
        text = f"Reversed {frames.words()}; both ends of it are blended over {blend_s:.2g} s."
        return put_between(motion, frames.start, frames.stop, part, text)
