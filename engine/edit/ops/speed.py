"""speed: play faster or slower."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, argument


@EDITS.register("speed")
@dataclass(frozen=True)
class Speed:
    """Play the motion faster or slower: 2 is twice as fast and half as long. The frame rate and the path stay."""

    factor: float = argument("number", low=0.1, high=10, unit="times", help="playback speed; 0.5 is half as fast")

    def apply(self, motion: Motion, anchor: Anchor) -> tuple[Motion, str]:
        """Resample by slerp; the first and the last frame stay exactly what they were."""
        count = round(motion.num_frames / self.factor)
        if count < 2 and count != motion.num_frames:
            raise UserError(
                f"At {self.factor:g} times the speed nothing is left of {motion.duration_s:.2f} s. "
                f"The fastest possible here is {motion.num_frames / 2:g} times."
            )
        out = motion.sample_at(np.linspace(0, motion.num_frames - 1, count))
        lengths = f"{motion.duration_s:.2f} s became {out.duration_s:.2f} s"
        return out, f"Played at {self.factor:g} times the speed: {lengths}."
