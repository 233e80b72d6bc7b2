"""What the suite of edits found: figures per group, its goals and what failed.

Run: python -m engine eval edits [--limit N] [--report FILE.json]; --reference carries the accepted lines out instead of
asking the models, which measures the operators and the suite itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.errors import UserError
from engine.train.editing.entries import SHARED, Case, load_dialogues, load_singles
from engine.train.editing.runner import BROKEN, KEPT, UNKNOWN, Outcome, run_cases
from engine.train.metrics.generation import Sessions
from engine.train.metrics.goals import Goal, format_goals
from engine.train.trials.setup import spread

log = logging.getLogger(__name__)
SINGLE_SHARE, TURN_SHARE, GUARANTEE_SHARE = 85.0, 80.0, 100.0
"""Per cent of the single instructions and of the turns of dialogues that must pass; of edits that keep the rest."""


@dataclass(frozen=True)
class EditFigures:
    """Outcomes of every turn that could be tried. skipped: cases whose clips are not on this computer, by group."""

    outcomes: tuple[Outcome, ...]
    skipped: dict[str, int]

    @property
    def singles(self) -> list[Outcome]:
        return [o for o in self.outcomes if not o.dialogue]

    @property
    def turns(self) -> list[Outcome]:
        return [o for o in self.outcomes if o.dialogue]

    @property
    def guarded(self) -> list[bool]:
        """Of every edit that could be held to its scope: whether it kept everything else."""
        return [o.guarantee == KEPT for o in self.outcomes if o.guarantee in (KEPT, BROKEN)]

    def goals(self) -> list[Goal]:
        """A goal for whatever was measured."""
        measured = (
            ("edits, single instructions", SINGLE_SHARE, [o.passed for o in self.singles]),
            ("edits, turns of dialogues", TURN_SHARE, [o.passed for o in self.turns]),
            ("edits, everything else is bit-identical", GUARANTEE_SHARE, self.guarded),
        )
        return [Goal(what, limit, _per_cent(passed), "%", True) for what, limit, passed in measured if passed]

    def to_dict(self) -> dict[str, Any]:
        return {
            "outcomes": [o.to_dict() for o in self.outcomes],
            "skipped": self.skipped,
            "goals": [g.to_dict() for g in self.goals()],
        }


def run_edits(engine: Callable[[], Sessions] | None, limit: int | None = None, report: Path | None = None) -> int:
    """Measure and print; 0 when every goal is met, else 1. engine None: as in `run_cases`.

    limit: only so many single instructions and so many dialogues, spread over their groups.  report: a .json file.
    UserError for another one.
    """
    if report is not None and report.suffix.lower() != ".json":
        raise UserError(f"The report {report.name!r} cannot be written: the edits are reported as .json only.")
    found = measure_edits(engine() if engine else None, limit)
    print(format_edits(found))
    print(format_goals(found.goals()))
    if report is not None:
        report.write_text(json.dumps(found.to_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        log.info("wrote %s", report)
    return int(not found.outcomes or not all(goal.met for goal in found.goals()))


def measure_edits(engine: Sessions | None, limit: int | None = None, shared: Path = SHARED) -> EditFigures:
    """All outcomes; engine, limit and shared as in `run_edits` and `run_cases`."""
    cases: list[Case] = spread(load_singles(), limit)
    if engine is not None:
        cases += spread(load_dialogues(), limit)
    outcomes: list[Outcome] = []
    skipped: dict[str, int] = {}
    for case, found in run_cases(cases, engine, shared):
        outcomes += found
        if not found:
            name = _group(case.group, case.dialogue)
            skipped[name] = skipped.get(name, 0) + 1
    return EditFigures(tuple(outcomes), skipped)


def format_edits(found: EditFigures) -> str:
    """A row a group, what was skipped, then every failure with what was planned instead."""
    lines = [f"{'group':28}{'passed':>10}{'share':>8}{'kept':>10}{'unknown':>9}{'skipped':>9}{'seconds':>9}"]
    grouped = [(_group(o.group, o.dialogue), o) for o in found.outcomes]
    for name in dict.fromkeys([name for name, _ in grouped] + list(found.skipped)):
        lines.append(_row(name, [o for group, o in grouped if group == name], found.skipped.get(name, 0)))
    skipped = sum(found.skipped.values())
    if skipped:
        lines.append(f"{skipped} cases were skipped: their clips are in {SHARED}, which is not on this computer.")
    unknown = sum(o.guarantee == UNKNOWN for o in found.outcomes)
    if unknown:
        lines.append(f"Of {unknown} edits it is not known whether they kept everything else.")
    for outcome in found.outcomes:
        lines += _failure(outcome)
    return "\n".join(lines)


def _group(group: str, dialogue: bool) -> str:
    return f"dialogues: {group}" if dialogue else group


def _row(name: str, outcomes: Sequence[Outcome], skipped: int) -> str:
    passed = sum(o.passed for o in outcomes)
    kept = [o.guarantee == KEPT for o in outcomes if o.guarantee in (KEPT, BROKEN)]
    unknown = sum(o.guarantee == UNKNOWN for o in outcomes)
    seconds = sum(o.seconds for o in outcomes) / max(1, len(outcomes))
    share = f"{_per_cent([o.passed for o in outcomes]):.0f} %" if outcomes else "-"
    return (
        f"{name:28}{f'{passed}/{len(outcomes)}':>10}{share:>8}{f'{sum(kept)}/{len(kept)}':>10}{unknown:>9}"
        f"{skipped:>9}{seconds:>9.1f}"
    )


def _failure(outcome: Outcome) -> list[str]:
    """The lines about an outcome; none if all is well."""
    if outcome.passed and outcome.guarantee != BROKEN:
        return []
    turn = f", turn {outcome.number}" if outcome.dialogue else ""
    lines = ["", f"failed [{outcome.group}{turn}, {outcome.clip or 'no clip'}] {outcome.prompt!r}"]
    lines += [f"  planned   {outcome.planned or '-'}", f"  expected  {' | '.join(outcome.expected)}"]
    lines += [f"  because   {outcome.why}"] if outcome.why else []
    return [*lines, f"  changed   {outcome.broken}"] if outcome.guarantee == BROKEN else lines


def _per_cent(passed: Sequence[bool]) -> float:
    return 100 * sum(passed) / max(1, len(passed))
