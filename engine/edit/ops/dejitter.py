"""dejitter: take out spikes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.contacts import runs
from engine.core.types import Motion
from engine.edit.registry import EDITS, Anchor, Edited
from engine.edit.scope import Scope
from engine.edit.spikes import despiked, despiked_path


@EDITS.register("dejitter")
@dataclass(frozen=True)
class Dejitter:
    """Take out spikes: single frames, or a few, in which a joint or the body jumps away and comes back."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Frames without a spike stay bit-identical, and so do the joints that have none in a frame."""
        quat, path = motion.joint_quat.copy(), motion.root_pos.copy()
        smooth, bad = despiked(motion.joint_quat.astype(np.float64), motion.fps)
        quat[bad] = smooth[bad]
        level, off = despiked_path(motion.root_pos.astype(np.float64), motion.fps)
        path[off] = level[off]
        touched = bad.any(1) | off
        kept = tuple((a, a, b - a) for a, b in runs(~touched))
        joints = frozenset(int(j) for j in np.flatnonzero(bad.any(0)))
        count = int(touched.sum())
        text = (
            f"Took spikes out of {count} of {motion.num_frames} frames."
            if count
            else "Found no spikes; nothing changed."
        )
        where = np.flatnonzero(touched)
        ends = (where[0] / motion.fps, (where[-1] + 1) / motion.fps) if count else (0.0, 0.0)
        scope = Scope(float(ends[0]), float(ends[1]), joints, bool(off.any()), kept=kept)
        return Edited(motion.with_(root_pos=path, joint_quat=quat), text, scope)
