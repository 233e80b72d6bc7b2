"""in_place: no way at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited
from engine.edit.scope import whole


@EDITS.register("in_place")
@dataclass(frozen=True)
class InPlace:
    """Take the path out: the person stays where they began; heights and poses are unchanged."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The pelvis keeps to the place on the floor of the first frame."""
        root = motion.root_pos.copy()
        way = float(np.linalg.norm(np.diff(root[:, [0, 2]].astype(np.float64), axis=0), axis=-1).sum())
        root[:, [0, 2]] = root[0, [0, 2]]
        out = motion.with_(root_pos=root)
        return Edited(
            out, f"Took the path out: {way:.2f} m of it; the person stays where they began.", whole(out, frozenset())
        )
