"""move: move the clip to another place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.place import HEADINGS, moved
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import whole


@EDITS.register("move")
@dataclass(frozen=True)
class Move:
    """Move the whole motion by so many metres, relative to the way the first person faces at the start."""

    direction: str = argument("choice", choices=("forward", "backward", "left", "right", "up", "down"), help="where to")
    meters: float = argument("number", low=0, high=100, unit="m", help="how far")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Only the path changes."""
        if self.direction in ("up", "down"):
            offset = np.array([0, 1.0 if self.direction == "up" else -1.0, 0]) * self.meters
        else:
            angle = anchor.heading + HEADINGS[self.direction]
            offset = np.array([np.sin(angle), 0, np.cos(angle)]) * self.meters
        text = f"Moved the whole motion {self.meters:g} m {self.direction}."
        out = moved(motion, offset)
        return Edited(out, text, whole(out, frozenset()))
