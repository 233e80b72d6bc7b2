"""What a span means on a clip, read independently of the operators: seconds, or an event by its number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

EVENTS = (
    "jump", "step", "kick", "punch", "wave", "clap", "turn", "squat", "bow", "left_hand_high", "right_hand_high",
    "start", "end",
)  # fmt: skip
TOLERANCE = 0.1
"""Spans may differ by this share of the clip's length at either end."""
_AMOUNT = r"(\d+(?:\.\d+)?)(s|f|%)"
_BETWEEN = re.compile(rf"{_AMOUNT}-{_AMOUNT}")
_EDGE = re.compile(rf"(first|last|from|until):{_AMOUNT}")
_EVENT = re.compile(rf"((?:before:|after:)?)({'|'.join(EVENTS)})(?::(\d+|last))?")
_RANGE = re.compile(r"(first|last|from|until):([\d.]+)(s|f|%)\.\.([\d.]+)(s|f|%)")


@dataclass(frozen=True)
class Timing:
    """How long a clip is, its frames per second, and of events, as far as that is known, how often each happens.

    times: (start_s, end_s) of events that were found.
    """

    duration_s: float
    fps: float
    events: Mapping[str, int] = field(default_factory=dict)
    times: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stretch:
    """From start_s to end_s. event: what it was named by ("before:jump:2"); then both are -1 if it was not found."""

    start_s: float
    end_s: float
    event: str = ""

    @property
    def known(self) -> bool:
        return self.end_s >= 0


def resolve(span: str, timing: Timing) -> Stretch:
    """What a span means on that clip. ValueError for what is no span, or none that the clip has."""
    length = timing.duration_s

    def seconds(amount: str, unit: str) -> float:
        return float(amount) * {"s": 1.0, "f": 1 / timing.fps, "%": length / 100}[unit]

    if span == "all":
        start, end = 0.0, length
    elif found := _BETWEEN.fullmatch(span):
        start, end = seconds(found[1], found[2]), seconds(found[3], found[4])
    elif found := _EDGE.fullmatch(span):
        at = seconds(found[2], found[3])
        start, end = {"first": (0.0, at), "until": (0.0, at), "last": (length - at, length), "from": (at, length)}[
            found[1]
        ]
    elif found := _EVENT.fullmatch(span):
        return _event(found[1], found[2], found[3] or "1", timing)
    else:
        raise ValueError(f"{span!r} is no span")
    if start >= length or end <= start:
        raise ValueError(f"{span} is not in a clip of {length:.2f} s")
    return Stretch(max(start, 0.0), min(end, length))


def _event(side: str, name: str, number: str, timing: Timing) -> Stretch:
    """The event with its number counted from the start, where it is known how many there are."""
    count = 1 if name in ("start", "end") else timing.events.get(name)
    if count is not None and number == "last":
        number = str(count)
    if number != "last" and (int(number) < 1 or (count is not None and int(number) > count)):
        raise ValueError(f"there are {count} of {name}, not {number}")
    named, times = f"{side}{name}:{number}", timing.times.get(name, ())
    if number == "last" or len(times) < int(number) or (count is not None and count != len(times)):
        return Stretch(-1.0, -1.0, named)
    start, end = times[int(number) - 1]
    start, end = {"before:": (0.0, start), "after:": (end, timing.duration_s)}.get(side, (start, end))
    return Stretch(start, end, named)


def same_span(planned: str, expected: str, timing: Timing) -> bool:
    """Whether two spans mean the same of a clip. expected may be a range of lengths: "last:0.3s..1.5s"."""
    try:
        ours = resolve(planned, timing)
        if found := _RANGE.fullmatch(expected):
            ends = [resolve(f"{found[1]}:{found[i]}{found[i + 1]}", timing) for i in (2, 4)]
        else:
            ends = [resolve(expected, timing)] * 2
    except ValueError:
        return planned == expected
    if (ours.event and ends[0].event) or not (ours.known and ends[0].known):
        return ours.event == ends[0].event
    slack = TOLERANCE * timing.duration_s + 1e-6
    starts, stops = sorted(e.start_s for e in ends), sorted(e.end_s for e in ends)
    return starts[0] - slack <= ours.start_s <= starts[1] + slack and stops[0] - slack <= ours.end_s <= stops[1] + slack
