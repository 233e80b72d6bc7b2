"""What people say to have a clip edited exactly, with its edit script: every operator, its spans, parts and amounts.

sample_operator(random.Random(0)) -> ("raise his left arm by 20 degrees in the first half", "edit raise part=left_arm
degrees=20 span=first:50%"). The wordings are in prompts/operators.yaml.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.core.plan import Call, Plan
from engine.core.types import MODEL_FPS
from engine.data.numbers import in_words, number, seconds_words, times_words
from engine.data.operators_amounts import say_amount
from engine.data.operators_spans import ORDINALS, say_span
from engine.data.operators_words import (
    TRIES,
    arguments,
    complete,
    counts,
    finished,
    new_speaker,
    typed,
    wording_pool,
    words,
)
from engine.data.requests import fill, pool, say_edit
from engine.data.voice import Voice
from engine.edit.again import SIDES

FORMS = ("do", "do", "do", "say", "adj", "bit", "ask")
UNSIDED = 0.1
"""Share of the names of a limb that do not say which one. Nobody can know, and so the model learns to be unsure."""
SEVERAL = 0.28
"""Share of samples that ask for two or three edits at once."""
OTHERS = 0.25
"""Share of their parts that are edits of prompts/edits.yaml, such as mirroring."""
_RETIMING = frozenset({"trim", "keep", "repeat", "speed"})
"""Edits of prompts/edits.yaml that come but once in a sentence."""
_MARK = re.compile(r"\{(\w+)\}")
_WHOLE = re.compile(r"(?<!like )\bit\b(?! is| does)")
"""The clip, as a sentence of its own may call it, but not one that comes after another."""
_NO_VERB = re.compile(r"(don't|at|after|when|then|so|this|only) ")
"""How a request begins that nobody would put behind "can you"."""
_SLIGHTLY = re.compile(r"\ba (?:just )?a (?:little bit|bit|little|tad|touch|smidge) ")
_MUCH = re.compile(r"\ba (?:a (?:whole )?lot|way|far) ")
_ONE_SPAN = re.compile(
    r"the (part|section|stretch|bit|range|beginning|frame range|window|segment|interval|passage|chunk|portion|span|"
    r"rest)|every|what|all"
)
_PLURAL = re.compile(r"(arms|legs|hands|feet|knees|elbows|shoulders|wrists|thighs|hips)$| and ")


def _moment(rng: random.Random) -> tuple[float, str]:
    """A moment of the clip; a frame number means MODEL_FPS frames per second."""
    value = rng.choice((0.5, 1, 1, 1.5, 2, 2, 2.5, 3, 3, 4, 0.8, 1.2, 5))
    said = rng.choice(("{n} s", "{n} seconds", "second {n}", "{n}s", "the {n} second mark", "frame {f}", "frame {f}"))
    if value == 1 and said == "{n} seconds":
        said = "one second"
    return value, said.replace("{n}", number(value)).replace("{f}", str(round(value * MODEL_FPS)))


def _version(rng: random.Random) -> tuple[float, str]:
    n = rng.choice((1, 1, 2, 2, 2, 3, 3, 4, 5, 6))
    said = f"version {n}", f"version {n}", f"v{n}", f"version {in_words(n)}", f"version #{n}", f"version no. {n}"
    return n, rng.choice((*said, f"the {ORDINALS[n - 1]} version"))


def _point(rng: random.Random) -> tuple[tuple[str, str], str]:
    """A place on the floor: x metres to the left of the origin, z in front of it."""
    value = rng.choice((0.5, 1, 1, 1.5, 2, 2, 3, 4))
    if rng.random() < 0.45:
        way = rng.choice(("to the left", "to the right", "in front", "behind"))
        sign = 1 if way in ("to the left", "in front") else -1
        meters = f"{number(value)} m" if rng.random() < 0.5 else f"{in_words(value)} met{rng.choice(('re', 'er'))}"
        meters += "s" if value != 1 and meters[-1] == "r" else ""
        said = f"{meters} {way}{' of' if way != 'behind' else ''} the {rng.choice(('origin', 'center', 'middle'))}"
        return ("0", number(sign * value)) if way in ("in front", "behind") else (number(sign * value), "0"), said
    x, z = (number(rng.choice((-3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1, 1.5, 2, 2, 3))) for _ in "xz")
    said = rng.choice(("x={x}, z={z}", "x {x}, z {z}", "x={x} z={z}", "x={x} and z={z}", "x: {x}, z: {z}"))
    return (x, z), said.replace("{x}", x).replace("{z}", z)


def _rate(rng: random.Random) -> tuple[float, str]:
    n = rng.choice((24, 25, 30, 30, 60, 60, 12, 15, 48, 50, 90, 100, 120, 20, 240))
    units = (" fps", "fps", " frames per second", " frames a second", " Hz", " frames/s")
    return n, (in_words(n) if rng.random() < 0.12 else str(n)) + rng.choice(units)


def _seconds(rng: random.Random, choices: tuple[float, ...]) -> tuple[float, str]:
    value = rng.choice(choices)
    return value, seconds_words(rng, value)


def _long(choices: tuple[float, ...]) -> Callable[[random.Random], tuple[float, str]]:
    """A length in front of a noun: "a two-second blend"."""

    def make(rng: random.Random) -> tuple[float, str]:
        value = rng.choice(choices)
        forms = [f"{number(value)}{unit}" for unit in (" second", " second", "-second", " s", "s", " sec")]
        forms += [f"{in_words(value)}-second"] * 2 if value == int(value) else []
        forms += ["half-second", "half second"] if value == 0.5 else []
        return value, rng.choice(forms)

    return make


def _count(rng: random.Random) -> tuple[float, str]:
    n = rng.choice((2, 2, 3, 3, 4, 5, 6))
    return n, times_words(rng, n)


EXTRAS: Mapping[str, tuple[str, Callable[[random.Random], tuple[float, str]]]] = {
    "at": ("at", _moment),
    "v": ("version", _version),
    "rate": ("rate", _rate),
    "count": ("count", _count),
    "sec": ("seconds", lambda rng: _seconds(rng, (0.5, 1, 1, 1.5, 2, 2, 3, 0.3, 0.8, 2.5, 4))),
    "length": ("seconds", lambda rng: _seconds(rng, (2, 3, 4, 5, 6, 8, 10, 1.5, 2.5, 3.5, 12, 1))),
    "fade": ("seconds", lambda rng: _seconds(rng, (0.5, 0.5, 1, 1, 0.3, 0.25, 0.4, 2, 1.5, 0.8))),
    "a_sec": ("seconds", _long((0.5, 1, 1, 1.5, 2, 2, 3, 0.3, 2.5, 4))),
    "a_fade": ("seconds", _long((0.5, 0.5, 1, 1, 0.3, 0.4, 2, 1.5))),
    "a_blend": ("blend", _long((0.5, 0.2, 0.3, 1, 0.6))),
    "blend": ("blend", lambda rng: _seconds(rng, (0.5, 0.2, 0.3, 1, 0.25, 0.6, 0.8))),
}
"""Mark -> the argument that it says, and its maker."""


ALSO: Mapping[str, tuple[str, ...]] = {"part": ("part", "bare"), "target": ("target", "toward", "touched", "for")}
"""Marks that say an argument, where there are several."""


@dataclass(frozen=True)
class Kind:
    """One kind of request for an operator, as prompts/operators.yaml has it under `kinds`."""

    op: str
    name: str
    spec: Mapping

    @property
    def forms(self) -> tuple[str, ...]:
        return tuple(f for f in FORMS if f in self.spec)

    def pick(self, voice: Voice, form: str) -> str:
        return voice.pick(wording_pool("kinds", self.op, self.name, form))


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, tuple[Kind, ...]]:
    """Operator -> its kinds of request."""
    return {op: tuple(Kind(op, name, spec) for name, spec in of.items()) for op, of in words()["kinds"].items()}


def _agreement(text: str) -> dict[str, str]:
    """How verbs and pronouns agree with a part's name."""
    many = _PLURAL.search(text) is not None
    one = ("is", "was", "s", "es", "does", "it", "its", "it is", "it does")
    several = ("are", "were", "", "", "do", "them", "their", "they are", "they do")
    names = ("is", "was", "vs", "vs2", "do", "them", "theirs", "they_are", "they_do")
    return dict(zip(names, several if many else one))


def _noun_agreement(text: str) -> dict[str, str]:
    """How verbs agree with a span's name: "the last second is", "frames 1 to 5 are"."""
    many = not _ONE_SPAN.match(text) and re.search(r"\b(frames|seconds|secs|quarters|thirds|\d+s|\d s)\b", text)
    return dict(zip(("nis", "nvs", "nvs2", "nhas"), ("are", "", "", "have") if many else ("is", "s", "es", "has")))


def _chosen(voice: Voice, kind: Kind, marks: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Arguments with words of their own that the wording names, and those words."""
    args, said = {}, {}
    for arg, table in kind.spec.get("choose", {}).items():
        used = sorted(marks & set(ALSO.get(arg, (arg,))))
        if not used:
            continue
        path = ("tables", table) if isinstance(table, str) else ("kinds", kind.op, kind.name, "choose", arg)
        table = words()["tables"][table] if isinstance(table, str) else table
        values = list(table)
        if arg == "target":
            values = [v for v in values if used[0] in table[v]]
        args[arg] = voice.rng.choice(values)
        said[used[0]] = voice.pick(wording_pool(*path, args[arg], *used if arg == "target" else ()))
        if args[arg] in SIDES and voice.rng.random() < UNSIDED:
            said[used[0]] = re.sub(r"\b(left|right) ", "", said[used[0]])
        if arg == "part":
            said["part"] = said[used[0]]
            said |= _agreement(said["part"])
            said["bare"] = re.sub(r"^(the|\{his\}) ", "", said["part"])
    return args, said


def draw(voice: Voice, kind: Kind, form: str, time: str) -> tuple[Call, str, str]:
    """A call with the sentence that asks for it, and the span to say behind or before it ("" for none).

    time: 'none' to leave spans out, else a span is drawn where the operator takes one.
    """
    text = kind.pick(voice, form)
    marks = set(_MARK.findall(text))
    args = {k: str(v) for k, v in kind.spec.get("set", {}).items()}
    chosen, said = _chosen(voice, kind, marks)
    args |= chosen
    if amount := kind.spec.get("amount"):
        args[amount["arg"]], more = say_amount(voice, amount, marks)
        said |= more
    for mark in marks & set(EXTRAS):
        arg, make = EXTRAS[mark]
        value, said[mark] = make(voice.rng)
        args[arg] = number(value)
    if "xz" in marks:
        (args["x"], args["z"]), said["xz"] = _point(voice.rng)
    spoken = ""
    if "noun" in marks or "when" in marks:
        named = "noun" if "noun" in marks else "when"
        args["span"], said[named] = say_span(voice, named)
        said |= _noun_agreement(said[named])
    elif "span" in arguments()[kind.op] and time != "none" and "span" not in args:
        args["span"], spoken = say_span(voice, "when")
        while form == "say" and spoken.startswith(("only ", "just ")):
            args["span"], spoken = say_span(voice, "when")
    text = _MUCH.sub("a much ", _SLIGHTLY.sub("a slightly ", fill(voice, text, said)))
    return complete(kind.op, args), text, spoken


def _polite(voice: Voice, form: str, text: str) -> str:
    if form == "ask":
        frames = wording_pool("asks" if re.match(r"c(an|ould) ", text) else "whys")
    elif form == "say":
        frames = wording_pool("wishes" if re.match(r"i('d)? ", text) else "complain")
    elif form == "do" and _NO_VERB.match(text):
        frames = wording_pool("plain")
    else:
        frames = pool("polite", form)
    return fill(voice, voice.pick(frames), {"x": text})


def _one(voice: Voice, kind: Kind) -> tuple[str, tuple[Call, ...]]:
    rng = voice.rng
    form = rng.choice(kind.forms)
    time = "some" if rng.random() < kind.spec.get("timed", 0.5) else "none"
    call, text, span = draw(voice, kind, form, time)
    if not span:
        return _polite(voice, form, text), (call,)
    if rng.random() < 0.35:
        frames = wording_pool("front", "say" if _NO_VERB.match(text) else form)
        return fill(voice, voice.pick(frames), {"x": text, "when": span}), (call,)
    return _polite(voice, form, f"{text} {span}"), (call,)


def _kind(rng: random.Random, op: str) -> Kind:
    of = kinds()[op]
    return rng.choices(of, [k.spec.get("weight", 1) for k in of])[0]


def _operators(rng: random.Random, count: int) -> list[str]:
    weights = words()["weights"]
    names = list(kinds())
    while True:
        drawn = rng.choices(names, [weights.get(n, 2) for n in names], k=count)
        if len(set(drawn)) == count and sum(n in words()["alone"] for n in drawn) < 2:
            return drawn


def _several(voice: Voice, chosen: list[Kind]) -> tuple[str, tuple[Call, ...]]:
    """Two or three edits in one sentence: each with its own span, all in one that is said first, or none."""
    rng = voice.rng
    calls, texts = [], []
    time = rng.choice(("none", "own"))
    alone = {kind.op for kind in chosen} & set(words()["alone"])
    for kind in chosen:
        call, text, span = draw(voice, kind, "do", time)
        if kind.op not in alone and rng.random() < OTHERS:
            other, said = say_edit(voice)
            if not (alone and other.name in _RETIMING) and other.name not in {c.name for c in calls}:
                call = complete(other.name, other.args) if other.name in arguments() else other
                text, span = said, ""
                alone |= {other.name} & _RETIMING
        if calls:
            text = _WHOLE.sub(rng.choice(("the whole clip", "the whole thing")), text)
        calls.append(call)
        texts.append(f"{text} {span}".strip())
    common = ""
    plain = all(call.args.get("span") == "all" for call in calls)
    if plain and rng.random() < 0.6:
        token, common = say_span(voice, "when")
        calls = [complete(c.name, {**c.args, "span": token}) for c in calls]
    said = dict(zip("xyz", texts))
    frames = voice.pick(pool("two") if len(texts) == 2 else wording_pool("three"))
    if "before you" in frames and _NO_VERB.match(texts[1]):
        frames = "{x} and {y}"
    joined = fill(voice, frames, said)
    if common:
        return fill(voice, voice.pick(wording_pool("front", "do")), {"x": joined, "when": common}), tuple(calls)
    return _polite(voice, "do", joined), tuple(calls)


def sample_operator(rng: random.Random, split: str = "train") -> tuple[str, Plan]:
    """A request for one to three exact edits, and its plan with every argument written."""
    count = rng.choice((2, 2, 3)) if rng.random() < SEVERAL else 1
    chosen = [_kind(rng, op) for op in _operators(rng, count)]
    if count > 1:
        chosen = [k if "do" in k.spec else next(o for o in kinds()[k.op] if "do" in o.spec) for k in chosen]
    text, calls = "", ()
    for _ in range(TRIES):
        voice, said = new_speaker(rng, split == "heldout")
        text, calls = _several(voice, chosen) if count > 1 else _one(voice, chosen[0])
        text = finished(voice, text, said)
        if counts(split, text):
            break
    return typed(rng, text), Plan("edit", edits=calls)
