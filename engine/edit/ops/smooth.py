"""smooth: smoother movements."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.filters import faded, low_pass, low_pass_path
from engine.edit.parts import PARTS, has_path, words
from engine.edit.pose import doubles, rewritten
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument, span_argument
from engine.edit.spans import Span

SMOOTHEST_S = 0.15
"""Standard deviation of the filter at amount 1."""


@EDITS.register("smooth")
@dataclass(frozen=True)
class Smooth:
    """Smooth the movements of a part by an amount from 0 to 1."""

    amount: float = argument("number", low=0, high=1, help="1 is the smoothest")
    span: str = span_argument()
    part: str = part_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """A Gaussian low-pass on rotations, and on the path where the part has it."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        sigma, joints = self.amount * SMOOTHEST_S * motion.fps, list(PARTS[self.part])
        weight = frames.weight()
        quat[:, joints] = faded(quat[:, joints], low_pass(quat[:, joints], sigma), weight)
        path = root + weight[:, None] * (low_pass_path(root, sigma) - root) if has_path(self.part) else None
        text = f"Smoothed {words(self.part)} over {self.amount * SMOOTHEST_S:.2g} s {frames.eased()}."
        return rewritten(motion, frames, text, joints, quat, path)
