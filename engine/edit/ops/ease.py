"""ease: change the pace within a span."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import Span
from engine.edit.splice import assembled


@EDITS.register("ease")
@dataclass(frozen=True)
class Ease:
    """Let a span begin slowly (in), end slowly (out), or both; it lasts as long as before."""

    kind: str = argument("choice", choices=("in", "out", "both"), help="where it is slow")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The first and the last frame of the span stay exactly what they were."""
        frames = Span(self.span).frames(motion, anchor)
        share = np.linspace(0, 1, frames.count)
        curve = {"in": share**2, "out": 1 - (1 - share) ** 2, "both": share**2 * (3 - 2 * share)}[self.kind]
        out = motion.sample_at(frames.start + curve * (frames.count - 1))
        pieces = [motion.slice(0, frames.start)] if frames.start else []
        pieces += [out, *([motion.slice(frames.stop)] if frames.stop < frames.total else [])]
        slow = {"in": "slow at the start", "out": "slow at the end", "both": "slow at both ends"}[self.kind]
        text = f"Eased the pace {frames.words()}: {slow}, its length unchanged."
        return assembled(motion, frames.start, frames.stop, pieces, text, shifted=False)
