"""The panels under the viewer, painted: the rounds of the last turn, and the clips that generation looked at."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from app import page_text as words
from app.downloads import shown_draft
from app.layout import Parts
from app.sessions import Visitor
from app.shelf import Draft, ReferenceRow, RoundRow, instructions, suggested
from app.turns import round_title
from engine.core.errors import UserError

Painting = dict[Any, Any]


def rounds_of(visitor: Visitor) -> list[RoundRow]:
    """The rounds to choose from; none before the session is open."""
    return [] if visitor.session is None else visitor.shelf.rounds(visitor.session.scene)


def references_of(visitor: Visitor) -> list[ReferenceRow]:
    """The clips to choose from, in the order of the panel."""
    return visitor.shelf.references(() if visitor.session is None else visitor.session.references)


def find_round(visitor: Visitor, number: Any) -> RoundRow:
    """The round of that number. UserError if there is none."""
    for row in rounds_of(visitor):
        if row.number == number:
            return row
    raise UserError("Choose one of the rounds first.")


def find_reference(visitor: Visitor, clip_id: Any) -> ReferenceRow:
    """The clip of that id. UserError if it is not in the panel."""
    for row in references_of(visitor):
        if row.reference.clip_id == clip_id:
            return row
    raise UserError("Choose one of the references first.")


def round_draft(row: RoundRow) -> Draft:
    """What the viewer plays of a round."""
    assert row.step.scene is not None
    return Draft(row.step.scene, round_title(row.number))


def play(visitor: Visitor, draft: Draft) -> dict[str, Any]:
    """The viewer's value for a draft from its beginning, even if it is on stage already."""
    return shown_draft(visitor, visitor.shelf.number_of(draft)) | {"play": time.monotonic()}


def round_label(row: RoundRow) -> str:
    """A round in the list: its number, its score, whether it was kept, and what the model said of it."""
    kept = ", kept" if row.kept else ""
    return f"Round {row.number} · {row.step.score or 0.0:.2f}{kept}" + (f" · {row.verdict}" if row.verdict else "")


def reference_label(row: ReferenceRow) -> str:
    """A clip in the list: its number, its caption, of what, how near, and whether it is pinned or banned."""
    clip = row.reference
    number = "" if row.number is None else f"{row.number}. "
    part = "whole body" if clip.part == "whole" else clip.part.replace("_", " ")
    state = " · pinned" if row.pinned else " · banned" if row.banned else ""
    return f"{number}{clip.caption} · {part}, {clip.score:.2f}{state}"


def paint_rounds(p: Parts, visitor: Visitor, offer: bool = False) -> Painting:
    """The panel of rounds; what the visitor did not choose is the kept one, or the best. offer: open the panel."""
    rows = rounds_of(visitor)
    label = f"Rounds ({len(rows)})" if rows else "Rounds"
    if not rows:
        closed = gr.Accordion(label=label, open=False)
        return {p.rounds_panel: closed, p.rounds_hint: gr.HTML(visible=True), p.rounds_tools: gr.Column(visible=False)}
    best = max(rows, key=lambda r: (r.kept, r.step.score or 0.0))
    row = next((r for r in rows if r.number == visitor.shelf.chosen), best)
    return {
        p.rounds_panel: gr.Accordion(label=label, open=True) if offer else gr.Accordion(label=label),
        p.rounds_hint: gr.HTML(visible=False),
        p.rounds_tools: gr.Column(visible=True),
        p.round_list: gr.Radio(choices=[(round_label(r), r.number) for r in rows], value=row.number),
    } | paint_chosen_round(p, visitor, row)


def paint_chosen_round(p: Parts, visitor: Visitor, row: RoundRow) -> Painting:
    """The controls below the list, which speak of the chosen round."""
    name = round_title(row.number).lower()
    use = f"Stop and use {name}" if visitor.busy else f"Use {name}"
    return {
        p.use_round: gr.Button(value=use, interactive=visitor.busy or not row.kept),
        p.instruction: suggested(row),
        p.choices: words.choices_html(instructions(row.step)),
    }


def paint_references(p: Parts, visitor: Visitor, chosen: str | None = None) -> Painting:
    """The panel of references. chosen: a clip's id; without one it is the first."""
    rows = references_of(visitor)
    counts = [(sum(r.pinned for r in rows), "pinned"), (sum(r.banned for r in rows), "banned")]
    shown = sum(r.number is not None for r in rows)
    notes = ", ".join([str(shown)] * bool(shown) + [f"{count} {name}" for count, name in counts if count])
    label = f"References ({notes})" if notes else "References"
    if not rows:
        closed = gr.Accordion(label=label, open=False)
        return {
            p.references_panel: closed,
            p.references_hint: gr.HTML(visible=True),
            p.references_tools: gr.Column(visible=False),
        }
    row = next((r for r in rows if r.reference.clip_id == chosen), rows[0])
    choices = [(reference_label(r), r.reference.clip_id) for r in rows]
    return {
        p.references_panel: gr.Accordion(label=label),
        p.references_hint: gr.HTML(visible=False),
        p.references_tools: gr.Column(visible=True),
        p.reference_list: gr.Radio(choices=choices, value=row.reference.clip_id),
    } | paint_chosen_reference(p, row)


def paint_chosen_reference(p: Parts, row: ReferenceRow) -> Painting:
    """The buttons below the list, which speak of the chosen clip."""
    return {
        p.pin: gr.Button(value=words.UNPIN if row.pinned else words.PIN),
        p.ban: gr.Button(value=words.UNBAN if row.banned else words.BAN),
    }
