"""The prompts of the suite as data: a list for every category, prompts/suite/CATEGORY.yaml.

    - {prompt: "nods twice", plan: "make nod count=2 for 1.6", check: {nods: {count: 2}}}

prompt: what training never saw.  plan: the reference.  check: what the motion must show (engine/train/checks.py).
before: what was said first, with before_plans as its reference; library: the first of these is attached as a file
instead of said. change: how the motion must differ from the one before (engine/train/suite/changes.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.core.config import ROOT
from engine.core.plan import Plan, parse_plan

SUITE = ROOT / "prompts" / "suite"


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
    """All entries, category by category. AssertionError for an entry that checks nothing."""
    entries = []
    for path in sorted(SUITE.glob("*.yaml")):
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            check, change = row.get("check", {}), row.get("change", {})
            before, plans = tuple(row.get("before", ())), tuple(map(parse_plan, row.get("before_plans", ())))
            assert (check or change) and len(before) == len(plans), f"{row['prompt']!r} is not complete"
            plan = parse_plan(row["plan"])
            entries.append(
                Entry(path.stem, row["prompt"], plan, check, change, before, plans, row.get("library", False))
            )
    return entries
