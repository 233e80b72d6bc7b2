"""Edits that are said in terms of the one before: `again times=0.5`, `again side=other`, `back ; again to=15`.

again                  the last edit once more
again times=0.5        with half its amount, on top of it
again by=5 | to=15     with so much on top in the same direction | with this amount
again side=other       for the other side of the body, or the other way
again span=... part=... direction=... version=... at=...     with another argument
again who=b            for the other person of two
back                   without the last edit: "back ; again to=15" has 15 in place of it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.core.errors import UserError
from engine.core.plan import Call
from engine.edit.registry import EDITS, schema
from engine.edit.who import WHO

AGAIN, BACK = "again", "back"
SIDES: Mapping[str, str] = {"left_arm": "right_arm", "left_leg": "right_leg", "left": "right"}
SIDES = {**SIDES, **{b: a for a, b in SIDES.items()}}
OPPOSITE: Mapping[str, str] = {"forward": "backward", "left": "right", "up": "down"}
OPPOSITE = {**OPPOSITE, **{b: a for a, b in OPPOSITE.items()}}
ADDITIVE: Mapping[str, str] = {
    "raise": "degrees", "bend": "degrees", "twist": "degrees", "bend_path": "degrees", "lean": "degrees",
    "look": "degrees", "turn": "degrees", "crouch": "centimeters", "stance": "centimeters", "move": "meters",
    "delay": "seconds",
}  # fmt: skip
"""Operators that add up, so that the same with minus takes them back -> their amount."""
FACTORS: Mapping[str, str] = {"speed": "factor", "amplify": "factor", "scale_path": "factor", "exaggerate": "factor"}
"""Operators that multiply; a factor of 1 changes nothing."""
SHARES: Mapping[str, str] = {"smooth": "amount", "soften": "amount"}
"""Operators whose amount is a share of at most 1."""
AMOUNTS: Mapping[str, str] = {
    **ADDITIVE, **FACTORS, **SHARES, "duration": "seconds", "hold": "seconds", "blend": "seconds", "repeat": "count",
    "fps": "rate", "loop": "blend",
}  # fmt: skip
"""Operator -> the argument that says how much."""
SIGNED = frozenset({"twist", "bend_path", "turn"})
"""Operators whose positive amounts go to the left."""
SETTABLE = ("part", "direction", "version", "at", "span")
"""Arguments that `again` may give anew, in the order in which they are written."""
_SAY = "Say the whole edit, for example 'raise the left arm by 20 degrees'."
_WHOLE_NUMBERS = frozenset({"degrees", "centimeters", "count", "rate"})


@dataclass(frozen=True)
class Resolved:
    """Edits that speak for themselves. before: they are done to the version before the last edit, in place of it."""

    calls: tuple[Call, ...]
    before: bool = False


def speaks_of_last(edits: Sequence[Call]) -> bool:
    """Whether edits are said in terms of the last one."""
    return any(call.name in (AGAIN, BACK) for call in edits)


def resolve(edits: Sequence[Call], last: Sequence[Call], undone: bool = False) -> Resolved:
    """The edits with what they say of the last script written out.

    undone: the last script has been taken back already. UserError where there is none, or it has no such argument.
    """
    if not last:
        raise UserError("There is no edit before this one to go by. Say what to change, and by how much.")
    back = not undone and any(call.name == BACK for call in edits)
    kept = list(last) if back else []
    calls: list[Call] = []
    for call in edits:
        if call.name != AGAIN:
            calls += [call] if call.name != BACK else []
            continue
        place = _place(last, call)
        new = varied(last[place], call.args)
        if back:
            kept[place] = new
        else:
            calls.append(new)
    if not back:
        return Resolved(tuple(calls))
    if not any(call.name == AGAIN for call in edits):
        kept = []
    if len(last) == len(kept) == 1 and (on_top := _difference(last[0], kept[0])) is not None:
        return Resolved((on_top, *calls))
    return Resolved((*kept, *calls), before=True)


def varied(call: Call, changes: Mapping[str, str]) -> Call:
    """An edit with the changes that an `again` names. UserError for one that it cannot have."""
    args = dict(call.args)
    arg = AMOUNTS.get(call.name, "")
    for key, text in changes.items():
        if key in ("times", "by", "to"):
            if not arg:
                raise UserError(f'The last edit, "{call}", has no amount that could be another one. {_SAY}')
            args = _with_amount(call.name, args, _amount(call.name, float(args[arg]), key, float(text)))
        elif key == "side":
            args = _other_side(call, args)
        elif key == "direction" and call.name in SIGNED:
            args[arg] = number(abs(float(args[arg])) * (1 if text == "left" else -1))
        elif key != WHO and key not in schema(EDITS[call.name]):
            raise UserError(f'The last edit, "{call}", has no {key} that could be another one. {_SAY}')
        else:
            args[key] = text
    return replace(call, args=args)


def number(value: float) -> str:
    """A number as scripts write it: 20, 0.5, 0.667."""
    return f"{round(value, 3):g}"


def _place(last: Sequence[Call], again: Call) -> int:
    """Which edit of the last script is meant: the last one that has what is to be changed."""

    def fits(call: Call) -> bool:
        try:
            varied(call, again.args)
        except UserError:
            return False
        return True

    return next((i for i in range(len(last) - 1, -1, -1) if fits(last[i])), len(last) - 1)


def _amount(name: str, value: float, key: str, given: float) -> float:
    sign = -1.0 if value < 0 else 1.0
    if name in FACTORS:
        if key == "times":
            return max(0.1, 1 + (value - 1) * given)
        return given if key == "to" else max(0.1, 1 + (given if value >= 1 else -given) / 100)
    if name in SHARES and key != "times":
        return min(1.0, given / 100 if given > 1 else given)
    if key == "times":
        made = value * given
        return min(1.0, made) if name in SHARES else made
    return given if key == "to" and given < 0 else sign * given


def _with_amount(name: str, args: Mapping[str, str], value: float) -> dict[str, str]:
    """The arguments with another amount; a negative one goes the opposite way where there is a direction."""
    arg = AMOUNTS[name]
    if arg in _WHOLE_NUMBERS and abs(value) >= 1:
        value = float(round(value))
    if value < 0 and args.get("direction") in OPPOSITE and (name, args["direction"]) != ("look", "forward"):
        return {**args, arg: number(-value), "direction": OPPOSITE[args["direction"]]}
    return {**args, arg: number(value)}


def _other_side(call: Call, args: Mapping[str, str]) -> dict[str, str]:
    for key in ("part", "hand", "direction"):
        if args.get(key) in SIDES:
            return {**args, key: SIDES[args[key]]}
    if call.name in SIGNED:
        return _with_amount(call.name, args, -float(args[AMOUNTS[call.name]]))
    raise UserError(f'The last edit, "{call}", has no other side. {_SAY}')


def _difference(last: Call, new: Call) -> Call | None:
    """The edit that makes the new one of the last when done on top of it; None where none does."""
    arg = ADDITIVE.get(last.name)
    if arg is None or new.name != last.name:
        return None
    rest = [{k: v for k, v in c.args.items() if k not in (arg, "direction")} for c in (last, new)]
    ways = [c.args.get("direction") for c in (last, new)]
    turned = ways[0] is not None and OPPOSITE.get(ways[0]) == ways[1]
    if rest[0] != rest[1] or not (ways[0] == ways[1] or turned):
        return None
    value = float(new.args[arg]) * (-1 if turned else 1) - float(last.args[arg])
    given = replace(last, args=_with_amount(last.name, last.args, value))
    spec = schema(EDITS[last.name])[arg]
    return given if value and spec.low <= float(given.args[arg]) <= spec.high else None
