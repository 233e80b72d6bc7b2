"""The report of `eval` as one HTML file that needs nothing beside it: tables, targets, plots and contact sheets."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.train.metrics import measure
from engine.train.metrics.clips import beside_sheets, seed_sheets
from engine.train.metrics.findings import Findings
from engine.train.metrics.measure import SAMPLED_PROMPTS, SAMPLES, Metrics
from engine.train.metrics.physical_report import FIELDS, PhysicalRow, physical_goals
from engine.train.metrics.plots import plot_pass_rates, plot_physical, plot_r_precision, plot_tokenizer
from engine.train.metrics.retrieval import RANKS, RetrievalFigures
from engine.train.metrics.scores import DIVERSITY_PAIRS, REDRAWN
from engine.train.suite.runner import Result
from engine.train.tokenizer_eval import Figure

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1a202c }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; font-size: 13px }
th, td { border-bottom: 1px solid #cbd5e0; padding: .25rem .6rem; text-align: right }
th:first-child, td:first-child { text-align: left }
td.met { color: #276749 } td.MISSED { color: #c53030; font-weight: 600 }
img { max-width: 100% } figure { margin: 1.5rem 0 } figcaption { font-style: italic }
p.note { color: #4a5568; font-size: 13px }
"""


def write_html(found: Findings, path: Path) -> None:
    """Write the report. UserError without matplotlib (see `plots.check_plots`)."""
    parts = ["<h1>Kinetalk: evaluation</h1>", _note(found.notice), "<h2>Targets</h2>", _goals(found)]
    if found.metrics is not None:
        parts += _metrics(found.metrics)
    if found.prompts is not None:
        parts += _prompts(found.prompts)
    if found.tokenizer is not None:
        parts += _tokenizer(found.tokenizer)
    if found.physical is not None:
        parts += _physical(found.physical)
    if found.retrieval is not None:
        parts += _retrieval(found.retrieval)
    if found.metrics is not None:
        parts += _clips(found.metrics)
    head = f'<meta charset="utf-8"><title>Kinetalk: evaluation</title><style>{STYLE}</style>'
    page = f"<!doctype html>\n<html lang='en'><head>{head}</head>\n<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    path.write_text(page, encoding="utf-8")


def _note(text: str) -> str:
    return f"<p class='note'>{html.escape(text)}</p>" if text else ""


def _image(png: bytes, caption: str = "") -> str:
    said = html.escape(caption)
    data = base64.b64encode(png).decode()
    return f'<figure><img alt="{said}" src="data:image/png;base64,{data}"><figcaption>{said}</figcaption></figure>'


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a cell that is a verdict is coloured."""

    def cell(text: str) -> str:
        kind = f" class='{text}'" if text in ("met", "MISSED") else ""
        return f"<td{kind}>{html.escape(text)}</td>"

    lines = ["<tr>" + "".join(f"<th>{html.escape(h)}</th>" for h in head) + "</tr>"]
    lines += ["<tr>" + "".join(map(cell, row)) + "</tr>" for row in rows]
    return "<table>" + "\n".join(lines) + "</table>"


def _goals(found: Findings) -> str:
    return _table(("what", "target", "figure", ""), (goal.cells() for goal in found.goals()))


def _metrics(metrics: Metrics) -> list[str]:
    rows = [*metrics.rows, *([metrics.cmu] if metrics.cmu else [])]
    note = (
        f"Protocol of Guo et al. 2022 with an evaluator of our own, so the figures compare with one another and not "
        f"with papers. Held-out plans in held-out wordings; ± is the 95 % interval over {REDRAWN} draws of the pools "
        f"and over {len(metrics.repeats)} run(s) of generation. Diversity: {DIVERSITY_PAIRS} pairs, or half as many as "
        f"there are motions. MultiModality: {SAMPLES} samples of {min(SAMPLED_PROMPTS, len(metrics.pairs))} prompts. "
        f"'Performed again': the same plans performed anew, what a generator without fault would score."
    )
    failed = [f"{len(metrics.failed)} prompts gave no motion and count as standing still."] if metrics.failed else []
    return [
        "<h2>Text and motion</h2>",
        _table(measure.COLUMNS, map(measure.cells, rows)),
        *map(_note, (note, *failed, *metrics.failed)),
        _image(plot_r_precision(metrics.rows), "R-Precision"),
    ]


def _prompts(results: Sequence[Result]) -> list[str]:
    failed = [r for r in results if not r.passed]
    return [
        "<h2>Prompt suite</h2>",
        _image(plot_pass_rates(results), "Share of the prompts that pass, by category"),
        f"<details><summary>{len(failed)} of {len(results)} failed</summary>",
        _table(("prompt", "plan", "measured"), ((r.prompt, r.plan or "-", r.measured) for r in failed)),
        "</details>",
    ]


def _tokenizer(figures: Sequence[Figure]) -> list[str]:
    head = ("motion", "levels", "windows", "heading mm", "path mm", "skate cm/s", "cleaned cm/s")
    rows = [
        (
            f.source, str(f.levels or "source"), str(f.windows), f"{f.heading_mm:.1f}", f"{f.path_mm:.1f}",
            f"{f.skate_cm_s:.1f}", f"{f.cleaned_cm_s:.1f}",
        )
        for f in figures
    ]  # fmt: skip
    return ["<h2>Tokenizer</h2>", _table(head, rows), _image(plot_tokenizer(figures), "Joint error by level")]


def _physical(rows: Sequence[PhysicalRow]) -> list[str]:
    table = _table(
        ("motion", "clips", *FIELDS.values()), ((r.name, str(r.clips), *map(str, r.estimates)) for r in rows)
    )
    note = "Means over the clips at 20 fps with their 95 % intervals, by one detector; the dashed lines are targets."
    plot = _image(plot_physical(rows, physical_goals(rows)), "Physical figures")
    return ["<h2>Physical report</h2>", table, _note(note), plot]


def _retrieval(figures: RetrievalFigures) -> list[str]:
    names = (*(f"R@{k}" for k in RANKS), "median rank")
    head = ("requests", "searched by", *(f"{way} {name}" for way in ("to motion:", "to text:") for name in names))
    rows = ((r.kind, r.by, *r.cells()) for r in figures.rows)
    return ["<h2>Retrieval</h2>", _table(head, rows)]


def _clips(metrics: Metrics) -> list[str]:
    beside = [_image(png, text) for text, png in beside_sheets(metrics)]
    seeds = [_image(png, text) for text, png in seed_sheets(metrics)]
    return ["<h2>Performed and generated</h2>", *beside, "<h2>One prompt, different seeds</h2>", *seeds]
