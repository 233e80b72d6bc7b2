"""Edit scripts: a sequence of operators carried out on every person of a scene."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.plan import Call
from engine.core.types import Scene
from engine.edit.registry import Anchor, build


def apply_edits(scene: Scene, edits: Iterable[Call]) -> tuple[Scene, str]:
    """The edited scene and an account of what was done, one sentence for each edit.

    What no edit names stays bit-identical. The caption and the provenance are kept: the caller knows what to add.
    UserError for an unknown operator, a bad argument, or an edit that would leave nothing.
    """
    account = []
    for call in edits:
        edit = build(call.name, call.args)
        anchor = Anchor.of(scene.motions[0])
        results = [edit.apply(motion, anchor) for motion in scene.motions]
        scene = scene.with_(motions=tuple(motion for motion, _ in results))
        texts = [text for _, text in results]
        if len(set(texts)) == 1:
            account.append(texts[0])
        else:
            account.extend(f"Person {i}: {text}" for i, text in enumerate(texts, 1))
    return scene, " ".join(account)
