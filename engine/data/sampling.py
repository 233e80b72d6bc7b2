"""Random plans over the action catalogue: single actions, upper over lower, sequences."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.core.plan import ActionSpec, Call, Plan, Segment, together_s
from engine.data.registry import natural_seconds

MAX_SECONDS = 10.0
SHARES = {"single": 0.45, "composite": 0.25, "sequence": 0.30}
VARIANT_POWER = 0.35
LONGEST_PERFORMED = 30
"""Seconds that lasting actions are performed for at most; longer ones are generated from stretches of these."""
ASKED_SECONDS = (2, 3, 4, 5, 5, 6, 7, 8, 9, 10, 10, 12, 12, 15, 15, 18, 20, 20, 24, 25, 30, 30, 35, 40, 45, 50, 60)
"""Lengths that requests name."""
DEFAULT_SHARE = 0.5
FREE_ARMS = ("jump", "hop", "spin", "kick", "side_kick", "dance", "knee_strike")
"""Whole-body actions that leave the arms free for an upper one."""
HOLDS = ("stand", "sway", "crouch", "sit", "kneel", "balance")
"""Lower actions that an upper one is often put over."""


def sample_plan(
    rng: np.random.Generator,
    catalogue: Mapping[str, ActionSpec],
    max_segments: int = 3,
    shares: Mapping[str, float] = SHARES,
    max_seconds: float = MAX_SECONDS,
) -> Plan:
    """A 'make' plan of at most max_seconds whose postures fit together; slots by `sample_call`.

    rng decides everything.  catalogue: name -> spec, all of it performable.  max_segments: at least 1.
    shares: how often each of single, composite and sequence is drawn; they sum to 1.
    """
    while True:
        kind = str(rng.choice(list(shares), p=list(shares.values())))
        if kind == "sequence" and max_segments > 1:
            plan = _sequence(rng, catalogue, int(rng.integers(2, max_segments + 1)))
        elif kind == "composite":
            plan = Plan("make", (_composite(rng, catalogue, "stand"),))
        else:
            plan = Plan("make", (_single(rng, catalogue, _pick(rng, catalogue, ("full", "lower", "upper"), None)),))
        if plan.seconds <= max_seconds:
            return plan


def sample_single(rng: np.random.Generator, catalogue: Mapping[str, ActionSpec], name: str) -> Plan:
    """A 'make' plan of this one action, slots by `sample_call`."""
    return Plan("make", (_single(rng, catalogue, catalogue[name]),))


def with_length(
    rng: np.random.Generator, catalogue: Mapping[str, ActionSpec], plan: Plan, performable: bool = False
) -> Plan:
    """The plan with one segment made as long as somebody might ask: one of ASKED_SECONDS.

    performable: only actions that can go on for long get longer, up to LONGEST_PERFORMED seconds, others stay.
    """
    k = int(rng.integers(len(plan.segments)))
    lasting = all(catalogue[c.name].lasting for c in plan.segments[k].calls if catalogue[c.name].part != "upper")
    if performable and not lasting:
        return plan
    seconds = float(rng.integers(11, LONGEST_PERFORMED + 1) if performable else rng.choice(ASKED_SECONDS))
    segments = list(plan.segments)
    segments[k] = Segment(segments[k].calls, seconds)
    return Plan(plan.task, tuple(segments))


def sample_call(rng: np.random.Generator, spec: ActionSpec) -> Call:
    """A call of an action: each slot has its default half of the time, as in what people ask for, else any value.

    Style only varies for what goes forward.
    """
    args = {
        slot: values[0] if rng.random() < DEFAULT_SHARE else str(rng.choice(values))
        for slot, values in spec.slots.items()
    }
    if "style" in args and args.get("direction", "forward") != "forward":
        args["style"] = spec.slots["style"][0]
    return Call(spec.name, args)


def _pick(
    rng: np.random.Generator, catalogue: Mapping[str, ActionSpec], parts: tuple[str, ...], posture: str | None
) -> ActionSpec:
    """An action of these parts that can begin in the posture (None: any beginning)."""
    fits = [s for s in catalogue.values() if s.part in parts and (posture is None or _fits(s, posture))]
    return _draw(rng, fits)


def _draw(rng: np.random.Generator, specs: list[ActionSpec]) -> ActionSpec:
    """One of the actions; those with more variants are drawn more often (walking five times as often as sitting)."""
    weight = np.array([math.prod(len(v) for v in s.slots.values()) ** VARIANT_POWER for s in specs])
    return specs[int(rng.choice(len(specs), p=weight / weight.sum()))]


def _fits(spec: ActionSpec, posture: str) -> bool:
    if spec.start == "any" and spec.end == "stand":
        return posture != "stand"
    return spec.start in ("any", posture)


def _single(rng: np.random.Generator, catalogue: Mapping[str, ActionSpec], spec: ActionSpec) -> Segment:
    call = sample_call(rng, spec)
    return Segment((call,), natural_seconds(call.name, call.args, rng))


def _composite(rng: np.random.Generator, catalogue: Mapping[str, ActionSpec], posture: str) -> Segment:
    """An upper action over a lower one; the length is the longer of their natural ones, within reason."""
    legs = [s for s in catalogue.values() if s.part == "lower" or s.name in FREE_ARMS]
    lower = [s for s in legs if _fits(s, posture) and s.name != "stand_up"]
    if rng.random() < 0.25:
        lower = [s for s in lower if s.name in HOLDS] or lower
    upper = [s for s in catalogue.values() if s.part == "upper"]
    if not lower or not upper:
        return _single(rng, catalogue, _pick(rng, catalogue, ("lower", "full"), posture))
    a = sample_call(rng, _draw(rng, lower))
    b = sample_call(rng, _draw(rng, upper))
    length = together_s(natural_seconds(a.name, a.args, rng), natural_seconds(b.name, b.args, rng))
    return Segment((a, b), length)


def _sequence(rng: np.random.Generator, catalogue: Mapping[str, ActionSpec], count: int) -> Plan:
    """Segments one after another, each beginning in the posture that the one before it left."""
    segments, posture = [], "stand"
    for _ in range(count):
        if posture != "stand" and rng.random() < 0.5:
            segment = _single(rng, catalogue, catalogue["stand_up"])
        elif rng.random() < 0.25 and posture == "stand":
            segment = _composite(rng, catalogue, posture)
        else:
            segment = _single(rng, catalogue, _pick(rng, catalogue, ("full", "lower", "upper"), posture))
        segments.append(segment)
        end = catalogue[segment.calls[0].name].end
        posture = posture if end == "same" else end
    return Plan("make", tuple(segments))
