"""take: a part of another version."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.types import Motion
from engine.edit.join import concatenate
from engine.edit.parts import PARTS, has_path, words
from engine.edit.place import brought_to
from engine.edit.pose import rewritten
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument
from engine.edit.spans import Span


@EDITS.register("take")
@dataclass(frozen=True, kw_only=True)
class Take:
    """Take a part of the body from another version of the motion; the rest stays exactly as it is."""

    part: str = part_argument()
    version: int = argument("integer", low=0, high=999, help="number of the version")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """A shorter version is gone through again until the end. The lower body comes with where it goes."""
        other = anchor.version(self.version, motion)
        frames = Span().frames(motion, anchor)
        while other.num_frames < motion.num_frames:
            other = concatenate(other, other)
        other = other.slice(0, motion.num_frames)
        if has_path(self.part):
            other = brought_to(other, Anchor.of(motion))
        root = other.root_pos if has_path(self.part) else None
        text = f"Took {words(self.part)} from version {self.version}."
        return rewritten(motion, frames, text, PARTS[self.part], other.joint_quat, root)
