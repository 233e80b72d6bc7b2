"""Which of the persons of a scene an edit is for: "raise part=left_arm degrees=20 who=b"; without `who` it is for all.

`who` is no argument of an operator: it is taken off before the operator is built.
"""

from __future__ import annotations

from dataclasses import replace

from engine.core.errors import UserError
from engine.core.plan import Call

WHO = "who"
PERSONS = ("a", "b")
"""The persons of a scene, in their order."""


def taken_off(call: Call, count: int) -> tuple[Call, tuple[int, ...]]:
    """The edit without `who`, and the indices of the persons that it is for, in a scene of `count`.

    UserError for a person that there is not.
    """
    if WHO not in call.args:
        return call, tuple(range(count))
    said = call.args[WHO]
    if said not in PERSONS:
        raise UserError(f"{call.name} who is {said!r}; it must be {' or '.join(PERSONS)}.")
    index = PERSONS.index(said)
    if index >= count:
        raise UserError(f"There is only one person in this scene, so there is no person {said.upper()} to change.")
    return replace(call, args={k: v for k, v in call.args.items() if k != WHO}), (index,)
