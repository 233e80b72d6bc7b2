"""loop: make the end lead into the start."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.join import place
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.scope import Scope
from engine.edit.splice import blend_end, joined, near


@EDITS.register("loop")
@dataclass(frozen=True)
class Loop:
    """Let the end lead into the start, so that the motion can play round and round."""

    blend: float = argument("number", default=0.4, low=0.1, high=5, unit="s", help="how long before the end it is bent")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Only the last `blend` seconds change. A motion that travels goes on where it ends, another comes back."""
        count = min(round(self.blend * motion.fps), motion.num_frames - 1)
        if count < 1:
            raise UserError("A motion of a single frame cannot be looped. Use a longer one.")
        start = motion.num_frames - count
        comes_back = near(motion, motion)
        after = motion if comes_back else place(motion, motion)
        last = blend_end(motion.slice(start), after, count / motion.fps)
        out = joined(motion.slice(0, start), last)
        where = "to where it began" if comes_back else "on from where it ends"
        text = f"Looped: the last {count / motion.fps:.2f} s lead into the pose of the start, {where}."
        return Edited(out, text, Scope(start / motion.fps, motion.duration_s, kept=((0, 0, start),)))
