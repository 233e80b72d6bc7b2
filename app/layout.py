"""Every component of the page, in one place.

The chat and its settings stand on the left, the shared viewer with versions, rounds and references on the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from app import page_text as words
from app import tree, viewer
from engine.loop.request import DEFAULT_CANDIDATES, DEFAULT_ROUNDS, MAX_ROUNDS

CANDIDATES = [1, 2, 3, 4]


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
    rounds: gr.Radio
    retrieve: gr.Checkbox
    viewer: gr.HTML
    versions: gr.HTML
    undo: gr.Button
    redo: gr.Button
    save: gr.Button
    open: gr.UploadButton
    rounds_panel: gr.Accordion
    rounds_hint: gr.HTML
    rounds_tools: gr.Column
    round_list: gr.Radio
    play_round: gr.Button
    use_round: gr.Button
    instruction: gr.Textbox
    choices: gr.HTML
    go_on: gr.Button
    references_panel: gr.Accordion
    references_hint: gr.HTML
    references_tools: gr.Column
    reference_list: gr.Radio
    play_reference: gr.Button
    pin: gr.Button
    ban: gr.Button
    caption: gr.Textbox
    add: gr.Button
    fresh: gr.Button
    timer: gr.Timer


def lay_out() -> Parts:
    """Make all of them; to be called inside the page's Blocks."""
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
            with gr.Row(elem_id="panels"):
                right |= _lay_out_rounds() | _lay_out_references()
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
    with gr.Accordion("Settings", open=False, elem_id="settings"):
        with gr.Row():
            seconds = gr.Textbox(
                label="Length (s)", placeholder="auto", info=words.SECONDS_HINT, max_lines=1, min_width=90
            )
            seed = gr.Textbox(label="Seed", placeholder="any", info=words.SEED_HINT, max_lines=1, min_width=90)
            retrieve = gr.Checkbox(
                True, label="Use references", info=words.REFERENCES_HINT, min_width=130, elem_id="retrieve"
            )
        with gr.Row():
            candidates = gr.Radio(
                CANDIDATES, value=DEFAULT_CANDIDATES, label="Candidates", info=words.CANDIDATES_HINT, min_width=180
            )
            rounds = gr.Radio(
                list(range(MAX_ROUNDS + 1)),
                value=DEFAULT_ROUNDS,
                label="Rounds",
                info=words.ROUNDS_HINT,
                min_width=200,
                elem_id="rounds-setting",
            )
    return {"seconds": seconds, "seed": seed, "candidates": candidates, "rounds": rounds, "retrieve": retrieve}


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
        with gr.Row(elem_id="moves"):
            undo = gr.Button("↶ Undo", size="sm", elem_id="undo", min_width=70, interactive=False)
            redo = gr.Button("↷ Redo", size="sm", elem_id="redo", min_width=70, interactive=False)
            save = gr.Button(words.SAVE, size="sm", elem_id="save", min_width=70, interactive=False)
            opener = gr.UploadButton(words.OPEN, size="sm", elem_id="open", min_width=70)
        versions = gr.HTML(
            None,
            html_template=tree.template(),
            css_template=tree.stylesheet(),
            js_on_load=tree.ON_LOAD,
            apply_default_css=False,
            elem_id="versions",
        )
    return {"viewer": stage, "undo": undo, "redo": redo, "save": save, "open": opener, "versions": versions}


def _lay_out_rounds() -> dict[str, Any]:
    with gr.Accordion("Rounds", open=False, elem_id="rounds", elem_classes="panel") as panel:
        hint = gr.HTML(words.hint_html(words.NO_ROUNDS))
        with gr.Column(visible=False, elem_classes="tools") as tools:
            rows = gr.Radio([], label="Rounds of the last turn", elem_id="round-list", elem_classes="list")
            with gr.Row():
                play = gr.Button("Play", size="sm", elem_id="play-round", min_width=60)
                use = gr.Button("Use round 1", size="sm", elem_id="use-round", min_width=110)
            with gr.Row():
                line = gr.Textbox(
                    label=words.INSTRUCTION, show_label=False, container=False, max_lines=1, elem_id="instruction"
                )
                go_on = gr.Button("Go on", size="sm", elem_id="go-on", min_width=70)
            choices = gr.HTML(elem_id="choices")
    return {
        "rounds_panel": panel,
        "rounds_hint": hint,
        "rounds_tools": tools,
        "round_list": rows,
        "play_round": play,
        "use_round": use,
        "instruction": line,
        "choices": choices,
        "go_on": go_on,
    }


def _lay_out_references() -> dict[str, Any]:
    with gr.Accordion("References", open=False, elem_id="references", elem_classes="panel") as panel:
        hint = gr.HTML(words.hint_html(words.NO_REFERENCES))
        with gr.Column(visible=False, elem_classes="tools") as tools:
            rows = gr.Radio([], label="Clips of the last reply", elem_id="reference-list", elem_classes="list")
            with gr.Row():
                play = gr.Button("Play", size="sm", elem_id="play-reference", min_width=60)
                pin = gr.Button(words.PIN, size="sm", elem_id="pin", min_width=60)
                ban = gr.Button(words.BAN, size="sm", elem_id="ban", min_width=60)
        with gr.Row(elem_classes="add"):
            caption = gr.Textbox(
                label=words.CAPTION,
                show_label=False,
                placeholder=words.CAPTION_HINT,
                container=False,
                max_lines=1,
                elem_id="caption",
            )
            add = gr.Button(words.ADD, size="sm", elem_id="add-reference", min_width=70)
    return {
        "references_panel": panel,
        "references_hint": hint,
        "references_tools": tools,
        "reference_list": rows,
        "play_reference": play,
        "pin": pin,
        "ban": ban,
        "caption": caption,
        "add": add,
    }
