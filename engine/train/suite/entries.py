"""The prompts of the suite (prompts/suite.yaml) as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.core.config import ROOT
from engine.core.plan import Plan, parse_plan

SUITE = ROOT / "prompts" / "suite.yaml"


@dataclass(frozen=True)
class Entry:
    """One prompt. check: what the motion must show; change: how it must follow from the motion before.

    plan: the reference, what a perfect planner would write.  before: what is said first, with before_plans as its
    reference; library: the first of these is attached as a file instead.
    """

    category: str
    prompt: str
    plan: Plan
    check: Mapping[str, Any]
    change: Mapping[str, Any]
    before: tuple[str, ...] = ()
    before_plans: tuple[Plan, ...] = ()
    library: bool = False


def load_suite() -> list[Entry]:
    """All entries in the order of the file. AssertionError for an entry that checks nothing."""
    entries = []
    for category, rows in yaml.safe_load(SUITE.read_text(encoding="utf-8")).items():
        for row in rows:
            check, change = row.get("check", {}), row.get("change", {})
            before, plans = tuple(row.get("before", ())), tuple(map(parse_plan, row.get("before_plans", ())))
            assert (check or change) and len(before) == len(plans), f"{row['prompt']!r} is not complete"
            plan = parse_plan(row["plan"])
            entries.append(
                Entry(category, row["prompt"], plan, check, change, before, plans, row.get("library", False))
            )
    return entries
