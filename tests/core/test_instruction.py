"""Instructions: every one is read back as it was written, and what cannot be carried out is refused in words."""

import pytest

from engine.core.errors import UserError
from engine.core.instruction import Instruction, Target, parse_instruction
from engine.core.plan import Call

LINES = {
    "accept": Instruction(),
    "redo all": Instruction(everything=True),
    "redo part 2": Instruction(targets=(Target(2),)),
    "redo legs of part 1 ; redo part 3": Instruction(targets=(Target(1, "legs"), Target(3))),
    "redo like reference 2": Instruction(like=2),
    "edit mirror": Instruction(edits=(Call("mirror"),)),
    "edit speed factor=0.8 ; mirror": Instruction(edits=(Call("speed", {"factor": "0.8"}), Call("mirror"))),
}


@pytest.mark.parametrize("line", LINES)
def test_lines_are_read_back(line):
    found = parse_instruction(f" {line.replace(' ', '  ')}\n", 3)
    assert found == LINES[line] and str(found) == line
    assert found.accepts == (line == "accept")


@pytest.mark.parametrize(
    "line",
    ["", "redo", "redo arms of part 1", "redo part 4", "redo part 0", "do it again", "edit", "redo like reference 0"],
)
def test_others_are_refused(line):
    with pytest.raises(UserError):
        parse_instruction(line, 3)
