"""One turn: plan, then what the plan's task calls for, then an answer; every section streams as events.

A turn reads the session's history and gives a new one. It changes nothing itself, so a turn that fails or is stopped
leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import torch

from engine.core.errors import UserError
from engine.core.plan import STEP_S, Plan, Use, parse_plan
from engine.core.types import MODEL_FPS, Motion, Scene
from engine.edit.again import AGAIN, BACK
from engine.edit.join import concatenate
from engine.edit.registry import EDITS
from engine.edit.scope import Scope
from engine.edit.take import take_over
from engine.language.interface import DialogueContext, MotionReference
from engine.language.stream import AS_SHOWN, CONTEXT_STEPS
from engine.loop.asking import Asked, answered, question_about
from engine.loop.drafts import Draw
from engine.loop.editing import Told, edits_done, last_edit, run_edit, run_step_back, written_out
from engine.loop.events import (
    Event,
    Reference,
    Reply,
    SectionDelta,
    SectionEnd,
    SectionStart,
    Step,
    text_section,
    whole_section,
)
from engine.loop.facts import answer_facts, describe
from engine.loop.lengths import fill_lengths, shorten
from engine.loop.models import Models
from engine.loop.partial import change_of
from engine.loop.recall import Found
from engine.loop.request import Request, rescale
from engine.loop.rounds import Round, run_rounds
from engine.loop.uploads import read_attachments
from engine.loop.versions import History, Version, required

PREFIX_S = CONTEXT_STEPS * STEP_S
"""Seconds of the motion so far that a continuation is conditioned on."""
Sections = Generator[Event, None, History]
Made = Generator[Event, None, tuple[History, Round]]
"""The sections that make a motion; give the history after them and the round that was kept."""


def run_turn(
    models: Models,
    history: History,
    request: Request,
    shown: Sequence[Reference] = (),
    asked: Asked | None = None,
) -> Generator[Event, None, tuple[History, Reply]]:
    """The events of a turn; gives the history after it and the reply. UserError leaves both unmade.

    shown: the references of the turns before, which may now be spoken of.  asked: what the turn before asked back.
    """
    return (yield from _replied(_sections(models, history, request, shown, asked)))


def run_refinement(
    models: Models, history: History, request: Request, begin: Round, line: str
) -> Generator[Event, None, tuple[History, Reply]]:
    """The events of a turn that goes on from a round of an earlier one, as an instruction of the user says."""
    return (yield from _replied(_refined(models, history, request, begin, line)))


def _replied(events: Told) -> Generator[Event, None, tuple[History, Reply]]:
    trace: list[Step] = []
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
    choices = trace[-1].choices if trace else ()
    return history, Reply(text, scene, tuple(trace), references, history.current_id, choices)


def _refined(models: Models, history: History, request: Request, begin: Round, line: str) -> Told:
    generator = torch.Generator().manual_seed(request.seed)
    asked = replace(request, text=begin.draw.request.text)
    draw = replace(begin.draw, request=asked, generator=generator)
    made = yield from run_rounds(draw, begin, line)
    history = history.add(made.scene, f"{asked.text} ({line})", made.draw.line)
    return history, (yield from _answer(models, asked, DialogueContext(), made.draw.plan, made.scene, made.told))


def _sections(
    models: Models, history: History, request: Request, shown: Sequence[Reference], asked: Asked | None
) -> Told:
    if request.attachments:
        history, words = yield from _upload(history, request)
        if not request.text:
            return history, (yield from text_section("answer", [words]))
    generator = torch.Generator().manual_seed(request.seed)
    current = history.current
    count = len(shown) if current is not None and models.recall is not None else 0
    plan_before = current.plan if current else ""
    context = DialogueContext(plan_before, current is not None, count, last_edit(history), edits_done(history))
    more = ""
    plan, in_place, sure = yield from _plan(models, history, context, request, generator, asked)
    if plan.task == "make":
        history, made = yield from _make(models, history, request, plan, generator)
        plan, more = made.draw.plan, made.told
    elif plan.task == "append":
        history, made = yield from _append(models, history, request, plan, generator)
        more = made.told
    elif plan.task == "edit":
        question = None if sure else question_about(models, required(history, "edit"), context, request.text, plan)
        if question is not None:
            yield from whole_section(Step("answer", question.text, choices=question.choices))
            return history, question.text
        chosen = asked is not None and str(plan) in {choice.line for choice in asked.choices}
        title = f"{asked.request} ({request.text})" if asked and chosen else request.text
        return (yield from run_edit(history, title, plan, in_place))
    elif plan.use is not None:
        history = yield from _use(models, history, request, plan.use, shown)
    elif plan.task == "ask":
        history = yield from _ask(history)
    else:
        return (yield from run_step_back(history, request.text, plan))
    scene = required(history, plan.task).scene
    return history, (yield from _answer(models, request, context, plan, scene, more))


def _answer(
    models: Models, request: Request, context: DialogueContext, plan: Plan, scene: Scene, more: str = ""
) -> Generator[Event, None, str]:
    """more: what is said behind the model's words."""
    pieces = models.language.stream_answer(request.text, context, plan, answer_facts(scene))
    behind = [f" {more}"] if more else []
    return (yield from text_section("answer", chain(models.stream(pieces, request.stop), behind)))


def _plan(
    models: Models,
    history: History,
    context: DialogueContext,
    request: Request,
    generator: torch.Generator,
    asked: Asked | None,
) -> Generator[Event, None, tuple[Plan, bool, bool]]:
    """The plan with edits written out; whether these are in place of the last edit; whether nothing need be asked."""
    written = written_script(request.text)
    if written is None and asked is not None:
        written = answered(models, context, asked, request.text)
    pieces = [str(written)] if written else models.language.stream_plan(request.text, context, generator)
    yield SectionStart("plan")
    line = ""
    for piece in models.stream(iter(pieces), request.stop):
        line += piece
        yield SectionDelta("plan", piece)
    try:
        plan = parse_plan(line)
    except UserError as error:
        raise UserError(
            f"{request.text!r} did not become a plan that can be carried out ({error}) "
            "Say it in other words, for example 'a person walks forward and waves'."
        ) from error
    found = written_out(history, plan)
    if found.calls != plan.edits:
        plan = replace(plan, edits=found.calls) if found.calls else Plan("undo")
        yield SectionDelta("plan", f" = {plan}")
    yield SectionEnd("plan", Step("plan", str(plan)))
    return plan, found.before, written is not None or found.calls != parse_plan(line).edits


def written_script(text: str) -> Plan | None:
    """The plan of a request that is an edit script itself, such as "edit raise part=left_arm degrees=20 ; mirror".

    None for anything else. Its arguments are checked when it is carried out.
    """
    try:
        plan = parse_plan(" ".join(text.split()))
    except UserError:
        return None
    return plan if plan.task == "edit" and all(call.name in (*EDITS, AGAIN, BACK) for call in plan.edits) else None


def _upload(history: History, request: Request) -> Generator[Event, None, tuple[History, str]]:
    scene, title = read_attachments(request.attachments)
    words = describe(scene)
    yield from whole_section(Step("measure", words, scene=scene))
    return history.add(scene, title), f"{title[0].upper()}{title[1:]}.\n{words}"


def _make(models: Models, history: History, request: Request, plan: Plan, generator: torch.Generator) -> Made:
    """Its round has the plan: where the request was misread, it is written anew on the way."""
    known = models.language.catalogue
    plan = fill_lengths(rescale(shorten(plan, known), request.options.seconds), known)
    plan, found, references = yield from _recall(models, request, plan)

    def scene_of(motion: Motion, plan: Plan) -> Scene:
        return Scene((motion,), request.text, request.seed, _provenance(plan))

    as_shown = any(call.name == AS_SHOWN for call in plan.segments[0].calls)
    shown = references[0].codes if as_shown else None
    change = change_of(models, history.current, plan)
    settled = change is not None or _shared(history.current, plan)
    draw = Draw(models, request, plan, generator, scene_of, str(plan), None, references, found, shown, settled, change)
    made = yield from run_rounds(draw)
    change = made.draw.change
    scopes = change.scopes(made.scene.motions[0]) if change else ()
    return history.add(made.scene, request.text, made.draw.line, scopes=scopes), made


def _shared(version: Version | None, plan: Plan) -> bool:
    """Whether a plan goes on with something that the current version does, so that the request is about a change."""
    if version is None or not version.plan:
        return False
    last = {call.name for segment in parse_plan(version.plan).segments for call in segment.calls}
    return any(call.name in last for segment in plan.segments for call in segment.calls)


def _recall(
    models: Models, request: Request, plan: Plan
) -> Generator[Event, None, tuple[Plan, list[Found], list[MotionReference]]]:
    """The clips that generation is shown, and the plan, which may say no more than to do as they show."""
    recall = models.recall
    if recall is None or not request.options.retrieve:
        return plan, [], []
    yield SectionStart("recall")
    with models.lock:
        options = request.options
        plan, found = recall.find(request.text, plan, options.pinned, options.banned, request.owner)
        references = [recall.shown(f, models.codec.encode) for f in found]
    words = "; ".join(f"{f.reference.caption} ({f.reference.part}, {f.reference.score:.2f})" for f in found)
    text = words or "Nothing in the library is near enough."
    yield SectionDelta("recall", text)
    yield SectionEnd("recall", Step("recall", text, references=tuple(f.reference for f in found)))
    return plan, found, references


def _append(models: Models, history: History, request: Request, plan: Plan, generator: torch.Generator) -> Made:
    """Motion that goes on from the last frame; what was there stays bit-identical. UserError for two persons."""
    version, plan = required(history, plan.task), fill_lengths(plan, models.language.catalogue)
    before, *others = version.scene.motions
    if others:
        raise UserError("This scene has two persons, and only one can be continued so far. Attach one of them alone.")
    caption = f"{version.scene.caption}, then {request.text}" if version.scene.caption else request.text

    def scene_of(motion: Motion, plan: Plan) -> Scene:
        joined = concatenate(before, motion)
        told = {**version.scene.provenance, **_provenance(plan)}
        return version.scene.with_(motions=(joined,), caption=caption, seed=request.seed, provenance=told)

    known = parse_plan(version.plan).segments if version.plan else ()
    line = str(Plan("make", segments=(*known, *plan.segments))) if version.plan else ""
    draw = Draw(models, request, plan, generator, scene_of, line, _prefix_codes(models, before))
    made = yield from run_rounds(draw)
    kept = ((0, 0, before.num_frames),)
    scope = Scope(before.duration_s, made.scene.duration_s, retimed=True, kept=kept)
    return history.add(made.scene, request.text, line, scopes=(scope,)), made


def _provenance(plan: Plan) -> dict[str, str]:
    return {"source": "generated", "plan": str(plan)}


def _prefix_codes(models: Models, motion: Motion) -> np.ndarray | None:
    """Codes (N, Q) of the last seconds, in whole steps; None for a clip shorter than one step."""
    recent = motion.resample(MODEL_FPS)
    per_step = models.codec.frames_per_step
    frames = min(recent.num_frames, round(PREFIX_S * MODEL_FPS)) // per_step * per_step
    if not frames:
        return None
    with models.lock:
        return models.codec.encode(recent.slice(recent.num_frames - frames))


def _use(models: Models, history: History, request: Request, use: Use, shown: Sequence[Reference]) -> Sections:
    """Take a reference clip over, or a part of it; what is not named stays bit-identical."""
    before = required(history, "use")
    if models.recall is None or use.reference > len(shown):
        raise UserError(f"There is no reference {use.reference} to take from; {len(shown)} were shown.")
    motion, *others = before.scene.motions
    if others:
        raise UserError("This scene has two persons; a reference can only be taken over for one so far.")
    reference = shown[use.reference - 1]
    with models.lock:
        clip = models.recall.motion(reference.clip_id)
    made = take_over(motion, clip, use.group)
    what = {"whole": "All", "legs": "The legs", "upper": "Trunk and arms"}[use.group]
    text = f"{what} from reference {use.reference}: {reference.caption}."
    taken = [*before.scene.provenance.get("taken", ()), text]
    scene = before.scene.with_(motions=(made.motion,), provenance={**before.scene.provenance, "taken": taken})
    yield from whole_section(Step("edit", text, scene=scene))
    return history.add(scene, request.text, before.plan, scopes=(made.scope,))


def _ask(history: History) -> Sections:
    scene = required(history, "ask").scene
    yield from whole_section(Step("measure", describe(scene)))
    return history
