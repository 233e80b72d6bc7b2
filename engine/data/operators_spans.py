"""Stretches of time: the span that a plan writes ("last:50%", "after:jump:2") and how people say it.

Each is said in two ways: `when`, an adverbial ("in the second half"), and `noun`, a thing ("the second half").
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from engine.data.numbers import in_words, number, percent, seconds_words
from engine.data.operators_words import wording_pool, words
from engine.data.requests import fill
from engine.data.voice import Voice

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
VAGUE = 0.2
"""Share of events that are not the first and yet said without a number, so that the model learns to be unsure."""
Drawn = tuple[str, dict[str, str]]


def seconds_token(value: float) -> str:
    """Seconds as spans write them: 1.0s, 0.25s."""
    text = number(value)
    return f"{text if '.' in text else text + '.0'}s"


def _pair(rng: random.Random, low: float, high: float) -> tuple[float, float]:
    """Two moments, mostly whole or half seconds."""
    step = rng.choice((1.0, 1.0, 0.5, 0.5, 0.1))
    a = round(rng.randrange(round(low / step), round(high / step)) * step, 1)
    return a, round(a + step * rng.choice((1, 1, 2, 2, 3, 4)) * (5 if step == 0.1 else 1), 1)


def _either(rng: random.Random, value: float) -> str:
    return in_words(value) if value == int(value) and rng.random() < 0.35 else number(value)


def _seconds(rng: random.Random) -> Drawn:
    a, b = _pair(rng, 0.5, 4)
    token = f"{seconds_token(a)}-{seconds_token(b)}"
    wordy = rng.random() < 0.3 and a == int(a) and b == int(b)
    say = in_words if wordy else number
    return token, {"a": number(a), "b": number(b), "wa": say(a), "wb": say(b)}


def _clock(rng: random.Random) -> Drawn:
    a = rng.randrange(0, 6)
    b = a + rng.choice((1, 2, 3))
    return f"{seconds_token(a)}-{seconds_token(b)}", {"a": f"0:{a:02d}", "b": f"0:{b:02d}"}


def _frames(rng: random.Random) -> Drawn:
    a = rng.choice((5, 10, 12, 15, 20, 24, 25, 30, 40, 45, 50, 60, rng.randrange(1, 80)))
    b = a + rng.choice((5, 10, 10, 15, 20, 20, 25, 30, 40, rng.randrange(4, 60)))
    return f"{a}f-{b}f", {"a": str(a), "b": str(b)}


def _percent_between(rng: random.Random) -> Drawn:
    a = rng.choice((5, 10, 20, 25, 30, 40, 50, 60))
    b = a + rng.choice((10, 20, 25, 30, 35))
    say = in_words if rng.random() < 0.15 else number
    return f"{a}%-{b}%", {"a": say(a), "b": say(b), "unit": rng.choice((" %", "%", " percent"))}


def _edge_seconds(edge: str) -> Callable[[random.Random], Drawn]:
    def draw(rng: random.Random) -> Drawn:
        value = rng.choice((0.5, 0.5, 1, 1, 1, 1.5, 2, 2, 3, 0.2, 0.3, 0.4, 0.8, 2.5))
        return f"{edge}:{seconds_token(value)}", {
            "sec": seconds_words(rng, value),
            "nsec": seconds_words(rng, value, True),
        }

    return draw


def _edge_share(edge: str) -> Callable[[random.Random], Drawn]:
    def draw(rng: random.Random) -> Drawn:
        share = rng.choice((50, 50, 50, 50, 25, 25, 33, 75, 67, 20, 10))
        return f"{edge}:{share}%", {"frac": rng.choice(words()["shares"][share])}

    return draw


def _edge_percent(edge: str) -> Callable[[random.Random], Drawn]:
    def draw(rng: random.Random) -> Drawn:
        share = rng.choice((10, 15, 20, 30, 40, 60, 70, 80))
        return f"{edge}:{share}%", {"pct": percent(rng, share)}

    return draw


def _edge_frames(edge: str) -> Callable[[random.Random], Drawn]:
    def draw(rng: random.Random) -> Drawn:
        count = rng.choice((5, 8, 10, 10, 12, 15, 20, 24, 30, 40))
        return f"{edge}:{count}f", {"n": in_words(count) if rng.random() < 0.2 else str(count)}

    return draw


def _side_of(edge: str) -> Callable[[random.Random], Drawn]:
    def draw(rng: random.Random) -> Drawn:
        value = rng.choice((0.5, 1, 1, 1.5, 2, 2, 2.5, 3, 4, 5))
        return f"{edge}:{seconds_token(value)}", {"a": number(value), "wa": _either(rng, value)}

    return draw


def _event(prefix: str) -> Callable[[random.Random], Drawn]:
    def draw(rng: random.Random) -> Drawn:
        name = rng.choice(list(words()["events"]))
        said = words()["events"][name]
        index = rng.choice((1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 0))
        which = ORDINALS[index - 1] if index else "last"
        fields = {"ev": f"the {which} {said['noun']}", "nth": f"for the {which} time", "verb": said["verb"]}
        if rng.random() < (0.6 if index == 1 else VAGUE):
            fields |= {"ev": f"{rng.choice(('the', 'the', 'the', 'that'))} {said['noun']}", "nth": ""}
        elif index and rng.random() < 0.15:
            fields["ev"] = f"{said['noun']} {rng.choice(('number ', '', '#', 'no. '))}{index}"
        return f"{prefix}{name}:{index or 'last'}", fields

    return draw


def _high(rng: random.Random) -> Drawn:
    side = rng.choice(("left", "right"))
    return f"{side}_hand_high:1", {"side": side}


def _fixed(rng: random.Random) -> Drawn:
    token = rng.choice(list(words()["spans"]["fixed"]))
    return str(token), {"fixed": str(token)}


_MAKERS: Mapping[str, tuple[Callable[[random.Random], Drawn], int]] = {
    "seconds": (_seconds, 8),
    "clock": (_clock, 1),
    "frames": (_frames, 4),
    "percents": (_percent_between, 2),
    "first_s": (_edge_seconds("first"), 3),
    "last_s": (_edge_seconds("last"), 4),
    "first_share": (_edge_share("first"), 4),
    "last_share": (_edge_share("last"), 4),
    "first_percent": (_edge_percent("first"), 1),
    "last_percent": (_edge_percent("last"), 1),
    "first_f": (_edge_frames("first"), 1),
    "last_f": (_edge_frames("last"), 1),
    "from_s": (_side_of("from"), 3),
    "until_s": (_side_of("until"), 3),
    "event": (_event(""), 8),
    "before": (_event("before:"), 3),
    "after": (_event("after:"), 4),
    "high": (_high, 3),
    "fixed": (_fixed, 6),
}


def say_span(voice: Voice, form: str) -> tuple[str, str]:
    """A random span as the plan writes it, and its words as 'when' or 'noun'."""
    usable = [n for n in _MAKERS if n != "high" or form == "when"]
    kind = voice.rng.choices(usable, [_MAKERS[n][1] for n in usable])[0]
    token, fields = _MAKERS[kind][0](voice.rng)
    path = ("spans", kind, token, form) if "fixed" in fields else ("spans", kind, form)
    return token, fill(voice, voice.pick(wording_pool(*path)), fields)
