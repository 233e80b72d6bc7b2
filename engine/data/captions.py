"""Captions: a plan said in one of many natural ways, for training (`split="train"`) or with held-out wordings.

    caption_plan(parse_plan("make walk ... & wave ... for 4.0"), random.Random(0))
    -> "a man walks forward while waving with his left hand three times"

A slot that a caption leaves unsaid has its default value, so that text determines the plan. Seconds are said now and
then. Sources of all wordings: `prompts/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.core.plan import Plan, Segment
from engine.data.noise import noise
from engine.data.sampling import MAX_SECONDS
from engine.data.voice import (
    CLOSE,
    MAX_SEGMENTS,
    OPEN,
    Voice,
    as_random,
    choose_phrase,
    fill_phrase,
    new_voice,
    say_call,
    say_seconds,
    unsaid_slots,
)
from engine.data.wordings import PRONOUN, Phrase, frames, groups, held_out, wordings

SPLITS = ("train", "heldout")
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeiou](?!ne\b|nce\b|ni|se))")
_THIRD = re.compile(r"\{s\} [a-z]*s\b")
SAYS_SHARE, NOUN_SHARE, NOUNS_SHARE = 0.3, 0.13, 0.15
"""Share of single actions said as whole requests, as a noun phrase, and of sequences said as noun phrases."""
_MARKS = re.compile(f"[{OPEN}{CLOSE}]")
_MARKED = re.compile(f"([{OPEN}])([^{OPEN}{CLOSE}]*){CLOSE}")
_NAMES = "abcdef"
CHAIN_SHARE = 0.3
"""Share of sequences that are said as a plain list."""
_PLAIN_FRAMES = ("{s} {pres}", "{s} {pres}", "{base}", "{base}", "{s} {is} {ing}")
_PLAIN_JOINERS = ("{a} and then {b}", "{a}, then {b}", "{a} then {b}", "{a} and {b}")
_PLAIN_TOGETHER = ("{a} while {b:ing}", "{a} while {b:ing}", "{a} and {b} at the same time", "{a}, {b:ing}")
_PLAIN_CHAINS = ((", ", ", "), (", ", " and "), (", ", ", then "), (" then ", " then "), (", then ", ", then "))
_FORM_NAMES = ("pres", "ing", "past", "base", "pro")


def say_segment(voice: Voice, segment: Segment, form: str, index: int = 0) -> str:
    """Segment number `index` (one or two simultaneous calls) as a verb phrase."""
    timed = segment.seconds > MAX_SECONDS or voice.rng.random() < voice.seconds_chance
    length = f" {say_seconds(voice.rng, segment.seconds)}" if timed else ""
    if len(segment.calls) == 1:
        return voice.mark(2 * index, say_call(voice, segment.calls[0], form) + length)
    text = _say_adjunct(voice, segment, form, index) if voice.rng.random() < 0.2 and not voice.plain else None
    if text is None:
        joiner = voice.rng.choice(_PLAIN_TOGETHER) if voice.plain else voice.pick(frames().pools["together"])
        sayers = [
            lambda f, k=k, c=c: voice.mark(2 * index + k, say_call(voice, c, f)) for k, c in enumerate(segment.calls)
        ]
        text = _join(voice, joiner, form, sayers)
    return text + (voice.mark(2 * index, length) if length else "")


def _say_adjunct(voice: Voice, segment: Segment, form: str, index: int) -> str | None:
    """Two simultaneous calls, the second as an adjunct of the first: "walks ahead with his arms folded"."""
    first, second = segment.calls
    adjunct = choose_phrase(voice, second, "withs")
    if adjunct is None:
        return None
    a = voice.mark(2 * index, say_call(voice, first, form))
    b = voice.mark(2 * index + 1, fill_phrase(voice, adjunct, second, "base"))
    return voice.rng.choice((f"{a} {b}", f"{a}, {b}", f"{b}, {a}" if form == "ing" else f"{a}, {b}"))


def _join(voice: Voice, joiner: str, form: str, sayers: Sequence) -> str:
    """Fill {a} {b} {c} of a joiner with what the sayers say in the wanted form; {he} etc. stay for later."""

    def fill(match: re.Match[str]) -> str:
        name, wanted = match[1], match[2]
        if name in _NAMES:
            return sayers[_NAMES.index(name)](voice.form(wanted, form) if wanted else form)
        if name == "go":
            return {"base": "go", "past": "went"}.get(voice.form("pro", form), "goes")
        return match[0]

    return _SLOT.sub(fill, joiner)


def _sayers(voice: Voice, plan: Plan) -> list[Callable[[str], str]]:
    """For every segment of a sequence a function of the verb form that says it."""
    return [lambda f, i=i, s=s: say_segment(voice, s, f, i) for i, s in enumerate(plan.segments)]


def _chain(voice: Voice, count: int) -> str:
    """A joiner of `count` things in a plain list: "{a}, {b}, {c} and {d}"."""
    between, last = voice.rng.choice(_PLAIN_CHAINS if voice.plain else frames().chains)
    names = [f"{{{n}}}" for n in _NAMES[:count]]
    return between.join(names[:-1]) + last + names[-1]


def say_segments(voice: Voice, plan: Plan, form: str) -> str:
    """All segments of a plan joined in their order, as one verb phrase."""
    if len(plan.segments) == 1:
        return say_segment(voice, plan.segments[0], form)
    sayers = _sayers(voice, plan)
    if voice.plain and len(sayers) == 2:
        return _join(voice, voice.rng.choice(_PLAIN_JOINERS), form, sayers)
    if voice.plain or len(sayers) > 3 or voice.rng.random() < CHAIN_SHARE:
        return _join(voice, _chain(voice, len(sayers)), form, sayers)
    kind = f"join{len(sayers)}"
    clear = all(len(s.calls) == 1 and wordings()[s.calls[0].name].part != "upper" for s in plan.segments)
    if clear and voice.rng.random() < 0.3:
        kind = "and_then" if len(sayers) == 2 else "and_then3"
    elif form == "base" and voice.rng.random() < 0.15:
        kind = "terse" if len(sayers) == 2 else "terse3"
    return _join(voice, voice.pick(frames().pools[kind]), form, sayers)


def _sentence(voice: Voice, plan: Plan) -> str:
    pools = frames().pools
    count = len(plan.segments)
    if voice.plain:
        return say_frame(voice, voice.rng.choice(_PLAIN_FRAMES), plan)
    if all(len(s.calls) == 1 for s in plan.segments):
        drawn = voice.rng.random()
        if count == 1 and drawn < SAYS_SHARE:
            said = choose_phrase(voice, plan.segments[0].calls[0], "says")
            if said is not None:
                return _said_as_it_stands(voice, said, plan.segments[0])
        elif drawn > 1 - (NOUN_SHARE if count == 1 else NOUNS_SHARE):
            texts = [_noun(voice, s) for s in plan.segments]
            if all(texts):
                sayers = [lambda _, i=i, t=t: voice.mark(2 * i, t) for i, t in enumerate(texts)]
                joiner = _chain(voice, count) if count > 3 else voice.pick(pools[f"nouns{count}"])
                text = _join(voice, joiner, "base", sayers)
                return _subjects(voice, voice.pick(pools["noun"])).replace("{np}", text)
    if 1 < count <= 3 and voice.rng.random() < 0.35:
        return say_frame(voice, voice.pick(pools[f"sentence{count}"]), plan)
    return say_frame(voice, voice.pick(pools["single"]), plan)


def _said_as_it_stands(voice: Voice, phrase: Phrase, segment: Segment) -> str:
    voice.pronoun, voice.bare = voice.rng.choice(("he", "she", "they")), False
    text = fill_phrase(voice, phrase, segment.calls[0], "base")
    if segment.seconds > MAX_SECONDS or voice.rng.random() < voice.seconds_chance:
        text = f"{text}{voice.rng.choice((', ', ' '))}{say_seconds(voice.rng, segment.seconds)}"
    return text


def _noun(voice: Voice, segment: Segment) -> str:
    """A segment as a noun phrase ("two squats"), '' when there is none for it."""
    call, wording = segment.calls[0], wordings()[segment.calls[0].name]
    phrase = choose_phrase(voice, call, "nouns")
    if phrase is None:
        return ""
    text = fill_phrase(voice, phrase, call, "base")
    for slot in unsaid_slots(wording, phrase, call.args):
        text = f"{text} {voice.pick(groups()[wording.tails[slot]].tail[call.args[slot]])}"
    if segment.seconds > MAX_SECONDS or voice.rng.random() < voice.seconds_chance:
        text = f"{text} {say_seconds(voice.rng, segment.seconds)}"
    return text


def _subjects(voice: Voice, frame: str) -> str:
    """Fill {s}, {o}, {is}, {are}; a frame without a subject speaks to 'you'."""
    if "{s}" not in frame and "{o}" not in frame:
        voice.pronoun, voice.bare = voice.rng.choice(("you", "you", "you", "the", "the", "he", "they")), False
        return frame
    if voice.bare and voice.pronoun in ("they", "I") and _THIRD.search(frame):
        voice.subject = voice.pronoun = "he"
    many = voice.bare and voice.pronoun == "they"
    mine = voice.bare and voice.pronoun == "I"
    plural = voice.pronoun in ("they", "you", "the")
    objective = voice.pronouns()["him"] if voice.bare else voice.subject
    table = {"{s}": voice.subject, "{o}": objective, "{is}": "am" if mine else "are" if many else "is"}
    table["{are}"] = "am" if voice.pronoun == "I" else "are" if plural else "is"
    for key, value in table.items():
        frame = frame.replace(key, value)
    return frame


def say_frame(voice: Voice, frame: str, plan: Plan) -> str:
    """A sentence frame filled with the subject and with what the plan does."""
    frame = _subjects(voice, frame)
    sayers = _sayers(voice, plan)

    def fill(match: re.Match[str]) -> str:
        name, wanted = match[1], match[2]
        if name in _FORM_NAMES:
            return say_segments(voice, plan, voice.form(name))
        if name in _NAMES:
            return sayers[_NAMES.index(name)](voice.form(wanted or "pres"))
        return match[0]

    return _SLOT.sub(fill, frame)


def polish(voice: Voice, text: str) -> str:
    """Pronouns, articles, spaces and doubled words put right."""
    if "{" in text:
        table = voice.pronouns()
        text = PRONOUN.sub(lambda m: table[m[1]], text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.;?!])", r"\1", text)
    text = re.sub(r"\b(\w{2,})( \1)+\b", r"\1", text)
    return _ARTICLE.sub(r"\1n ", text)


def _placed(voice: Voice, text: str) -> str:
    """Now and then a place in front or behind, which changes nothing about the motion."""
    if voice.rng.random() > 0.05 or not re.search(r"(?<!pleas)(?<!pl)(?<!th)(?<!thank)[a-z]$", text):
        return text
    place = voice.rng.choice(frames().places)
    return f"{place}, {text}" if voice.rng.random() < 0.3 else f"{text} {place}"


@dataclass(frozen=True)
class Span:
    """Where [start, stop) a text speaks of a call: twice the number of its segment, plus 1 for the second at once."""

    call: int
    start: int
    stop: int


def caption_plan(plan: Plan, rng: object, split: str = "train", seconds: float = 0.1, noisy: bool = True) -> str:
    """A caption of a `make` or `append` plan of one to MAX_SEGMENTS segments.

    split: 'train' uses no held-out wording; 'heldout' uses at least one when the plan allows it. seconds: chance that
    a segment's length is said. noisy: vary capitals and punctuation, rare typing mistakes.
    """
    assert split in SPLITS and 1 <= len(plan.segments) <= MAX_SEGMENTS, f"{split} {plan}"
    chance = as_random(rng)
    for _ in range(12 if split == "heldout" else 1):
        voice = new_voice(chance, split == "heldout", seconds)
        text = _placed(voice, polish(voice, _sentence(voice, plan)))
        if split == "train" or held_out().has(text):
            break
    return noise(chance, text) if noisy else text


def caption_spans(plan: Plan, rng: object, seconds: float = 0.1) -> tuple[str, list[Span]]:
    """A training caption, and where in it each call of the plan is said: spans of every call, in the text's order."""
    chance = as_random(rng)
    wanted = {2 * i + k for i, segment in enumerate(plan.segments) for k in range(len(segment.calls))}
    while True:
        voice = new_voice(chance, seconds_chance=seconds)
        voice.marked = True
        text, spans = spans_of(noise(chance, _placed(voice, polish(voice, _sentence(voice, plan)))))
        if not _MARKS.search(text) and {span.call for span in spans} == wanted:
            return text, spans


def spans_of(text: str) -> tuple[str, list[Span]]:
    """A marked text without its marks, and where the words of each call are; marks without a partner stay."""
    plain, spans, at = "", [], 0
    for m in _MARKED.finditer(text):
        plain += text[at : m.start()]
        spans.append(Span(OPEN.index(m[1]), len(plain), len(plain) + len(m[2])))
        plain, at = plain + m[2], m.end()
    return plain + text[at:], spans
