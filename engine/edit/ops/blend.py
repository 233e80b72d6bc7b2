"""blend: fade into another version."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.filters import faded
from engine.edit.place import brought_to
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.splice import check_length, joined, scope_between


@EDITS.register("blend")
@dataclass(frozen=True)
class Blend:
    """Fade over so many seconds at the end into the start of another version, which then goes on to its end."""

    version: int = argument("integer", low=0, high=999, help="number of the version")
    seconds: float = argument("number", low=0.1, high=10, unit="s", help="how long the two are faded into each other")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """What comes before the fade stays bit-identical; the other version is placed where the fade begins."""
        other = anchor.version(self.version, motion)
        count = min(round(self.seconds * motion.fps), motion.num_frames - 1, other.num_frames)
        if count < 1:
            raise UserError("A motion of a single frame has no end to fade from. Use append instead.")
        start = motion.num_frames - count
        other = brought_to(other, Anchor.of(motion, start))
        check_length((start + other.num_frames) / motion.fps, "The two together")
        share = (np.arange(count) + 1) / (count + 1)
        weight = share**2 * (3 - 2 * share)
        end, begin = motion.slice(start), other.slice(0, count)
        quat = faded(end.joint_quat.astype(np.float64), begin.joint_quat.astype(np.float64), weight)
        path = end.root_pos + weight[:, None] * (begin.root_pos - end.root_pos)
        out = joined(motion.slice(0, start), end.with_(root_pos=path, joint_quat=quat))
        if other.num_frames > count:
            out = joined(out, other.slice(count))
        length = f"{motion.duration_s:.2f} s became {out.duration_s:.2f} s"
        text = f"Faded into version {self.version} over {count / motion.fps:.2f} s: {length}."
        return Edited(out, text, scope_between(motion, out, start, motion.num_frames, shifted=False))
