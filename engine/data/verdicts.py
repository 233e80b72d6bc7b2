"""Judgements for the language model to learn: a goal, and what is wrong in a motion that was made for another plan.

The motion is given; the goal is its plan with a known fault put in, so that what is wrong, and what mends it, is known.
Wordings: `prompts/verdicts.yaml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine.core.instruction import Instruction, Target
from engine.core.plan import ActionSpec, Call, Plan, Segment
from engine.data.describe import describe
from engine.data.sampling import sample_call
from engine.data.wordings import PROMPTS, read_yaml
from engine.language.verdicts import SIDE_WORDS, slot_words

FAULTS = {"none": 0.4, "action": 0.22, "slot": 0.2, "missing": 0.08, "order": 0.04, "sides": 0.06}
"""How often a goal differs from what is done, and in what."""
SECOND_SHARE = 0.2
"""Share of goals with a fault in an action or a setting that have another one."""
FLIPPED = {"left": "right", "right": "left"}


@dataclass(frozen=True)
class Verdict:
    """goal: the plan that was asked for.  text: what of it is wrong in the motion.  instruction: what mends it."""

    goal: Plan
    text: str
    instruction: Instruction


@dataclass(frozen=True)
class _Fault:
    """A goal with one fault more, in words, and what is made anew for it (None: all of it)."""

    goal: Plan
    text: str
    target: Target | None


@lru_cache(maxsize=1)
def _wordings() -> Mapping:
    return read_yaml(PROMPTS / "verdicts.yaml")


def verdict_templates() -> dict[str, list[str]]:
    """The sentences by what is wrong, the slots' among them."""
    table = dict(_wordings())
    return {**{k: list(v) for k, v in table.pop("slots").items()}, **{k: list(v) for k, v in table.items()}}


def _say(rng: np.random.Generator, *path: str, **words: str) -> str:
    node = _wordings()
    for key in path:
        node = node[key]
    text = str(rng.choice(list(node)))
    for name, value in words.items():
        text = text.replace(f"<{name}>", value)
    return text[0].upper() + text[1:]


def sample_verdict(rng: np.random.Generator, done: Plan, known: Mapping[str, ActionSpec]) -> Verdict:
    """A goal for a motion that performs `done`, with its judgement. Every call of `done` is in the catalogue."""
    kind = str(rng.choice(list(FAULTS), p=list(FAULTS.values())))
    if kind == "sides" and (flipped := flip_sides(done)) != done:
        first = next(c for s in done.segments for c in s.calls if c != flip_sides_of(c))
        seen = next(v for v in first.args.values() if v in FLIPPED)
        text = _say(rng, "slots", "side", **{"in": ""}, seen=SIDE_WORDS[seen], wanted=SIDE_WORDS[FLIPPED[seen]])
        return Verdict(flipped, text, Instruction(edits=(Call("mirror"),)))
    if kind == "order" and len({str(s.calls) for s in done.segments}) > 1:
        return _swapped(rng, done)
    faults = []
    if kind in ("action", "slot", "missing"):
        goal, free = done, [(i, k) for i, s in enumerate(done.segments) for k in range(len(s.calls))]
        for number in range(1 + int(rng.random() < SECOND_SHARE)):
            if not free:
                break
            place = free.pop(int(rng.integers(len(free))))
            other = kind if number == 0 else str(rng.choice(["action", "slot"]))
            fault = _fault(rng, goal, place, other, known)
            if fault is not None:
                goal, faults = fault.goal, [*faults, fault]
    if not faults:
        return Verdict(done, _say(rng, "fits", doing=describe(done)), Instruction())
    text = " ".join(f.text for f in faults)
    return Verdict(faults[-1].goal, text, _instruction(faults, done))


def spoilt(rng: np.random.Generator, done: Plan, fault: str) -> Verdict:
    """The judgement of a motion that does what it should, with a physical fault, in words."""
    return Verdict(done, _say(rng, "physical", seen=fault), Instruction(everything=True))


def flip_sides_of(call: Call) -> Call:
    """The call with left and right swapped."""
    return Call(call.name, {k: FLIPPED.get(v, v) for k, v in call.args.items()})


def flip_sides(plan: Plan) -> Plan:
    """The plan with left and right swapped throughout."""
    return replace(plan, segments=tuple(Segment(tuple(map(flip_sides_of, s.calls)), s.seconds) for s in plan.segments))


def _swapped(rng: np.random.Generator, done: Plan) -> Verdict:
    first = next(i for i, (a, b) in enumerate(zip(done.segments, done.segments[1:])) if a.calls != b.calls)
    segments = list(done.segments)
    segments[first], segments[first + 1] = segments[first + 1], segments[first]
    seen, wanted = (describe(Plan("make", (done.segments[k],))) for k in (first, first + 1))
    text = _say(rng, "order", seen=seen, wanted=wanted)
    return Verdict(Plan("make", tuple(segments)), text, Instruction(everything=True))


def _fault(
    rng: np.random.Generator, plan: Plan, place: tuple[int, int], kind: str, known: Mapping[str, ActionSpec]
) -> _Fault | None:
    """The plan with another call at this place (segment, call), or with one more in the segment; None if it cannot."""
    i, k = place
    segment, part = plan.segments[i], f"In part {i + 1}, " if len(plan.segments) > 1 else ""
    call = segment.calls[k]
    if kind == "missing":
        if len(segment.calls) > 1 or known[call.name].part != "lower":
            return None
        more = sample_call(rng, _one(rng, known, "upper"))
        text = _say(rng, "missing", **{"in": part}, wanted=_doing(more))
        return _Fault(_with_calls(plan, i, (call, more)), text, Target(i + 1, "upper"))
    slots = [s for s in call.args if s != "count" or len(segment.calls) == 1]  # two at once are done as often as fits
    if kind == "slot" and slots:
        slot = str(rng.choice(slots))
        values = [v for v in known[call.name].slots[slot] if v != call.args[slot]]
        if not values:
            return None
        other = Call(call.name, {**call.args, slot: str(rng.choice(values))})
        key = slot if slot in _wordings()["slots"] else "other"
        seen, wanted = (slot_words(slot, c.args[slot]) for c in (call, other))
        text = _say(rng, "slots", key, **{"in": part}, seen=seen, wanted=wanted, slot=slot)
    else:
        other = sample_call(rng, _one(rng, known, known[call.name].part, call.name))
        text = _say(rng, "action", **{"in": part}, seen=_doing(call), wanted=_doing(other))
    calls = tuple(other if n == k else c for n, c in enumerate(segment.calls))
    group = "whole"
    if len(calls) == 2:
        group = "upper" if known[call.name].part == "upper" else "legs"
    return _Fault(_with_calls(plan, i, calls), text, Target(i + 1, group))


def _instruction(faults: list[_Fault], done: Plan) -> Instruction:
    """What to make anew; all of it where that is everything."""
    targets = sorted({f.target for f in faults if f.target}, key=lambda t: (t.part, t.group))
    parts = {t.part for t in targets if t.group == "whole"}
    parts |= {t.part for t in targets if {Target(t.part, "legs"), Target(t.part, "upper")} <= set(targets)}
    if len(parts) == len(done.segments):
        return Instruction(everything=True)
    kept = [t for t in targets if t.part not in parts]
    return Instruction(targets=tuple(sorted([*(Target(p) for p in parts), *kept], key=lambda t: t.part)))


def _with_calls(plan: Plan, i: int, calls: tuple[Call, ...]) -> Plan:
    segments = list(plan.segments)
    segments[i] = Segment(calls, segments[i].seconds)
    return Plan("make", tuple(segments))


def _one(rng: np.random.Generator, known: Mapping[str, ActionSpec], part: str, but: str = "") -> ActionSpec:
    names = [n for n, s in known.items() if s.part == part and n != but]
    return known[names[int(rng.integers(len(names)))]]


def _doing(call: Call) -> str:
    return describe(Plan("make", (Segment((call,), 1.0),)))
