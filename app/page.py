"""The page: every component in one place, wired to plain functions.

The chat and its settings stand on the left, the shared viewer with its versions on the right.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from app import page_text as words
from app import viewer
from app.downloads import shown_draft, shown_version
from app.sessions import SessionStore, Visitor, new_id
from app.turns import APOLOGY, Request, parse_request, run_turn, user_message
from engine.core.errors import UserError
from engine.loop.request import DEFAULT_CANDIDATES

CANDIDATES = [1, 2, 3, 4]
MODEL = "model"
"""The queue of everything that needs the model: one turn at a time, the others wait."""

log = logging.getLogger(__name__)
Painting = dict[Any, Any]


@dataclass(frozen=True, eq=False)
class Parts:
    """The components that events read and paint."""

    saved_id: gr.BrowserState
    pending: gr.State
    notice: gr.HTML
    chat: gr.Chatbot
    ideas: list[gr.Button]
    box: gr.MultimodalTextbox
    seconds: gr.Textbox
    seed: gr.Textbox
    candidates: gr.Radio
    viewer: gr.HTML
    versions: gr.Radio
    undo: gr.Button
    redo: gr.Button
    fresh: gr.Button
    timer: gr.Timer


def build_page(store: SessionStore) -> gr.Blocks:
    """The Blocks of the page, with a queue in which one turn runs at a time."""
    with gr.Blocks(title="Kinetalk", analytics_enabled=False, fill_width=True, fill_height=True) as page:
        parts = _lay_out()
        _wire(page, parts, Actions(store, parts))
    page.queue(default_concurrency_limit=8, max_size=64, api_open=False)
    return page


def _lay_out() -> Parts:
    saved_id = gr.BrowserState(None, storage_key="kinetalk-conversation", secret="kinetalk")
    pending = gr.State(None)
    timer = gr.Timer(1.0)
    with gr.Row(elem_id="page", equal_height=True):
        with gr.Column(scale=5, min_width=320, elem_id="left"):
            with gr.Row(elem_id="top"):
                gr.HTML(words.HEADER, elem_id="header")
                fresh = gr.Button("New chat", size="sm", elem_id="fresh", min_width=90)
            left = _lay_out_chat() | _lay_out_settings()
            notice = gr.HTML(words.notice_html(""), elem_id="notice")
        with gr.Column(scale=6, min_width=320, elem_id="right"):
            right = _lay_out_viewer()
    return Parts(saved_id=saved_id, pending=pending, timer=timer, fresh=fresh, notice=notice, **left, **right)


def _lay_out_chat() -> dict[str, Any]:
    chat = gr.Chatbot(
        label="Conversation",
        show_label=False,
        placeholder=words.EMPTY_CHAT,
        elem_id="chat",
        height=None,
        layout="bubble",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        allow_tags=False,
    )
    with gr.Row(elem_id="ideas"):
        ideas = [gr.Button(idea, size="sm", min_width=0, elem_classes="idea") for idea in words.FIRST_IDEAS]
    box = gr.MultimodalTextbox(
        label="Message",
        show_label=False,
        placeholder=words.MESSAGE_HINT,
        file_types=words.FILE_TYPES,
        file_count="multiple",
        max_lines=6,
        elem_id="message",
        autofocus=True,
    )
    return {"chat": chat, "ideas": ideas, "box": box}


def _lay_out_settings() -> dict[str, Any]:
    with gr.Accordion("Settings", open=False, elem_id="settings"), gr.Row():
        seconds = gr.Textbox(
            label="Length (s)", placeholder="auto", info=words.SECONDS_HINT, max_lines=1, min_width=110
        )
        seed = gr.Textbox(label="Seed", placeholder="any", info=words.SEED_HINT, max_lines=1, min_width=110)
        candidates = gr.Radio(
            CANDIDATES, value=DEFAULT_CANDIDATES, label="Candidates", info=words.CANDIDATES_HINT, min_width=200
        )
    return {"seconds": seconds, "seed": seed, "candidates": candidates}


def _lay_out_viewer() -> dict[str, Any]:
    stage = gr.HTML(
        None,
        html_template=viewer.template(),
        css_template=viewer.stylesheet(),
        js_on_load=viewer.ON_LOAD,
        apply_default_css=False,
        elem_id="viewer",
    )
    with gr.Row(elem_id="history"):
        undo = gr.Button("↶ Undo", size="sm", elem_id="undo", min_width=80, interactive=False)
        redo = gr.Button("↷ Redo", size="sm", elem_id="redo", min_width=80, interactive=False)
        versions = gr.Radio([], label="Versions", elem_id="versions", visible=False)
    return {"viewer": stage, "undo": undo, "redo": redo, "versions": versions}


def _wire(page: gr.Blocks, parts: Parts, act: Actions) -> None:
    everything = [getattr(parts, name) for name in parts.__dataclass_fields__ if name != "ideas"] + parts.ideas
    quick: dict[str, Any] = {"concurrency_limit": 16, "show_progress": "hidden", "api_visibility": "private"}
    settings = [parts.seconds, parts.candidates, parts.seed]

    def run_after(event: Any) -> None:
        event.then(
            act.run,
            [parts.saved_id, parts.pending],
            everything,
            concurrency_id=MODEL,
            concurrency_limit=1,
            show_progress="hidden",
            api_visibility="private",
        )

    page.load(act.load, [parts.saved_id], everything, **quick)
    parts.timer.tick(act.look_again, [parts.saved_id], everything, **quick)
    run_after(parts.box.submit(act.send, [parts.saved_id, parts.box, *settings], everything, **quick))
    for idea in parts.ideas:
        run_after(idea.click(act.send, [parts.saved_id, idea, *settings], everything, **quick))
    parts.box.stop(act.stop, [parts.saved_id], None, **quick)
    parts.undo.click(act.undo, [parts.saved_id], everything, **quick)
    parts.redo.click(act.redo, [parts.saved_id], everything, **quick)
    parts.versions.input(act.checkout, [parts.saved_id, parts.versions], everything, **quick)
    parts.fresh.click(act.begin_afresh, [parts.saved_id], everything, **quick)


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
        self, saved_id: str | None, message: Any, seconds: str | None, candidates: int, seed: str | None
    ) -> Painting:
        """Take a message over into the chat; `run` answers it."""
        visitor = self.store.visit(saved_id)
        try:
            visitor.require_idle()
            request = parse_request(message, seconds, candidates, seed)
        except UserError as error:
            gr.Warning(str(error))
            return {self.parts.pending: None}
        visitor.messages.append(user_message(request))
        visitor.waiting = True
        return {
            self.parts.chat: visitor.messages,
            self.parts.box: gr.MultimodalTextbox(value=None, submit_btn=False, stop_btn=True),
            self.parts.pending: request,
            self.parts.saved_id: visitor.id,
        }

    def run(self, saved_id: str | None, request: Request | None) -> Iterator[Painting]:
        """Answer the pending message, painting as it goes."""
        if request is None:
            yield {self.parts.pending: None}
            return
        visitor = self.store.visit(saved_id)
        for update in run_turn(self.store, visitor, request):
            painting = {self.parts.chat: visitor.messages}
            if update.draft is not None:
                painting |= {self.parts.viewer: shown_draft(visitor, update.draft)}
            if update.finished:
                painting = self.paint(visitor)
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

    def begin_afresh(self, saved_id: str | None) -> Painting:
        """Leave this conversation and begin another."""
        self.store.visit(saved_id).stop()
        visitor = self.store.visit(new_id())
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
        choices = [(version_label(v), v.id) for v in versions]
        ideas = words.NEXT_IDEAS if versions else words.FIRST_IDEAS
        current = session.history.current if session else None
        painting: Painting = {
            p.chat: visitor.messages,
            p.viewer: shown_version(visitor),
            p.versions: gr.Radio(choices=choices, value=session and session.version, visible=bool(choices)),
            p.undo: gr.Button(interactive=bool(current and current.parent)),
            p.redo: gr.Button(interactive=bool(session and session.history.undone)),
            p.notice: self._notice(),
        }
        if not visitor.busy:
            painting[p.box] = gr.MultimodalTextbox(submit_btn=True, stop_btn=False)
        return painting | {button: gr.Button(value=idea) for button, idea in zip(p.ideas, ideas, strict=True)}


def version_label(version: Any) -> str:
    """A version in the list: its number, its sentence, and what it grew from where that is not the one before."""
    branch = "" if version.parent in (None, version.id - 1) else f" (from {version.parent})"
    return f"{version.id}. {version.title}{branch}"
