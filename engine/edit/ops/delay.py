"""delay: let a part lag behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.parts import PARTS, has_path, words
from engine.edit.pose import rewritten
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument
from engine.edit.spans import Span


@EDITS.register("delay")
@dataclass(frozen=True, kw_only=True)
class Delay:
    """Let a part of the body lag behind the rest by so long, or lead it (negative)."""

    part: str = part_argument()
    seconds: float = argument("number", low=-5, high=5, unit="s", help="positive lags, negative leads")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The pose of the first or the last frame is held where there is nothing to come from."""
        frames = Span().frames(motion, anchor)
        late = round(self.seconds * motion.fps)
        source = np.clip(np.arange(motion.num_frames) - late, 0, motion.num_frames - 1)
        root = motion.root_pos[source] if has_path(self.part) else None
        how = "lag behind" if late >= 0 else "lead"
        text = f"Let {words(self.part)} {how} the rest by {abs(late) / motion.fps:.2f} s."
        return rewritten(motion, frames, text, PARTS[self.part], motion.joint_quat[source], root)
