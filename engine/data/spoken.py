"""Requests written by hand, whole, with their plans: prompts/spoken/*.txt. They say what no pattern would.

    walk style=sad & wave side=left ; sit | {1:heartbroken, he trudges along}, {1b:left hand waving}, {2:sitting down}

One request a line: calls (`&` at once, `;` one after another; slots left out have their default), a bar, the words.
Where there are several calls, braces hold the words of each: the number of its segment, `b` for its second call.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.core.plan import ActionSpec, Call, Plan, Segment, parse_plan, together_s
from engine.data.captions import Span, spans_of
from engine.data.noise import noise
from engine.data.registry import catalogue, default_args, natural_seconds
from engine.data.voice import CLOSE, MAX_SEGMENTS, OPEN
from engine.data.wordings import PROMPTS, held_out

FOLDER = PROMPTS / "spoken"
_MARK = re.compile(r"\{(\d)(b?):([^{}]*)\}")


@dataclass(frozen=True)
class Spoken:
    """calls: of every segment.  text: the words, those of each call between marks where there are several."""

    calls: tuple[tuple[Call, ...], ...]
    text: str

    @property
    def several(self) -> bool:
        return sum(map(len, self.calls)) > 1


@lru_cache(maxsize=1)
def spoken() -> tuple[Spoken, ...]:
    """All requests of prompts/spoken. ValueError for a line that is none, with its place."""
    return tuple(s for path in sorted(FOLDER.glob("*.txt")) for s in read_spoken(path))


def read_spoken(path: Path) -> list[Spoken]:
    """The requests of one file. ValueError for a line that is none, with its place."""
    known, found = catalogue(), []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            try:
                found.append(_parse(line, known))
            except ValueError as fault:
                raise ValueError(f"{path.name}:{number}: {fault}: {line}") from None
    return found


def _parse(line: str, known: Mapping[str, ActionSpec]) -> Spoken:
    plan, bar, text = (p.strip() for p in line.partition("|"))
    if not bar or not text:
        raise ValueError("no bar, or nothing behind it")
    segments = parse_plan("make " + " ; ".join(f"{p.strip()} for 1.0" for p in plan.split(";"))).segments
    calls = tuple(tuple(_call(c, known) for c in s.calls) for s in segments)
    if len(calls) > MAX_SEGMENTS or any(len(c) > 2 for c in calls):
        raise ValueError("too many actions")
    for pair in calls:
        if len(pair) == 2 and (known[pair[0].name].part == "upper" or known[pair[1].name].part != "upper"):
            raise ValueError("of two at once the first has the legs and the second is an upper one")
    if held_out().has(_MARK.sub(r"\3", text)):
        raise ValueError("a held-out word")
    wanted = {2 * i + k for i, pair in enumerate(calls) for k in range(len(pair))}
    said = {_index(m) for m in _MARK.finditer(text)}
    if (said != wanted if len(wanted) > 1 else said) or re.search(r"[{}]", _MARK.sub("", text)):
        raise ValueError("marks that do not fit the calls")
    return Spoken(calls, _MARK.sub(lambda m: f"{OPEN[_index(m)]}{m[3]}{CLOSE}", text))


def _index(mark: re.Match[str]) -> int:
    return 2 * (int(mark[1]) - 1) + bool(mark[2])


def _call(call: Call, known: Mapping[str, ActionSpec]) -> Call:
    if call.name not in known:
        raise ValueError(f"no action {call.name!r}")
    slots = known[call.name].slots
    for slot, value in call.args.items():
        if value not in slots.get(slot, ()):
            raise ValueError(f"{call.name} knows no {slot}={value}")
    return Call(call.name, default_args(call.name, call.args))


def sample_spoken(rng: np.random.Generator, several: bool) -> tuple[str, list[Span], Plan]:
    """One of the requests, for several actions or for one, typed as people type; its spans (none for one); its plan."""
    rows = _rows(several)
    row = rows[int(rng.integers(len(rows)))]
    text, spans = spans_of(noise(random.Random(int(rng.integers(2**31))), row.text))
    return text, spans, Plan("make", tuple(_segment(calls, rng) for calls in row.calls))


@lru_cache(maxsize=2)
def _rows(several: bool) -> tuple[Spoken, ...]:
    return tuple(s for s in spoken() if s.several == several)


def _segment(calls: tuple[Call, ...], rng: np.random.Generator) -> Segment:
    first, *over = (natural_seconds(c.name, c.args, rng) for c in calls)
    return Segment(calls, together_s(first, *over) if over else first)
