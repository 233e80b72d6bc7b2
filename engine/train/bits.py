"""What 4 bits cost and save: the NF4 model beside the same weights in full precision. Run: python -m engine bits

Both answer the same prompts of the suite from the same seeds and are timed on the same request. Plans are the most
likely ones, so they can be compared word for word; motion is sampled, so a prompt may pass with one model and fail with
the other by chance alone: look at the intervals. Full precision is float32 on a CPU and bfloat16 on a GPU;
4-bit weights are always multiplied in bfloat16.
"""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.loop.engine import Engine
from engine.loop.events import SectionDelta, SectionEnd, SectionProgress
from engine.loop.request import DEFAULT_CANDIDATES, TurnOptions
from engine.train.bench import REPEATS, REQUEST
from engine.train.evaluate import measure_prompts, share, wilson
from engine.train.suite.runner import Result, compare_plans

log = logging.getLogger(__name__)
NAMES = {True: "4-bit NF4", False: "full precision"}
SECONDS = 6.0
SPEEDS = (
    ("motion steps a second, one draft", "steps_per_s", "/s"),
    ("first words of the plan", "first_s", "s"),
    (f"{SECONDS:g} s of motion, one draft, ready to play", "ready_s", "s"),
    (f"the best of {DEFAULT_CANDIDATES} such drafts", "best_s", "s"),
)
"""What a field of `Speed` is called in the table, and its unit."""


@dataclass(frozen=True)
class Speed:
    """Of a draft of 6 s; seconds count from Enter.

    first_s: first words of the plan.  ready_s: measured and packed for the browser.  best_s: the same with the usual
    number of drafts to choose from.  steps_per_s: motion steps.
    """

    first_s: float
    ready_s: float
    best_s: float
    steps_per_s: float


@dataclass(frozen=True, eq=False)
class Measured:
    """One model. notice: what was loaded and where it runs.  weight_bytes: of the LLaMA, None if it cannot be told."""

    notice: str
    results: tuple[Result, ...]
    speed: Speed
    weight_bytes: int | None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        passed, total = sum(r.passed for r in self.results), len(self.results)
        figures = {"passed": passed, "prompts": total, "share": share(self.results), "interval": wilson(passed, total)}
        about = {"notice": self.notice, "weight_bytes": self.weight_bytes, "speed": asdict(self.speed)}
        return {**about, **figures, "results": [r.to_dict() for r in self.results]}


@dataclass(frozen=True)
class Agreement:
    """How many of the prompts became the same in both models: plans word for word; task and actions in order.

    both, only_four, only_full: prompts that pass in both, or in one alone.
    """

    prompts: int
    plans: int
    actions: int
    both: int
    only_four: int
    only_full: int


def run(limit: int | None = None, report: Path | None = None) -> None:
    """Measure both models one after the other and print the table.

    limit: only so many prompts, spread evenly over the suite.  report: a .json file for everything that was measured.
    UserError for settings that cannot be met, before anything is computed, and for missing weights.
    """
    _check_settings(limit, report)
    logging.getLogger("engine.train").setLevel(logging.INFO)
    four, full = (measure(four_bit, limit) for four_bit in (True, False))
    print(format_table(four, full))
    if report is not None:
        agreed = asdict(agreement(four.results, full.results))
        found = {"four_bit": four.to_dict(), "full_precision": full.to_dict(), "agreement": agreed}
        report.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        log.info("wrote %s", report)


def _check_settings(limit: int | None, report: Path | None) -> None:
    if limit is not None and limit < 1:
        raise UserError(f"The limit is {limit}; it must be at least 1.")
    if report is None:
        return
    if report.suffix.lower() != ".json":
        raise UserError(f"The report {report.name!r} cannot be written; its name must end in .json.")
    if not report.parent.is_dir():
        raise UserError(f"The report cannot be written: the folder {str(report.parent)!r} does not exist.")


def measure(four_bit: bool, limit: int | None = None) -> Measured:
    """Load one model, time it, and run the suite, or `limit` prompts spread over it."""
    log.info("loading the model in %s", NAMES[four_bit])
    engine = Engine.load(replace(Config.from_env(), four_bit=four_bit))
    speed = time_drafts(engine)
    results = measure_prompts(limit, engine=lambda: engine)
    return Measured(engine.notice, tuple(results), speed, weight_bytes(engine.models.language))


def time_drafts(engine: Engine) -> Speed:
    """Medians of a few turns, after one that warms up."""
    _time_draft(engine, 0, 1)
    single = [_time_draft(engine, seed, 1) for seed in range(REPEATS)]
    best_s = statistics.median(_time_draft(engine, seed, DEFAULT_CANDIDATES)[1] for seed in range(REPEATS))
    first_s, ready_s, steps_per_s = (statistics.median(figures) for figures in zip(*single, strict=True))
    return Speed(first_s, ready_s, best_s, steps_per_s)


def _time_draft(engine: Engine, seed: int, candidates: int) -> tuple[float, float, float]:
    """Seconds to the first words, seconds to a draft packed for the browser, motion steps a second."""
    begin = time.perf_counter()
    first = ready = 0.0
    steps: list[float] = []
    for event in engine.new_session(seed).stream(REQUEST, options=TurnOptions(SECONDS, candidates)):
        now = time.perf_counter() - begin
        if isinstance(event, SectionDelta) and not first:
            first = now
        if isinstance(event, SectionProgress):
            steps.append(now)
        if isinstance(event, SectionEnd) and event.kind == "measure" and event.step.scene is not None:
            engine.glb(event.step.scene)
            ready = time.perf_counter() - begin
    if len(steps) < 2:
        raise UserError(
            f"{REQUEST!r} was not planned as a motion, so its speed cannot be measured. Train the model on."
        )
    return first, ready, (len(steps) - 1) / (steps[-1] - steps[0])


def weight_bytes(language: object) -> int | None:
    """Bytes of the LLaMA's weights as they lie in memory, with the scales of 4-bit blocks; also of the embedded LLaMA
    behind a planner. None for a model without a LLaMA."""
    models = [getattr(m, "llama", None) for m in (language, getattr(language, "inner", None))]
    weights = [w for m in models if isinstance(m, torch.nn.Module) for w in m.parameters()]
    return sum(w.nbytes + _scale_bytes(getattr(w, "quant_state", None)) for w in weights) or None


def _scale_bytes(state: Any) -> int:
    """Bytes of what bitsandbytes keeps beside 4-bit weights; the scales may be quantized themselves."""
    return 0 if state is None else state.absmax.nbytes + _scale_bytes(state.state2)


def agreement(four: Sequence[Result], full: Sequence[Result]) -> Agreement:
    """The same prompts in both models. A prompt without a plan in either agrees with nothing."""
    pairs = list(zip(four, full, strict=True))
    planned = [(a.plan, b.plan) for a, b in pairs if a.plan and b.plan]
    compared = [compare_plans(parse_plan(a), parse_plan(b)) for a, b in planned]
    return Agreement(
        len(pairs),
        sum(a == b for a, b in planned),
        sum(task and actions for task, actions, _ in compared),
        sum(a.passed and b.passed for a, b in pairs),
        sum(a.passed and not b.passed for a, b in pairs),
        sum(b.passed and not a.passed for a, b in pairs),
    )


def format_table(four: Measured, full: Measured) -> str:
    """Every figure of both models, and 4-bit as a multiple of full precision, then what is the same in both."""
    lines = [_row("what", NAMES[True], NAMES[False], "ratio")]
    lines.append(_row("prompts that pass (95 % interval)", _passed(four.results), _passed(full.results)))
    for what, field in (("plans with the reference's actions", "actions"), ("arguments as in the reference", "slots")):
        lines.append(_row(what, f"{100 * _mean(four, field):.1f} %", f"{100 * _mean(full, field):.1f} %"))
    for what, field, unit in SPEEDS:
        lines.append(_figures(what, getattr(four.speed, field), getattr(full.speed, field), unit))
    lines.append(_figures("seconds a prompt of the suite", _mean(four, "seconds"), _mean(full, "seconds"), "s"))
    small, large = (None if m.weight_bytes is None else m.weight_bytes / 1e6 for m in (four, full))
    lines.append(_figures("weights of the LLaMA in memory", small, large, "MB"))
    same = agreement(four.results, full.results)
    lines += [
        "",
        f"of {same.prompts} plans {same.plans} are the same word for word, {same.actions} have the same actions",
        f"of {same.prompts} prompts {same.both} pass in both, {same.only_four} only in 4-bit, "
        f"{same.only_full} only in full precision",
    ]
    return "\n".join(line.rstrip() for line in lines)


def _passed(results: Sequence[Result]) -> str:
    passed, total = sum(r.passed for r in results), len(results)
    low, high = wilson(passed, total)
    return f"{100 * share(results):.1f} % ({100 * low:.0f} to {100 * high:.0f})"


def _mean(measured: Measured, field: str) -> float:
    return float(np.mean([float(getattr(r, field)) for r in measured.results]))


def _row(what: str, four: str, full: str, ratio: str = "") -> str:
    return f"{what:44}{four:>22}{full:>22}{ratio:>8}"


def _figures(what: str, four: float | None, full: float | None, unit: str) -> str:
    ratio = f"{four / full:.2f}" if four is not None and full else ""
    return _row(what, _told(four, unit), _told(full, unit), ratio)


def _told(figure: float | None, unit: str) -> str:
    if figure is None:
        return "-"
    return f"{figure:.3g} {unit}" if figure < 100 else f"{figure:.0f} {unit}"
