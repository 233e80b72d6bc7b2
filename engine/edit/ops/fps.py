"""fps: another frame rate."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import Scope


@EDITS.register("fps")
@dataclass(frozen=True)
class Fps:
    """Resample the motion to another frame rate; it takes as long as before."""

    rate: float = argument("number", low=10, high=240, unit="frames per second", help="the new rate")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Slerp for rotations, linear for the path."""
        out = motion.resample(self.rate)
        frames = f"{motion.num_frames} frames became {out.num_frames}"
        text = f"Resampled from {motion.fps:g} to {out.fps:g} frames per second: {frames}."
        return Edited(out, text, Scope(0.0, out.duration_s, retimed=True))
