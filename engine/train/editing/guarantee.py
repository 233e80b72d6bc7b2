"""The guarantee of every edit: frames and joints outside of what it says it touched are bit-identical.

Read from the motions alone, independently of the operators' own account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.assess.when import find_events
from engine.core.plan import Call
from engine.core.skeleton import NUM_JOINTS
from engine.core.types import Motion, Scene
from engine.edit.scope import Scope
from engine.edit.script import apply_edits

EVERYTHING = frozenset(range(NUM_JOINTS))
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Carried:
    """A scene after edits. broken: every promise that was; unknown: why it could not be measured."""

    scene: Scene
    broken: tuple[str, ...] = ()
    unknown: str = ""


def carry_out(scene: Scene, edits: Sequence[Call], versions: Mapping[int, Motion]) -> Carried:
    """Carry edits out one by one, and hold each to its scope. UserError for one that cannot be.

    versions: motions that edits may take from.
    """
    broken: list[str] = []
    for call in edits:
        applied = apply_edits(scene, (call,), find_events, versions)
        persons = zip(scene.motions, applied.scene.motions, applied.scopes[0], strict=True)
        broken += [f"{call}: {found}" for person in persons for found in changed_outside(*person)]
        scene = applied.scene
    return Carried(scene, tuple(broken))


def changed_outside(before: Motion, after: Motion, scope: Scope) -> list[str]:
    """Every way in which `after` differs from `before` where the scope says that it does not."""
    found: list[str] = []
    for old, new, count in scope.kept:
        if min(old, new, count) < 0 or old + count > before.num_frames or new + count > after.num_frames:
            found.append(f"the kept frames {old} to {old + count} are not there")
            continue
        free = NOTHING if scope.joints is None else scope.joints
        found += _differ(before.slice(old, old + count), after.slice(new, new + count), free) if count else []
    if scope.retimed:
        return found
    if before.num_frames != after.num_frames or before.fps != after.fps:
        return [*found, "the length changed although the scope says it is not retimed"]
    start, stop = round(scope.start_s * after.fps), round(scope.end_s * after.fps)
    touched = EVERYTHING if scope.joints is None else scope.joints
    # a scope may say that the body as a whole is carried along beyond the span, in its pose
    carried = frozenset({0}) if scope.placed else NOTHING
    stretches = ((0, start, NOTHING, False), (start, stop, touched, scope.root))
    for a, b, free, path in (*stretches, (stop, after.num_frames, carried, bool(carried))):
        found += _differ(before.slice(a, b), after.slice(a, b), free, path) if a < b else []
    return found


def _differ(a: Motion, b: Motion, free: frozenset[int], path: bool = False) -> list[str]:
    """Joints that differ, but for the free ones, and the path unless it is free."""
    joints = [
        j for j in range(NUM_JOINTS) if j not in free and not np.array_equal(a.joint_quat[:, j], b.joint_quat[:, j])
    ]
    found = [f"joint {j} changed" for j in joints]
    if not path and not np.array_equal(a.root_pos, b.root_pos):
        found.append("the path changed")
    return found
