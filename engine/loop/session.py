"""A conversation: what was said, the versions it made, and which one is current. Safe to use from several threads."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.loop.asking import Asked
from engine.loop.events import Done, Event, Reference, Reply, Step
from engine.loop.models import Models
from engine.loop.request import Request, TurnOptions, check_seed
from engine.loop.turn import run_refinement, run_turn
from engine.loop.versions import History, Version
from engine.retrieval.clips import Clip

WAIT_S = 60.0
"""Seconds that a call waits for a turn of the same session that is still running."""


@dataclass(frozen=True, eq=False)
class Turn:
    """One turn that was taken: what was said, the names of the files that came with it, and the reply."""

    text: str
    attachments: tuple[str, ...]
    reply: Reply


class Session:
    """Talks with one user. Every call that fails leaves the session as it was.

    seed: with the same models and the same calls, the same motions come out.  turns: what was said so far.
    owner: who speaks; the reference clips that are added here are theirs alone, or everybody's where it is ''.
    """

    def __init__(
        self, models: Models, seed: int, history: History | None = None, turns: Sequence[Turn] = (), owner: str = ""
    ) -> None:
        self.seed, self.owner = check_seed(seed), owner
        self.turns: tuple[Turn, ...] = tuple(turns)
        self._models = models
        self._history = history or History()
        self._lock = threading.Lock()  # not re-entrant: a stream may be read and closed by different threads
        self._request: Request | None = None

    def send(
        self, text: str, attachments: Sequence[str | PathLike[str]] = (), options: TurnOptions | None = None
    ) -> Reply:
        """Take a turn and wait for its reply. UserError for what the user can mend."""
        reply = None
        for event in self.stream(text, attachments, options):
            if isinstance(event, Done):
                reply = event.reply
        assert reply is not None, "a turn ended without a reply"
        return reply

    def stream(
        self, text: str, attachments: Sequence[str | PathLike[str]] = (), options: TurnOptions | None = None
    ) -> Generator[Event, None, None]:
        """The same turn as it happens; the last event is `Done`. Closing the stream early drops the turn."""
        with self._exclusive():
            request = Request.of(text, attachments, options, self.seed, len(self.turns), self.owner)
            reply = yield from self._take(
                request, run_turn(self._models, self._history, request, self.references, self._asked)
            )
        yield Done(reply)

    def refine(self, step: Step, instruction: str, options: TurnOptions | None = None) -> Generator[Event, None, None]:
        """Go on from a draft of an earlier turn, as an instruction says ("redo legs of part 1"); a turn of its own.

        step: a `measure` step of a reply's trace.  UserError for an instruction that cannot be carried out, and for a
        draft of a session that was opened anew: only its motion was saved.
        """
        if step.round is None:
            raise UserError("This draft cannot be gone on from any more. Ask for the motion again.")
        with self._exclusive():
            request = Request.of(f"Refine: {instruction}", (), options, self.seed, len(self.turns), self.owner)
            events = run_refinement(self._models, self._history, request, step.round, instruction)
            reply = yield from self._take(request, events)
        yield Done(reply)

    def _take(
        self, request: Request, events: Generator[Event, None, tuple[History, Reply]]
    ) -> Generator[Event, None, Reply]:
        """Run a turn's events and take over what it gives."""
        self._request = request
        try:
            history, reply = yield from events
        finally:
            self._request = None
        self._history = history
        self.turns = (*self.turns, Turn(request.text, tuple(p.name for p in request.attachments), reply))
        return reply

    def accept(self, step: Step) -> Scene:
        """Make a draft of an earlier turn the current version. UserError for a step without a motion."""
        if step.scene is None:
            raise UserError("This step has no motion to take.")
        with self._exclusive():
            title = f"draft of: {step.scene.caption}" if step.scene.caption else "a draft"
            line = step.round.draw.line if step.round else str(step.scene.provenance.get("plan", ""))
            return self._move(self._history.add(step.scene, title, line))

    def add_reference(self, caption: str) -> Reference:
        """Add the current motion to the library under a caption, so that later requests find it.

        UserError without a motion of one person, without a caption, and where there is no library.
        """
        recall, scene = self._models.recall, self.scene
        if recall is None:
            raise UserError("There is no library here: the retriever's weights are missing.")
        if scene is None or len(scene.motions) != 1:
            raise UserError("Make or attach a motion of one person first; it is what is added.")
        if not caption.strip():
            raise UserError("Say in a few words what the motion shows, for example 'a person does the moonwalk'.")
        clip = Clip.of(scene.motions[0], caption.strip(), "chat", owner=self.owner)
        with self._models.lock:
            recall.library.add([clip])
        return Reference(clip.clip_id, clip.caption, "whole", 1.0)

    @property
    def references(self) -> tuple[Reference, ...]:
        """The clips that were shown last; "use the arms of the second one" counts these."""
        return next((t.reply.references for t in reversed(self.turns) if t.reply.references), ())

    @property
    def _asked(self) -> Asked | None:
        """The question that the last turn asked back."""
        last = self.turns[-1] if self.turns else None
        return Asked(last.text, last.reply.choices) if last and last.reply.choices else None

    def stop(self) -> None:
        """End the turn that is running, if any, from another thread; its stream raises UserError."""
        request = self._request
        if request is not None:
            request.stop.set()

    @property
    def history(self) -> History:
        """All versions and what undo and redo lead to."""
        return self._history

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every version, oldest first; `version.parent` makes them a tree."""
        return self._history.versions

    @property
    def version(self) -> int | None:
        """The number of the current version, None before the first."""
        return self._history.current_id

    @property
    def scene(self) -> Scene | None:
        """What is current, None before the first motion."""
        current = self._history.current
        return current.scene if current else None

    def undo(self) -> Scene:
        """Back to the version before. UserError at the first one."""
        with self._exclusive():
            return self._move(self._history.undo())

    def redo(self) -> Scene:
        """Take the last undo back. UserError if nothing was undone since the last change."""
        with self._exclusive():
            return self._move(self._history.redo())

    def checkout(self, version: int | Version) -> Scene:
        """Make any version current. UserError for a number that does not exist."""
        with self._exclusive():
            return self._move(self._history.checkout(version.id if isinstance(version, Version) else int(version)))

    def rename(self, version: int | Version, name: str) -> Version:
        """Name any version. UserError for an empty name, one over 60 characters, and an unknown version."""
        with self._exclusive():
            number = version.id if isinstance(version, Version) else int(version)
            self._history = self._history.rename(number, name)
            return self._history[number]

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the whole session to one file, for `open_session`. UserError if it cannot be written."""
        from engine.loop.store import write_session

        with self._exclusive():
            return write_session(self, Path(path))

    def _move(self, history: History) -> Scene:
        assert history.current is not None
        self._history = history
        return history.current.scene

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if not self._lock.acquire(timeout=WAIT_S):
            raise UserError("This session is still busy with the request before. Wait for it or stop it.")
        try:
            yield
        finally:
            self._lock.release()
