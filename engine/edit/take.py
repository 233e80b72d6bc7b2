"""Taking over what another motion does: all of it, its legs with where they go, or its upper body."""

from __future__ import annotations

from engine.core.plan import GROUPS
from engine.core.skeleton import NUM_JOINTS, PARTS
from engine.core.types import Motion
from engine.edit.anchor import Anchor
from engine.edit.join import concatenate
from engine.edit.place import brought_to
from engine.edit.scope import Scope, whole

UPPER = [*PARTS["torso"], *PARTS["left_arm"], *PARTS["right_arm"]]


def take_over(motion: Motion, other: Motion, group: str) -> Motion:
    """The motion with a group of engine.core.plan.GROUPS taken from another; the rest stays bit-identical.

    A part of a shorter motion is gone through again until the end, of a longer one as much as there is time for. The
    whole keeps its own length. Either way it begins where the motion begins, facing the same way.
    """
    assert group in GROUPS, f"{group!r} is none of {GROUPS}"
    other = other.resample(motion.fps).with_(betas=motion.betas)
    if group == "whole":
        return brought_to(other, Anchor.of(motion))
    while other.num_frames < motion.num_frames:
        other = concatenate(other, other)
    other = other.slice(0, motion.num_frames)
    legs, upper = (motion, other) if group == "upper" else (brought_to(other, Anchor.of(motion)), motion)
    quat = legs.joint_quat.copy()
    quat[:, UPPER] = upper.joint_quat[:, UPPER]
    return legs.with_(joint_quat=quat)


def taken_scope(motion: Motion, group: str) -> Scope:
    """What `take_over` may have changed in its result `motion`."""
    if group == "whole":
        return Scope(0.0, motion.duration_s, retimed=True)
    upper = frozenset(UPPER)
    return whole(motion, upper if group == "upper" else frozenset(range(NUM_JOINTS)) - upper, root=group != "upper")
