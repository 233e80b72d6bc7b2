"""Lengths: what can last goes on, what cannot is done again until the time is over, and what is done a number of times
over something else sets the time for both.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.plan import STEP_S, ActionSpec, Call, Plan, Segment

ONCE_S = 10.0
"""An action that cannot last is performed for so long at most, then again."""
AGAIN_S = 5.0
"""About how long each performance then takes, seconds."""
ONE_S, AROUND_S = 0.5, 1.6
"""About how long each of a number of times takes over something else, and getting there and back."""
USUAL_S = 5.0
"""Two things at once that last longer were asked to."""


def fill_lengths(plan: Plan, catalogue: Mapping[str, ActionSpec]) -> Plan:
    """The plan with every segment that is longer than its action can last as repetitions of that action.

    The length in steps stays. What `catalogue` does not know is left alone.
    """
    segments: list[Segment] = []
    for segment in plan.segments:
        known = [(c, catalogue[c.name]) for c in segment.calls if c.name in catalogue]
        legs = [pair for pair in known if pair[1].part != "upper"] or known
        once = segment.seconds <= ONCE_S or any(_stays(call, spec) for call, spec in legs)
        times = 1 if once else round(segment.seconds / AGAIN_S)
        segments += [Segment(segment.calls, n * STEP_S) for n in _shares(segment.num_steps, times)]
    return Plan(plan.task, tuple(segments), plan.edits, plan.topic)


def shorten(plan: Plan, catalogue: Mapping[str, ActionSpec]) -> Plan:
    """The plan with what is done a number of times over something that lasts in the time that it takes.

    In more time the model often leaves it out.
    """
    segments = []
    for segment in plan.segments:
        steps = segment.num_steps
        known = [(c, catalogue[c.name]) for c in segment.calls if c.name in catalogue]
        counts = [int(c.args["count"]) for c, s in known if s.part == "upper" and c.args.get("count", "").isdecimal()]
        if counts and len(known) == 2 and any(s.lasting for _, s in known) and segment.seconds <= USUAL_S:
            steps = min(steps, round((ONE_S * counts[0] + AROUND_S) / STEP_S))
        segments.append(segment if steps == segment.num_steps else Segment(segment.calls, round(steps * STEP_S, 1)))
    return Plan(plan.task, tuple(segments), plan.edits, plan.topic)


def _stays(call: Call, spec: ActionSpec) -> bool:
    """True for what is not done again: it lasts, ends in another posture, or was asked for a number of times."""
    counts = spec.slots.get("count", ("",))
    return spec.lasting or spec.end not in ("same", spec.start) or call.args.get("count", counts[0]) != counts[0]


def _shares(steps: int, times: int) -> list[int]:
    """`steps` in `times` nearly equal parts."""
    return [steps * (i + 1) // times - steps * i // times for i in range(times)]
