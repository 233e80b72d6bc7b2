"""Instructions and dialogues of the suite of edits as data, and the clips that they are tried on (prompts/editing).

    - {prompt: "a tiny bit faster", clip: walk, expect: "edit speed factor=1.03..1.35 span=all"}

clip: of clips.yaml; of a list each is a version, the last is current. expect: a line, or all that are accepted; a value
may be a range, low..high. In a dialogue it may also be undo, redo, ask, or a plan's first action: "append sit".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from engine.core.config import ROOT
from engine.core.plan import parse_plan
from engine.core.types import Motion
from engine.data.cmu import CmuClip
from engine.data.compose import perform_plan
from engine.io import load

FOLDER = ROOT / "prompts" / "editing"
SHARED = ROOT.parent / "shared"
"""Where captured clips are, which are not shipped: `samples` and `data/cmu`."""
CLIP_SEED = 60_000


@dataclass(frozen=True)
class BaseClip:
    """One of plan, sample and trial is given. events: how often each happens in it."""

    name: str
    plan: str = ""
    sample: str = ""
    trial: str = ""
    events: Mapping[str, int] = field(default_factory=dict)

    def path(self, shared: Path = SHARED) -> Path | None:
        """The file that it is read from, None if it is performed."""
        if self.plan:
            return None
        return shared / "samples" / self.sample if self.sample else shared / "data" / "cmu" / f"{self.trial}.npz"

    def missing(self, shared: Path = SHARED) -> bool:
        """Whether its folder is not on this computer. A file missing from a folder that is there is a mistake."""
        path = self.path(shared)
        return path is not None and not path.parent.is_dir()

    def motion(self, shared: Path = SHARED) -> Motion:
        """The clip, always the same. UserError for a file that cannot be read."""
        path = self.path(shared)
        if path is None:
            return perform_plan(parse_plan(self.plan), np.random.default_rng(CLIP_SEED))
        return CmuClip(self.trial, "", path, False).motion() if self.trial else load(path).motions[0]


@dataclass(frozen=True)
class Turn:
    """What is said and the lines that are accepted for it."""

    say: str
    expect: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A dialogue, or a single instruction, which has one turn. clips: attached first, one after another."""

    group: str
    clips: tuple[str, ...]
    turns: tuple[Turn, ...]
    dialogue: bool = False

    @property
    def prompt(self) -> str:
        """What is said first."""
        return self.turns[0].say


@cache
def base_clips() -> Mapping[str, BaseClip]:
    """All clips by name."""
    rows = yaml.safe_load((FOLDER / "clips.yaml").read_text(encoding="utf-8"))
    return {name: BaseClip(name, **row) for name, row in rows.items()}


def load_singles() -> list[Case]:
    """All single instructions, group by group."""
    return [
        Case(path.stem, _several(row["clip"]), (Turn(row["prompt"], _several(row["expect"])),))
        for path in sorted((FOLDER / "single").glob("*.yaml"))
        for row in _rows(path)
    ]


def load_dialogues() -> list[Case]:
    """All dialogues, file by file."""
    return [
        Case(
            path.stem,
            _several(row.get("clip", [])),
            tuple(Turn(turn["say"], _several(turn["expect"])) for turn in row["turns"]),
            dialogue=True,
        )
        for path in sorted((FOLDER / "dialogues").glob("*.yaml"))
        for row in _rows(path)
    ]


def _rows(path: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
