"""Taking over what another motion does: all of it, its legs with where they go, or its upper body."""

from __future__ import annotations

from dataclasses import replace

from engine.core.plan import GROUPS
from engine.core.types import Motion
from engine.edit.place import brought_to
from engine.edit.registry import Anchor, Edited, build
from engine.edit.scope import Scope

_PARTS = {"legs": "lower", "upper": "upper"}


def take_over(motion: Motion, other: Motion, group: str) -> Edited:
    """The motion with a group of engine.core.plan.GROUPS taken from another; the rest stays bit-identical.

    A part of a shorter motion is gone through again until the end, of a longer one as much as there is time for. The
    whole keeps its own length. Either way it begins where the motion begins, facing the same way.
    """
    assert group in GROUPS, f"{group!r} is none of {GROUPS}"
    anchor = replace(Anchor.of(motion), versions={1: other})
    if group in _PARTS:
        return build("take", {"part": _PARTS[group], "version": "1"}).apply(motion, anchor)
    made = brought_to(anchor.version(1, motion), anchor)
    return Edited(made, "Took all of it.", Scope(0.0, made.duration_s, retimed=True))
