"""Measures the models: `python -m engine eval PART`, or `all`; 1 when a target is missed.

prompts: the suite of prompts that training never saw, each with kinematic checks (prompts/suite).
tokenizer: joint error and foot skate of encoded and decoded motion.
metrics: R-Precision, FID and the others of Guo et al. 2022, on held-out plans and wordings (engine/train/metrics).
physical: foot skate, penetration, float, jitter and joint limits of capture, authored and generated motion.
retrieval: motions found by text and texts by motion, with the part-level retriever and with captions alone.
edits: instructions and dialogues that change a clip (prompts/editing); not part of `all`.
domain, ablation, robustness: what references and rounds are worth (engine/train/trials); too long to be part of `all`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.clean import clean
from engine.loop.engine import Engine
from engine.tokens.codec import MotionCodec
from engine.train.editing.report import run_edits
from engine.train.metrics.findings import PROMPT_SHARE as TARGET
from engine.train.metrics.findings import Findings
from engine.train.metrics.generation import generate
from engine.train.metrics.goals import format_goals
from engine.train.metrics.measure import Metrics, format_metrics, measure_metrics
from engine.train.metrics.network import FOLDER, load_evaluator
from engine.train.metrics.pairs import NUM_PAIRS, held_out_pairs
from engine.train.metrics.physical_report import PhysicalRow, format_physical, measure_physical
from engine.train.metrics.plots import check_plots
from engine.train.metrics.report import write_html
from engine.train.metrics.retrieval import format_retrieval, measure_retrieval
from engine.train.suite.entries import load_suite
from engine.train.suite.runner import Result, run_entries
from engine.train.tokenizer_eval import format_tokenizer, measure_tokenizer
from engine.train.trials.ablation import format_ablation, measure_ablation
from engine.train.trials.domain import format_domain, measure_domain
from engine.train.trials.robustness import format_robustness, measure_robustness

log = logging.getLogger(__name__)
PARTS = ("prompts", "tokenizer", "metrics", "physical", "retrieval")
REPORTS = (".html", ".json")
MIN_PAIRS, PHYSICAL_CLIPS = 4, 100
"""Fewest pairs that scores make sense of; motions of the physical report where the metrics have generated none."""


def run(
    what: str,
    limit: int | None = None,
    reference: bool = False,
    report: Path | None = None,
    coded: bool = False,
    repeats: int = 1,
) -> int:
    """Measure and print; 0 when every target is met, else 1.

    what: one of PARTS, or 'all'.  limit: only so many prompts (spread over the suite), clips or pairs.  reference:
    perform the reference plans instead of asking the models, which measures the checks; coded:
    then also pass them through the tokenizer and the clean-up, which measures what these lose.  report: a .json or
    .html file.  repeats: how often the metrics generate everything.
    UserError for missing weights and for a report that cannot be written.
    """
    _check_settings(limit, repeats, report)
    logging.getLogger("engine.train").setLevel(logging.INFO)
    if what == "edits":
        return run_edits(None if reference else _load_engine, limit, report)
    found = _measure(PARTS if what == "all" else (what,), limit, reference, coded, repeats)
    if found.goals():
        print(format_goals(found.goals()))
    if report is not None:
        _write(found, report)
    return int(not all(goal.met for goal in found.goals()))


def _measure(parts: Sequence[str], limit: int | None, reference: bool, coded: bool, repeats: int) -> Findings:
    """Measure one part after another and print each table as soon as it is there."""
    engine = lru_cache(maxsize=1)(_load_engine)
    prompts = tokenizer = metrics = physical = retrieval = None
    if "prompts" in parts:
        prompts = measure_prompts(limit, reference, coded, engine)
        print(format_prompts(prompts))
    if "tokenizer" in parts:
        tokenizer = measure_tokenizer(limit)
        print(format_tokenizer(tokenizer))
    if "metrics" in parts:
        metrics = _metrics(engine(), limit, repeats)
        print(format_metrics(metrics))
    if "physical" in parts:
        physical = _physical(engine(), limit, metrics)
        print(format_physical(physical))
    if "retrieval" in parts:
        retrieval = measure_retrieval(Config.from_env(), limit or NUM_PAIRS)
        print(format_retrieval(retrieval))
    domain = ablation = robustness = None
    if "domain" in parts:
        domain = measure_domain(Config.from_env(), limit)
        print(format_domain(domain))
    if "ablation" in parts:
        ablation = measure_ablation(Config.from_env(), limit)
        print(format_ablation(ablation))
    if "robustness" in parts:
        robustness = measure_robustness(Config.from_env(), limit)
        print(format_robustness(robustness))
    notice = engine().notice if engine.cache_info().currsize else ""
    return Findings(prompts, tokenizer, metrics, physical, retrieval, notice, domain, ablation, robustness)


def _check_settings(limit: int | None, repeats: int, report: Path | None) -> None:
    """UserError for what could not be done, before anything is computed."""
    if (limit is not None and limit < 1) or repeats < 1:
        raise UserError(f"The limit is {limit} and the repeats are {repeats}; both must be at least 1.")
    if report is None:
        return
    if not report.parent.is_dir():
        raise UserError(f"The report cannot be written: the folder {str(report.parent)!r} does not exist.")
    if report.suffix.lower() not in REPORTS:
        raise UserError(f"The report {report.name!r} cannot be written; its name must end in {' or '.join(REPORTS)}.")
    if report.suffix.lower() == ".html":
        check_plots()


def _write(found: Findings, report: Path) -> None:
    if report.suffix.lower() == ".html":
        write_html(found, report)
    else:
        report.write_text(json.dumps(found.to_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    log.info("wrote %s", report)


def _load_engine() -> Engine:
    engine = Engine.load()
    log.info("%s", engine.notice)
    return engine


def _metrics(engine: Engine, limit: int | None, repeats: int) -> Metrics:
    from engine.retrieval.text_encoder import TextEncoder

    config = Config.from_env()
    count = None if limit is None else max(MIN_PAIRS, limit)
    return measure_metrics(engine, load_evaluator(config.assets / FOLDER), TextEncoder(config), count, repeats)


def _physical(engine: Engine, limit: int | None, metrics: Metrics | None) -> list[PhysicalRow]:
    """The physical rows, of the motions that the metrics made if they did."""
    if metrics is not None:
        return measure_physical([p.motion for p in metrics.pairs], metrics.repeats[0].made)
    pairs = held_out_pairs(min(limit or PHYSICAL_CLIPS, PHYSICAL_CLIPS))
    made = generate(engine, [p.text for p in pairs])
    return measure_physical([p.motion for p in pairs], made.made)


def measure_prompts(
    limit: int | None = None,
    reference: bool = False,
    coded: bool = False,
    engine: Callable[[], Engine] = _load_engine,
) -> list[Result]:
    """Results of the suite, or of `limit` entries spread evenly over it; reference and coded as in `run`."""
    entries = load_suite()
    if limit is not None and limit < len(entries):
        entries = [entries[i] for i in np.linspace(0, len(entries) - 1, max(1, limit)).round().astype(int)]
    asked = None if reference else engine()
    return list(run_entries(entries, asked, _recoder() if reference and coded else None))


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
