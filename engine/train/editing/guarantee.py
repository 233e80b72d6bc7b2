"""The guarantee of every edit: frames and joints outside of what it says it touched are bit-identical."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.assess.when import find_events
from engine.core.plan import Call
from engine.core.types import Motion, Scene
from engine.edit.scope import breaches
from engine.edit.script import apply_edits


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
        broken += [f"{call}: {found}" for person in persons for found in breaches(*person)]
        scene = applied.scene
    return Carried(scene, tuple(broken))
