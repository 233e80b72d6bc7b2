"""All that one run of `eval` found, with the targets of each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.train.metrics.goals import Goal
from engine.train.metrics.measure import Metrics
from engine.train.metrics.physical_report import PhysicalRow, physical_goals
from engine.train.metrics.retrieval import RetrievalFigures
from engine.train.suite.runner import Result
from engine.train.tokenizer_eval import Figure, targets
from engine.train.trials.ablation import AblationFigures
from engine.train.trials.domain import DomainFigures
from engine.train.trials.robustness import RobustnessFigures

PROMPT_SHARE, CATEGORY_SHARE, HELD_OUT_SHARE = 0.85, 0.70, 0.65
"""Share of the suite that must pass, of its weakest category, and of the prompts with held-out verbs and synonyms."""
HELD_OUT = "held_out_verbs"


@dataclass(frozen=True, eq=False)
class Findings:
    """Parts that were not measured are None. notice: what was loaded, as the engine says it."""

    prompts: list[Result] | None = None
    tokenizer: list[Figure] | None = None
    metrics: Metrics | None = None
    physical: list[PhysicalRow] | None = None
    retrieval: RetrievalFigures | None = None
    notice: str = ""
    domain: DomainFigures | None = None
    ablation: AblationFigures | None = None
    robustness: RobustnessFigures | None = None

    def goals(self) -> list[Goal]:
        """The targets of the parts that were measured."""
        goals: list[Goal] = []
        if self.prompts is not None:
            goals += _prompt_goals(self.prompts)
        if self.tokenizer is not None:
            goals += [Goal(f"tokenizer, {t.what}", t.limit, t.figure, t.unit) for t in targets(self.tokenizer)]
        if self.metrics is not None:
            goals += self.metrics.goals()
        if self.physical is not None:
            goals += physical_goals(self.physical)
        for part in (self.retrieval, self.domain, self.ablation, self.robustness):
            if part is not None:
                goals += part.goals()
        return goals

    def to_dict(self) -> dict[str, Any]:
        """As JSON; only what was measured."""
        found: dict[str, Any] = {}
        for name in ("prompts", "tokenizer", "physical"):
            rows = getattr(self, name)
            if rows is not None:
                found[name] = [row.to_dict() for row in rows]
        for name in ("metrics", "retrieval", "domain", "ablation", "robustness"):
            part = getattr(self, name)
            if part is not None:
                found[name] = part.to_dict()
        return found | {"goals": [goal.to_dict() for goal in self.goals()]}


def _prompt_goals(results: Sequence[Result]) -> list[Goal]:
    """Targets of the suite as a whole, of its weakest category, and of held-out words."""
    by_category: dict[str, list[bool]] = {}
    for result in results:
        by_category.setdefault(result.category, []).append(result.passed)
    shares = {category: sum(passed) / len(passed) for category, passed in by_category.items()}
    share = sum(r.passed for r in results) / max(1, len(results))
    goals = [Goal("prompt suite, share passed", PROMPT_SHARE, share, at_least=True)]
    if HELD_OUT in shares:
        goals.append(Goal("prompt suite, held-out verbs", HELD_OUT_SHARE, shares.pop(HELD_OUT), at_least=True))
    if shares:
        weakest = min(shares, key=shares.__getitem__)
        goals.append(Goal(f"prompt suite, weakest ({weakest})", CATEGORY_SHARE, shares[weakest], at_least=True))
    return goals
