"""One turn: plan, then what the plan's task calls for, then an answer; every section streams as events.

A turn reads the session's history and gives a new one. It changes nothing itself, so a turn that fails or is stopped
leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

import torch

from engine.core.errors import UserError
from engine.core.plan import Plan, parse_plan
from engine.edit.script import apply_edits
from engine.language.interface import DialogueContext, MotionReference
from engine.loop.drafts import continued_scene, new_scene
from engine.loop.events import Event, Reply, SectionDelta, SectionEnd, SectionStart, Step
from engine.loop.facts import answer_facts, describe
from engine.loop.lengths import fill_lengths
from engine.loop.models import Models
from engine.loop.request import Request, rescale
from engine.loop.uploads import read_attachments
from engine.loop.versions import History, Version

Sections = Generator[Event, None, History]


def run_turn(models: Models, history: History, request: Request) -> Generator[Event, None, tuple[History, Reply]]:
    """The events of a turn; gives the history after it and the reply. UserError leaves both unmade."""
    trace: list[Step] = []
    events = _sections(models, history, request)
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            history, text = end.value
            break
        if isinstance(event, SectionEnd):
            trace.append(event.step)
        yield event
    current = history.current
    scene = current.scene if current else None
    references = tuple(reference for step in trace for reference in step.references)
    return history, Reply(text, scene, tuple(trace), references, history.current_id)


def _sections(models: Models, history: History, request: Request) -> Generator[Event, None, tuple[History, str]]:
    if request.attachments:
        history, words = yield from _upload(history, request)
        if not request.text:
            return history, (yield from _section("answer", [words]))
    generator = torch.Generator().manual_seed(request.seed)
    current = history.current
    context = DialogueContext(current.plan if current else "", current is not None)
    plan = yield from _plan(models, context, request, generator)
    if plan.task == "make":
        history = yield from _make(models, history, request, plan, generator)
    elif plan.task == "append":
        history = yield from _append(models, history, request, plan, generator)
    elif plan.task == "edit":
        history = yield from _edit(history, request, plan)
    elif plan.task == "ask":
        history = yield from _ask(history)
    else:
        history = yield from _step_back(history, plan)
    facts = answer_facts(_required(history, plan.task).scene)
    pieces = models.language.stream_answer(request.text, context, plan, facts)
    answer = yield from _section("answer", models.stream(pieces, request.stop))
    return history, answer


def _section(kind: str, pieces: Iterable[str]) -> Generator[Event, None, str]:
    """A section of text; gives the text as a whole."""
    yield SectionStart(kind)
    text = ""
    for piece in pieces:
        text += piece
        yield SectionDelta(kind, piece)
    yield SectionEnd(kind, Step(kind, text.strip()))
    return text.strip()


def _plan(
    models: Models, context: DialogueContext, request: Request, generator: torch.Generator
) -> Generator[Event, None, Plan]:
    pieces = models.language.stream_plan(request.text, context, generator)
    line = yield from _section("plan", models.stream(pieces, request.stop))
    try:
        return parse_plan(line)
    except UserError as error:
        raise UserError(
            f"{request.text!r} did not become a plan that can be carried out ({error}) "
            "Say it in other words, for example 'a person walks forward and waves'."
        ) from error


def _required(history: History, task: str) -> Version:
    """The current version. UserError, naming what was asked for, when there is none."""
    if history.current is None:
        wanted = {"append": "go on from", "ask": "measure", "edit": "change"}.get(task, "go back to")
        raise UserError(
            f"There is no motion to {wanted} yet. Describe one first, for example 'a person walks forward', "
            "or attach a motion file."
        )
    return history.current


def _upload(history: History, request: Request) -> Generator[Event, None, tuple[History, str]]:
    scene, title = read_attachments(request.attachments)
    yield SectionStart("measure")
    words = describe(scene)
    yield SectionDelta("measure", words)
    yield SectionEnd("measure", Step("measure", words, scene=scene))
    return history.add(scene, title), f"{title[0].upper()}{title[1:]}.\n{words}"


def _make(models: Models, history: History, request: Request, plan: Plan, generator: torch.Generator) -> Sections:
    plan = fill_lengths(rescale(plan, request.options.seconds), models.language.catalogue)
    plan, references = yield from _recall(models, request, plan)
    scene = yield from new_scene(models, request, plan, generator, references)
    return history.add(scene, request.text, str(plan))


def _recall(models: Models, request: Request, plan: Plan) -> Generator[Event, None, tuple[Plan, list[MotionReference]]]:
    """The clips that generation is shown, and the plan, which may say no more than to do as they show."""
    recall = models.recall
    if recall is None or not request.options.retrieve:
        return plan, []
    yield SectionStart("recall")
    with models.lock:
        plan, found = recall.find(request.text, plan)
        references = [recall.shown(f, models.codec.encode) for f in found]
    words = "; ".join(f"{f.reference.caption} ({f.reference.part}, {f.reference.score:.2f})" for f in found)
    text = words or "Nothing in the library is near enough."
    yield SectionDelta("recall", text)
    yield SectionEnd("recall", Step("recall", text, references=tuple(f.reference for f in found)))
    return plan, references


def _append(models: Models, history: History, request: Request, plan: Plan, generator: torch.Generator) -> Sections:
    before, plan = _required(history, plan.task), fill_lengths(plan, models.language.catalogue)
    scene = yield from continued_scene(models, request, plan, generator, before)
    known = parse_plan(before.plan).segments if before.plan else ()
    whole = Plan("make", segments=(*known, *plan.segments))
    return history.add(scene, request.text, str(whole) if before.plan else "")


def _edit(history: History, request: Request, plan: Plan) -> Sections:
    before = _required(history, plan.task)
    yield SectionStart("edit")
    scene, account = apply_edits(before.scene, plan.edits)
    edits = [*before.scene.provenance.get("edits", ()), *map(str, plan.edits)]
    scene = scene.with_(provenance={**before.scene.provenance, "edits": edits})
    yield SectionDelta("edit", account)
    yield SectionEnd("edit", Step("edit", account, scene=scene))
    return history.add(scene, request.text, before.plan)


def _ask(history: History) -> Sections:
    scene = _required(history, "ask").scene
    yield from _section("measure", [describe(scene)])
    return history


def _step_back(history: History, plan: Plan) -> Sections:
    """Undo or redo."""
    history = history.undo() if plan.task == "undo" else history.redo()
    version = _required(history, plan.task)
    text = f"Version {version.id} is current again: {version.title}."
    yield SectionStart("edit")
    yield SectionDelta("edit", text)
    yield SectionEnd("edit", Step("edit", text, scene=version.scene))
    return history
