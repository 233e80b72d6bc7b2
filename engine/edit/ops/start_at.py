"""start_at: put the start at a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.place import moved
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import whole


@EDITS.register("start_at")
@dataclass(frozen=True)
class StartAt:
    """Move the whole motion on the floor so that it starts at this place of the world."""

    x: float = argument("number", low=-100, high=100, unit="m", help="to the left of the middle, +X")
    z: float = argument("number", low=-100, high=100, unit="m", help="in front of the middle, +Z")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Where the first person begins comes there; the heights and the poses stay bit-identical."""
        offset = np.array([self.x - anchor.point[0], 0.0, self.z - anchor.point[2]])
        out = moved(motion, offset)
        far = f"{np.hypot(offset[0], offset[2]):.2f} m"
        text = f"Moved the start to x = {self.x:g} m, z = {self.z:g} m, {far} from where it was."
        return Edited(out, text, whole(out, frozenset()))
