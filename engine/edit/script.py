"""Edit scripts: a sequence of operators carried out on every person of a scene."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.core.plan import Call
from engine.core.types import Motion, Scene
from engine.edit.anchor import Anchor, Events
from engine.edit.registry import Edit, build, schema
from engine.edit.scope import Scope
from engine.edit.spans import Span


@dataclass(frozen=True, eq=False)
class Applied:
    """scopes: of each edit in order, one for each person."""

    scene: Scene
    text: str
    scopes: tuple[tuple[Scope, ...], ...]


def _no_events(motion: Motion) -> Events:
    return {}


def apply_edits(
    scene: Scene,
    edits: Iterable[Call],
    find_events: Callable[[Motion], Events] = _no_events,
    versions: Mapping[int, Motion] | None = None,
) -> Applied:
    """The edited scene, an account of what was done, one sentence for each edit, and what may have changed.

    What no edit names stays bit-identical. The caption and the provenance are kept: the caller knows what to add.
    find_events: the events of a motion; asked anew for every edit whose span names one, since edits move them.
    versions: motions to take from, by their number. UserError for an unknown operator, a bad argument, or an edit that
    would leave nothing.
    """
    account, scopes = [], []
    for call in edits:
        edit = build(call.name, call.args)
        anchor = replace(Anchor.of(scene.motions[0]), versions=versions or {})
        wanted = any(span.event for span in _spans(edit))
        results = []
        for motion in scene.motions:
            known = replace(anchor, events=find_events(motion)) if wanted else anchor
            results.append(edit.apply(motion, known))
        scene = scene.with_(motions=tuple(result.motion for result in results))
        scopes.append(tuple(result.scope for result in results))
        texts = [result.text for result in results]
        if len(set(texts)) == 1:
            account.append(texts[0])
        else:
            account.extend(f"Person {i}: {text}" for i, text in enumerate(texts, 1))
    return Applied(scene, " ".join(account), tuple(scopes))


def _spans(edit: Edit) -> list[Span]:
    return [Span(getattr(edit, name)) for name, spec in schema(type(edit)).items() if spec.kind == "span"]
