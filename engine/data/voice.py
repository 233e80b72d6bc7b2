"""Who speaks in a caption, and how one call is said: the voice, the choice of a phrase, its words in the right form."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.core.plan import Call
from engine.data.numbers import in_words
from engine.data.wordings import Phrase, Pool, Wording, frames, groups, wordings

PLAIN_SHARE = 0.25
"""Share of phrases that are among the shortest tenth: most people say plain things."""
PLAIN_GRAMMAR_SHARE = 0.3
"""Share of captions in the simplest grammar, so that a thousand fanciful frames do not crowd it out."""
_MAX_TAILS = {"verbs": 4, "nouns": 1, "says": 0, "withs": 0}
"""How many slots that a phrase of each kind leaves out may be said behind it."""
MAX_SEGMENTS = 6
"""Actions one after another that a caption can name."""
OPEN, CLOSE = "".join(chr(0xE000 + i) for i in range(2 * MAX_SEGMENTS)), "\ue0ff"
"""Marks around the words of a call, by its number."""


@dataclass
class Voice:
    """Who speaks of whom in one caption, and how: the subject, its pronouns, the split, the source of chance.

    marked: the words of every call stand between marks, which `caption_spans` turns into places in the text.
    plain: in the simplest grammar.
    """

    rng: random.Random
    held: bool
    subject: str
    pronoun: str
    bare: bool
    seconds_chance: float
    marked: bool = False
    plain: bool = False

    def pick(self, pool: Pool) -> str:
        """A wording of the pool; a held-out one often, when this caption may use them."""
        if self.held and pool.held and (not pool.train or self.rng.random() < 0.6):
            return self.rng.choice(pool.held)
        return self.rng.choice(pool.train or pool.held)

    def mark(self, index: int, text: str) -> str:
        """The words of call `index` (twice the segment's number, plus 1 for its second call), marked if asked for."""
        return f"{OPEN[index]}{text}{CLOSE}" if self.marked else text

    def pronouns(self) -> Mapping[str, str]:
        return frames().pronouns[self.pronoun]

    def form(self, name: str, around: str = "pres") -> str:
        """The verb form behind a frame's marker: agreement with 'I' and 'they', past inside past."""
        if name == "pro":
            if around == "past":
                return "past"
            return "base" if self.pronoun in ("they", "I", "you", "the") else "pres"
        if name == "pres" and self.bare and self.pronoun in ("they", "I"):
            return "base"
        return name


@lru_cache(maxsize=65536)
def _usable(name: str, args: tuple[tuple[str, str], ...], held: bool, kind: str) -> tuple[tuple[Phrase, ...], ...]:
    """Phrases of a kind that may be said of a call, by source line; slots they leave out are defaults or have tails."""
    wording, given = _wording(name), dict(args)
    by_line: dict[int, list[Phrase]] = {}
    for phrase in wording.phrases[kind]:
        if phrase.held != held or not phrase.fits(given) or not _has_words(phrase, given, held):
            continue
        missing = unsaid_slots(wording, phrase, given)
        if all(s in wording.tails for s in missing) and len(missing) <= _MAX_TAILS[kind]:
            by_line.setdefault(phrase.line, []).append(phrase)
    return tuple(tuple(p) for p in by_line.values())


def _wording(name: str) -> Wording:
    return wordings()[name]


def _has_words(phrase: Phrase, given: Mapping[str, str], held: bool) -> bool:
    return held or all(groups()[g].tail[given[groups()[g].slot]].train for g in phrase.group_names)


def unsaid_slots(wording: Wording, phrase: Phrase, given: Mapping[str, str]) -> list[str]:
    """Slots that the phrase does not cover and that are not at their default."""
    return [s for s, v in given.items() if s not in phrase.covers and v != wording.slots[s][0]]


def choose_phrase(voice: Voice, call: Call, kind: str = "verbs") -> Phrase | None:
    args = tuple(call.args.items())
    lines = _usable(call.name, args, False, kind)
    if voice.held:
        unseen = _usable(call.name, args, True, kind)
        if unseen and (not lines or voice.rng.random() < 0.75):
            lines = unseen
    if not lines:
        return None
    if voice.rng.random() < PLAIN_SHARE:
        ordered = sorted(lines, key=lambda line: len(line[0].pieces["base"][0]) + 20 * len(line[0].group_names))
        return voice.rng.choice(voice.rng.choice(ordered[: max(2, len(ordered) // 10)]))
    telling = [g for g in lines if g[0].when]
    if telling and voice.rng.random() < 0.35:
        lines = tuple(telling)
    return voice.rng.choice(voice.rng.choice(lines))


def fill_phrase(voice: Voice, phrase: Phrase, call: Call, form: str) -> str:
    pieces = list(phrase.pieces[form])
    for i in range(1, len(pieces), 2):
        group = groups()[pieces[i]]
        pieces[i] = voice.pick(group.tail[call.args[group.slot]])
    return "".join(pieces)


def say_call(voice: Voice, call: Call, form: str) -> str:
    """One call as a verb phrase in a form ('base', 'pres', 'ing', 'past')."""
    wording = _wording(call.name)
    phrase = choose_phrase(voice, call)
    assert phrase is not None, f"no wording for {call}"
    text = fill_phrase(voice, phrase, call, form)
    for slot, value in call.args.items():
        if slot in phrase.covers or slot not in wording.tails:
            continue
        group = groups()[wording.tails[slot]]
        if value == wording.slots[slot][0] and voice.rng.random() >= group.say_default:
            continue
        lead = group.lead.get(value)
        if lead and lead.train and voice.rng.random() < 0.35:
            text = f"{voice.pick(lead)} {text}"
        elif value in group.tail:
            text = f"{text} {voice.pick(group.tail[value])}"
    return text


_ROUND = {
    15.0: ("for a quarter of a minute", "for fifteen seconds"),
    20.0: ("for twenty seconds", "for some twenty seconds", "for a good twenty seconds"),
    30.0: ("for half a minute", "for thirty seconds", "for a whole 30 seconds", "for half a minute or so"),
    45.0: ("for forty-five seconds", "for three quarters of a minute"),
    60.0: ("for a minute", "for one minute", "for a whole minute", "for a full minute", "for 1 minute", "for 1 min"),
}


def say_seconds(rng: random.Random, seconds: float) -> str:
    """ "for 5 seconds", "for five seconds", "(5 s)", ... ; one decimal when it is not a whole number."""
    if rng.random() < 0.3 and seconds in _ROUND:
        return rng.choice(_ROUND[seconds])
    number = f"{seconds:.0f}" if abs(seconds - round(seconds)) < 1e-6 else f"{seconds:.1f}"
    if number.isdigit() and int(number) <= 12 and rng.random() < 0.35:
        number = in_words(int(number))
    unit = "second" if number in ("1", "one") else "seconds"
    short = rng.choice(("s", " s", "sec", " sec", " secs")) if number[0].isdigit() else " seconds"
    return rng.choice(
        (
            f"for {number} {unit}",
            f"for {number} {unit}",
            f"for {number} {unit}",
            f"for about {number} {unit}",
            f"during {number} {unit}",
            f"over {number} {unit}",
            f"for {number}{short}",
            f"for a total of {number} {unit}",
        )
    )


def as_random(rng: object) -> random.Random:
    """A `random.Random` drawn from whatever source of chance the caller has (itself, or a numpy Generator)."""
    if isinstance(rng, random.Random):
        return rng
    return random.Random(int(rng.integers(2**62)))  # type: ignore[attr-defined]


def new_voice(rng: random.Random, held: bool = False, seconds_chance: float = 0.1) -> Voice:
    """A voice with a random subject."""
    subject, pronoun, bare = rng.choice(frames().subjects)
    if not bare and rng.random() < 0.06:
        subject = f"{subject} {rng.choice(frames().looks)}"
    plain = not held and rng.random() < PLAIN_GRAMMAR_SHARE
    return Voice(rng, held, subject, pronoun, bare, seconds_chance, plain=plain)
