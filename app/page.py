"""The page: the components of `layout`, wired to the plain functions of `actions`."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.actions import Actions
from app.layout import Parts, lay_out
from app.sessions import SessionStore

MODEL = "model"
"""The queue of everything that needs the model: one turn at a time, the others wait."""

SAVE = "() => document.querySelector('#versions .kt-tree').save()"
"""The browser fetches the session itself, so that an error comes back as words."""


def build_page(store: SessionStore) -> gr.Blocks:
    """The Blocks of the page, with a queue in which one turn runs at a time."""
    with gr.Blocks(title="Kinetalk", analytics_enabled=False, fill_width=True, fill_height=True) as page:
        parts = lay_out()
        _wire(page, parts, Actions(store, parts))
    page.queue(default_concurrency_limit=8, max_size=64, api_open=False)
    return page


def _wire(page: gr.Blocks, parts: Parts, act: Actions) -> None:
    everything = [getattr(parts, name) for name in parts.__dataclass_fields__ if name != "ideas"] + parts.ideas
    quick: dict[str, Any] = {"concurrency_limit": 16, "show_progress": "hidden", "api_visibility": "private"}
    settings = [parts.seconds, parts.candidates, parts.seed, parts.rounds, parts.retrieve]

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

    def choose(
        event: gr.SelectData,
        saved_id: str | None,
        seconds: str,
        candidates: int,
        seed: str,
        rounds: int,
        retrieve: bool,
    ) -> Any:
        return act.send(saved_id, str(event.value), seconds, candidates, seed, rounds, retrieve)

    page.load(act.load, [parts.saved_id], everything, **quick)
    parts.timer.tick(act.look_again, [parts.saved_id], everything, **quick)
    run_after(parts.box.submit(act.send, [parts.saved_id, parts.box, *settings], everything, **quick))
    for idea in parts.ideas:
        run_after(idea.click(act.send, [parts.saved_id, idea, *settings], everything, **quick))
    run_after(parts.chat.option_select(choose, [parts.saved_id, *settings], everything, **quick))
    parts.box.stop(act.stop, [parts.saved_id], None, **quick)
    parts.undo.click(act.undo, [parts.saved_id], everything, **quick)
    parts.redo.click(act.redo, [parts.saved_id], everything, **quick)
    parts.save.click(None, js=SAVE)
    parts.open.upload(act.open_file, [parts.saved_id, parts.open], everything, **quick)
    _wire_tree(parts, act, everything, quick)
    parts.fresh.click(act.begin_afresh, [parts.saved_id], everything, **quick)
    a_round, a_clip = [parts.saved_id, parts.round_list], [parts.saved_id, parts.reference_list]
    parts.round_list.input(act.play_round, a_round, everything, **quick)
    parts.play_round.click(act.play_round, a_round, everything, **quick)
    parts.use_round.click(act.use_round, a_round, everything, **quick)
    refinement = [*a_round, parts.instruction, parts.candidates, parts.seed]
    for go in (parts.go_on.click, parts.instruction.submit):
        run_after(go(act.go_on, refinement, everything, **quick))
    parts.reference_list.input(act.play_reference, a_clip, everything, **quick)
    parts.play_reference.click(act.play_reference, a_clip, everything, **quick)
    parts.pin.click(act.pin, a_clip, everything, **quick)
    parts.ban.click(act.ban, a_clip, everything, **quick)
    for add in (parts.add.click, parts.caption.submit):
        add(act.add_reference, [parts.saved_id, parts.caption], everything, **quick)


def _wire_tree(parts: Parts, act: Actions, everything: list[Any], quick: dict[str, Any]) -> None:
    """The tree of versions says with each event which version is meant."""

    def go(saved_id: str | None, event: gr.EventData) -> Any:
        return act.checkout(saved_id, event.version)

    def rename(saved_id: str | None, event: gr.EventData) -> Any:
        return act.rename(saved_id, event.version, event.name)

    def compare(saved_id: str | None, event: gr.EventData) -> Any:
        return act.compare(saved_id, event.version, event.way)

    parts.versions.select(go, [parts.saved_id], everything, **quick)
    parts.versions.edit(rename, [parts.saved_id], everything, **quick)
    parts.versions.input(compare, [parts.saved_id], everything, **quick)
