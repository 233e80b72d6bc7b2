"""freeze: a part keeps still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.filters import faded
from engine.edit.parts import PARTS, has_path, words
from engine.edit.pose import doubles, rewritten
from engine.edit.registry import EDITS, Anchor, Edited, part_argument, span_argument
from engine.edit.spans import Span
from engine.edit.splice import frames_of, replaced

EASE_BACK_S = 0.3


@EDITS.register("freeze")
@dataclass(frozen=True)
class Freeze:
    """Let a part of the body keep the pose that it has where the span begins."""

    part: str = part_argument()
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """It goes back to the motion within the span. A body that stood still goes on from where it stands."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        weight = np.ones(frames.count)
        if frames.stop < frames.total:
            weight = frames.weight(EASE_BACK_S)
            weight[: frames.count // 2] = 1
        still = np.broadcast_to(quat[:1], quat.shape)
        joints = list(PARTS[self.part])
        eased = f"; eased over {frames.ease_s(EASE_BACK_S):.2g} s at the end" if frames.stop < frames.total else ""
        text = f"Froze {words(self.part)} {frames.words()}{eased}."
        if has_path(self.part):
            part = frames_of(motion, frames)
            quat[:, joints] = still[:, joints]
            middle = part.with_(root_pos=np.broadcast_to(root[:1], root.shape), joint_quat=quat)
            return replaced(motion, frames, middle, joints, text, EASE_BACK_S)
        return rewritten(motion, frames, text, joints, faded(quat, still, weight))
