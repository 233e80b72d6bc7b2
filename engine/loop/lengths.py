"""Long requests: what can last goes on, what cannot is done again until the time is over."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.plan import STEP_S, ActionSpec, Call, Plan, Segment

ONCE_S = 10.0
"""An action that cannot last is performed for so long at most, then again."""
AGAIN_S = 5.0
"""About how long each performance then takes, seconds."""


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


def _stays(call: Call, spec: ActionSpec) -> bool:
    """True for what is not done again: it lasts, ends in another posture, or was asked for a number of times."""
    counts = spec.slots.get("count", ("",))
    return spec.lasting or spec.end not in ("same", spec.start) or call.args.get("count", counts[0]) != counts[0]


def _shares(steps: int, times: int) -> list[int]:
    """`steps` in `times` nearly equal parts."""
    return [steps * (i + 1) // times - steps * i // times for i in range(times)]
