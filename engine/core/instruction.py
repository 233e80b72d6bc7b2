"""What a refinement says, as one line of text: what of a draft is made anew, or which exact edit mends it.

    accept
    redo all
    redo part 2
    redo legs of part 1 ; redo part 3
    redo like reference 2
    edit mirror

Parts are the segments of the plan, counted from 1; `legs` and `upper` are what of the body is made anew in one. Like a
reference clip something is done if the request was misread: the plan is written anew too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.core.errors import UserError
from engine.core.plan import Call, Plan, parse_plan

ACCEPT, REDO_ALL = "accept", "redo all"
EXAMPLES = (
    "'accept', 'redo all', 'redo part 2', 'redo legs of part 1', 'redo upper of part 1', 'redo like reference 1' "
    "or 'edit mirror'"
)
_LIKE = re.compile(r"redo like reference ([1-9])")
_REDO = re.compile(r"redo (?:(legs|upper) of )?part ([1-9])")


@dataclass(frozen=True)
class Target:
    """Something to make anew: the whole body, or a group of its parts, in one segment. part: counted from 1."""

    part: int
    group: str = "whole"

    def __str__(self) -> str:
        return f"redo part {self.part}" if self.group == "whole" else f"redo {self.group} of part {self.part}"


@dataclass(frozen=True)
class Instruction:
    """everything: all is made anew.  targets: only these.  edits: operators.  like: all anew, as the reference of that
    number shows it.  None of them: the draft is accepted."""

    everything: bool = False
    targets: tuple[Target, ...] = ()
    edits: tuple[Call, ...] = ()
    like: int = 0

    @property
    def accepts(self) -> bool:
        """Whether the draft is good as it is."""
        return not (self.everything or self.targets or self.edits or self.like)

    def __str__(self) -> str:
        if self.edits:
            return str(Plan("edit", edits=self.edits))
        if self.like:
            return f"redo like reference {self.like}"
        if self.targets:
            return " ; ".join(map(str, self.targets))
        return REDO_ALL if self.everything else ACCEPT


def parse_instruction(line: str, num_parts: int) -> Instruction:
    """The inverse of str. UserError for a line that is none, and for a part that a plan of num_parts does not have."""
    line = " ".join(line.split())
    if line in (ACCEPT, REDO_ALL):
        return Instruction(everything=line == REDO_ALL)
    if line.startswith("edit "):
        return Instruction(edits=parse_plan(line).edits)
    if like := _LIKE.fullmatch(line):
        return Instruction(like=int(like[1]))
    targets = []
    for piece in line.split(" ; "):
        found = _REDO.fullmatch(piece)
        if not found:
            raise UserError(f"The refinement {piece!r} cannot be carried out. Write {EXAMPLES}.")
        if int(found[2]) > num_parts:
            raise UserError(f"The refinement speaks of part {found[2]}, and the plan has {num_parts}.")
        targets.append(Target(int(found[2]), found[1] or "whole"))
    return Instruction(targets=tuple(targets))
