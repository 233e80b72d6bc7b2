"""turn: rotate the whole clip on the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.place import turned
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import whole


@EDITS.register("turn")
@dataclass(frozen=True)
class Turn:
    """Turn the whole motion on the floor about where it begins; positive is to the left. Poses stay as they are."""

    degrees: float = argument("number", default=90, low=-360, high=360, unit="degrees", help="positive is left")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Only the pelvis' orientation and its path change; the heights stay bit-identical."""
        out = turned(motion, anchor.point, float(np.radians(self.degrees)))
        side = "left" if self.degrees >= 0 else "right"
        text = f"Turned the whole motion {abs(self.degrees):g} degrees to the {side}."
        return Edited(out, text, whole(out, frozenset({0})))
