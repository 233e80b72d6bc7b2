"""Kinematic facts of a scene of two: contacts, distances, facing, who moves first, bodies that keep out of each other.

faults(take)                                   # sentences; empty for a take that is as it should be
scene_facts("handshake", {}, actor, reactor)   # the same facts of any two motions, for scoring a model
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.assess.between import began, facing, pelvis_distance, trunk_distance
from engine.assess.physical import physical
from engine.core.points import mirrored_name, place
from engine.core.types import Motion
from engine.data.pairs.registry import INTERACTIONS, Facts, PairTake

Array = np.ndarray
TOUCH_M = 0.08
"""Places that touch are no further apart."""
BODIES_M = 0.22
"""Trunks that do not hold each other keep this far apart; those that do, CLOSE_M."""
CLOSE_M = 0.15
FACING_SHARE = 0.55
"""They face each other, or the same way, for this share of the time in which they are near."""
SKATE_CM_S, SINK_CM, FASTEST_DEG_S, OUTSIDE_SHARE = 10.0, 1.2, 1700.0, 0.3
"""Bounds of `physical` that single actions keep as well."""
MOST_POPS = 2
"""Frames with a jump that quick gestures have."""


def gap(actor: Motion, reactor: Motion, touch: tuple[str, str]) -> Array:
    """Metres (T,) between a place of the actor and one of the reactor."""
    return np.linalg.norm(place(actor, touch[0]) - place(reactor, touch[1]), axis=1)


def scene_facts(name: str, args: Mapping[str, str], actor: Motion, reactor: Motion) -> dict[str, bool]:
    """Which facts of an interaction hold of two motions of equal length: touch, distance, facing, first, apart.

    'touch' only where the interaction has contact; it asks that every pair of places meets at some moment.
    """
    facts = INTERACTIONS[name].facts
    low, high = facts.near_m
    least = float(pelvis_distance(actor, reactor).min())
    shares = facing(actor, reactor)
    found = {
        "distance": low <= least <= high,
        "facing": facts.facing == "any" or shares[facts.facing] >= FACING_SHARE,
        "first": facts.first == "any" or began(actor) < began(reactor),
        "apart": trunk_distance(actor, reactor) >= (CLOSE_M if facts.close else BODIES_M),
    }
    touches = touches_of(facts, args)
    if touches:
        found["touch"] = all(float(gap(actor, reactor, touch).min()) <= TOUCH_M for touch in touches)
    return found


def touches_of(facts: Facts, args: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The places that meet for these arguments: on the other side for the mirror image."""
    if args.get("side") != "left":
        return facts.touches
    return tuple((mirrored_name(a), mirrored_name(b)) for a, b in facts.touches)


def contact_gap(take: PairTake) -> float:
    """The largest distance, metres, of places that touch, during their contacts; 0 without contacts."""
    largest = 0.0
    for contact in take.contacts:
        first, last = round(contact.start_s * take.actor.fps), round(contact.end_s * take.actor.fps)
        apart = gap(take.actor, take.reactor, (contact.actor, contact.reactor))[first : last + 1]
        largest = max(largest, float(apart.max()))
    return largest


def faults(take: PairTake) -> tuple[str, ...]:
    """What is wrong with a take, in words."""
    found = [f"{fact} does not hold" for fact, holds in
             scene_facts(take.name, take.args, take.actor, take.reactor).items() if not holds]  # fmt: skip
    if contact_gap(take) > TOUCH_M:
        found.append(f"a contact is {100 * contact_gap(take):.0f} cm off")
    for who, motion in (("actor", take.actor), ("reactor", take.reactor)):
        report, falls = physical(motion), INTERACTIONS[take.name].facts.falls and who == "reactor"
        checks = (
            (report.skate_cm_s > SKATE_CM_S and not falls, f"feet slide at {report.skate_cm_s:.0f} cm/s"),
            (report.penetration_cm > SINK_CM, f"a foot sinks by {report.penetration_cm:.1f} cm"),
            (report.max_joint_deg_s > FASTEST_DEG_S, f"a joint turns at {report.max_joint_deg_s:.0f} degrees a second"),
            (report.limit_share > OUTSIDE_SHARE, f"joints are outside their limits in {report.limit_share:.0%}"),
            (report.pops > MOST_POPS, f"{report.pops} frames jump"),
        )
        found += [f"the {who}'s {text}" if text.startswith("feet") else f"{who}: {text}" for bad, text in checks if bad]
    return tuple(found)
