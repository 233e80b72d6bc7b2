"""Interactions: what may be asked of two persons, what holds in the scene, and how it is performed.

    @interaction("fist_bump", Facts(touches=(("right_fist", "right_fist"),), near_m=(0.6, 1.1)), slots={"side": SIDE})
    def fist_bump(stage: Stage) -> None: ...

    take = perform_pair("fist_bump", {"side": "left"}, np.random.default_rng(0))

Any module of engine/data/pairs/interactions registers itself by existing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.core.errors import UserError
from engine.core.mirror import mirror_motion
from engine.core.points import POINTS, mirrored_name
from engine.core.registry import Registry
from engine.core.types import Motion, Scene
from engine.data.pairs.toolkit.stage import Contact, Stage

SIDE = ("right", "left")
"""Values of the slot `side`: an interaction is written for the right, the left is its mirror image."""
DISTANCE = ("near", "far")
"""Values of the slot `distance`: whether they stand by each other, or one walks up first."""


@dataclass(frozen=True)
class Facts:
    """What a scene must fulfil, for tests and for evaluations of what a model makes.

    touches: places that meet, as (actor's, reactor's) names.  near_m: range of the least distance of the pelvises.
    facing: 'each other', 'same way' or 'any', for most of the time that they are near.  first: who moves first, 'actor'
    or 'any'.  close: bodies may come as near as in a hug.  falls: B ends on the floor, feet slide as in any fall.
    """

    touches: tuple[tuple[str, str], ...] = ()
    near_m: tuple[float, float] = (0.5, 4.0)
    facing: str = "each other"
    first: str = "actor"
    close: bool = False
    falls: bool = False


@dataclass(frozen=True, eq=False)
class PairTake:
    """A performed interaction: both motions at 20 fps and of equal length in one world, and what touches when.

    The actor starts at the origin facing +Z; the floor is y = 0.
    """

    name: str
    args: Mapping[str, str]
    actor: Motion
    reactor: Motion
    contacts: tuple[Contact, ...] = ()

    @property
    def scene(self) -> Scene:
        return Scene((self.actor, self.reactor), provenance={"interaction": self.name, "args": dict(self.args)})


@dataclass(frozen=True)
class Interaction:
    """name; facts; slots: parameter -> values, the first is the default; seconds: range of its length; delay_s: how
    long after the actor the other person reacts; stages(stage, **args): writes the scene."""

    name: str
    facts: Facts
    stages: Callable[..., None]
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seconds: tuple[float, float] = (2.0, 8.0)
    delay_s: float = 0.3

    def default_args(self, args: Mapping[str, str] | None = None) -> dict[str, str]:
        """All slots in their order, defaults where `args` says nothing. UserError for what the slots do not allow."""
        for slot, value in (args or {}).items():
            if value not in self.slots.get(slot, ()):
                allowed = "; ".join(f"{name}: {', '.join(values)}" for name, values in self.slots.items())
                raise UserError(f"{self.name} cannot be done with {slot}={value}. It takes {allowed or 'nothing'}.")
        return {slot: (args or {}).get(slot, values[0]) for slot, values in self.slots.items()}

    def perform(self, args: Mapping[str, str] | None, rng: np.random.Generator) -> PairTake:
        """The interaction with these arguments, never twice the same."""
        full = self.default_args(args)
        stage = Stage(rng, self.delay_s)
        self.stages(stage, **{slot: value for slot, value in full.items() if slot != "side"})
        stage.level()
        stage.settle()
        actor, reactor = _from_origin(stage.motions())
        take = PairTake(self.name, full, actor, reactor, tuple(stage.contacts))
        return mirrored(take) if full.get("side") == "left" else take


INTERACTIONS: Registry[Interaction] = Registry("interaction", "engine.data.pairs.interactions")


def interaction(
    name: str,
    facts: Facts,
    slots: Mapping[str, tuple[str, ...]] | None = None,
    seconds: tuple[float, float] = (2.0, 8.0),
    delay_s: float = 0.3,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the interaction `name`; it is given the stage and all slots but `side`."""
    assert all(point in POINTS for pair in facts.touches for point in pair), facts.touches

    def add(stages: Callable[..., None]) -> Callable[..., None]:
        INTERACTIONS.register(name)(Interaction(name, facts, stages, dict(slots or {}), seconds, delay_s))
        return stages

    return add


def perform_pair(name: str, args: Mapping[str, str] | None, rng: np.random.Generator) -> PairTake:
    """A take of the named interaction. UserError for an unknown name."""
    return INTERACTIONS[name].perform(args, rng)


def sample_args(name: str, rng: np.random.Generator, share: float = 0.5) -> dict[str, str]:
    """Random arguments; each slot has its default with a probability of `share`, else any value."""
    slots = INTERACTIONS[name].slots
    return {s: values[0] if rng.random() < share else str(rng.choice(values)) for s, values in slots.items()}


def mirrored(take: PairTake) -> PairTake:
    """The take as seen in a mirror: the same with left and right exchanged."""
    contacts = tuple(replace(c, actor=mirrored_name(c.actor), reactor=mirrored_name(c.reactor)) for c in take.contacts)
    return replace(take, actor=mirror_motion(take.actor), reactor=mirror_motion(take.reactor), contacts=contacts)


def _from_origin(motions: tuple[Motion, Motion]) -> tuple[Motion, Motion]:
    """Both moved on the floor so that the first begins over the origin."""
    x, _, z = motions[0].root_pos[0]
    first, second = (m.with_(root_pos=m.root_pos - np.array([x, 0, z], np.float32)) for m in motions)
    return first, second
