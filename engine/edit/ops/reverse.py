"""reverse: play backwards."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor


@EDITS.register("reverse")
@dataclass(frozen=True)
class Reverse:
    """Play the motion backwards: it begins where it ended."""

    def apply(self, motion: Motion, anchor: Anchor) -> tuple[Motion, str]:
        """The same frames in the opposite order."""
        out = motion.with_(root_pos=motion.root_pos[::-1], joint_quat=motion.joint_quat[::-1])
        return out, f"Reversed: the {motion.duration_s:.2f} s now run backwards."
