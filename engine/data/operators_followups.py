"""What people say right after an exact edit, with its plan: "a bit more", "half as much", "the other arm too".

sample_followup(random.Random(0)) -> ("edit raise part=left_arm degrees=20", "a bit more", the plan "edit again
times=0.5"). The plan says it in terms of the edit before (engine.edit.again); one that has been taken back already is
given as "undo raise part=left_arm degrees=20".
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.core.errors import UserError
from engine.core.plan import Call, Plan, parse_plan
from engine.data.numbers import number
from engine.data.operators import EXTRAS, Kind, draw, kinds
from engine.data.operators_amounts import UNITS
from engine.data.operators_spans import say_span
from engine.data.operators_words import TRIES, counts, finished, new_speaker, typed, wording_pool, words
from engine.data.requests import fill
from engine.data.voice import Voice
from engine.data.wordings import PROMPTS, Pool, read_yaml
from engine.edit.again import ADDITIVE, AMOUNTS, FACTORS, OPPOSITE, SHARES, SIDES, SIGNED, varied
from engine.edit.registry import build

UNDONE = 0.35
"""Share of the follow-ups to an edit that has been taken back."""
LIMB = {"arm": ("arm", "arm", "hand"), "leg": ("leg", "leg", "foot"), "hand": ("hand", "hand", "arm")}
AMOUNT_UNITS: Mapping[str, str] = {"degrees": "deg", "centimeters": "cm", "meters": "m", "seconds": "s"}
"""Arguments that are said with a unit."""
_WAYS: Mapping[str, tuple[str, ...]] = {
    "forward": ("forward", "forwards", "to the front"),
    "backward": ("backward", "backwards", "back"),
    "left": ("left", "to the left"),
    "right": ("right", "to the right"),
    "up": ("up", "upward", "upwards"),
    "down": ("down", "downward", "downwards"),
}
_TO_THE_WAY = re.compile(r"\bto the (to the |forwards?|backwards?|back|up|down)")
Answer = tuple[dict[str, str], str]
"""What fills the marks of the wording, and the changes that `again` names."""


@lru_cache(maxsize=1)
def again_words() -> Mapping:
    """The mapping of prompts/again.yaml."""
    return read_yaml(PROMPTS / "again.yaml")


@lru_cache(maxsize=256)
def _pool(*path: str | float) -> Pool:
    node = again_words()
    for key in path:
        node = node[key]
    return Pool.of([str(line) for line in (node.splitlines() if isinstance(node, str) else node)])


def _has_amount(call: Call) -> bool:
    return call.name in AMOUNTS and not _ahead(call)


def _more_and_less(call: Call) -> bool:
    return call.name in {**ADDITIVE, **FACTORS, **SHARES} and not _ahead(call)


def _ahead(call: Call) -> bool:
    """Looking forward has no opposite."""
    return (call.name, call.args.get("direction")) == ("look", "forward")


def _unit(call: Call) -> str:
    return AMOUNT_UNITS.get(AMOUNTS.get(call.name, ""), "")


def _limb(call: Call) -> str:
    """'arm', 'leg' or 'hand' where the call is about one side, else ''."""
    part = call.args.get("part", "")
    if part in SIDES:
        return part.split("_")[1]
    return "hand" if call.args.get("hand") in SIDES and "knee" not in call.args["target"] else ""


def _other(voice: Voice, call: Call) -> dict[str, str]:
    side = varied(call, {"side": "other"}).args
    return {"limb": voice.rng.choice(LIMB[_limb(call)]), "other": side.get("part", side.get("hand", "")).split("_")[0]}


def _spoken_amount(voice: Voice, call: Call) -> tuple[str, float]:
    """Another amount in the unit of the call's: its words and its value, without a sign."""
    unit = _unit(call)
    usual = [n for n in words()["followup_numbers"][unit] if n != abs(float(call.args[AMOUNTS[call.name]]))]
    value, said = UNITS[unit](voice.rng, float(voice.rng.choice(usual)))
    return said, value


def _by(sign: int) -> Callable[[Voice, Call], Answer]:
    """So much more or less, in numbers."""

    def answer(voice: Voice, call: Call) -> Answer:
        said, value = _spoken_amount(voice, call)
        return {"val": said}, f"by={number(sign * value)}"

    return answer


def _set_to(voice: Voice, call: Call) -> Answer:
    said, value = _spoken_amount(voice, call)
    return {"val": said}, f"to={number(value)}"


def _span(voice: Voice, call: Call) -> Answer:
    while True:
        token, said = say_span(voice, "when")
        if token != call.args["span"] and not said.startswith(("only ", "just ")):
            return {"when": said}, f"span={token}"


def _part(voice: Voice, call: Call) -> Answer:
    allowed = words()["followup_parts"].get(call.name, words()["followup_parts"]["other"])
    part = voice.rng.choice([p for p in allowed if p != call.args["part"]])
    return {"part": voice.pick(wording_pool("tables", "donors", part))}, f"part={part}"


def _direction(voice: Voice, call: Call) -> Answer:
    if call.name in SIGNED:
        now = "left" if float(call.args[AMOUNTS[call.name]]) > 0 else "right"
        allowed = (OPPOSITE[now],)
    else:
        now = call.args["direction"]
        allowed = tuple(w for w in _DIRECTIONS[call.name] if w != now)
    opposite = tuple(w for w in allowed if OPPOSITE.get(now) == w)
    way = voice.rng.choice(opposite if opposite and voice.rng.random() < 0.5 else allowed)
    return {"way": voice.rng.choice(_WAYS[way])}, f"direction={way}"


_DIRECTIONS: Mapping[str, tuple[str, ...]] = {
    "lean": ("forward", "backward", "left", "right"),
    "look": ("left", "right", "up", "down"),
    "move": ("forward", "backward", "left", "right", "up", "down"),
    "face": ("forward", "backward", "left", "right"),
}


def _extra(mark: str) -> Callable[[Voice, Call], Answer]:
    """Another moment, or another version."""

    def answer(voice: Voice, call: Call) -> Answer:
        arg, make = EXTRAS[mark]
        value, said = make(voice.rng)
        return {mark: said}, f"{arg}={number(value)}"

    return answer


def _fraction(up: bool) -> Callable[[Voice, Call], Answer]:
    def answer(voice: Voice, call: Call) -> Answer:
        share = voice.rng.choice([n for n in again_words()["fractions"] if (n > 1) == up])
        return {"times": voice.pick(_pool("fractions", share))}, f"times={number(share)}"

    return answer


def _both(
    one: Callable[[Voice, Call], Answer], two: Callable[[Voice, Call], Answer]
) -> Callable[[Voice, Call], Answer]:
    def answer(voice: Voice, call: Call) -> Answer:
        (said, changes), (more, others) = one(voice, call), two(voice, call)
        return {**said, **more}, f"{changes} {others}"

    return answer


def _just(changes: str) -> Callable[[Voice, Call], Answer]:
    return lambda voice, call: ({}, changes)


def _other_limb(voice: Voice, call: Call) -> Answer:
    return _other(voice, call), "side=other"


@dataclass(frozen=True)
class Followup:
    """One thing that people say next: which earlier calls it fits, and the words and the changes that answer it.

    instead: it is in place of the edit before, not on top of it.
    """

    fits: Callable[[Call], bool]
    answer: Callable[[Voice, Call], Answer]
    instead: bool = False


def _sided(call: Call) -> bool:
    return call.name in SIGNED or call.args.get("direction") in ("left", "right")


def _spanned(call: Call) -> bool:
    return "span" in call.args and call.name != "cut"


def _parted(call: Call) -> bool:
    return call.args.get("part", "all") != "all"


def _with_unit(call: Call) -> bool:
    return bool(_unit(call))


def _directed(call: Call) -> bool:
    return (call.name in _DIRECTIONS and not _ahead(call)) or call.name in SIGNED


FOLLOWUPS: Mapping[str, Followup] = {
    "more": Followup(_more_and_less, _just("times=0.5")),
    "half": Followup(_has_amount, _just("times=0.5"), instead=True),
    "double": Followup(_has_amount, _just("times=2"), instead=True),
    "less": Followup(_more_and_less, _just("times=0.667"), instead=True),
    "more_by": Followup(lambda c: c.name in ADDITIVE and _more_and_less(c), _by(1)),
    "less_by": Followup(lambda c: c.name in ADDITIVE and _more_and_less(c), _by(-1)),
    "other_too": Followup(lambda c: bool(_limb(c)), _other_limb),
    "other_instead": Followup(lambda c: bool(_limb(c)), _other_limb, instead=True),
    "other_way": Followup(_sided, _just("side=other"), instead=True),
    "also_span": Followup(lambda c: _spanned(c) and c.args["span"] != "all", _span),
    "only_span": Followup(_spanned, _span, instead=True),
    "again": Followup(_more_and_less, _just("")),
    "other_part": Followup(_parted, _part),
    "set_to": Followup(_with_unit, _set_to, instead=True),
    "fraction": Followup(_has_amount, _fraction(up=False), instead=True),
    "fraction_up": Followup(_has_amount, _fraction(up=True), instead=True),
    "direction": Followup(_directed, _direction, instead=True),
    "part": Followup(_parted, _part, instead=True),
    "other_amount": Followup(lambda c: bool(_limb(c)) and _with_unit(c), _both(_other_limb, _set_to)),
    "part_amount": Followup(lambda c: _parted(c) and _with_unit(c), _both(_part, _set_to)),
    "span_amount": Followup(lambda c: _spanned(c) and _with_unit(c), _both(_span, _set_to)),
    "at": Followup(lambda c: "at" in c.args, _extra("at"), instead=True),
    "version": Followup(lambda c: "version" in c.args, _extra("v"), instead=True),
}
_ON_TOP = re.compile(r"(the same|same|now|and|also)\b.*|.* (by the same( amount)?|too)")
"""How a wording of `direction` begins or ends that asks for it once more, not for it in place of the other."""
_LEFT_OUT_UNDONE = ("more", "again", "less", "more_by", "less_by", "also_span", "other_part")
"""What nobody says of an edit that has just been taken back."""


def _earlier(rng: random.Random, wanted: Followup) -> Call:
    """An edit that was done before, one that the follow-up fits."""
    voice, _ = new_speaker(rng, False)
    names = list(kinds())
    while True:
        kind: Kind = rng.choice(kinds()[rng.choice(names)])
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
    return table["up" if float(call.args[AMOUNTS[call.name]]) > (1 if call.name in FACTORS else 0) else "down"]


def _wordings(name: str) -> Pool:
    return _pool(name) if name in again_words() else wording_pool("followups", name)


def _possible(call: Call, changes: str) -> bool:
    try:
        made = varied(call, parse_plan(f"edit again {changes}".strip()).edits[0].args)
        build(made.name, made.args)
    except UserError:
        return False
    return True


def sample_followup(rng: random.Random, split: str = "train") -> tuple[str, str, Plan]:
    """The earlier edit as the model is told of it, what is said next, and its plan."""
    undone = rng.random() < UNDONE
    weights = {**words()["followup_weights"], "set_to": 4, "fraction": 2, "direction": 2, "other_amount": 2}
    names = [n for n in FOLLOWUPS if not undone or n not in _LEFT_OUT_UNDONE]
    names = [n for n in names if split == "train" or _wordings(n).held]
    name = rng.choices(names, [weights.get(n, 1) for n in names])[0]
    followup = FOLLOWUPS[name]
    call, text, changes, instead = _earlier(rng, followup), "", "", False
    for _ in range(TRIES):
        voice, said = new_speaker(rng, split == "heldout")
        more, changes = followup.answer(voice, call)
        if not _possible(call, changes):
            call = _earlier(rng, followup)
            continue
        more["cmp"] = _compared(call) if rng.random() < 0.6 else "more"
        wording = voice.pick(_wordings(name))
        instead = followup.instead and not undone and not (name == "direction" and _ON_TOP.fullmatch(wording))
        text = _TO_THE_WAY.sub(lambda m: m[1], fill(voice, wording, more))
        text = fill(voice, voice.pick(wording_pool("followup_polite")), {"x": text})
        text = finished(voice, text, said)
        if counts(split, text):
            break
    line = f"edit {'back ; ' if instead else ''}again {changes}".strip()
    return f"{'undo' if undone else 'edit'} {call}", typed(rng, text), parse_plan(line)


def sample_going_back(rng: random.Random, split: str = "train") -> tuple[str, str, Plan]:
    """The edit before as the model is told of it, a request to go back to something or to leave it out, its plan."""
    kind = rng.choice(("undo_last", "undo_one", "keep", "restore"))
    names = [n for n in again_words()["names"] if n in kinds()]
    text, before, plan = "", "", Plan("undo")
    for _ in range(TRIES):
        voice, said = new_speaker(rng, split == "heldout")
        last = _earlier(rng, Followup(lambda c: c.name in names, _just("")))
        op = last.name if kind == "undo_last" else rng.choice([n for n in names if n != last.name])
        version, spoken = EXTRAS["v"][1](rng)
        before = f"edit {last}"
        if kind == "keep":
            other = _earlier(rng, Followup(lambda c, op=op: c.name == op, _just("")))
            pair = [other, last] if rng.random() < 0.5 else [last, other]
            before = f"edit {pair[0]} ; {pair[1]}" if rng.random() < 0.6 else before
        plans = {
            "undo_last": f"undo {op}",
            "undo_one": f"undo {op}",
            "keep": f"undo keep {op}",
            "restore": f"restore {number(version)}",
        }
        plan = parse_plan(plans[kind])
        text = fill(voice, voice.pick(_pool(kind)), {"op": voice.pick(_pool("names", op)), "v": spoken})
        text = finished(voice, text, said)
        if counts(split, text):
            break
    return before, typed(rng, text), plan
