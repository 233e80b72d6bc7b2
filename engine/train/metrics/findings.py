"""All that one run of `eval` found, with the targets of each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.train.metrics.goals import Goal
from engine.train.metrics.measure import Metrics
from engine.train.metrics.physical_report import PhysicalRow, physical_goals
from engine.train.suite.runner import Result
from engine.train.tokenizer_eval import Figure, targets

PROMPT_SHARE = 0.70
"""Share of the suite that must pass."""


@dataclass(frozen=True, eq=False)
class Findings:
    """Parts that were not measured are None. notice: what was loaded, as the engine says it."""

    prompts: list[Result] | None = None
    tokenizer: list[Figure] | None = None
    metrics: Metrics | None = None
    physical: list[PhysicalRow] | None = None
    notice: str = ""

    def goals(self) -> list[Goal]:
        """The targets of the parts that were measured."""
        goals: list[Goal] = []
        if self.prompts is not None:
            share = sum(r.passed for r in self.prompts) / max(1, len(self.prompts))
            goals.append(Goal("prompt suite, share passed", PROMPT_SHARE, share, at_least=True))
        if self.tokenizer is not None:
            goals += [Goal(f"tokenizer, {t.what}", t.limit, t.figure, t.unit) for t in targets(self.tokenizer)]
        if self.metrics is not None:
            goals += self.metrics.goals()
        if self.physical is not None:
            goals += physical_goals(self.physical)
        return goals

    def to_dict(self) -> dict[str, Any]:
        """As JSON; only what was measured."""
        found: dict[str, Any] = {}
        for name in ("prompts", "tokenizer", "physical"):
            rows = getattr(self, name)
            if rows is not None:
                found[name] = [row.to_dict() for row in rows]
        if self.metrics is not None:
            found["metrics"] = self.metrics.to_dict()
        return found | {"goals": [goal.to_dict() for goal in self.goals()]}
