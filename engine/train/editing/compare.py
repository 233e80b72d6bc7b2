"""Whether a planned line is one that is accepted: the right operators, and arguments that mean the same on the clip.

What amounts to the same is the same: trim, keep and a cut at an end take the same off; a duration is a speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from engine.core.errors import UserError
from engine.core.plan import Call, Plan, parse_plan
from engine.train.editing.spans import TOLERANCE, Timing, resolve, same_span

NUMBER_TOLERANCE = 0.1
"""Numbers may differ by this share."""
DEFAULTS = {"span": "all", "part": "all", "start": "0", "end": "0", "blend": "0.4"}
"""What an argument is if the planned line leaves it out."""
TIMES = frozenset({"at"})
"""Arguments that are moments of the clip; they are compared as ends of spans are."""
RETIMING = frozenset({
    "speed", "duration", "trim", "keep", "cut", "reverse", "repeat", "loop", "hold", "ease", "fps", "append", "prepend",
    "insert", "blend", "leave",
})  # fmt: skip
PLACING = frozenset({"turn", "face", "move", "scale_path", "bend_path", "in_place", "start_at"})
ORDERED_PLACES = tuple(map(frozenset, ({"move", "turn"}, {"move", "face"}, {"turn", "face"}, {"move", "start_at"})))
SWAPPING = frozenset({"mirror", "other_hand"})
TAKING = frozenset({"take", "overlay"})
CLEANING = frozenset({"dejitter", "smooth", "soften"})
INDIFFERENT = frozenset({"speed", "reverse", "repeat", "fps"})
"""Of the whole clip these may change places although each of them retimes."""
LEAVE = "leave"
"""What trims, keeps and cuts at an end are compared as: the seconds that they take off the start and the end."""


def disagreement(line: str, accepted: Sequence[str], timing: Timing) -> str:
    """Why the line is none of the accepted ones, as compared with the first of them; '' if it is one."""
    try:
        plan = parse_plan(line)
    except UserError as error:
        return str(error)
    reasons = [_disagreement(plan, expected, timing) for expected in accepted]
    return "" if "" in reasons else reasons[0]


def _disagreement(plan: Plan, expected: str, timing: Timing) -> str:
    task, _, rest = expected.partition(" ")
    if plan.task != task:
        return f"it is {plan.task}, not {task}"
    if task in ("make", "append"):
        first = plan.segments[0].calls[0].name
        return "" if first == rest else f"the first action is {first}, not {rest}"
    if task == "ask":
        return "" if rest in ("", plan.topic) else f"it asks for {plan.topic}, not {rest}"
    return _calls_differ(plan.edits, parse_plan(expected).edits, timing) if task == "edit" else ""


def _calls_differ(planned: Sequence[Call], expected: Sequence[Call], timing: Timing) -> str:
    """'' if each expected call is planned, in their order where it matters, and nothing else."""
    planned, expected = [_plain(c, timing) for c in planned], [_plain(c, timing) for c in expected]
    if sorted(_name(c) for c in planned) != sorted(_name(c) for c in expected):
        return f"the operators are {', '.join(c.name for c in planned)}, not {', '.join(c.name for c in expected)}"
    fits = [[not _call_differs(ours, theirs, timing) for ours in planned] for theirs in expected]
    pairs = [
        (i, j)
        for i in range(len(expected))
        for j in range(i + 1, len(expected))
        if not commute(expected[i], expected[j])
    ]
    matches = [order for order in permutations(range(len(planned))) if all(fits[i][k] for i, k in enumerate(order))]
    if any(all(order[i] < order[j] for i, j in pairs) for order in matches):
        return ""
    if matches:
        return "the order is another one"
    found = (_call_differs(ours, theirs, timing) for ours, theirs in zip(planned, expected))
    return next((why for why in found if why), "the arguments differ")


def _name(call: Call) -> str:
    return "speed" if call.name == "duration" else call.name


def commute(first: Call, second: Call) -> bool:
    """Whether two edits may change places: what retimes does so only with what holds for the whole clip."""
    names, spans = {first.name, second.name}, [c.args.get("span", "all") for c in (first, second)]
    if names & TAKING or names <= CLEANING:
        return False
    if names & SWAPPING:
        return not (names & PLACING) and not any(_one_sided(c) for c in (first, second)) and not names <= SWAPPING
    if "freeze" in names:
        return first.args.get("part", "") != second.args.get("part", "") and not names & RETIMING
    retiming = [c.name in RETIMING for c in (first, second)]
    if all(retiming):
        events = names == {"speed"} and all(s[-1].isdecimal() or s.endswith("last") for s in spans)
        return events or (names <= INDIFFERENT and spans == ["all", "all"])
    if any(retiming):
        return spans[retiming.index(False)] == "all"
    return names not in ORDERED_PLACES and (first.name != second.name or first.name not in ("face", "start_at"))


def _one_sided(call: Call) -> bool:
    return any("left" in v or "right" in v for v in call.args.values()) or call.name == "twist"


def _plain(call: Call, timing: Timing) -> Call:
    """The call in the form in which those that amount to the same look the same."""
    if call.name not in ("trim", "keep", "cut"):
        return call
    length = timing.duration_s
    try:
        if call.name == "cut":
            cut = resolve(call.args.get("span", "all"), timing)
            at_start, at_end = cut.start_s < 1e-6, cut.end_s > length - 1e-6
            if cut.event or at_start == at_end:
                return call
            start, end = (cut.end_s, length) if at_start else (0.0, cut.start_s)
        else:
            start, end = (float(call.args.get(k, "0")) for k in ("start", "end"))
            end = length - end if call.name == "trim" else (end or length)
    except ValueError:
        return call
    return Call(LEAVE, {"start": f"{start:.4f}", "end": f"{length - end:.4f}"})


def _call_differs(planned: Call, expected: Call, timing: Timing) -> str:
    """Why a call is not the expected one; '' if it is."""
    if planned.name != expected.name:
        ours, theirs = _as_speed(planned, timing), _as_speed(expected, timing)
        if ours is None or theirs is None:
            return f"{planned.name} is not {expected.name}"
        planned, expected = ours, theirs
    extra = set(planned.args) - set(expected.args)
    if extra:
        return f"{planned.name} has {min(extra)}, which was not expected"
    for key, wanted in expected.args.items():
        value = planned.args.get(key, DEFAULTS.get(key, ""))
        if not _same_value(planned.name, key, value, wanted, timing):
            return f"{planned.name} {key} is {value or 'missing'}, not {wanted}"
    return ""


def _as_speed(call: Call, timing: Timing) -> Call | None:
    """A speed or a duration of the whole clip as a speed; None for anything else."""
    if call.name == "speed":
        return call
    try:
        factor = timing.duration_s / float(call.args["seconds"])
    except (KeyError, ValueError, ZeroDivisionError):
        return None
    return Call("speed", {"factor": f"{factor:.4f}", "span": "all"}) if call.name == "duration" else None


def _same_value(operator: str, key: str, value: str, wanted: str, timing: Timing) -> bool:
    if key == "span":
        return same_span(value, wanted, timing)
    low, ranged, high = wanted.partition("..")
    try:
        number, bounds = float(value), (float(low), float(high or low))
    except ValueError:
        return value == wanted
    if ranged:
        return bounds[0] - 1e-6 <= number <= bounds[1] + 1e-6
    slack = TOLERANCE * timing.duration_s if key in TIMES else NUMBER_TOLERANCE * abs(bounds[0])
    slack += 1 / timing.fps if operator == LEAVE else 0
    off = abs(number - bounds[0])
    if operator == "turn":
        off = min(off % 360, -off % 360)
    return off <= slack + 1e-6


def concrete(expected: str) -> str:
    """An expected edit as a line that can be carried out: the middle of each range."""
    calls = [Call(c.name, {k: _middle(v) for k, v in c.args.items()}) for c in parse_plan(expected).edits]
    return str(Plan("edit", edits=tuple(calls)))


def _middle(value: str) -> str:
    low, ranged, high = value.partition("..")
    if not ranged:
        return value
    edge, colon, _ = low.partition(":")
    return f"{edge}:{high}" if colon else f"{(float(low) + float(high)) / 2:.3g}"
