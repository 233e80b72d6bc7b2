"""duration: make the clip last so long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import Scope


@EDITS.register("duration")
@dataclass(frozen=True)
class Duration:
    """Play the motion faster or slower so that it lasts so many seconds."""

    seconds: float = argument("number", low=0.1, high=600, unit="s", help="how long it lasts")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Resample by slerp; the first and the last frame stay exactly what they were."""
        count = max(2, round(self.seconds * motion.fps))
        out = motion.sample_at(np.linspace(0, motion.num_frames - 1, count))
        factor = motion.num_frames / count
        text = f"Retimed: {motion.duration_s:.2f} s became {out.duration_s:.2f} s, {factor:.3g} times the speed."
        return Edited(out, text, Scope(0.0, out.duration_s, retimed=True))
