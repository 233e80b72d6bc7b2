"""overlay: another version over a span."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.core.types import Motion
from engine.edit.filters import faded
from engine.edit.parts import PARTS, has_path, words
from engine.edit.place import brought_to
from engine.edit.pose import doubles, rewritten
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument, span_argument
from engine.edit.spans import EASE_S, Span
from engine.edit.splice import frames_of, replaced


@EDITS.register("overlay")
@dataclass(frozen=True)
class Overlay:
    """Let a part do over a span what another version does from its start; the rest stays exactly as it is."""

    version: int = argument("integer", low=0, high=999, help="number of the version")
    part: str = part_argument()
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """It ends with the other version where that is shorter. What follows goes on from where the body then is."""
        other = anchor.version(self.version, motion)
        frames = Span(self.span).frames(motion, anchor)
        frames = replace(frames, stop=min(frames.stop, frames.start + other.num_frames))
        quat, _ = doubles(motion, frames)
        other = other.slice(0, frames.count)
        if has_path(self.part):
            other = brought_to(other, Anchor.of(motion, frames.start))
        weight, joints = frames.weight(), list(PARTS[self.part])
        quat[:, joints] = faded(quat[:, joints], other.joint_quat[:, joints].astype(np.float64), weight)
        text = f"Laid {words(self.part)} of version {self.version} over the motion {frames.eased()}."
        if has_path(self.part):
            whole = frames_of(motion, frames).joint_quat.copy()
            whole[:, joints] = other.joint_quat[:, joints]
            return replaced(motion, frames, other.with_(joint_quat=whole), joints, text, EASE_S)
        return rewritten(motion, frames, text, joints, quat)
