"""Rounds: a draft is made, measured and judged; what is wrong in it is mended, as often as the request allows.

The best draft by its score is kept, never simply the last.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from engine.assess.report import in_words
from engine.core.instruction import Instruction, parse_instruction
from engine.core.plan import Call, Plan, plain_words
from engine.core.types import Scene
from engine.edit.script import apply_edits
from engine.loop.drafts import Draft, Draw, drafted, sample_drafts
from engine.loop.events import Event, SectionDelta, SectionEnd, SectionStart, Step, whole_section
from engine.loop.refine import kept_codes, named

ANEW = Instruction(everything=True)
GOOD, WEAK = 0.8, 0.6
"""A draft that scores as GOOD may be accepted; in another, what the critic reads with less than WEAK is wrong."""


@dataclass(frozen=True, eq=False)
class Round:
    """A draft that can be accepted or gone on from."""

    draw: Draw
    draft: Draft
    scene: Scene


def run_rounds(draw: Draw, begin: Round | None = None, line: str = "") -> Generator[Event, None, Scene]:
    """The sections of all rounds; gives the scene of the best draft.

    begin: an earlier round to go on from, as the instruction `line` of the user says; then its draft is mended even
    where another one scores higher.
    """
    drafts, best, tried = [], None, set()
    instruction = ANEW
    if begin is not None:
        instruction = parse_instruction(line, len(draw.plan.segments))
        if instruction.accepts:
            return begin.scene
        yield from whole_section(Step("refine", str(instruction)))
        drafts = yield from _mended(draw, begin.draft, instruction)
    else:
        drafts = yield from sample_drafts(draw)
    left = draw.request.options.rounds if begin is None else 0
    while True:
        draft = max(drafts, key=lambda d: d.rank)
        made = Round(draw, draft, draw.scene_of(draft.motion))
        facts = in_words(draw.plan, draft.motion, draft.found)
        yield from _measured(drafts, made, facts)
        if best is None or draft.rank > best.draft.rank:
            best = made
        instruction = yield from _judged(draw, draft, facts, more=left > 0)
        if instruction.accepts or left == 0:
            return best.scene
        left -= 1
        if draft is not best.draft or str(instruction) in tried:
            instruction = ANEW
        tried.add(str(instruction))
        drafts = yield from _mended(draw, best.draft, instruction)


def _measured(drafts: list[Draft], made: Round, facts: str) -> Generator[Event, None, None]:
    """The section `measure`: what is known of the best of some drafts, and how the others score."""
    others = ", ".join(f"{d.found.score:.2f}" for d in drafts if d is not made.draft)
    text = f"{facts} The other drafts score {others}." if others else facts
    score = max(0.0, made.draft.found.score)
    yield from whole_section(Step("measure", text, score, made.scene, round=made))


def _judged(draw: Draw, draft: Draft, facts: str, more: bool) -> Generator[Event, None, Instruction]:
    """The sections `assess` and, where the draft may be mended, `refine`; gives the instruction.

    A model that has not learnt to judge accepts, and so does everybody a draft that does as a clip shows.
    """
    models, request = draw.models, draw.request
    if not models.language.judges or draw.shown is not None:
        return Instruction()
    texts: dict[str, str] = {}
    judgement = models.language.stream_judgement(request.text, draw.plan, facts, doubtful(draw.plan, draft))
    pieces = models.stream(judgement, request.stop)
    for kind, piece in pieces:
        if kind not in texts:
            if texts:
                yield _ended(texts)
                if not more:
                    return Instruction()
            yield SectionStart(kind)
        texts[kind] = texts.get(kind, "") + piece
        yield SectionDelta(kind, piece)
    yield _ended(texts)
    return parse_instruction(texts["refine"], len(draw.plan.segments))


def doubtful(plan: Plan, draft: Draft) -> list[Call]:
    """The calls of a draft that measurement speaks against: those that the critic hardly reads, or all if none is."""
    if draft.found.score >= GOOD:
        return []
    fits = {(r.segment, k): fit for r in draft.found.readings for k, fit in enumerate(r.calls)}
    calls = {(i, k): call for i, segment in enumerate(plan.segments) for k, call in enumerate(segment.calls)}
    return [call for place, call in calls.items() if fits.get(place, 1.0) < WEAK] or list(calls.values())


def _ended(texts: dict[str, str]) -> SectionEnd:
    kind = list(texts)[-1]
    return SectionEnd(kind, Step(kind, texts[kind].strip()))


def _mended(draw: Draw, draft: Draft, instruction: Instruction) -> Generator[Event, None, list[Draft]]:
    """Drafts made of one as the instruction says. No operator is run on motion that goes on from earlier motion."""
    if instruction.edits and draw.prefix is None:
        return (yield from _edited(draw, draft, instruction))
    words = plain_words(*(s.calls for s in draw.plan.segments))
    keep = kept_codes(instruction, draw.plan, draft.codes) if instruction.targets else None
    why = f"{named(instruction).capitalize()} is made anew. "
    return (yield from sample_drafts(draw, words, keep, why))


def _edited(draw: Draw, draft: Draft, instruction: Instruction) -> Generator[Event, None, list[Draft]]:
    """The section `edit`: the draft after exact operators."""
    scene, account = apply_edits(Scene((draft.motion,)), instruction.edits)
    with draw.models.lock:
        codes = draw.models.codec.encode(scene.motions[0])
    edited = drafted(draw, scene.motions[0], codes, draft.logprob)
    yield from whole_section(Step("edit", account, scene=draw.scene_of(edited.motion)))
    return [edited]
