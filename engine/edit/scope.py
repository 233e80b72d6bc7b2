"""What an edit may have changed, so that everything else can be held to be bit-identical.

`breaches` compares two motions and names every broken promise; a test asks it of every operator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.skeleton import NUM_JOINTS
from engine.core.types import Motion

Runs = tuple[tuple[int, int, int], ...]
"""Stretches of frames as (first frame in the old clip, first frame in the new clip, how many)."""


@dataclass(frozen=True)
class Scope:
    """What may have changed, in the time of the result.

    start_s, end_s: nothing else has changed, but for what `placed` says.  joints: of these the local rotations, None
    for all; 0 is the orientation of the pelvis.  root: its path too.  retimed: frames come from other moments, so that
    only `kept` and `placed` say what is as it was.  kept: frames that are bit-identical, everything in them.
    placed: frames whose joints but the pelvis are bit-identical; the body as a whole is moved and turned on the floor.
    """

    start_s: float
    end_s: float
    joints: frozenset[int] | None = None
    root: bool = True
    retimed: bool = False
    kept: Runs = ()
    placed: Runs = ()


@dataclass(frozen=True, eq=False)
class Edited:
    """What an operator returns: the motion, an exact account of the change in a sentence, and what it touched."""

    motion: Motion
    text: str
    scope: Scope


def whole(motion: Motion, joints: frozenset[int] | None = None, root: bool = True) -> Scope:
    """The scope of a change to these joints in every frame of the result `motion`."""
    return Scope(0.0, motion.duration_s, joints, root)


def breaches(before: Motion, after: Motion, scope: Scope) -> list[str]:
    """Every way in which `after` differs from `before` although the scope says that it does not."""
    found = []
    for old, new, count in scope.kept + scope.placed:
        if old + count > before.num_frames or new + count > after.num_frames or min(old, new, count) < 0:
            found.append(f"frames {old} to {old + count} are kept, but they are not in the clip")
    for old, new, count in scope.kept:
        found += _differences(before.slice(old, old + count), after.slice(new, new + count)) if count else []
    for old, new, count in scope.placed:
        same = np.array_equal(before.joint_quat[old : old + count, 1:], after.joint_quat[new : new + count, 1:])
        found += [] if same else [f"the poses of frames {old} to {old + count} differ"]
    if scope.retimed:
        return found
    if before.num_frames != after.num_frames or before.fps != after.fps:
        return [*found, "its length differs although it is not retimed"]
    start, stop = round(scope.start_s * after.fps), round(scope.end_s * after.fps)
    carried = frozenset({0}) if scope.placed else frozenset[int]()
    for a, b, free in ((0, start, frozenset[int]()), (stop, after.num_frames, carried)):
        found += _differences(before.slice(a, b), after.slice(a, b), free, bool(free)) if a < b else []
    if start < stop:
        joints = frozenset(range(NUM_JOINTS)) if scope.joints is None else scope.joints
        found += _differences(before.slice(start, stop), after.slice(start, stop), joints, scope.root)
    return found


def _differences(a: Motion, b: Motion, free: frozenset[int] = frozenset(), root: bool = False) -> list[str]:
    """Joints, but the free ones, and paths that differ between two motions of equal length."""
    differs = [
        j for j in range(NUM_JOINTS) if j not in free and not np.array_equal(a.joint_quat[:, j], b.joint_quat[:, j])
    ]
    found = [f"joint {j} differs" for j in differs]
    if not root and not np.array_equal(a.root_pos, b.root_pos):
        found.append("the path differs")
    return found
