"""What a turn reports: `Step`, `Reference` and `Reply` as results, and the events that a stream yields on the way."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.types import Scene

if TYPE_CHECKING:
    from engine.loop.rounds import Round

KINDS = ("plan", "recall", "motion", "measure", "assess", "refine", "edit", "answer")
"""The kinds of section that a turn is made of."""


@dataclass(frozen=True)
class Reference:
    """A clip of the library that the turn looked at. part: 'whole' or names of `skeleton.PARTS`; score: similarity."""

    clip_id: str
    caption: str
    part: str
    score: float


@dataclass(frozen=True)
class Choice:
    """One answer to a question that was asked back: what to call it, and the plan line that it stands for."""

    label: str
    line: str


@dataclass(frozen=True, eq=False)
class Step:
    """One finished section. score: 0 to 1, how well the draft fits the plan; scene: the draft, playable.

    references: the clips that a recall found.  round: what `Session.refine` goes on from, while the session is open.
    choices: what can be answered to a question.
    """

    kind: str
    text: str
    score: float | None = None
    scene: Scene | None = None
    references: tuple[Reference, ...] = ()
    round: Round | None = None
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        assert self.kind in KINDS, f"{self.kind!r} is not a kind of section"


@dataclass(frozen=True, eq=False)
class Reply:
    """The outcome of a turn. scene: what is current after it, None before the first motion; version: its number.

    choices: what can be answered, where the text is a question and nothing was done yet.
    """

    text: str
    scene: Scene | None
    trace: tuple[Step, ...]
    references: tuple[Reference, ...] = ()
    version: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class SectionStart:
    """A section of this kind begins."""

    kind: str


@dataclass(frozen=True)
class SectionDelta:
    """More text of the section that is open."""

    kind: str
    text: str


@dataclass(frozen=True)
class SectionProgress:
    """How far the section that is open has come: `done` of `total` steps."""

    kind: str
    done: int
    total: int


@dataclass(frozen=True, eq=False)
class SectionEnd:
    """The section that was open is finished."""

    kind: str
    step: Step


@dataclass(frozen=True, eq=False)
class Done:
    """The turn is finished, and the session has taken it over."""

    reply: Reply


Event = SectionStart | SectionDelta | SectionProgress | SectionEnd | Done


def whole_section(step: Step) -> Iterator[Event]:
    """The events of a section that is there all at once."""
    yield SectionStart(step.kind)
    yield SectionDelta(step.kind, step.text)
    yield SectionEnd(step.kind, step)


def text_section(kind: str, pieces: Iterable[str]) -> Generator[Event, None, str]:
    """A section of text; gives the text as a whole."""
    yield SectionStart(kind)
    text = ""
    for piece in pieces:
        text += piece
        yield SectionDelta(kind, piece)
    yield SectionEnd(kind, Step(kind, text.strip()))
    return text.strip()
