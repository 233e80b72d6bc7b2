"""floor: put the person on the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.contacts import contact_from_soles, runs
from engine.core.skeleton import sole_points
from engine.core.types import Motion
from engine.edit.place import moved
from engine.edit.registry import EDITS, Anchor, Edited
from engine.edit.scope import whole


@EDITS.register("floor")
@dataclass(frozen=True)
class Floor:
    """Put the person on the floor: the lowest foot that stands comes to height 0; the poses are unchanged."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The same offset in every frame. The lowest point of the feet where none ever stands."""
        soles = sole_points(*motion.world()).astype(np.float64)
        lowest = soles[..., 1].min(-1)
        contact = contact_from_soles(soles, motion.fps, float(np.percentile(lowest.min(1), 5)))
        levels = [float(np.median(lowest[a:b, side])) for side in (0, 1) for a, b in runs(contact[:, side])]
        offset = -min(levels, default=float(lowest.min()))
        out = moved(motion, np.array([0.0, offset, 0.0]))
        how = "up" if offset >= 0 else "down"
        text = f"Moved the person {how} by {100 * abs(offset):.1f} cm: the lowest standing foot is on the floor."
        return Edited(out, text, whole(out, frozenset()))
