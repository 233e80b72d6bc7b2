"""Turns of a dialogue for training: what is on screen, what is asked of it, the plan, the answer.

sample_turn(rng, sample_plan) -> DialogueExample(last_plan="make walk ...", has_motion=True,
    request="now have him bow", plan="append bow count=1 for 2.4", answer="After that, the person bows once.")
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.core.plan import STEP_S, Call, Plan, Segment, parse_plan
from engine.data.answers import answer_for
from engine.data.captions import caption_plan, polish, say_segments
from engine.data.noise import noise
from engine.data.numbers import seconds_words
from engine.data.operators import sample_operator
from engine.data.operators_followups import sample_followup, sample_going_back
from engine.data.registry import natural_seconds
from engine.data.requests import (
    fill,
    known_object,
    known_subject,
    pool,
    sample_edit,
    sample_history,
    sample_question,
    sample_use,
)
from engine.data.voice import Voice, as_random, new_voice, say_call
from engine.data.wordings import Pool, groups, held_out, wordings
from engine.edit.spans import ALL

Lengths = Callable[[Call], float]
"""A natural length of a call in seconds, a multiple of 0.2."""
EVERYDAY = 0.6
"""Share of plans that are drawn nearer to their defaults."""
_HANDS = ("by_hand", "by_fist", "by_arm", "watch_side")
_MOVES = (
    "walk",
    "run",
    "jog",
    "march",
    "skip",
    "sneak",
    "tiptoe",
    "limp",
    "dance",
    "swim",
    "wave",
    "clap",
    "walk_circle",
    "walk_curve",
    "turn",
    "sway",
)
ALL_KINDS = {
    "make": 0.4, "edit": 0.1, "operator": 0.22, "again": 0.08, "back": 0.02, "append": 0.05, "replan": 0.06,
    "ask": 0.02, "history": 0.02, "use": 0.03,
}  # fmt: skip
"""Kinds of turns. edit: the first operators, in many wordings; operator: all others, and spans; again: says more of the
edit before; back: goes back to a version, or leaves one edit out; history: undo and redo.
"""
EDIT_KINDS = {
    "make": 0.03, "edit": 0.11, "operator": 0.47, "again": 0.19, "back": 0.06, "append": 0.03, "replan": 0.05,
    "ask": 0.02, "history": 0.03, "use": 0.01,
}  # fmt: skip
"""The same for a model that plans turns about a motion that is there, and leaves making motion to another."""
UPLOADED_SHARE = 0.4
"""Share of turns about a motion that no plan describes."""
EDITED_SHARE = 0.35
"""Share of turns about a motion that was just edited."""


@dataclass(frozen=True)
class DialogueExample:
    """One turn. last_plan: the plan line of what is on screen, '' when there is none or it was uploaded.

    last_edit: the edit script that made it what it is, '' if none did.
    """

    last_plan: str
    has_motion: bool
    request: str
    plan: str
    answer: str
    last_edit: str = ""


def sample_turn(
    rng: object,
    sample_plan: Callable[..., Plan],
    split: str = "train",
    lengths: Lengths | None = None,
    kinds: Mapping[str, float] = ALL_KINDS,
) -> DialogueExample:
    """A turn drawn at random. sample_plan(rng) gives `make` plans of at most three segments; `rng` is passed to it.

    kinds: how often each kind of turn is drawn.
    """
    chance = as_random(rng)
    natural = lengths or natural_lengths(chance)

    def draw() -> Plan:
        plan = sample_plan(rng)
        return everyday(chance, plan, natural) if chance.random() < EVERYDAY else plan

    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    if kind == "make":
        turn = _make_turn(chance, draw(), None if chance.random() < 0.6 else draw(), split)
    else:
        turn = _turn_after(chance, kind, draw(), draw, natural, split)
    if turn.last_edit or not turn.has_motion or chance.random() > EDITED_SHARE:
        return turn
    edit = str(brief(sample_operator(chance, split)[1]))
    return replace(turn, last_edit=edit if chance.random() < 0.7 else edit.replace("edit", "undo", 1))


def _turn_after(
    rng: random.Random, kind: str, last: Plan, draw: Callable[[], Plan], lengths: Lengths, split: str
) -> DialogueExample:
    """A turn about a motion that is there."""
    if kind == "replan":
        found = sample_replan(rng, last, draw(), split, lengths)
        if found is not None:
            return _turn(last, True, *found)
        kind = "edit"
    if kind == "append":
        return _turn(last, True, *sample_append(rng, draw(), split))
    before = None if rng.random() < UPLOADED_SHARE else last
    if kind in ("again", "back"):
        edit, request, plan = (sample_followup if kind == "again" else sample_going_back)(rng, split)
        return replace(_turn(before, True, request, brief(plan)), last_edit=_brief_line(edit))
    makers = {
        "edit": sample_edit, "operator": sample_operator, "ask": sample_question, "history": sample_history,
        "use": sample_use,
    }  # fmt: skip
    request, plan = makers[kind](rng, split)
    return _turn(before, True, request, brief(plan))


def brief(plan: Plan) -> Plan:
    """The plan without the arguments of edits that mean all of the clip, or of the body."""
    edits = (Call(c.name, {k: v for k, v in c.args.items() if v != ALL}) for c in plan.edits)
    return replace(plan, edits=tuple(edits))


def _brief_line(edit: str) -> str:
    """The same of a last edit, which may be one that was undone."""
    task, _, rest = edit.partition(" ")
    return f"{task} {str(brief(parse_plan(f'edit {rest}'))).removeprefix('edit ')}"


def _make_turn(rng: random.Random, plan: Plan, last: Plan | None, split: str) -> DialogueExample:
    return _turn(last, last is not None or rng.random() < 0.1, caption_plan(plan, rng, split), plan)


def _turn(last: Plan | None, has_motion: bool, request: str, plan: Plan) -> DialogueExample:
    return DialogueExample(str(last or ""), has_motion, request, str(plan), answer_for(plan))


def sample_append(rng: random.Random, plan: Plan, split: str = "train") -> tuple[str, Plan]:
    """A request to go on with what a `make` plan does (its first one or two segments), and the `append` plan."""
    segments = plan.segments[: 1 if rng.random() < 0.8 else 2]
    plan = Plan("append", segments=segments)
    text = ""
    for _ in range(20 if split == "heldout" else 1):
        voice = new_voice(rng, split == "heldout", 0.1)
        form = rng.choice(("base", "base", "pres", "ing"))
        template = voice.pick(pool("append", form))
        who = {"s": known_subject(voice), "o": _object(voice)} if "{s}" in template or "{o}" in template else {}
        text = polish(voice, fill(voice, template, {**who, "x": say_segments(voice, plan, form)}))
        if held_out().has(text):
            break
    return noise(rng, text), plan


def _object(voice: Voice) -> str:
    return voice.pronouns()["him"] if voice.subject in ("he", "she", "it") else voice.subject


def natural_lengths(rng: random.Random) -> Lengths:
    """The natural lengths of the authored actions."""
    chance = np.random.default_rng(rng.getrandbits(32))
    return lambda call: natural_seconds(call.name, call.args, chance)


def everyday(rng: random.Random, plan: Plan, lengths: Lengths) -> Plan:
    """The plan with many slots put back to their defaults, as most people leave most things unsaid.

    A segment whose count or amount changes gets a natural length again.
    """
    return replace(plan, segments=tuple(_everyday_segment(rng, s, lengths) for s in plan.segments))


def _everyday_segment(rng: random.Random, segment: Segment, lengths: Lengths) -> Segment:
    calls = []
    for call in segment.calls:
        slots = wordings()[call.name].slots
        calls.append(Call(call.name, {s: slots[s][0] if rng.random() < 0.6 else v for s, v in call.args.items()}))
    if tuple(calls) == segment.calls:
        return segment
    return Segment(tuple(calls), max(lengths(c) for c in calls))


@dataclass(frozen=True)
class _Case:
    """What a change of plan has to work with."""

    rng: random.Random
    last: Plan
    other: Plan
    lengths: Lengths
    where: int

    @property
    def segment(self) -> Segment:
        return self.last.segments[self.where]

    def swap(self, calls: tuple[Call, ...], seconds: float | None = None) -> Plan:
        """The last plan with the calls (and length) of one segment replaced."""
        segments = list(self.last.segments)
        segments[self.where] = Segment(calls, seconds or self.segment.seconds)
        return Plan("make", segments=tuple(segments))


Change = tuple[tuple[str, ...], Mapping[str, str | Pool | Call], Plan]
"""Path of the wordings in prompts/edits.yaml, what fills their marks (text or a call to be said), the new plan."""


def sample_replan(rng: random.Random, last: Plan, other: Plan, split: str, lengths: Lengths) -> tuple[str, Plan] | None:
    """A request that changes what was planned ("run instead", "with the left hand"), and its plan.

    other: a plan to take new actions from. None when nothing of that kind fits the last plan.
    """
    case = _Case(rng, last, other, lengths, rng.randrange(len(last.segments)))
    makers = [_slot, _slot, _slot, _action, _action, _add, _remove, _seconds, _pace]
    rng.shuffle(makers)
    for maker in makers:
        change = maker(case)
        if change is not None and (len(last.segments) == 1 or _names_one(case, change)):
            return _say_change(rng, change, split, len(last.segments) > 1)
    return None


def _names_one(case: _Case, change: Change) -> bool:
    """Whether what is said of one of several segments can say which: what it does is done in no other."""
    names = [call.name for segment in case.last.segments for call in segment.calls]
    own = [call.name for call in case.segment.calls]
    return (
        change[2].task == "make"
        and all(names.count(name) == 1 for name in own)
        and bool(_pointing(pool(*change[0])).train)
    )


def _pointing(wordings: Pool) -> Pool:
    """Those that name the action that they are about."""
    return Pool(*(tuple(t for t in side if "{verb}" in t or "{old:" in t) for side in (wordings.train, wordings.held)))


def _say_change(rng: random.Random, change: Change, split: str, several: bool = False) -> tuple[str, Plan]:
    """several: the wording has to name the one of several actions that it is about."""
    path, marks, plan = change
    text = ""
    for _ in range(20 if split == "heldout" else 1):
        voice = new_voice(rng, split == "heldout", 0.0)
        subject, words = known_object(voice), {}
        template = voice.pick(_pointing(pool(*path)) if several else pool(*path))
        for name, value in marks.items():
            if isinstance(value, Call):
                say = say_call if name == "new" else _name
                for form in ("base", "ing"):
                    if f"{{{name}:{form}}}" in template:
                        template = template.replace(f"{{{name}:{form}}}", say(voice, value, form))
            else:
                words[name] = voice.pick(value) if not isinstance(value, str) else value
        text = polish(voice, fill(voice, template, {**words, "o": subject}))
        if held_out().has(text):
            break
    return noise(rng, text), plan


def _name(voice: Voice, call: Call, form: str) -> str:
    """An action that both know of, named in a few words and without its slots."""
    phrases = [p for p in wordings()[call.name].verbs if not p.group_names and not p.when and p.held <= voice.held]
    short = [p for p in phrases if len(p.pieces["base"][0].split()) <= 4]
    return voice.rng.choice(short or phrases).pieces[form][0] if phrases else say_call(voice, call, form)


def _plain(call: Call) -> str:
    """The shortest way to name an action: the first phrase without any slots, base form."""
    phrases = [p for p in wordings()[call.name].verbs if not p.held and not p.group_names and not p.when]
    return phrases[0].pieces["base"][0] if phrases else "do it"


def _slot(case: _Case) -> Change | None:
    """Another value for one slot of one call."""
    options = []
    for call in case.segment.calls:
        wording = wordings()[call.name]
        options += [(call, s) for s in call.args if s in wording.tails and s != "speed" and len(wording.slots[s]) > 1]
    if not options:
        return None
    call, slot = case.rng.choice(options)
    if sum(slot in c.args for c in case.segment.calls) > 1:
        return None  # "twice instead" would not say of what
    wording, group = wordings()[call.name], groups()[wordings()[call.name].tails[slot]]
    values = [v for v in wording.slots[slot] if v != call.args[slot] and v in group.tail and group.tail[v].train]
    if not values or (slot == "style" and call.name == "walk" and call.args["direction"] != "forward"):
        return None
    value = case.rng.choice(values)
    args = {**call.args, slot: value}
    if slot == "direction" and "style" in args and value != "forward":
        args["style"] = "plain"
    new = Call(call.name, args)
    calls = tuple(new if c is call else c for c in case.segment.calls)
    one_upper = sum("side" in c.args and wordings()[c.name].part == "upper" for c in case.segment.calls) == 1
    if wording.tails[slot] in _HANDS and wording.part == "upper":
        if not one_upper or "both" in (value, call.args[slot]):
            return None
        return ("replan", "hand"), {"side": value, "verb": _plain(call)}, Plan("edit", edits=(Call("other_hand"),))
    seconds = case.lengths(new) if slot in ("count", "degrees") and len(calls) == 1 else None
    path = ("replan", "count" if slot == "count" else "slot")
    if slot == "height" and case.rng.random() < 0.5 and value != "normal":
        return ("replan", "higher" if value == "high" else "lower"), {"verb": _plain(call)}, case.swap(calls)
    return path, {"x": group.tail[value], "verb": _plain(call)}, case.swap(calls, seconds)


def _action(case: _Case) -> Change | None:
    """Another action in place of one."""
    old = case.rng.choice(case.segment.calls)
    part = wordings()[old.name].part
    found = [s for s in case.other.segments[:1] for c in s.calls if c.name != old.name]
    if len(case.segment.calls) == 1:
        if not found or len(found[0].calls) != 1:
            return None
        new = found[0].calls[0]
        return ("replan", "action"), {"new": new, "old": old}, case.swap((new,), found[0].seconds)
    news = [c for s in case.other.segments for c in s.calls if wordings()[c.name].part == part and c.name != old.name]
    if not news or part != "upper":
        return None
    calls = tuple(news[0] if c is old else c for c in case.segment.calls)
    return ("replan", "action"), {"new": news[0], "old": old}, case.swap(calls)


def _add(case: _Case) -> Change | None:
    """An upper action on top of a lower one."""
    calls = case.segment.calls
    uppers = [c for s in case.other.segments for c in s.calls if wordings()[c.name].part == "upper"]
    if len(calls) != 1 or wordings()[calls[0].name].part != "lower" or not uppers:
        return None
    return ("replan", "add"), {"new": uppers[0], "old": calls[0]}, case.swap((calls[0], uppers[0]))


def _remove(case: _Case) -> Change | None:
    """One of two simultaneous actions left out."""
    calls = case.segment.calls
    if len(calls) != 2:
        return None
    keep, gone = case.rng.choice((calls, calls[::-1]))
    return ("replan", "remove"), {"old": gone, "keep": keep}, case.swap((keep,))


def _seconds(case: _Case) -> Change | None:
    """Another length."""
    verb, now = _plain(case.segment.calls[0]), case.segment.seconds
    kind = case.rng.choice(("seconds", "seconds", "longer", "shorter"))
    if kind == "seconds":
        wanted = float(case.rng.choice([n for n in range(2, 11) if n != now]))
        words = {"sec": seconds_words(case.rng, wanted), "verb": verb}
        return ("replan", kind), words, case.swap(case.segment.calls, wanted)
    steps = round(now * (1.5 if kind == "longer" else 0.67) / STEP_S)
    wanted = round(STEP_S * min(50, max(4, steps)), 1)
    if wanted == now:
        return None
    return ("replan", kind), {"verb": verb}, case.swap(case.segment.calls, wanted)


def _pace(case: _Case) -> Change | None:
    """ "walk faster": an exact edit of the speed."""
    if case.segment.calls[0].name not in _MOVES:
        return None
    kind, factor = case.rng.choice((("slower", "0.7"), ("faster", "1.4")))
    plan = Plan("edit", edits=(Call("speed", {"factor": factor}),))
    return ("replan", kind), {"verb": _plain(case.segment.calls[0])}, plan
