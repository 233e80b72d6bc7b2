"""face: turn the clip to a direction of the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.place import HEADINGS, turned
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import whole


@EDITS.register("face")
@dataclass(frozen=True)
class Face:
    """Turn the whole motion so that it starts facing a direction of the world: forward is +Z, left is +X."""

    direction: str = argument("choice", choices=("forward", "backward", "left", "right"), help="where it starts facing")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """About where the first person begins; only the pelvis' orientation and the path change."""
        angle = HEADINGS[self.direction] - anchor.heading
        angle = float((angle + np.pi) % (2 * np.pi) - np.pi)
        out = turned(motion, anchor.point, angle)
        by = f"{abs(np.degrees(angle)):.0f} degrees to the {'left' if angle >= 0 else 'right'}"
        text = f"Turned the whole motion {by}, so that it starts facing {self.direction} in the world."
        return Edited(out, text, whole(out, frozenset({0})))
