"""Turns that change a motion exactly, or go back in its history: edits, undo, redo, restore.

Answered by the operators' own account of what they changed, not by the model.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

from engine.assess.when import find_events
from engine.core.errors import UserError
from engine.core.plan import Call, Plan, parse_plan
from engine.edit.again import Resolved, resolve, speaks_of_last
from engine.edit.script import Applied, apply_edits
from engine.loop.events import Event, Step, text_section, whole_section
from engine.loop.versions import History, Version, required

Told = Generator[Event, None, tuple[History, str]]
"""The sections of a whole turn; give the history after it and the answer."""
UNDONE = "undo "
"""What a last edit begins with that has been taken back."""


def last_edit(history: History) -> str:
    """The edit script that was carried out last as the planner is told of it; "" if the last change was no edit."""
    if history.undone:
        undone = history[history.undone[-1]]
        if undone.edit and undone.parent == history.current_id:
            return UNDONE + undone.edit.removeprefix("edit ")
    return history.current.edit if history.current else ""


def edits_done(history: History) -> tuple[str, ...]:
    """The operators by which the current motion came about since it was made or attached, each once, in order."""
    names: list[str] = []
    version = history.current
    while version is not None and version.edit:
        names = [*(call.name for call in _script(version)), *names]
        version = None if version.parent is None else history[version.parent]
    return tuple(dict.fromkeys(names))


def written_out(history: History, plan: Plan) -> Resolved:
    """The edits of a plan with what they say of the last one written out. UserError where there is none."""
    if not speaks_of_last(plan.edits):
        return Resolved(plan.edits)
    last = last_edit(history)
    undone = last.startswith(UNDONE)
    script = parse_plan(f"edit {last.removeprefix(UNDONE).removeprefix('edit ')}").edits if last else ()
    return resolve(plan.edits, script, undone)


def run_edit(history: History, title: str, plan: Plan, in_place: bool = False) -> Told:
    """Exact edits. in_place: they are done in place of the last edit, to the version before it."""
    current = required(history, "edit")
    if in_place and current.parent is not None:
        replaced = _changed(history, history[current.parent], plan.edits, title)
        return (yield from _told(*replaced, "In place of the last edit: "))
    return (yield from _told(*_changed(history, current, plan.edits, title)))


def run_step_back(history: History, title: str, plan: Plan) -> Told:
    """Undo, undo of one operator, undo of all but one, redo, and back to a version by its number."""
    if plan.task == "undo" and plan.topic:
        keep, _, name = plan.topic.rpartition(" ")
        changed = _keeping(history, name, title) if keep else _without(history, name, title)
        if changed is not None:
            return (yield from _told(*changed, "Done again without it: " if not keep else "Taken back but for this: "))
    if plan.task == "restore":
        history = history.checkout(int(plan.topic))
    else:
        history = history.undo() if plan.task == "undo" else history.redo()
    version = required(history, plan.task)
    text = f"Version {version.id} is current again: {version.label}."
    yield from whole_section(Step("edit", text, scene=version.scene))
    return history, (yield from text_section("answer", [text]))


def _changed(history: History, base: Version, edits: Sequence[Call], title: str) -> tuple[History, Applied]:
    """A new version made of `base`, which need not be current, and what was done."""
    versions = {version.id: version.scene for version in history.versions}
    applied = apply_edits(base.scene, edits, find_events, versions)
    done = [*base.scene.provenance.get("edits", ()), *map(str, edits)]
    scene = applied.scene.with_(provenance={**base.scene.provenance, "edits": done})
    scopes = tuple(persons[0] for persons in applied.scopes)
    line = str(Plan("edit", edits=tuple(edits)))
    made = replace(history, current_id=base.id).add(scene, title, base.plan, line, scopes)
    beside = base.id != history.current_id and history.current_id is not None
    return (replace(made, undone=(history.current_id,)) if beside else made), replace(applied, scene=scene)


def _told(history: History, applied: Applied, begin: str = "") -> Told:
    text = begin + applied.text
    yield from whole_section(Step("edit", text, scene=applied.scene))
    return history, (yield from text_section("answer", [text]))


def _script(version: Version) -> tuple[Call, ...]:
    return parse_plan(version.edit).edits if version.edit else ()


def _without(history: History, name: str, title: str) -> tuple[History, Applied] | None:
    """All edits since then done again without the last one of that operator; None where a plain undo does it."""
    later: list[Call] = []
    version = required(history, "undo")
    while True:
        script = _script(version)
        places = [i for i, call in enumerate(script) if call.name == name]
        if places:
            break
        if version.parent is None or not script:
            raise UserError(_not_there(history, name))
        later, version = [*script, *later], history[version.parent]
    rest = [*script[: places[-1]], *script[places[-1] + 1 :], *later]
    base = history[version.parent] if version.parent is not None else version
    return _changed(history, base, rest, title) if rest else None


def _keeping(history: History, name: str, title: str) -> tuple[History, Applied] | None:
    """The last edit taken back but for one operator; None where it has none of that, which then stays anyway."""
    version = required(history, "undo")
    kept = [call for call in _script(version) if call.name == name]
    if not kept or version.parent is None:
        return None
    if len(kept) == len(_script(version)):
        raise UserError(f"The last edit was nothing but {name}, so there is nothing else in it to take back.")
    return _changed(history, history[version.parent], kept, title)


def _not_there(history: History, name: str) -> str:
    done = edits_done(history)
    known = (
        f"The edits since it was made are: {', '.join(done)}." if done else "It has not been edited since it was made."
    )
    return f"There is no {name} to take back. {known} Any version can be restored, for example 'go back to version 1'."
