"""Edit scripts: a sequence of operators carried out on every person of a scene, or on one of two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from engine.core.plan import Call
from engine.core.types import Motion, Scene
from engine.edit.anchor import Anchor, Events
from engine.edit.registry import Edit, build, schema
from engine.edit.scope import Scope
from engine.edit.spans import Span
from engine.edit.who import PERSONS, taken_off

UNTOUCHED = Scope(0.0, 0.0, joints=frozenset(), root=False)
"""The scope of an edit that was for the other person."""


@dataclass(frozen=True, eq=False)
class Applied:
    """scopes: of each edit in order, one for each person; UNTOUCHED for who it was not for."""

    scene: Scene
    text: str
    scopes: tuple[tuple[Scope, ...], ...]


def _no_events(motion: Motion) -> Events:
    return {}


def apply_edits(
    scene: Scene,
    edits: Iterable[Call],
    find_events: Callable[[Motion], Events] = _no_events,
    versions: Mapping[int, Motion | Scene] | None = None,
) -> Applied:
    """The edited scene, an account of what was done, one sentence for each edit, and what may have changed.

    What no edit names stays bit-identical; an edit with who=a or who=b leaves the motion of the other the same object,
    and happens about where its own person begins. Caption and provenance are kept: the caller knows what to add.
    find_events: the events of a motion; asked anew for every edit whose span names one, since edits move them.
    versions: what to take motion from, by its number; of a scene the same person. UserError for an unknown operator or
    person, a bad argument, or an edit that would leave nothing.
    """
    account, scopes = [], []
    for call in edits:
        bare, chosen = taken_off(call, len(scene.motions))
        edit = build(bare.name, bare.args)
        anchor = Anchor.of(scene.motions[chosen[0]])
        wanted = any(span.event for span in _spans(edit))
        results = {}
        for i in chosen:
            motion = scene.motions[i]
            events = find_events(motion) if wanted else {}
            results[i] = edit.apply(motion, replace(anchor, events=events, versions=_persons(versions or {}, i)))
        motions = [results[i].motion if i in results else motion for i, motion in enumerate(scene.motions)]
        scopes.append(tuple(results[i].scope if i in results else UNTOUCHED for i in range(len(motions))))
        scene = scene.with_(motions=tuple(motions))
        account += _accounts([result.text for result in results.values()], chosen, len(motions))
    return Applied(scene, " ".join(account), tuple(scopes))


def _persons(versions: Mapping[int, Motion | Scene], index: int) -> dict[int, Motion]:
    """The motion of that person in every version, of the only one where there is no other."""
    found = {}
    for number, version in versions.items():
        motions = version.motions if isinstance(version, Scene) else (version,)
        found[number] = motions[min(index, len(motions) - 1)]
    return found


def _accounts(texts: list[str], chosen: tuple[int, ...], count: int) -> list[str]:
    """The accounts of an edit for the chosen of `count` persons."""
    if len(chosen) < count:
        return [f"{PERSONS[i].upper()}: {text}" for i, text in zip(chosen, texts, strict=True)]
    if len(set(texts)) == 1:
        return texts[:1]
    return [f"Person {i}: {text}" for i, text in enumerate(texts, 1)]


def _spans(edit: Edit) -> list[Span]:
    return [Span(getattr(edit, name)) for name, spec in schema(type(edit)).items() if spec.kind == "span"]
