"""Taking over what another motion does: all of it, its legs with where they go, or its upper body."""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.plan import GROUPS
from engine.core.skeleton import PARTS
from engine.core.types import Motion
from engine.edit.join import concatenate
from engine.edit.registry import Anchor

UPPER = [*PARTS["torso"], *PARTS["left_arm"], *PARTS["right_arm"]]


def take_over(motion: Motion, other: Motion, group: str) -> Motion:
    """The motion with a group of engine.core.plan.GROUPS taken from another; the rest stays bit-identical.

    A part of a shorter motion is gone through again until the end, of a longer one as much as there is time for. The
    whole keeps its own length. Either way it begins where the motion begins, facing the same way.
    """
    assert group in GROUPS, f"{group!r} is none of {GROUPS}"
    other = other.resample(motion.fps).with_(betas=motion.betas)
    if group == "whole":
        return _brought_to(other, motion)
    while other.num_frames < motion.num_frames:
        other = concatenate(other, other)
    other = other.slice(0, motion.num_frames)
    legs, upper = (motion, other) if group == "upper" else (_brought_to(other, motion), motion)
    quat = legs.joint_quat.copy()
    quat[:, UPPER] = upper.joint_quat[:, UPPER]
    return legs.with_(joint_quat=quat)


def _brought_to(motion: Motion, start: Motion) -> Motion:
    """Turned and moved on the floor so that its first frame stands and faces as that of `start` does."""
    here, there = Anchor.of(motion), Anchor.of(start)
    turn = R.quat_from_axis("y", np.asarray(there.heading - here.heading))
    root = R.quat_rotate(turn, motion.root_pos.astype(np.float64) - here.point) + there.point
    root[:, 1] = motion.root_pos[:, 1]
    quat = motion.joint_quat.copy()
    quat[:, 0] = R.quat_mul(turn, quat[:, 0].astype(np.float64))
    return motion.with_(root_pos=root, joint_quat=quat)
