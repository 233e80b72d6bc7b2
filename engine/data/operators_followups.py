"""What people say right after an exact edit, with its plan: "a bit more", "half as much", "the other arm too".

sample_followup(random.Random(0)) -> ("edit raise part=left_arm degrees=20 span=all", "a bit more", the plan "edit raise
part=left_arm degrees=10 span=all"). What is said changes the clip as it is now, so "a bit more" is half of the earlier
amount on top, and "instead" takes the earlier edit back before it does the other one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.core.plan import Call, Plan
from engine.data.numbers import number
from engine.data.operators import Kind, draw, kinds
from engine.data.operators_amounts import UNITS
from engine.data.operators_spans import say_span
from engine.data.operators_words import (
    TRIES,
    arguments,
    changed,
    counts,
    finished,
    new_speaker,
    typed,
    wording_pool,
    words,
)
from engine.data.requests import fill
from engine.data.voice import Voice

ADDITIVE: Mapping[str, tuple[str, str]] = {
    "raise": ("degrees", "deg"),
    "bend": ("degrees", "deg"),
    "twist": ("degrees", "deg"),
    "bend_path": ("degrees", "deg"),
    "lean": ("degrees", "deg"),
    "look": ("degrees", "deg"),
    "crouch": ("centimeters", "cm"),
    "stance": ("centimeters", "cm"),
    "move": ("meters", "m"),
    "delay": ("seconds", "s"),
}
"""Operators that add up, so that the same with minus takes them back: the argument, and its unit."""
LEAST = {"crouch": -20, "stance": -40}
"""What these operators accept at the least, so that more cannot be taken back at once."""
FACTORS = {"amplify": "factor", "speed": "factor", "scale_path": "factor", "exaggerate": "factor"}
AMOUNTS = {"smooth": "amount", "soften": "amount"}
OPPOSITE = {"forward": "backward", "left": "right", "up": "down"}
OPPOSITE |= {b: a for a, b in OPPOSITE.items()}
SIDES = {"left_arm": "right_arm", "left_leg": "right_leg", "left": "right"}
SIDES |= {b: a for a, b in SIDES.items()}
LIMB = {"arm": ("arm", "arm", "hand"), "leg": ("leg", "leg", "foot"), "hand": ("hand", "hand", "arm")}
_DIGITS = {"deg": 0, "cm": 0, "m": 2, "s": 2}
Answer = tuple[dict[str, str], tuple[Call, ...]]


def scaled(call: Call, share: float, rounded: bool = False) -> Call:
    """The additive operator with that share of its amount; a negative one goes the opposite way."""
    arg, unit = ADDITIVE[call.name]
    value = float(call.args[arg]) * share
    if rounded:
        least = 10.0 ** -_DIGITS[unit]
        value = round(value, _DIGITS[unit]) or (least if value > 0 else -least)
    if "direction" in call.args and value < 0:
        return changed(call, **{arg: number(-value), "direction": OPPOSITE[call.args["direction"]]})
    return changed(call, **{arg: number(value)})


def _undoable(share: float) -> Callable[[Call], bool]:
    """Fits calls of which that share can be taken back in one go."""

    def fits(call: Call) -> bool:
        return _adds(call) and float(scaled(call, -share).args[ADDITIVE[call.name][0]]) >= LEAST.get(call.name, -360)

    return fits


def _adds(call: Call) -> bool:
    """True for an additive operator; looking forward has no opposite."""
    return call.name in ADDITIVE and (call.name, call.args.get("direction")) != ("look", "forward")


def _limb(call: Call) -> str:
    """'arm', 'leg' or 'hand' where the call is about one side, else ''."""
    part = call.args.get("part", "")
    if part in SIDES:
        return part.split("_")[1]
    return "hand" if call.args.get("hand") in SIDES and "knee" not in call.args["target"] else ""


def _other_side(call: Call) -> Call:
    arg = "part" if "part" in call.args else "hand"
    return changed(call, **{arg: SIDES[call.args[arg]]})


def _other_span(voice: Voice, call: Call) -> tuple[str, str]:
    while True:
        token, said = say_span(voice, "when")
        if token != call.args["span"] and not said.startswith(("only ", "just ")):
            return token, said


def _more(voice: Voice, call: Call) -> Answer:
    """Half as much again on top; of a factor, half of what it differs from 1."""
    if _adds(call):
        return {}, (scaled(call, 0.5),)
    if call.name in AMOUNTS:
        return {}, (changed(call, amount=number(float(call.args["amount"]) / 2)),)
    return {}, (changed(call, factor=number(1 + (float(call.args["factor"]) - 1) / 2)),)


def _by(sign: int) -> Callable[[Voice, Call], Answer]:
    """So much more or less, in numbers."""

    def answer(voice: Voice, call: Call) -> Answer:
        arg, unit = ADDITIVE[call.name]
        usual = words()["followup_numbers"][unit]
        below = [n for n in usual if n < abs(float(call.args[arg]))] or [min(usual)]
        value, said = UNITS[unit](voice.rng, float(voice.rng.choice(below if sign < 0 else usual)))
        same = value if float(call.args[arg]) > 0 else -value
        given = changed(call, **{arg: number(same)})
        return {"val": said}, (given if sign > 0 else scaled(given, -1),)

    return answer


def _other_part(voice: Voice, call: Call) -> Answer:
    allowed = words()["followup_parts"].get(call.name, words()["followup_parts"]["other"])
    part = voice.rng.choice([p for p in allowed if p != call.args["part"]])
    return {"part": voice.pick(wording_pool("tables", "donors", part))}, (changed(call, part=part),)


def _also_span(voice: Voice, call: Call) -> Answer:
    token, said = _other_span(voice, call)
    return {"when": said}, (changed(call, span=token),)


def _only_span(voice: Voice, call: Call) -> Answer:
    token, said = _other_span(voice, call)
    return {"when": said}, (scaled(call, -1), changed(call, span=token))


def _other_limb(too: bool) -> Callable[[Voice, Call], Answer]:
    def answer(voice: Voice, call: Call) -> Answer:
        side = _other_side(call).args.get("part", _other_side(call).args.get("hand", "")).split("_")[0]
        said = {"limb": voice.rng.choice(LIMB[_limb(call)]), "other": side}
        return said, (_other_side(call),) if too else (scaled(call, -1), _other_side(call))

    return answer


@dataclass(frozen=True)
class Followup:
    """One thing that people say next: which earlier calls it fits, and the words and the edits that answer it."""

    fits: Callable[[Call], bool]
    answer: Callable[[Voice, Call], Answer]


def _sided(call: Call) -> bool:
    return call.name in ("twist", "bend_path") or call.args.get("direction") in ("left", "right")


def _one_limb(call: Call) -> bool:
    return bool(_limb(call)) and call.name != "reach" and _adds(call)


FOLLOWUPS: Mapping[str, Followup] = {
    "more": Followup(lambda c: _adds(c) or c.name in FACTORS or c.name in AMOUNTS, _more),
    "half": Followup(_undoable(0.5), lambda v, c: ({}, (scaled(c, -0.5),))),
    "double": Followup(_adds, lambda v, c: ({}, (c,))),
    "less": Followup(_adds, lambda v, c: ({}, (scaled(c, -1 / 3, rounded=True),))),
    "more_by": Followup(_adds, _by(1)),
    "less_by": Followup(_adds, _by(-1)),
    "other_too": Followup(lambda c: bool(_limb(c)), _other_limb(True)),
    "other_instead": Followup(_one_limb, _other_limb(False)),
    "other_way": Followup(lambda c: _adds(c) and _sided(c), lambda v, c: ({}, (scaled(c, -1), scaled(c, -1)))),
    "also_span": Followup(lambda c: c.args.get("span", "all") != "all" and c.name != "cut", _also_span),
    "only_span": Followup(lambda c: _undoable(1)(c) and "span" in c.args, _only_span),
    "again": Followup(lambda c: _adds(c) or c.name in FACTORS or c.name in AMOUNTS, lambda v, c: ({}, (c,))),
    "other_part": Followup(lambda c: "part" in c.args and c.args["part"] != "all", _other_part),
}


def _earlier(rng: random.Random, wanted: Followup) -> Call:
    """An edit that was done before, one that the follow-up fits."""
    usable = [op for op in kinds() if op in ADDITIVE or op in FACTORS or op in AMOUNTS or "part" in arguments()[op]]
    usable += ["reach", "freeze", "reverse"]
    voice, _ = new_speaker(rng, False)
    while True:
        kind: Kind = rng.choice(kinds()[rng.choice(usable)])
        call, _, _ = draw(voice, kind, rng.choice(kind.forms), rng.choice(("none", "some")))
        if wanted.fits(call):
            return call


def _compared(call: Call) -> str:
    """The comparative of the operator, such as "higher" or "further to the left"; "more" where it has none."""
    table = words()["comparatives"].get(call.name)
    if table is None:
        return "more"
    if "direction" in call.args:
        return table.get(call.args["direction"], "more")
    arg = next(a for a in ("degrees", "centimeters", "seconds", "factor", "meters") if a in call.args)
    return table["up" if float(call.args[arg]) > (1 if arg == "factor" else 0) else "down"]


def sample_followup(rng: random.Random, split: str = "train") -> tuple[str, str, Plan]:
    """The earlier edit as a plan line, what is said next, and its plan."""
    weights = words()["followup_weights"]
    name = rng.choices(list(FOLLOWUPS), [weights.get(n, 1) for n in FOLLOWUPS])[0]
    call = _earlier(rng, FOLLOWUPS[name])
    text, calls = "", ()
    for _ in range(TRIES):
        voice, said = new_speaker(rng, split == "heldout")
        more, calls = FOLLOWUPS[name].answer(voice, call)
        more["cmp"] = _compared(call) if rng.random() < 0.6 else "more"
        text = fill(voice, voice.pick(wording_pool("followups", name)), more)
        text = fill(voice, voice.pick(wording_pool("followup_polite")), {"x": text})
        text = finished(voice, text, said)
        if counts(split, text):
            break
    return str(Plan("edit", edits=(call,))), typed(rng, text), Plan("edit", edits=calls)
