"""Authored actions: what the planner may say, how long it takes, and how it is performed.

    @action("nod", "upper", seconds=lambda args, rng: 0.6 + 0.6 * int(args["count"]), slots={"count": ("2", "1")})
    def nod(ctx: Ctx, count: str) -> Channels: ...

Any module of engine/data/actions registers itself by existing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.core.plan import STEP_S, ActionSpec, Call
from engine.core.registry import Registry
from engine.data.lasting import LASTING
from engine.data.toolkit.channels import Channels, Ctx

Seconds = Callable[[Mapping[str, str], np.random.Generator], float]


@dataclass(frozen=True)
class Action:
    """spec: what a plan may say.  perform(ctx, **args): channels of ctx.num_frames.  seconds(args, rng): its length."""

    spec: ActionSpec
    perform: Callable[..., Channels]
    seconds: Seconds


ACTIONS: Registry[Action] = Registry("action", "engine.data.actions")


def action(
    name: str,
    part: str,
    seconds: Seconds,
    slots: Mapping[str, tuple[str, ...]] | None = None,
    start: str | None = None,
    end: str | None = None,
) -> Callable[[Callable[..., Channels]], Callable[..., Channels]]:
    """Register a function as the action `name`; start and end default to stand, for upper actions to any and same."""
    default = ("any", "same") if part == "upper" else ("stand", "stand")
    spec = ActionSpec(name, part, dict(slots or {}), start or default[0], end or default[1], name in LASTING)

    def add(perform: Callable[..., Channels]) -> Callable[..., Channels]:
        ACTIONS.register(name)(Action(spec, perform, seconds))
        return perform

    return add


def default_args(name: str, args: Mapping[str, str] | None = None) -> dict[str, str]:
    """All slots of an action in their order, defaults where `args` says nothing."""
    return {slot: (args or {}).get(slot, values[0]) for slot, values in ACTIONS[name].spec.slots.items()}


def natural_seconds(name: str, args: Mapping[str, str], rng: np.random.Generator) -> float:
    """A natural length in seconds, a multiple of 0.2, between 0.8 and 10."""
    seconds = ACTIONS[name].seconds(default_args(name, args), rng) * rng.uniform(0.9, 1.12)
    return round(float(np.clip(round(seconds / STEP_S), 4, 50) * STEP_S), 1)


def perform(call: Call, ctx: Ctx) -> Channels:
    """The action of a call as channels of ctx.num_frames."""
    return ACTIONS[call.name].perform(ctx, **default_args(call.name, call.args))


def catalogue() -> dict[str, ActionSpec]:
    """Everything that a plan may say."""
    return {name: item.spec for name, item in ACTIONS.items()}
