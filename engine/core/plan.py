"""The plan: what the language model decides before anything moves, as data and as one line of text.

    make walk direction=forward speed=slow style=plain & wave side=right count=3 for 4.0 ; bow count=1 for 2.4
    append sit for 2.0
    edit speed factor=0.7 ; mirror
    undo | undo speed | undo keep speed | redo | restore 2
    ask duration
    use upper of 2

`make` replaces the current motion, `append` goes on from its last frame, `edit` runs exact operators, `ask` answers
from measured facts, `use` takes over a reference clip or a part of it. `undo` takes the last edit back, or the last
one of an operator, or all of the last one but an operator; `restore` makes a version of that number current. Segments
follow one another (`;`); the calls of one segment happen at once (`&`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.core.errors import UserError

TASKS = ("make", "append", "edit", "undo", "redo", "restore", "ask", "use")
FACTS = ("seconds", "frames", "distance", "turn", "speed", "content")
"""Measured values that an answer may name as {placeholders}."""
TOPICS = ("duration", "content", "distance", "frames", "speed", "turn")
GROUPS = ("whole", "legs", "upper")
"""What of a body can be made anew, or taken over from a reference clip, in one."""
MAX_REFERENCE = 9
"""Reference clips are counted up to here."""
MAX_UPPER_S = 5.0
"""An upper action that lasts longer by itself does not stretch what the legs do."""
STEP_S = 0.2
"""One step of the motion tokenizer, seconds; segment lengths are whole steps."""


@dataclass(frozen=True)
class ActionSpec:
    """What the planner may say about one action.

    part: 'full' (whole body), 'lower' (legs and path; the arms are free) or 'upper' (arms, head, chest; goes on top of
    a 'lower' action or of the posture that came before).  slots: parameter -> allowed values, the first is the default.
    start, end: posture it begins and ends in ('stand', 'sit', 'kneel', 'crouch', 'lie'; start 'any' = keeps it, and
    end 'same' = leaves it).  lasting: it goes on for as long as asked (walking); others are done again (bowing).
    """

    name: str
    part: str
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    start: str = "stand"
    end: str = "stand"
    lasting: bool = False


@dataclass(frozen=True)
class Call:
    """An action or an edit operator with its arguments, all as written in the plan."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "args", MappingProxyType(dict(self.args)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and (self.name, dict(self.args)) == (other.name, dict(other.args))

    def __hash__(self) -> int:
        return hash((self.name, tuple(sorted(self.args.items()))))

    def __str__(self) -> str:
        return " ".join([self.name, *(f"{k}={v}" for k, v in self.args.items())])


@dataclass(frozen=True)
class Segment:
    """One or two calls that happen at once; seconds is their common length."""

    calls: tuple[Call, ...]
    seconds: float

    @property
    def num_steps(self) -> int:
        """Length in tokenizer steps, at least 1."""
        return max(1, round(self.seconds / STEP_S))

    def __str__(self) -> str:
        return f"{' & '.join(map(str, self.calls))} for {self.seconds:.1f}"


@dataclass(frozen=True)
class Use:
    """Something to take over: one of GROUPS, of the reference clip of that number, counted from 1."""

    group: str
    reference: int

    def __str__(self) -> str:
        return f"{self.group} of {self.reference}"


def together_s(legs_s: float, upper_s: float) -> float:
    """Seconds of two things at once that take so long by themselves."""
    return max(legs_s, min(upper_s, MAX_UPPER_S))


@dataclass(frozen=True)
class Plan:
    """The task of a turn and its arguments; `str(plan)` is the line that the model writes.

    topic: what is asked; of `undo` what is taken back or kept, of `restore` the number of the version.
    """

    task: str
    segments: tuple[Segment, ...] = ()
    edits: tuple[Call, ...] = ()
    topic: str = ""
    use: Use | None = None

    @property
    def seconds(self) -> float:
        return sum(s.seconds for s in self.segments)

    @property
    def num_steps(self) -> int:
        return sum(s.num_steps for s in self.segments)

    def __str__(self) -> str:
        rest = " ; ".join(map(str, self.segments or self.edits)) or self.topic or self.use or ""
        return f"{self.task} {rest}".strip()


def plain_words(*segments: Sequence[Call]) -> str:
    """The calls of segments as a bare sentence: "a person kick left 2 high and clap 3, then bow"."""
    said = (" and ".join(" ".join([c.name.replace("_", " "), *c.args.values()]) for c in calls) for calls in segments)
    return f"a person {', then '.join(said)}"


def _call(text: str) -> Call:
    name, *pairs = text.split()
    if any(p.count("=") != 1 for p in pairs):
        raise UserError(f"The plan {text!r} has an argument that is not name=value.")
    return Call(name, dict(p.split("=") for p in pairs))


def _use(text: str) -> Use:
    group, _, number = text.strip().partition(" of ")
    if group not in GROUPS or not number.isdecimal() or not 1 <= int(number) <= MAX_REFERENCE:
        raise UserError(f"The plan 'use {text}' must say one of {', '.join(GROUPS)} and 'of' a number of a reference.")
    return Use(group, int(number))


def parse_plan(text: str) -> Plan:
    """The inverse of `str(plan)`. UserError for a line that is not a plan."""
    task, _, rest = text.strip().partition(" ")
    if task not in TASKS:
        raise UserError(f"A plan begins with one of {', '.join(TASKS)}; this one says {text[:60]!r}.")
    if task in ("undo", "redo"):
        return Plan(task, topic=rest.strip() if task == "undo" else "")
    if task == "restore":
        if not rest.strip().isdecimal():
            raise UserError(f"The plan {text!r} does not say which version is to be current again.")
        return Plan(task, topic=rest.strip())
    if task == "ask":
        return Plan(task, topic=rest.strip() or TOPICS[1])
    if task == "use":
        return Plan(task, use=_use(rest))
    pieces = [p for p in rest.split(" ; ") if p.strip()]
    if not pieces:
        raise UserError(f"The plan {text!r} names nothing to do.")
    if task == "edit":
        return Plan(task, edits=tuple(map(_call, pieces)))
    segments = []
    for piece in pieces:
        calls, found, seconds = piece.rpartition(" for ")
        try:
            length = float(seconds)
        except ValueError:
            length = -1.0
        if not found or length <= 0:
            raise UserError(f"The segment {piece!r} of the plan does not say for how many seconds.")
        segments.append(Segment(tuple(_call(c) for c in calls.split(" & ")), length))
    return Plan(task, segments=tuple(segments))
