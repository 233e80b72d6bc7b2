"""What a conversation keeps beside its versions: drafts that can be played, rounds to choose from, pinned clips."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.core.errors import UserError
from engine.core.instruction import ACCEPT, REDO_ALL, parse_instruction
from engine.core.plan import parse_plan
from engine.core.types import Scene
from engine.loop.events import Reference, Step

MAX_DRAFTS = 20
MAX_PARTS = 9
CHOICES_FILE = "references.json"


@dataclass(frozen=True, eq=False)
class Draft:
    """A scene to play that is no version. ghost: whether the current version is shown beside it.

    clip_id: of the library's clip that it is, if any.
    """

    scene: Scene
    title: str
    ghost: bool = True
    clip_id: str = ""


@dataclass(frozen=True)
class Comparison:
    """Another version to see with the current one. way: 'over' it, as a ghost, or 'beside' it."""

    version: int
    way: str


@dataclass(frozen=True, eq=False)
class RoundRow:
    """A round of the last turn. number: from 1; step: its `measure` step; verdict, line: what the model said of it.

    kept: its draft is the current version.
    """

    number: int
    step: Step
    verdict: str
    line: str
    kept: bool


@dataclass(frozen=True)
class ReferenceRow:
    """A clip to play, pin or ban. number: what "the second one" counts, None where the last reply did not show it."""

    reference: Reference
    number: int | None
    pinned: bool
    banned: bool


@dataclass(eq=False)
class Shelf:
    """drafts: the last MAX_DRAFTS by number, so that their addresses stay good.

    traces: steps of the last turn that made drafts, and of the refinements that went on from it.  chosen: the number
    of a round that the person looks at.  pinned, banned: clips that generation is shown in any case, or never, by id.
    owner: whose clips are those that were added here; a new chat of the same person goes on with it.
    compare: what is seen with the current version, None for the usual ghost of the version before.
    """

    drafts: OrderedDict[int, Draft] = field(default_factory=OrderedDict)
    num_drafts: int = 0
    traces: list[list[Step]] = field(default_factory=list)
    chosen: int | None = None
    pinned: dict[str, Reference] = field(default_factory=dict)
    banned: dict[str, Reference] = field(default_factory=dict)
    owner: str = ""
    compare: Comparison | None = None

    def keep(self, draft: Draft) -> int:
        """The draft's number; the oldest one goes when there are too many."""
        self.num_drafts += 1
        self.drafts[self.num_drafts] = draft
        while len(self.drafts) > MAX_DRAFTS:
            self.drafts.popitem(last=False)
        return self.num_drafts

    def number_of(self, draft: Draft) -> int:
        """The number under which a scene with that title is kept, perhaps anew."""
        for number, known in self.drafts.items():
            if known.scene is draft.scene and known.title == draft.title:
                return number
        return self.keep(draft)

    def rounds(self, current: Scene | None) -> list[RoundRow]:
        """The rounds to choose from. current: the scene that is current."""
        rows: list[RoundRow] = []
        for trace in self.traces:
            rows += _rows(trace, len(rows), current)
        return rows

    def pin(self, reference: Reference) -> None:
        """Pin a clip, or take that back."""
        _toggle(reference, self.pinned, self.banned)

    def ban(self, reference: Reference) -> None:
        """Ban a clip, or take that back."""
        _toggle(reference, self.banned, self.pinned)

    def references(self, shown: Sequence[Reference]) -> list[ReferenceRow]:
        """The clips shown last, counted from 1, and after them the pinned and banned ones that are not among them."""
        numbers = {r.clip_id: i for i, r in reversed(list(enumerate(shown, 1)))}
        clips = {r.clip_id: r for r in (*self.banned.values(), *self.pinned.values())}
        ordered = [*shown, *(r for r in clips.values() if r.clip_id not in numbers)]
        rows = {r.clip_id: r for r in reversed(ordered)}
        return [
            ReferenceRow(rows[i], numbers.get(i), i in self.pinned, i in self.banned)
            for i in dict.fromkeys(r.clip_id for r in ordered)
        ]

    def save(self, folder: Path) -> None:
        """Write what was pinned and banned, the owner, and the comparison."""
        kept = {"pinned": self.pinned, "banned": self.banned}
        record: dict[str, Any] = {name: [asdict(r) for r in clips.values()] for name, clips in kept.items()}
        record |= {"owner": self.owner, "compare": self.compare and asdict(self.compare)}
        (folder / CHOICES_FILE).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")

    def read(self, folder: Path) -> None:
        """Take over what `save` wrote, if anything. ValueError for a file that is damaged."""
        path = folder / CHOICES_FILE
        if not path.exists():
            return
        try:
            record: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            self.pinned, self.banned = (
                {item["clip_id"]: Reference(**item) for item in record[name]} for name in ("pinned", "banned")
            )
            self.owner = str(record["owner"])
            self.compare = Comparison(**record["compare"]) if record.get("compare") else None
        except (KeyError, TypeError) as error:
            raise ValueError(f"its entries are not clips: {error}") from error


def is_round(step: Step) -> bool:
    """Whether the step shows the best draft of a round; an upload is measured as well, and has no score."""
    return step.kind == "measure" and step.scene is not None and step.score is not None


def _rows(trace: Sequence[Step], before: int, current: Scene | None) -> list[RoundRow]:
    """The rounds of one trace. What stands before its first round is the person's own instruction."""
    starts = [i for i, step in enumerate(trace) if is_round(step)]
    rows = []
    for number, (start, stop) in enumerate(zip(starts, [*starts[1:], len(trace)], strict=True), before + 1):
        said = {step.kind: step.text for step in trace[start:stop]}
        step = trace[start]
        rows.append(RoundRow(number, step, said.get("assess", ""), said.get("refine", ""), step.scene is current))
    return rows


def _toggle(reference: Reference, to: dict[str, Reference], other: dict[str, Reference]) -> None:
    other.pop(reference.clip_id, None)
    if to.pop(reference.clip_id, None) is None:
        to[reference.clip_id] = reference


def num_parts(step: Step) -> int:
    """Of how many parts the plan of a round's draft is."""
    if step.round is not None:
        return min(MAX_PARTS, len(step.round.draw.plan.segments))
    line = str(step.scene.provenance.get("plan", "")) if step.scene else ""
    try:
        return min(MAX_PARTS, max(1, len(parse_plan(line).segments)))
    except UserError:
        return 1


def instructions(step: Step) -> list[str]:
    """Refinements to choose from for a round's draft; with one part, all of it is that part."""
    parts = num_parts(step)
    lines = [REDO_ALL]
    for part in range(1, parts + 1):
        lines += [f"redo part {part}"] if parts > 1 else []
        lines += [f"redo legs of part {part}", f"redo upper of part {part}"]
    return [*lines, "edit mirror", ACCEPT]


def suggested(row: RoundRow) -> str:
    """The model's own line for a round where it can be carried out; otherwise all anew."""
    try:
        return str(parse_instruction(row.line, num_parts(row.step))) if row.line else REDO_ALL
    except UserError:
        return REDO_ALL
