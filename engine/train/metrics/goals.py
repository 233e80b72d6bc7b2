"""A figure with its target, and the table of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """A limit of a figure. at_least: the figure must not be below it; otherwise it must not be above."""

    what: str
    limit: float
    figure: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    @property
    def verdict(self) -> str:
        return "met" if self.met else "MISSED"

    def cells(self) -> tuple[str, str, str, str]:
        """Name, limit, figure and verdict, as they are shown."""
        sign = "at least" if self.at_least else "at most"
        return self.what, f"{sign} {self.limit:.2f} {self.unit}".strip(), f"{self.figure:.2f}", self.verdict

    def to_dict(self) -> dict[str, Any]:
        return {"what": self.what, "limit": self.limit, "figure": self.figure, "unit": self.unit, "met": self.met}


def format_goals(goals: Sequence[Goal]) -> str:
    """One line a goal."""
    return "\n".join(f"{what:44}{limit:>20}{figure:>10}  {met}" for what, limit, figure, met in map(Goal.cells, goals))
