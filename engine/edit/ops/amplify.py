"""amplify: larger or smaller movements of a part."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.filters import amplified, tilt_amplified
from engine.edit.parts import PARTS, has_path, words
from engine.edit.pose import doubles, rewritten
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument, span_argument
from engine.edit.spans import Span


@EDITS.register("amplify")
@dataclass(frozen=True, kw_only=True)
class Amplify:
    """Make the movements of a part larger (over 1) or smaller (under 1) about its mean pose over the span."""

    part: str = part_argument()
    factor: float = argument("number", low=0, high=3, unit="times", help="1.5 is half as much again, 0 is still")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Deviations of local rotations from their mean are scaled; of the pelvis its tilt, not the way it faces."""
        frames = Span(self.span).frames(motion, anchor)
        quat, _ = doubles(motion, frames)
        factor = 1 + (self.factor - 1) * frames.weight()
        joints = [j for j in PARTS[self.part] if j]
        quat[:, joints] = amplified(quat[:, joints], factor)
        if has_path(self.part):
            quat[:, 0] = tilt_amplified(quat[:, 0], factor)
        text = f"Scaled the movements of {words(self.part)} by {self.factor:g} about their mean {frames.eased()}."
        return rewritten(motion, frames, text, PARTS[self.part], quat)
