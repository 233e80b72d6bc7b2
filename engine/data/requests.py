"""What people say to change, take back or ask about the motion on screen (`prompts/edits.yaml`), with its plan.

sample_edit(random.Random(0), "train") -> ("cut the first two seconds please", "edit trim start=2 end=0")
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from engine.core.plan import GROUPS, TOPICS, Call, Plan, Use
from engine.data.captions import polish
from engine.data.noise import noise
from engine.data.numbers import (
    FRACTIONS,
    SMALL,
    degrees_words,
    in_words,
    moment,
    number,
    percent,
    seconds_words,
    times_words,
)
from engine.data.voice import Voice, new_voice
from engine.data.wordings import PROMPTS, Pool, frames, held_out, read_yaml

Words = dict[str, str]
_MARK = re.compile(r"\{(\w+)\}")


@lru_cache(maxsize=1)
def edit_wordings() -> Mapping:
    """The mapping of prompts/edits.yaml."""
    return read_yaml(PROMPTS / "edits.yaml")


@lru_cache(maxsize=512)
def pool(*path: str | int) -> Pool:
    """The wordings under a path of keys of prompts/edits.yaml."""
    node = edit_wordings()
    for key in path:
        node = node[key]
    return Pool.of([str(t) for t in node])


@lru_cache(maxsize=512)
def _kinds(op: str) -> tuple[str, ...]:
    return tuple(k for k in ("do", "do", "adj", "bit") if k in edit_wordings()["ops"][op])


def _length(rng: random.Random) -> float:
    """A number of seconds that people say: mostly 0.5 to 3."""
    return rng.choice(
        (
            1.0,
            1.0,
            2.0,
            2.0,
            0.5,
            0.5,
            3.0,
            1.5,
            4.0,
            5.0,
            2.5,
            0.2,
            0.25,
            0.3,
            0.4,
            0.8,
            1.2,
            0.6,
            0.7,
            3.5,
            6.0,
            round(rng.uniform(0.1, 4), 1),
        )
    )


def _slower(rng: random.Random) -> tuple[Call, Words]:
    p = rng.choice((*range(10, 91, 10), *range(5, 91, 5), 33, 12, 18, 23, 37, 42))
    return Call("speed", {"factor": number(1 - p / 100)}), {"pct": percent(rng, p)}


def _faster(rng: random.Random) -> tuple[Call, Words]:
    p = rng.choice((*range(10, 101, 10), *range(5, 101, 5), 120, 125, 150, 200, 33, 12, 18, 37))
    return Call("speed", {"factor": number(1 + p / 100)}), {"pct": percent(rng, p)}


def _speed_percent(rng: random.Random) -> tuple[Call, Words]:
    p = rng.choice(
        (*range(10, 100, 10), *range(15, 100, 10), 25, 75, 110, 120, 125, 130, 140, 150, 160, 175, 180, 200, 250, 300)
    )
    return Call("speed", {"factor": number(p / 100)}), {"pct": percent(rng, p)}


def _speed_factor(rng: random.Random) -> tuple[Call, Words]:
    n = number(
        rng.choice(
            (
                0.1,
                0.2,
                0.25,
                0.3,
                0.4,
                0.5,
                0.6,
                0.7,
                0.75,
                0.8,
                0.9,
                1.1,
                1.2,
                1.25,
                1.3,
                1.4,
                1.5,
                1.5,
                1.6,
                1.75,
                1.8,
                2,
                2.5,
                3,
                4,
            )
        )
    )
    return Call("speed", {"factor": n}), {"n": n, "nw": in_words(float(n)) if rng.random() < 0.7 else n}


def _fraction(rng: random.Random, kind: str) -> tuple[Call, Words]:
    """A part of the speed in words: kind 'of' ("two thirds of the speed"), 'off' ("a third slower") or 'more'."""
    keys = list(FRACTIONS) if kind == "of" else ["0.1", "0.2", "0.25", "0.25", "0.333", "0.333"]
    part = rng.choice(keys)
    factor = {"of": float(part), "off": 1 - float(part), "more": 1 + float(part)}[kind]
    return Call("speed", {"factor": number(factor)}), {"frac": rng.choice(FRACTIONS[part])}


def _multiple(rng: random.Random, slower: bool) -> tuple[Call, Words]:
    """A whole number of times faster or slower."""
    n = rng.choice((2, 2, 3, 3, 4, 4, 5, 6, 8, 10))
    words = {"n": str(n), "nw": rng.choice((SMALL[n], SMALL[n], str(n)))}
    words["fold"] = {2: "twofold", 3: "threefold", 4: "fourfold", 5: "fivefold"}.get(n, f"{n}-fold")
    return Call("speed", {"factor": number(1 / n if slower else n)}), words


def _trim(rng: random.Random, start: bool, end: bool) -> tuple[Call, Words]:
    a, b = (_length(rng) if start else 0.0), (_length(rng) if end else 0.0)
    first, second = (a, b) if start else (b, b)
    words = {
        "sec": seconds_words(rng, first), "nsec": seconds_words(rng, first, True),
        "sec2": seconds_words(rng, second), "nsec2": seconds_words(rng, second, True),
    }  # fmt: skip
    return Call("trim", {"start": number(a), "end": number(b)}), words


def _trim_even(rng: random.Random) -> tuple[Call, Words]:
    """The same length off both ends."""
    value = _length(rng)
    words = {"sec": seconds_words(rng, value), "nsec": seconds_words(rng, value, True)}
    return Call("trim", {"start": number(value), "end": number(value)}), words


def _keep_first(rng: random.Random) -> tuple[Call, Words]:
    b = _length(rng)
    words = {"sec": seconds_words(rng, b), "nsec": seconds_words(rng, b, True), "b": moment(rng, b)}
    return Call("keep", {"start": "0", "end": number(b)}), words


def _keep_span(rng: random.Random) -> tuple[Call, Words]:
    a = rng.choice((0.0, 0.5, 1.0, 1.0, 1.5, 2.0, 2.5, 3.0, round(rng.uniform(0, 3), 1)))
    b = a + _length(rng)
    return Call("keep", {"start": number(a), "end": number(b)}), {"a": moment(rng, a), "b": moment(rng, b)}


def _keep_from(rng: random.Random) -> tuple[Call, Words]:
    a = _length(rng)
    return Call("keep", {"start": number(a), "end": "0"}), {"a": moment(rng, a)}


def _repeat(rng: random.Random) -> tuple[Call, Words]:
    count = rng.choice((2, 2, 3, 3, 3, 4, 5, 6, 7, 8, 10))
    word = rng.choice((SMALL[count], SMALL[count], str(count)))
    extra = rng.choice((SMALL[count - 1], str(count - 1)))
    more = rng.choice(
        ("one more time", "once more", "another time", "one extra time", "1 more time")
        if count == 2
        else (f"{extra} more times", f"another {extra} times", f"{extra} extra times", f"{extra} further times")
    )
    return Call("repeat", {"count": str(count)}), {"times": times_words(rng, count), "num": word, "more": more}


def _turn(rng: random.Random, degrees: int | None = None) -> tuple[Call, Words]:
    value = degrees or rng.choice((90, 90, 45, 45, 30, 60, 180, 120, 135, 270, 10, 15, 20, rng.randrange(5, 181, 5)))
    side = rng.choice(("left", "right"))
    return Call("turn", {"degrees": str(value if side == "left" else -value)}), {
        "deg": degrees_words(rng, value),
        "side": side,
        "clock": "clockwise" if side == "right" else rng.choice(("counterclockwise", "counter-clockwise")),
    }


MAKERS: Mapping[str, Callable[[random.Random], tuple[Call, Words]]] = {
    "pct_slower": _slower,
    "pct_faster": _faster,
    "pct_of": _speed_percent,
    "factor": _speed_factor,
    "fraction_of": lambda rng: _fraction(rng, "of"),
    "fraction_off": lambda rng: _fraction(rng, "off"),
    "fraction_more": lambda rng: _fraction(rng, "more"),
    "times_slower": lambda rng: _multiple(rng, True),
    "times_faster": lambda rng: _multiple(rng, False),
    "trim_start": lambda rng: _trim(rng, True, False),
    "trim_end": lambda rng: _trim(rng, False, True),
    "trim_both": lambda rng: _trim(rng, True, True),
    "trim_even": _trim_even,
    "keep_first": _keep_first,
    "keep_from": _keep_from,
    "keep_span": _keep_span,
    "repeat": _repeat,
    "turn": _turn,
    "turn_quarter": lambda rng: _turn(rng, 90),
}


def _weight(op: str) -> float:
    return float(edit_wordings()["weights"].get(op, 2))


def make_edit(rng: random.Random, op: str) -> tuple[Call, Words]:
    """An operator call of one kind of request, with the words that say its arguments."""
    fixed = edit_wordings()["ops"][op].get("set")
    if fixed is None:
        return MAKERS[op](rng)
    return Call(fixed["op"], {k: str(v) for k, v in fixed.items() if k != "op"}), {}


@lru_cache(maxsize=4096)
def _base(text: str) -> str:
    """An edit wording with its verbs unmarked."""
    return re.sub(r"\[([\w-]+)\]", r"\1", text)


def fill(voice: Voice, text: str, words: Mapping[str, str]) -> str:
    """The marks of a wording filled from `words`; {it} and pronouns too."""

    def say(match: re.Match[str]) -> str:
        name = match[1]
        if name in words:
            return words[name]
        return voice.pick(pool("it")) if name == "it" else match[0]

    return _MARK.sub(say, text)


def _worded(voice: Voice, op: str, kind: str, words: Mapping[str, str]) -> str:
    return fill(voice, _base(voice.pick(pool("ops", op, kind))), words)


def say_edit(voice: Voice) -> tuple[Call, str]:
    """One edit as an imperative without anything around it."""
    names = [n for n in edit_wordings()["ops"] if "do" in _kinds(n)]
    op = voice.rng.choices(names, [_weight(n) for n in names])[0]
    call, words = make_edit(voice.rng, op)
    return call, _worded(voice, op, "do", words)


def _two(voice: Voice) -> tuple[str, tuple[Call, ...]]:
    """Two edits in one sentence."""
    rng = voice.rng
    kind = rng.choice(("do", "do", "adj"))
    names = [n for n in edit_wordings()["ops"] if kind in _kinds(n)]
    weights = [_weight(n) for n in names]
    while True:
        a, b = rng.choices(names, weights, k=2)
        (call_a, words_a), (call_b, words_b) = make_edit(rng, a), make_edit(rng, b)
        if call_a.name != call_b.name and {call_a.name, call_b.name} != {"trim", "keep"}:
            break
    x, y = _worded(voice, a, kind, words_a), _worded(voice, b, kind, words_b)
    if kind == "do":
        y = re.sub(
            r"\b(the motion|the clip|the animation|the movement|the whole thing|everything|this|that)\b",
            "it",
            y,
            count=1,
        )
    joined = fill(voice, voice.pick(pool("two" if kind == "do" else "two_adj")), {"x": x, "y": y})
    return fill(voice, voice.pick(pool("polite", kind)), {"x": joined}), (call_a, call_b)


def _edit(voice: Voice) -> tuple[str, tuple[Call, ...]]:
    rng = voice.rng
    if rng.random() < 0.15:
        return _two(voice)
    names = list(edit_wordings()["ops"])
    op = rng.choices(names, [_weight(n) for n in names])[0]
    call, words = make_edit(rng, op)
    kind = rng.choice(_kinds(op))
    text = _worded(voice, op, kind, words)
    return fill(voice, voice.pick(pool("polite", kind)), {"x": text}), (call,)


def _spoken(rng: random.Random, split: str, say: Callable[[Voice], tuple[str, Plan]]) -> tuple[str, Plan]:
    """What `say` says, polished; for the held-out split again until it has a held-out wording."""
    text, plan = "", Plan("undo")
    for _ in range(20 if split == "heldout" else 1):
        voice = new_voice(rng, split == "heldout")
        text, plan = say(voice)
        text = polish(voice, text)
        if held_out().has(text):
            break
    return noise(rng, text), plan


def sample_edit(rng: random.Random, split: str = "train") -> tuple[str, Plan]:
    """A request for one or two exact edits, and its plan."""

    def say(voice: Voice) -> tuple[str, Plan]:
        text, calls = _edit(voice)
        return text, Plan("edit", edits=calls)

    return _spoken(rng, split, say)


def sample_history(rng: random.Random, split: str = "train") -> tuple[str, Plan]:
    """A request to undo or redo, and its plan."""

    def say(voice: Voice) -> tuple[str, Plan]:
        task = rng.choice(("undo", "undo", "redo"))
        return fill(voice, voice.pick(pool(task)), {}), Plan(task)

    return _spoken(rng, split, say)


def sample_question(rng: random.Random, split: str = "train") -> tuple[str, Plan]:
    """A question about the motion on screen, and its plan."""

    def say(voice: Voice) -> tuple[str, Plan]:
        topic = rng.choice(TOPICS)
        subject = known_subject(voice)
        return fill(voice, voice.pick(pool("ask", topic)), {"s": subject}), Plan("ask", topic=topic)

    return _spoken(rng, split, say)


def sample_use(rng: random.Random, split: str = "train") -> tuple[str, Plan]:
    """A request to take something over from a reference clip, and its plan."""

    def say(voice: Voice) -> tuple[str, Plan]:
        use = Use(rng.choice(GROUPS), rng.choice((1, 1, 1, 2, 2, 3)))
        words = {"r": voice.pick(pool("references", use.reference)), "o": known_object(voice)}
        return fill(voice, voice.pick(pool("use", use.group)), words), Plan("use", use=use)

    return _spoken(rng, split, say)


def known_subject(voice: Voice) -> str:
    """Someone who is already on screen, as a subject: "he", "the man"; sets the voice's pronouns."""
    words = {
        "he": ("he", "the man", "the guy", "he"),
        "she": ("she", "the woman", "the girl"),
        "it": ("it", "the character", "the avatar"),
    }
    voice.pronoun = voice.rng.choice(("he", "he", "she", "it"))
    voice.bare = False
    voice.subject = voice.rng.choice(words[voice.pronoun])
    return voice.subject


def known_object(voice: Voice) -> str:
    """The same as an object ("him", "the man")."""
    known_subject(voice)
    return frames().pronouns[voice.pronoun]["him"] if voice.subject in frames().pronouns else voice.subject
