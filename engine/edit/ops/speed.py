"""speed: play faster or slower."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.scope import Scope
from engine.edit.spans import Span
from engine.edit.splice import assembled, check_length


@EDITS.register("speed")
@dataclass(frozen=True)
class Speed:
    """Play the motion or a span of it faster or slower: 2 is twice as fast and half as long. The path stays."""

    factor: float = argument("number", low=0.1, high=10, unit="times", help="playback speed; 0.5 is half as fast")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Resample by slerp. Of a whole clip the first and the last frame stay exactly what they were."""
        frames = Span(self.span).frames(motion, anchor)
        count = round(frames.count / self.factor)
        if count < 1 or (frames.whole and count < 2 and count != motion.num_frames):
            raise UserError(
                f"At {self.factor:g} times the speed nothing is left of {frames.count / motion.fps:.2f} s. "
                f"The fastest possible here is {frames.count / 2:g} times."
            )
        check_length(
            (motion.num_frames - frames.count + count) / motion.fps, f"This at {self.factor:g} times the speed"
        )
        lengths = f"{frames.count / motion.fps:.2f} s became {count / motion.fps:.2f} s"
        if frames.whole:
            out = motion.sample_at(np.linspace(0, motion.num_frames - 1, count))
            text = f"Played at {self.factor:g} times the speed: {lengths}."
            return Edited(out, text, Scope(0.0, out.duration_s, retimed=True))
        middle = motion.sample_at(np.linspace(frames.start, frames.stop, count, endpoint=False))
        pieces = [motion.slice(0, frames.start)] if frames.start else []
        pieces += [middle, *([motion.slice(frames.stop)] if frames.stop < frames.total else [])]
        text = f"Played {frames.words()} at {self.factor:g} times the speed: {lengths}."
        return assembled(motion, frames.start, frames.stop, pieces, text, shifted=False)
