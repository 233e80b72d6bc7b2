"""Rounds: a draft is made, measured and judged; what is wrong in it is mended, as often as the request allows.

The best draft by its score is kept, never simply the last.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

from engine.assess.report import in_words
from engine.assess.when import find_events
from engine.core.errors import UserError
from engine.core.instruction import Instruction, parse_instruction
from engine.core.plan import plain_words
from engine.core.types import Scene
from engine.edit.script import apply_edits
from engine.language.interface import Evidence
from engine.loop.drafts import Draft, Draw, drafted, sample_drafts
from engine.loop.events import Event, Reference, SectionDelta, SectionEnd, SectionStart, Step, whole_section
from engine.loop.recall import Found
from engine.loop.refine import kept_codes, named
from engine.loop.rivals import Fit, fit_of, plan_like

ANEW = Instruction(everything=True)
SOUND, GOOD, WEAK = 0.95, 0.8, 0.6
"""A draft that scores as SOUND is accepted, and one that scores as GOOD may be; in another, what the critic reads with
less than WEAK is wrong."""


@dataclass(frozen=True, eq=False)
class Round:
    """A draft that can be accepted or gone on from. fit: to the request, where that is known."""

    draw: Draw
    draft: Draft
    scene: Scene
    fit: Fit | None = None

    @property
    def told(self) -> str:
        """What is said of it behind the answer: what alone was made anew, and in what it falls short of the plan."""
        change, short = self.draw.change, self._short()
        return " ".join([*([change.words] if change else []), *([f"It falls short: {short}."] if short else [])])

    def _short(self) -> str:
        """What is wrong in a draft that is hardly the plan, in words; empty for a better one."""
        found = self.draft.found
        if found.score >= WEAK:
            return ""
        doubts = (d for r in found.readings for d, fit in zip(r.doubts, r.calls, strict=True) if d and fit < WEAK)
        return "; ".join(dict.fromkeys([*found.complaints, *doubts]))

    def beats(self, other: Round) -> bool:
        """Whether it is the better one: drafts of one plan by their scores, of two by how they fit the request."""
        if self.draw.plan == other.draw.plan:
            return self.draft.rank > other.draft.rank
        return self.fit is not None and other.fit is not None and self.fit.draft > other.fit.draft


def run_rounds(draw: Draw, begin: Round | None = None, line: str = "") -> Generator[Event, None, Round]:
    """The sections of all rounds; gives the best one.

    begin: an earlier round to go on from, as the instruction `line` of the user says; then its draft is mended even
    where another one scores higher.
    """
    best, tried, left = begin, set(), 0
    if begin is not None:
        instruction = parse_instruction(line, len(draw.plan.segments))
        if instruction.accepts:
            return begin
        yield from whole_section(Step("refine", str(instruction)))
        draw, drafts = yield from _mended(begin, instruction)
        best = None
    else:
        left = draw.request.options.rounds
        drafts = yield from sample_drafts(draw)
    while True:
        draft = max(drafts, key=lambda d: d.rank)
        made = _looked_at(draw, draft)
        facts = _facts(made)
        yield from _measured(drafts, made, facts)
        if best is None or made.beats(best):
            best = made
        instruction = yield from _judged(made, facts, more=left > 0)
        if instruction.accepts or left == 0:
            return best
        left -= 1
        if made is not best or str(instruction) in tried:
            instruction = ANEW
        tried.add(str(instruction))
        draw, drafts = yield from _mended(best, instruction)


def _looked_at(draw: Draw, draft: Draft) -> Round:
    """The draft as a round, beside the clips that are nearest to the request, where that says something.

    A sequence is not compared: a clip of one of its parts would be nearer than the whole.
    """
    options = draw.request.options
    alone = len(draw.plan.segments) == 1 and draw.prefix is None and draw.shown is None
    if draw.models.recall is None or not options.retrieve or not alone:
        return Round(draw, draft, draw.scene(draft.motion))
    shows = draft.found.score >= WEAK  # what is not even the plan says nothing of how the request was read
    fit = fit_of(draw.models, draw.request, draw.plan, draft.motion, rivals=shows and not draw.settled)
    if fit.rival is not None and _number(draw, fit.rival.clip) == 0:
        draw = replace(draw, found=(*draw.found, fit.rival.clip))
    return Round(draw, draft, draw.scene(draft.motion), fit)


def _number(draw: Draw, clip: Found) -> int:
    """What a clip is counted as among the references of the turn, 0 for one that is not among them."""
    ids = [found.reference.clip_id for found in draw.found]
    return ids.index(clip.reference.clip_id) + 1 if clip.reference.clip_id in ids else 0


def _facts(made: Round) -> str:
    """What is known of a draft, in words."""
    facts, fit = in_words(made.draw.plan, made.draft.motion, made.draft.found), made.fit
    if fit is None or fit.rival is None:
        return facts
    clip = fit.rival.clip
    rival = f"reference {_number(made.draw, clip)}, {clip.reference.caption}, fits it {fit.rival.fit:.2f}"
    return f"{facts} It fits the request {fit.draft:.2f}; {rival}."


def _measured(drafts: list[Draft], made: Round, facts: str) -> Generator[Event, None, None]:
    """The section `measure`: what is known of the best of some drafts, and how the others score."""
    others = ", ".join(f"{d.found.score:.2f}" for d in drafts if d is not made.draft)
    text = f"{facts} The other drafts score {others}." if others else facts
    score = max(0.0, made.draft.found.score)
    yield from whole_section(Step("measure", text, score, made.scene, round=made))


def _judged(made: Round, facts: str, more: bool) -> Generator[Event, None, Instruction]:
    """The sections `assess` and, where the draft may be mended, `refine`; gives the instruction.

    A model that has not learnt to judge accepts, and so does everybody a draft that does as a clip shows.
    """
    draw = made.draw
    models, request = draw.models, draw.request
    if not models.language.judges or draw.shown is not None:
        return Instruction()
    texts: dict[str, str] = {}
    judgement = models.language.stream_judgement(request.text, draw.plan, facts, evidence(made))
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
    rival = made.fit.rival if made.fit else None
    yield _ended(texts, [rival.clip.reference] if rival else [])
    return parse_instruction(texts["refine"], len(draw.plan.segments))


def evidence(made: Round) -> Evidence:
    """What measurement says of a draft. Wrong are the calls that the critic hardly reads, or all if none is."""
    draft, plan = made.draft, made.draw.plan
    if made.fit is not None and made.fit.rival is not None:
        return Evidence(like=_number(made.draw, made.fit.rival.clip))
    if draft.found.score >= GOOD:
        return Evidence(sound=draft.found.score >= SOUND)
    fits = {(r.segment, k): fit for r in draft.found.readings for k, fit in enumerate(r.calls)}
    calls = {(i, k): call for i, segment in enumerate(plan.segments) for k, call in enumerate(segment.calls)}
    wrong = [call for place, call in calls.items() if fits.get(place, 1.0) < WEAK]
    return Evidence(doubtful=tuple(wrong or calls.values()))


def _ended(texts: dict[str, str], references: Sequence[Reference] = ()) -> SectionEnd:
    kind = list(texts)[-1]
    return SectionEnd(kind, Step(kind, texts[kind].strip(), references=tuple(references)))


def _mended(made: Round, instruction: Instruction) -> Generator[Event, None, tuple[Draw, list[Draft]]]:
    """Drafts made of one as the instruction says, and what they are drawn for.

    No operator is run on motion that goes on from earlier motion, or keeps some of it.
    """
    draw, draft = made.draw, made.draft
    if instruction.edits and draw.prefix is None and draw.change is None:
        return draw, (yield from _edited(draw, draft, instruction))
    if instruction.like:
        draw = yield from _like(made, instruction.like)
        return draw, (yield from sample_drafts(draw))
    words = plain_words(*(s.calls for s in draw.plan.segments))
    keep = kept_codes(instruction, draw.plan, draft.codes) if instruction.targets else None
    why = f"{named(instruction).capitalize()} is made anew. "
    return draw, (yield from sample_drafts(draw, words, keep, why))


def _like(made: Round, number: int) -> Generator[Event, None, Draw]:
    """The section `plan`: what to draw if the request asks for what a reference shows. UserError for one not there."""
    draw, rival = made.draw, made.fit.rival if made.fit else None
    models, recall = draw.models, draw.models.recall
    if recall is None or number > len(draw.found):
        raise UserError(f"There is no reference {number} to do it like; {len(draw.found)} were found.")
    if draw.prefix is not None or len(draw.plan.segments) > 1:
        raise UserError("Only a motion of one part can be made anew like a reference. Say what each part should be.")
    found = draw.found[number - 1]
    if rival is not None and rival.clip.reference.clip_id == found.reference.clip_id:
        plan = rival.plan
    else:
        plan = plan_like(models, draw.request, draw.plan, found.reference.caption)
    yield from whole_section(Step("plan", str(plan)))
    with models.lock:
        shown = recall.shown(found, models.codec.encode)
    return replace(draw, plan=plan, line=str(plan), references=[shown], settled=True)


def _edited(draw: Draw, draft: Draft, instruction: Instruction) -> Generator[Event, None, list[Draft]]:
    """The section `edit`: the draft after exact operators."""
    applied = apply_edits(Scene((draft.motion,)), instruction.edits, find_events)
    scene, account = applied.scene, applied.text
    with draw.models.lock:
        codes = draw.models.codec.encode(scene.motions[0])
    edited = drafted(draw, scene.motions[0], codes, draft.logprob)
    yield from whole_section(Step("edit", account, scene=draw.scene(edited.motion)))
    return [edited]
