"""repeat: play several times in a row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion
from engine.edit.join import concatenate, place
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import Span
from engine.edit.splice import SEAM_S, assembled, check_length, follow, frames_of, near, scope_between

SAME_DEG, SAME_M = 3.0, 0.01
"""Ends this near to each other are played on without a blend."""


def ends_match(motion: Motion) -> bool:
    """Whether the last pose leads into the first: joints and pelvis height about equal (place and heading aside)."""
    last, first = motion.joint_quat[-1, 1:], motion.joint_quat[0, 1:]
    angle = 2 * np.arccos(np.clip(np.abs((last * first).sum(-1)), 0, 1)).max()
    tilt = [R.quat_mul(R.quat_from_axis("y", -R.heading(q)), q) for q in motion.joint_quat[[0, -1], 0]]
    lean = 2 * np.arccos(np.clip(abs((tilt[0] * tilt[1]).sum()), 0, 1))
    drop = abs(motion.root_pos[-1, 1] - motion.root_pos[0, 1])
    return bool(max(angle, lean) < np.radians(SAME_DEG) and drop < SAME_M)


@EDITS.register("repeat")
@dataclass(frozen=True)
class Repeat:
    """Play the motion or a span of it several times in a row; each play goes on from where the last one ended."""

    count: int = argument("integer", default=2, low=2, high=10, unit="plays", help="how often it plays in total")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """The first play stays bit-identical; seams are blended only where the ends differ, and the text says so."""
        frames = Span(self.span).frames(motion, anchor)
        part = frames_of(motion, frames)
        check_length(motion.duration_s + part.duration_s * (self.count - 1), f"{self.count} plays")
        blend_s = 0.0 if ends_match(part) else min(SEAM_S, part.duration_s)
        seam = "the ends match" if blend_s == 0 else f"the start of each further play is blended over {blend_s:.2g} s"
        if frames.whole:
            out = motion
            for _ in range(self.count - 1):
                out = concatenate(out, motion, blend_s)
            lengths = f"{motion.duration_s:.2f} s became {out.duration_s:.2f} s"
            text = f"Played {self.count} times in a row: {lengths}; {seam}."
            return Edited(out, text, scope_between(motion, out, frames.stop, frames.stop, shifted=False))
        made = motion.slice(0, frames.stop)
        for _ in range(self.count - 1):
            made, _ = follow(made, part, blend_s)
        pieces, shifted = [made], False
        if frames.stop < frames.total:
            after = motion.slice(frames.stop)
            shifted = not near(part, part)
            pieces.append(place(made, after) if shifted else after)
        length = f"{motion.duration_s:.2f} s became {sum(p.num_frames for p in pieces) / motion.fps:.2f} s"
        text = f"Played what is {frames.words()} {self.count} times in a row: {length}; {seam}."
        return assembled(motion, frames.stop, frames.stop, pieces, text, shifted)
