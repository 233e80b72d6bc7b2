"""The session store: each visitor's conversation and motions, in memory while in use and on disk for a reload."""

from __future__ import annotations

import json
import logging
import re
import secrets
import shutil
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from app.loading import EngineLoader
from app.shelf import Shelf, is_round
from engine.core.errors import UserError

KEEP_DAYS = 30
IN_MEMORY = 64
SESSION_SUFFIX = ".kinetalk"
SESSION_FILE = f"session{SESSION_SUFFIX}"
STOP_S = 20.0
BUSY = "The last request is still being worked on. Stop it, or wait a moment."

_ID = re.compile(r"[A-Za-z0-9_-]{16,64}")

log = logging.getLogger(__name__)


def new_id() -> str:
    """An id that nobody can guess; whoever has it sees the conversation."""
    return secrets.token_urlsafe(18)


@dataclass(eq=False)
class Visitor:
    """One conversation. session is None until the engine is there; messages are those of the chat, ready for JSON.

    shelf: drafts, rounds and chosen clips.  waiting: a message was taken and its turn has not begun.  stopping: the
    person asked to stop.  turn, opening: held while a turn runs and while the session is read from disk.
    """

    id: str
    folder: Path
    messages: list[dict[str, Any]] = field(default_factory=list)
    session: Any = None
    shelf: Shelf = field(default_factory=Shelf)
    waiting: bool = False
    stopping: bool = False
    turn: Lock = field(default_factory=Lock)
    opening: Lock = field(default_factory=Lock)

    @property
    def busy(self) -> bool:
        """Whether a turn is running or waiting to."""
        return self.waiting or self.turn.locked()

    def require_idle(self) -> None:
        """UserError while busy: versions must not change under a turn."""
        if self.busy:
            raise UserError(BUSY)

    def settle(self) -> None:
        """The page was opened anew: a message whose turn never began is not waiting any more."""
        self.waiting = False

    @contextmanager
    def ended(self) -> Iterator[None]:
        """Stop the running turn, and hold off the next. UserError if it does not end within STOP_S."""
        self.stop()
        if not self.turn.acquire(timeout=STOP_S):
            raise UserError(BUSY)
        try:
            yield
        finally:
            self.turn.release()

    def stop(self) -> None:
        """Ask the running turn to end after the next token, or the waiting one not to begin."""
        self.stopping = self.busy
        if self.turn.locked() and self.session is not None:
            self.session.stop()


class SessionStore:
    """Visitors by id, kept in `home`/sessions/<id>/."""

    def __init__(self, home: Path, loader: EngineLoader) -> None:
        self.folder = home / "sessions"
        self.loader = loader
        self._visitors: OrderedDict[str, Visitor] = OrderedDict()
        self._lock = Lock()

    def visit(self, visitor_id: str | None) -> Visitor:
        """The visitor of that id, or a new one when the id is missing, malformed or unknown."""
        if not isinstance(visitor_id, str) or not _ID.fullmatch(visitor_id):
            visitor_id = new_id()
        with self._lock:
            visitor = self._visitors.get(visitor_id)
            if visitor is None:
                folder = self.folder / visitor_id
                visitor = self._visitors[visitor_id] = Visitor(visitor_id, folder, _read_messages(folder))
                _read_shelf(visitor)
                visitor.shelf.owner = visitor.shelf.owner or visitor_id
            self._visitors.move_to_end(visitor_id)
            self._forget()
            return visitor

    def find(self, visitor_id: str) -> Visitor:
        """The visitor of that id. UserError if there is no such conversation, neither in memory nor on disk."""
        known = bool(_ID.fullmatch(visitor_id)) and (
            visitor_id in self._visitors or (self.folder / visitor_id).is_dir()
        )
        if not known:
            raise UserError("This conversation is not on the server any more. Reload the page to begin a new one.")
        return self.visit(visitor_id)

    def session(self, visitor: Visitor) -> Any:
        """The visitor's session, opened from disk or new; waits for the engine. Raises what loading it raised."""
        engine = self.loader.wait()
        with visitor.opening:
            if visitor.session is None:
                self.adopt(visitor, self._open(engine, visitor))
            return visitor.session

    def adopt(self, visitor: Visitor, session: Any) -> None:
        """Make a session the visitor's own, with the rounds of its last turn."""
        visitor.session = session
        traces = [turn.reply.trace for turn in session.turns[-1:]]
        visitor.shelf.traces = [list(trace) for trace in traces if any(map(is_round, trace))]

    def _open(self, engine: Any, visitor: Visitor) -> Any:
        path = visitor.folder / SESSION_FILE
        if path.exists():
            try:
                return engine.open_session(path, owner=visitor.shelf.owner)
            except UserError as error:
                log.warning("session %s cannot be opened: %s", visitor.folder, error)
                words = f"The motions of this conversation could not be read, so it begins afresh. {error}"
                visitor.messages.append({"role": "assistant", "content": words})
        return engine.new_session(seed=secrets.randbelow(2**31), owner=visitor.shelf.owner)

    def save(self, visitor: Visitor) -> None:
        """Write the chat and the session."""
        visitor.folder.mkdir(parents=True, exist_ok=True)
        partial = visitor.folder / "chat.json.part"
        partial.write_text(json.dumps(visitor.messages, ensure_ascii=False), encoding="utf-8")
        partial.replace(visitor.folder / "chat.json")
        visitor.shelf.save(visitor.folder)
        if visitor.session is not None:
            visitor.session.save(visitor.folder / SESSION_FILE)

    def prune(self, now: float | None = None) -> int:
        """Delete conversations that nobody touched for KEEP_DAYS; returns how many."""
        limit = (time.time() if now is None else now) - KEEP_DAYS * 86400
        old = [p for p in self.folder.glob("*") if _ID.fullmatch(p.name) and p.stat().st_mtime < limit]
        for folder in old:
            shutil.rmtree(folder)
        return len(old)

    def _forget(self) -> None:
        """Keep the most recent visitors in memory; the others are on disk."""
        for visitor_id in list(self._visitors)[: max(0, len(self._visitors) - IN_MEMORY)]:
            if not self._visitors[visitor_id].busy:
                del self._visitors[visitor_id]


def _read_shelf(visitor: Visitor) -> None:
    try:
        visitor.shelf.read(visitor.folder)
    except ValueError as error:
        log.warning("the pinned clips of %s cannot be read: %s", visitor.folder, error)
        words = "The pinned and banned references of this conversation could not be read, so there are none now."
        visitor.messages.append({"role": "assistant", "content": words})


def _read_messages(folder: Path) -> list[dict[str, Any]]:
    path = folder / "chat.json"
    if not path.exists():
        return []
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        log.warning("%s cannot be read: %s", path, error)
        return [{"role": "assistant", "content": "The earlier messages of this conversation could not be read."}]
