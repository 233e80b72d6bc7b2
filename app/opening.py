"""Saved sessions: a .kinetalk file becomes a conversation, with its versions and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app import page_text as words
from app.sessions import SESSION_SUFFIX, SessionStore, Visitor, new_id
from app.turns import TITLES, Request, section_markdown, user_message
from engine.core.errors import UserError
from engine.loop.session import Turn


def is_session(path: Path) -> bool:
    """Whether the name says that a session is in it."""
    return path.suffix.lower() == SESSION_SUFFIX


def open_session(store: SessionStore, before: Visitor, files: Sequence[Path]) -> Visitor:
    """A new conversation of the same person with what a session file holds; `before` stays as it is.

    UserError for more than one file, and for any that is not a session.
    """
    if len(files) != 1:
        raise UserError("Open one session at a time, and without other files.")
    [path] = files
    if not is_session(path):
        raise UserError(
            f"{path.name!r} is not a saved session; those end in {SESSION_SUFFIX}. "
            "To use a motion file, attach it in the chat."
        )
    session = store.loader.wait().open_session(path, owner=before.shelf.owner)
    visitor = store.visit(new_id())
    visitor.shelf.owner = before.shelf.owner
    store.adopt(visitor, session)
    visitor.messages += messages_of(session.turns)
    count = len(session.versions)
    held = "1 version" if count == 1 else f"{count} versions"
    visitor.messages.append({"role": "assistant", "content": words.OPENED.format(name=path.name, versions=held)})
    store.save(visitor)
    return visitor


def messages_of(turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """The chat as it was, as far as the turns tell it: what was said, the folded sections, the answers."""
    messages = []
    for turn in turns:
        messages.append(user_message(Request(turn.text, tuple(map(Path, turn.attachments)))))
        for step in turn.reply.trace:
            if step.kind not in TITLES or not step.text:
                continue
            told: dict[str, Any] = {"title": TITLES[step.kind], "status": "done"}
            told |= {} if step.score is None else {"log": f"score {step.score:.2f}"}
            content = section_markdown(step.kind, step.text)
            messages.append({"role": "assistant", "content": content, "metadata": told})
        messages.append({"role": "assistant", "content": turn.reply.text})
        if turn.reply.choices and turn is turns[-1]:
            messages[-1]["options"] = [{"value": choice.label} for choice in turn.reply.choices]
    return [m for m in messages if m["content"]]
