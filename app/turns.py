"""What a turn looks like in the chat: the engine's events become messages, and errors become words."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.loading import LOADING
from app.sessions import SessionStore, Visitor
from app.shelf import Draft, RoundRow, is_round, num_parts
from engine.core.errors import UserError
from engine.core.instruction import parse_instruction
from engine.loop.events import Done, Event, SectionDelta, SectionEnd, SectionProgress, SectionStart, Step
from engine.loop.request import DEFAULT_ROUNDS, TurnOptions

TITLES = {
    "plan": "Plan",
    "recall": "References",
    "motion": "Motion",
    "measure": "Measured",
    "assess": "Assessment",
    "refine": "Refinement",
    "edit": "Edit",
}
"""Sections that are folded away; the answer stands open."""

APOLOGY = (
    "Something went wrong on our side, and it was written to the log. Your motions are as they were; "
    "please try again, perhaps in other words."
)
STOPPED = "Stopped. Your motions are as they were."
DRAFTS_LEFT = "What was made so far is under Rounds: play a draft there, or use it."
PAINT_EVERY_S = 0.08
_BAR_CELLS = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """One message of a visitor. files: paths of uploads; seconds and seed: None leaves them to the plan.

    rounds: of refinement.  retrieve: use reference clips.  step: the round that the text, an instruction, goes on from.
    """

    text: str
    files: tuple[Path, ...] = ()
    seconds: float | None = None
    candidates: int = 1
    seed: int | None = None
    rounds: int = DEFAULT_ROUNDS
    retrieve: bool = True
    step: Step | None = None


@dataclass(frozen=True, eq=False)
class Update:
    """Something to paint. draft: the number of one to show before it is a version; rounds: there is news of them.

    finished: the turn is over.  offer: it left several rounds, or a stop left some, to choose from.
    """

    draft: int | None = None
    rounds: bool = False
    finished: bool = False
    offer: bool = False


def user_message(request: Request) -> dict[str, Any]:
    """The visitor's message as the chat shows it, attachments by name."""
    names = ", ".join(f"`{path.name}`" for path in request.files)
    parts = [request.text.strip(), f"Attached: {names}" if names else ""]
    return {"role": "user", "content": "\n\n".join(p for p in parts if p)}


class Transcript:
    """Writes events into a list of chat messages; at most one section is open at a time."""

    def __init__(self, messages: list[dict[str, Any]], clock: Callable[[], float] = time.monotonic) -> None:
        self.messages = messages
        self._clock = clock
        self._open: dict[str, Any] | None = None
        self._text = ""
        self._bar = ""
        self._since = 0.0

    def apply(self, event: Event) -> None:
        """Take one event over into the messages."""
        match event:
            case SectionStart(kind):
                self.begin(kind)
            case SectionDelta(kind, text):
                self._text += text
                self._paint(kind)
            case SectionProgress(kind, done, total):
                self._bar = progress_bar(done, total)
                self._paint(kind)
            case SectionEnd(kind, step):
                self._text, self._bar = step.text, ""
                self._paint(kind)
                if self._open is not None and step.choices:
                    self._open["options"] = [{"value": choice.label} for choice in step.choices]
                self.end(score=step.score)
            case Done(reply):
                self.end()
                if reply.text and not self._says(reply.text):
                    self.say(reply.text)

    def begin(self, kind: str) -> None:
        """Open a section: a foldable block, or the plain answer."""
        self.end()
        self._text = self._bar = ""
        self._since = self._clock()
        self._open = {"role": "assistant", "content": ""}
        if kind in TITLES:
            self._open["metadata"] = {"title": TITLES[kind], "status": "pending"}
        self.messages.append(self._open)

    def end(self, score: float | None = None) -> None:
        """Close the open section, if any; it folds and says how long it took."""
        message, self._open = self._open, None
        if message is None:
            return
        if not message["content"]:
            self.messages.remove(message)
        elif "metadata" in message:
            message["metadata"] |= {"status": "done", "duration": round(self._clock() - self._since, 2)}
            if score is not None:
                message["metadata"]["log"] = f"score {score:.2f}"

    def say(self, text: str) -> None:
        """A plain sentence of ours."""
        self.end()
        self.messages.append({"role": "assistant", "content": text})

    def _paint(self, kind: str) -> None:
        if self._open is None:
            self.begin(kind)
        assert self._open is not None
        parts = (section_markdown(kind, self._text), self._bar)
        self._open["content"] = "\n\n".join(p for p in parts if p)

    def _says(self, text: str) -> bool:
        return bool(self.messages) and self.messages[-1]["content"] == text


def progress_bar(done: int, total: int) -> str:
    """A bar of text with the share in words."""
    share = min(1.0, done / total) if total > 0 else 0.0
    filled = round(share * _BAR_CELLS)
    return f"`{'█' * filled}{'░' * (_BAR_CELLS - filled)}` {share:.0%}, {done} of {total} steps"


def section_markdown(kind: str, text: str) -> str:
    """A section's text for the chat; a plan is code, one segment to a line."""
    if kind != "plan" or not text.strip():
        return text
    return f"```text\n{text.strip().replace(' ; ', chr(10) + '; ')}\n```"


def run_turn(store: SessionStore, visitor: Visitor, request: Request) -> Generator[Update, None, None]:
    """Run one request to its end, yielding when there is something to paint in `visitor.messages`.

    The visitor's own message is already there. Every error becomes words; closing the iterator stops the turn.
    """
    for message in visitor.messages:
        message.pop("options", None)
    transcript = Transcript(visitor.messages)
    steps: list[Step] = []
    with visitor.turn:
        visitor.waiting = False
        try:
            yield from _stream(store, visitor, request, transcript, steps)
        except UserError as error:
            left = visitor.stopping and any(map(is_round, steps))
            transcript.say(f"{STOPPED} {DRAFTS_LEFT}" if left else str(error))
        except GeneratorExit:
            visitor.stop()
            transcript.say(STOPPED)
            raise
        except Exception:
            log.exception("a turn failed: %r", request)
            transcript.say(APOLOGY)
        finally:
            transcript.end()
            stopped, visitor.stopping = visitor.stopping, False
            _save(store, visitor, transcript)
    rounds = sum(map(is_round, steps))
    yield Update(finished=True, offer=rounds > (0 if stopped or request.step else 1))


def _save(store: SessionStore, visitor: Visitor, transcript: Transcript) -> None:
    try:
        store.save(visitor)
    except (OSError, UserError) as error:
        log.warning("conversation %s was not saved: %s", visitor.folder, error)
        transcript.say(f"This conversation could not be saved, so a reload of the page will not find it. {error}")


def _stream(
    store: SessionStore, visitor: Visitor, request: Request, transcript: Transcript, steps: list[Step]
) -> Iterator[Update]:
    """The events of one turn, painted at most every PAINT_EVERY_S except where a section begins or ends.

    steps: gets the finished ones, so that they outlive a turn that is stopped.
    """
    if not store.loader.ready:
        waiting = {"role": "assistant", "content": LOADING}
        visitor.messages.append(waiting)
        try:
            yield Update()
            store.loader.wait()
        finally:
            visitor.messages.remove(waiting)
    session = store.session(visitor)
    if visitor.stopping:
        transcript.say(STOPPED)
        return
    painted = 0.0
    with closing(_events(session, visitor, request)) as events:
        for event in events:
            transcript.apply(event)
            if isinstance(event, SectionEnd):
                steps.append(event.step)
                yield _finished_section(visitor, request, steps)
            elif isinstance(event, SectionStart) or time.monotonic() - painted > PAINT_EVERY_S:
                painted = time.monotonic()
                yield Update()
    if request.step is None and not any(map(is_round, steps)):
        visitor.shelf.traces = []


def _events(session: Any, visitor: Visitor, request: Request) -> Generator[Event, None, None]:
    """What the engine does with the request, and with what the visitor pinned and banned."""
    options = TurnOptions(
        seconds=request.seconds,
        candidates=request.candidates,
        seed=request.seed,
        rounds=request.rounds,
        retrieve=request.retrieve,
        pinned=tuple(visitor.shelf.pinned.values()),
        banned=tuple(visitor.shelf.banned),
    )
    if request.step is not None:
        return session.refine(request.step, request.text, options)
    return session.stream(request.text, attachments=request.files, options=options)


def _finished_section(visitor: Visitor, request: Request, steps: list[Step]) -> Update:
    """Take over the last of the steps: its draft can be played from now on, and a round can be chosen.

    The rounds of the turn before stay until this one has a round of its own; a refinement adds to them.
    """
    step, shelf = steps[-1], visitor.shelf
    title = "Draft"
    if is_round(step):
        if not any(trace is steps for trace in shelf.traces):
            shelf.traces = [*shelf.traces, steps] if request.step is not None else [steps]
        title = round_title(len(shelf.rounds(None)))
    exact = step.kind == "edit"  # it is the version itself, which comes right after
    draft = None if step.scene is None or exact else shelf.keep(Draft(step.scene, title))
    return Update(draft=draft, rounds=step.kind in ("measure", "assess", "refine"))


def round_title(number: int) -> str:
    """What the viewer calls a round's draft."""
    return f"Round {number}"


def parse_request(
    message: str | dict[str, Any] | None,
    seconds: str | None,
    candidates: int,
    seed: str | None,
    rounds: int = DEFAULT_ROUNDS,
    retrieve: bool = True,
) -> Request:
    """The request in a multimodal text box (or a plain sentence) and the settings beside it.

    UserError for an empty message, and for a length or a seed that is not a number.
    """
    fields = {"text": message} if isinstance(message, str) else message or {}
    files: Sequence[str] = fields.get("files") or ()
    text = (fields.get("text") or "").strip()
    if not text and not files:
        raise UserError("Write what the person should do, or attach a motion file.")
    length = _number(seconds, float, "length in seconds", "4.5")
    number = _number(seed, int, "seed", "42")
    return Request(text, tuple(map(Path, files)), length, int(candidates), number, int(rounds), bool(retrieve))


def parse_refinement(row: RoundRow, line: str | None, candidates: int, seed: str | None) -> Request:
    """The request to go on from a round as an instruction says. UserError for one that cannot be carried out."""
    instruction = parse_instruction(line or "", num_parts(row.step))
    number = _number(seed, int, "seed", "42")
    return Request(str(instruction), candidates=int(candidates), seed=number, step=row.step)


def refinement_message(row: RoundRow, request: Request) -> dict[str, Any]:
    """The instruction as the chat shows it."""
    return {"role": "user", "content": f"{round_title(row.number)}: {request.text}"}


def _number(text: str | None, kind: Callable[[str], Any], name: str, example: str) -> Any:
    """None for an empty setting; Gradio hands over None for a box that was never touched."""
    written = (text or "").strip()
    try:
        return kind(written.replace(",", ".")) if written else None
    except ValueError as error:
        raise UserError(
            f"The {name} in the settings is {written!r}; write a number such as {example}, or leave it empty."
        ) from error
