"""Measures the models: `python -m engine eval prompts|tokenizer|all`. Prints tables; 1 when a target is missed.

prompts: the suite of prompts that training never saw, each with kinematic checks (prompts/suite.yaml).
tokenizer: joint error and foot skate of encoded and decoded motion.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.clean import clean
from engine.loop.engine import Engine
from engine.tokens.codec import MotionCodec
from engine.train.suite.entries import load_suite
from engine.train.suite.runner import Result, run_entries
from engine.train.tokenizer_eval import format_tokenizer, measure_tokenizer, targets

log = logging.getLogger(__name__)
TARGET = 0.70
"""Share of the suite that must pass."""


def run(
    what: str,
    limit: int | None = None,
    reference: bool = False,
    report: Path | None = None,
    coded: bool = False,
) -> int:
    """Measure and print; 0 when every target is met, else 1.

    what: 'prompts', 'tokenizer' or 'all'.  limit: only so many prompts (spread over the suite) or clips.  reference:
    perform the reference plans instead of asking the models, which measures the checks; coded:
    then also pass them through the tokenizer and the clean-up, which measures what these lose.  report: JSON file.
    UserError for missing weights and for a report that cannot be written.
    """
    if report is not None and not report.parent.is_dir():
        raise UserError(f"The report cannot be written: the folder {str(report.parent)!r} does not exist.")
    logging.getLogger("engine.train").setLevel(logging.INFO)
    found: dict[str, object] = {}
    missed = 0
    if what in ("prompts", "all"):
        results = measure_prompts(limit, reference, coded)
        print(format_prompts(results))
        found["prompts"] = [r.to_dict() for r in results]
        missed += share(results) < TARGET
    if what in ("tokenizer", "all"):
        figures = measure_tokenizer(limit)
        print(format_tokenizer(figures))
        found["tokenizer"] = [f.to_dict() for f in figures]
        missed += not all(t.met for t in targets(figures))
    if report is not None:
        report.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(missed > 0)


def measure_prompts(limit: int | None = None, reference: bool = False, coded: bool = False) -> list[Result]:
    """Results of the suite, or of `limit` entries spread evenly over it; reference and coded as in `run`."""
    entries = load_suite()
    if limit is not None and limit < len(entries):
        entries = [entries[i] for i in np.linspace(0, len(entries) - 1, max(1, limit)).round().astype(int)]
    engine = None if reference else Engine.load()
    if engine is not None:
        log.info("%s", engine.notice)
    return list(run_entries(entries, engine, _recoder() if reference and coded else None))


def _recoder() -> Callable[[Motion], Motion]:
    """A motion through the tokenizer and the clean-up, as the engine treats what it generates."""
    codec = MotionCodec.load()
    return lambda motion: clean(codec.decode(codec.encode(motion)).slice(0, motion.num_frames))


def share(results: Sequence[Result]) -> float:
    """Share of the results that passed."""
    return sum(r.passed for r in results) / max(1, len(results))


def wilson(passed: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    if total == 0:
        return 0.0, 1.0
    p = passed / total
    middle = p + z * z / (2 * total)
    width = z * np.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return float(max(0.0, (middle - width) / scale)), float(min(1.0, (middle + width) / scale))


def format_prompts(results: Sequence[Result]) -> str:
    """Table by category, overall with its interval, then what failed and why."""
    lines = [f"{'category':18}{'passed':>10}{'share':>8}{'task':>8}{'actions':>9}{'slots':>8}{'seconds':>9}"]
    for category in dict.fromkeys(r.category for r in results):
        lines.append(_row(category, [r for r in results if r.category == category]))
    low, high = wilson(sum(r.passed for r in results), len(results))
    verdict = "met" if share(results) >= TARGET else "MISSED"
    lines += [
        _row("all", results),
        f"{100 * share(results):.1f} % pass (95 % interval {100 * low:.1f} to {100 * high:.1f} %); "
        f"target {100 * TARGET:.0f} %: {verdict}",
    ]
    for result in (r for r in results if not r.passed):
        lines += ["", f"failed [{result.category}] {result.prompt!r}", f"  plan      {result.plan or '-'}"]
        if result.plan != result.reference:
            lines.append(f"  reference {result.reference}")
        lines.append(f"  measured  {result.measured}")
    return "\n".join(lines)


def _row(name: str, results: Sequence[Result]) -> str:
    def mean(field: str) -> float:
        return float(np.mean([float(getattr(r, field)) for r in results]))

    passed = f"{sum(r.passed for r in results)}/{len(results)}"
    shares = [f"{100 * mean(f):.0f} %" for f in ("passed", "task", "actions", "slots")]
    return f"{name:18}{passed:>10}{shares[0]:>8}{shares[1]:>8}{shares[2]:>9}{shares[3]:>8}{mean('seconds'):>9.1f}"
