"""The plots of the report as PNG. Matplotlib is imported where it is needed: it is no part of the running app."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from engine.core.errors import UserError
from engine.train.metrics.goals import Goal
from engine.train.metrics.physical_report import PhysicalRow
from engine.train.metrics.scores import TOPS, Row
from engine.train.suite.runner import Result
from engine.train.tokenizer_eval import Figure

COLORS = ("#4a5568", "#a0aec0", "#2b6cb0", "#d69e2e")
PLOTTED = ("skate_cm_s", "penetration_cm", "float_cm", "jitter_m_s3")
DPI = 110


def check_plots() -> None:
    """UserError when plots cannot be drawn here, before hours are spent on figures."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise UserError(
            "The HTML report has plots, and matplotlib is not installed. Install it with: "
            "pip install -r requirements-dev.txt, or ask for a report called something.json."
        ) from error


def _figure(width: float, height: float, columns: int = 1) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure as Canvas

    figure = Canvas(figsize=(width, height), dpi=DPI, layout="constrained")
    axes = [figure.add_subplot(1, columns, i + 1) for i in range(columns)]
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _png(figure: Any) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def plot_r_precision(rows: Sequence[Row]) -> bytes:
    """Bars of the top 1, 2 and 3 of every row, with what guessing would score."""
    figure, (axis,) = _figure(7, 3.4)
    width = 0.8 / len(rows)
    for i, row in enumerate(rows):
        at = [k + (i - (len(rows) - 1) / 2) * width for k in range(len(TOPS))]
        axis.bar(
            at, [e.mean for e in row.top], width * 0.92, yerr=[e.half for e in row.top], label=row.name,
            color=COLORS[i % len(COLORS)], error_kw={"linewidth": 0.8},
        )  # fmt: skip
    for k, top in enumerate(TOPS):
        label = "guessing" if k == 0 else None
        axis.hlines(top / rows[0].pool, k - 0.42, k + 0.42, "black", linewidth=1, label=label)
    axis.set_xticks(range(len(TOPS)), [f"top {t}" for t in TOPS])
    axis.set_ylim(0, 1.02)
    axis.set_ylabel("R-Precision")
    axis.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
    return _png(figure)


def plot_pass_rates(results: Sequence[Result]) -> bytes:
    """Share of the prompts of each category that pass."""
    names = list(dict.fromkeys(r.category for r in results))[::-1]
    figure, (axis,) = _figure(7, 0.8 + 0.27 * len(names))
    for i, name in enumerate(names):
        passed = [r.passed for r in results if r.category == name]
        axis.barh(i, 100 * sum(passed) / len(passed), color=COLORS[2])
        axis.text(101, i, f"{sum(passed)} of {len(passed)}", va="center", fontsize=8)
    axis.set_yticks(range(len(names)), names, fontsize=8)
    axis.set_xlim(0, 100)
    axis.set_xlabel("passed, %")
    return _png(figure)


def plot_tokenizer(figures: Sequence[Figure]) -> bytes:
    """Joint error in the heading frame by number of residual levels."""
    figure, (axis,) = _figure(6, 3.2)
    for i, source in enumerate(dict.fromkeys(f.source for f in figures)):
        rows = [f for f in figures if f.source == source and f.levels]
        axis.plot([f.levels for f in rows], [f.heading_mm for f in rows], "o-", color=COLORS[2 * i % 4], label=source)
    axis.set_xticks(sorted({f.levels for f in figures if f.levels}))
    axis.set_ylim(0)
    axis.set_xlabel("residual levels")
    axis.set_ylabel("joint error, mm")
    axis.legend(frameon=False)
    return _png(figure)


def plot_physical(rows: Sequence[PhysicalRow], goals: Sequence[Goal]) -> bytes:
    """A panel a figure; the dashed line is the target, goals: in the order of PLOTTED."""
    figure, axes = _figure(10, 3, len(PLOTTED))
    for axis, key, goal in zip(axes, PLOTTED, goals, strict=True):
        found = [getattr(row, key) for row in rows]
        axis.bar(
            range(len(rows)), [e.mean for e in found], yerr=[e.half for e in found], color=COLORS[: len(rows)],
            error_kw={"linewidth": 0.8},
        )  # fmt: skip
        axis.set_ylim(0)
        axis.axhline(goal.limit, color="#c53030", linestyle="--", linewidth=1)
        axis.set_xticks(range(len(rows)), [row.name.split(",")[0] for row in rows], fontsize=8)
        axis.set_title(f"{goal.what.split(',')[0]}, {goal.unit}", fontsize=9)
    return _png(figure)
