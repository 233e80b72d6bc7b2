"""What the page does; every action returns or yields what to paint, by component."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from app import page_text as words
from app.downloads import WAYS, shown_draft, shown_version, version_of
from app.layout import Parts
from app.opening import is_session, open_session
from app.panels import (
    find_reference,
    find_round,
    paint_chosen_reference,
    paint_chosen_round,
    paint_references,
    paint_rounds,
    play,
    round_draft,
)
from app.sessions import SessionStore, Visitor, new_id
from app.shelf import Comparison, Draft, ReferenceRow, Shelf
from app.tree import shown_tree
from app.turns import (
    APOLOGY,
    Request,
    parse_refinement,
    parse_request,
    refinement_message,
    run_turn,
    user_message,
)
from engine.core.errors import UserError
from engine.core.instruction import ACCEPT
from engine.loop.events import Reference

log = logging.getLogger(__name__)
Painting = dict[Any, Any]


class Actions:
    """What the page does; every method returns or yields what to paint, by component."""

    def __init__(self, store: SessionStore, parts: Parts) -> None:
        self.store = store
        self.parts = parts

    def load(self, saved_id: str | None) -> Painting:
        """A page was opened: find the visitor's conversation again, or begin one."""
        visitor = self.store.visit(saved_id)
        visitor.settle()
        timer = gr.Timer(active=not self.store.loader.settled)
        return self.paint(visitor) | {self.parts.saved_id: visitor.id, self.parts.timer: timer}

    def look_again(self, saved_id: str | None) -> Painting:
        """Once a second until the model is there: then show the motions that were waiting for it."""
        if not saved_id or not self.store.loader.settled:
            return {self.parts.notice: self._notice()}
        return self.paint(self.store.visit(saved_id)) | {self.parts.timer: gr.Timer(active=False)}

    def send(
        self,
        saved_id: str | None,
        message: Any,
        seconds: str | None,
        candidates: int,
        seed: str | None,
        rounds: int,
        retrieve: bool,
    ) -> Painting:
        """Take a message over into the chat; `run` answers it."""
        visitor = self.store.visit(saved_id)
        try:
            visitor.require_idle()
            request = parse_request(message, seconds, candidates, seed, rounds, retrieve)
            opened = open_session(self.store, visitor, request.files) if any(map(is_session, request.files)) else None
        except UserError as error:
            gr.Warning(str(error))
            return {self.parts.pending: None}
        if opened is not None:
            return self._go_on_from(opened, request)
        box = gr.MultimodalTextbox(value=None, submit_btn=False, stop_btn=True)
        return self._begun(visitor, request, user_message(request)) | {self.parts.box: box}

    def _go_on_from(self, opened: Visitor, request: Request) -> Painting:
        """A session came with the message: what else was said goes on from it."""
        painting = self.paint(opened)
        if not request.text.strip():
            box = gr.MultimodalTextbox(value=None)
            return painting | {self.parts.saved_id: opened.id, self.parts.pending: None, self.parts.box: box}
        request = replace(request, files=())
        box = gr.MultimodalTextbox(value=None, submit_btn=False, stop_btn=True)
        return painting | self._begun(opened, request, user_message(request)) | {self.parts.box: box}

    def open_file(self, saved_id: str | None, path: str | None) -> Painting:
        """Open a saved session, as a conversation of its own; the one before stays where it is."""

        def opened(before: Visitor) -> Painting:
            before.require_idle()
            visitor = open_session(self.store, before, [Path(path)] if path else [])
            return self.paint(visitor) | {self.parts.saved_id: visitor.id}

        return self._painted(saved_id, opened) | {self.parts.open: gr.UploadButton(value=None)}

    def go_on(
        self, saved_id: str | None, number: int | None, line: str | None, candidates: int, seed: str | None
    ) -> Painting:
        """Take a refinement of a round over into the chat; `run` carries it out. To accept it is to use the round."""
        visitor = self.store.visit(saved_id)
        try:
            visitor.require_idle()
            row = find_round(visitor, number)
            request = parse_refinement(row, line, candidates, seed)
        except UserError as error:
            gr.Warning(str(error))
            return {self.parts.pending: None}
        if request.text == ACCEPT:
            return self.use_round(saved_id, number) | {self.parts.pending: None}
        box = gr.MultimodalTextbox(submit_btn=False, stop_btn=True)
        return self._begun(visitor, request, refinement_message(row, request)) | {self.parts.box: box}

    def _begun(self, visitor: Visitor, request: Request, message: dict[str, Any]) -> Painting:
        visitor.messages.append(message)
        visitor.waiting, visitor.shelf.chosen = True, None
        painting: Painting = {
            self.parts.chat: visitor.messages,
            self.parts.pending: request,
            self.parts.saved_id: visitor.id,
        }
        return painting | paint_rounds(self.parts, visitor)

    def run(self, saved_id: str | None, request: Request | None) -> Iterator[Painting]:
        """Answer the pending message, painting as it goes."""
        if request is None:
            yield {self.parts.pending: None}
            return
        visitor = self.store.visit(saved_id)
        for update in run_turn(self.store, visitor, request):
            painting: Painting = {self.parts.chat: visitor.messages}
            if update.draft is not None:
                painting |= {self.parts.viewer: shown_draft(visitor, update.draft)}
            if update.rounds:
                painting |= paint_rounds(self.parts, visitor)
            if update.finished:
                painting = self.paint(visitor) | paint_rounds(self.parts, visitor, update.offer)
            yield painting

    def stop(self, saved_id: str | None) -> None:
        """End the running turn after the next token."""
        self.store.visit(saved_id).stop()

    def undo(self, saved_id: str | None) -> Painting:
        """Back to the version before."""
        return self._move(saved_id, lambda session: session.undo())

    def redo(self, saved_id: str | None) -> Painting:
        """Take the last undo back."""
        return self._move(saved_id, lambda session: session.redo())

    def checkout(self, saved_id: str | None, version: int) -> Painting:
        """Make any version the current one."""
        return self._move(saved_id, lambda session: session.checkout(int(version)))

    def rename(self, saved_id: str | None, version: int, name: str) -> Painting:
        """Name any version."""
        return self._move(saved_id, lambda session: session.rename(int(version), str(name)))

    def compare(self, saved_id: str | None, version: int | None, way: str) -> Painting:
        """Show another version over or beside the current one; with no way, neither any more."""

        def compare(visitor: Visitor) -> Painting:
            shelf, session = visitor.shelf, self.store.session(visitor)
            if way and way not in WAYS:
                raise UserError(f"A version can be shown {' or '.join(WAYS)} another one, not {way!r}.")
            shelf.compare = Comparison(version_of(session, version or 0).id, way) if way else None
            if visitor.folder.is_dir():
                shelf.save(visitor.folder)
            return {self.parts.viewer: shown_version(visitor), self.parts.versions: shown_tree(visitor)}

        return self._painted(saved_id, compare)

    def play_round(self, saved_id: str | None, number: int | None) -> Painting:
        """Show the draft of a round, and what can be done with it."""

        def show(visitor: Visitor) -> Painting:
            row = find_round(visitor, number)
            visitor.shelf.chosen = row.number
            return {self.parts.viewer: play(visitor, round_draft(row))} | paint_chosen_round(self.parts, visitor, row)

        return self._painted(saved_id, show)

    def use_round(self, saved_id: str | None, number: int | None) -> Painting:
        """Make the draft of a round the current version; a turn that is running is stopped for it."""

        def use(visitor: Visitor) -> Painting:
            row = find_round(visitor, number)
            with visitor.ended():
                visitor.session.accept(row.step)
                said = words.USED.format(round=row.number, version=visitor.session.version)
                visitor.messages.append({"role": "assistant", "content": said})
                self.store.save(visitor)
            return self.paint(visitor)

        return self._painted(saved_id, use)

    def play_reference(self, saved_id: str | None, clip_id: str | None) -> Painting:
        """Show a clip of the library, and what can be done with it."""

        def show(visitor: Visitor) -> Painting:
            row = find_reference(visitor, clip_id)
            draft = self._reference_draft(visitor, row)
            return {self.parts.viewer: play(visitor, draft)} | paint_chosen_reference(self.parts, row)

        return self._painted(saved_id, show)

    def _reference_draft(self, visitor: Visitor, row: ReferenceRow) -> Draft:
        title = f"Reference: {row.reference.caption}"
        kept = (draft for draft in visitor.shelf.drafts.values() if draft.clip_id == row.reference.clip_id)
        return next(kept, None) or Draft(
            self.store.loader.wait().reference(row.reference.clip_id), title, False, row.reference.clip_id
        )

    def pin(self, saved_id: str | None, clip_id: str | None) -> Painting:
        """Pin a clip for the next turns, or take that back."""
        return self._choose(saved_id, clip_id, lambda shelf, clip: shelf.pin(clip))

    def ban(self, saved_id: str | None, clip_id: str | None) -> Painting:
        """Ban a clip from the next turns, or take that back."""
        return self._choose(saved_id, clip_id, lambda shelf, clip: shelf.ban(clip))

    def add_reference(self, saved_id: str | None, caption: str | None) -> Painting:
        """Add the motion on stage to the person's own library, for later requests to find."""

        def add(visitor: Visitor) -> Painting:
            visitor.require_idle()
            clip = self.store.session(visitor).add_reference(caption or "")
            visitor.messages.append({"role": "assistant", "content": words.ADDED.format(caption=clip.caption)})
            self.store.save(visitor)
            return {self.parts.chat: visitor.messages, self.parts.caption: ""}

        return self._painted(saved_id, add)

    def _choose(
        self, saved_id: str | None, clip_id: str | None, change: Callable[[Shelf, Reference], None]
    ) -> Painting:
        def chosen(visitor: Visitor) -> Painting:
            change(visitor.shelf, find_reference(visitor, clip_id).reference)
            if visitor.folder.is_dir():
                visitor.shelf.save(visitor.folder)
            return paint_references(self.parts, visitor, clip_id)

        return self._painted(saved_id, chosen)

    def _painted(self, saved_id: str | None, action: Callable[[Visitor], Painting]) -> Painting:
        """What an action paints; where it fails, the words of why and the page as it is."""
        visitor = self.store.visit(saved_id)
        try:
            return action(visitor)
        except UserError as error:
            gr.Warning(str(error))
        except Exception:
            log.exception("an action of the panels failed")
            gr.Warning(APOLOGY)
        return paint_rounds(self.parts, visitor) | paint_references(self.parts, visitor)

    def begin_afresh(self, saved_id: str | None) -> Painting:
        """Leave this conversation and begin another."""
        before = self.store.visit(saved_id)
        before.stop()
        visitor = self.store.visit(new_id())
        visitor.shelf.owner = before.shelf.owner
        return self.paint(visitor) | {self.parts.saved_id: visitor.id}

    def _move(self, saved_id: str | None, move: Callable[[Any], Any]) -> Painting:
        visitor = self.store.visit(saved_id)
        try:
            visitor.require_idle()
            move(self.store.session(visitor))
            self.store.save(visitor)
        except UserError as error:
            gr.Warning(str(error))
        except Exception:
            log.exception("moving between versions failed")
            gr.Warning(APOLOGY)
        return self.paint(visitor)

    def _notice(self) -> str:
        loader = self.store.loader
        return words.notice_html(loader.notice, alarm=loader.settled and not loader.ready)

    def paint(self, visitor: Visitor) -> Painting:
        """Everything that depends on the visitor."""
        p = self.parts
        session = self.store.session(visitor) if self.store.loader.ready else None
        versions = () if session is None else session.versions
        ideas = words.NEXT_IDEAS if versions else words.FIRST_IDEAS
        current = session.history.current if session else None
        painting: Painting = {
            p.chat: visitor.messages,
            p.viewer: shown_version(visitor),
            p.versions: shown_tree(visitor),
            p.save: gr.Button(interactive=bool(versions)),
            p.undo: gr.Button(interactive=bool(current and current.parent)),
            p.redo: gr.Button(interactive=bool(session and session.history.undone)),
            p.notice: self._notice(),
        }
        if not visitor.busy:
            painting[p.box] = gr.MultimodalTextbox(submit_btn=True, stop_btn=False)
        painting |= paint_rounds(p, visitor) | paint_references(p, visitor)
        return painting | {button: gr.Button(value=idea) for button, idea in zip(p.ideas, ideas, strict=True)}
