"""Measured facts in words, for people and for the language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.assess.arms import ArmFacts
    from engine.assess.measure import Facts

POSTURES = {"stand": "standing", "crouch": "crouching", "sit": "sitting", "kneel": "kneeling", "lie": "lying"}
PLACES = {"mouth": "at the mouth", "ear": "at the ear", "brow": "at the head", "hip": "on the hip"}


def times(count: int) -> str:
    """'once', 'twice', '3 times'."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def describe(facts: Facts) -> list[str]:
    """The notable facts as short sentences without a subject."""
    return [*_path(facts), *_body(facts), *_legs(facts), *_arms(facts), *_trunk(facts)]


def _path(facts: Facts) -> list[str]:
    out = [f"lasts {facts.duration_s:.1f} s"]
    ways = []
    if abs(facts.forward_m) > 0.25:
        ways.append(f"{abs(facts.forward_m):.1f} m {'forward' if facts.forward_m > 0 else 'backward'}")
    if abs(facts.left_m) > 0.25:
        ways.append(f"{abs(facts.left_m):.1f} m to the {'left' if facts.left_m > 0 else 'right'}")
    if ways:
        out.append(f"moved {' and '.join(ways)}, at {facts.speed_m_s:.1f} m/s")
    elif facts.path_m > 1.5:
        out.append(f"travelled {facts.path_m:.1f} m and came back to where it began")
    else:
        out.append("stayed in place")
    if abs(facts.turn_deg) > 20:
        out.append(f"turned {abs(facts.turn_deg):.0f} degrees to the {'left' if facts.turn_deg > 0 else 'right'}")
    return out


def _body(facts: Facts) -> list[str]:
    out = []
    if facts.end != facts.start:
        out.append(f"went from {POSTURES[facts.start]} to {POSTURES[facts.end]}")
    elif facts.end != "stand":
        out.append(f"stayed {POSTURES[facts.end]}")
    if facts.legs.squats and facts.end == facts.start == "stand" and not facts.trunk.bows:
        out.append(f"went down {times(facts.legs.squats)}, the pelvis as low as {facts.pelvis_m[0]:.2f} m")
    return out


def _legs(facts: Facts) -> list[str]:
    legs, out = facts.legs, []
    if legs.airborne:
        out.append(f"{len(legs.airborne)} airborne phase{'s' if len(legs.airborne) > 1 else ''}")
    if sum(legs.steps) > 1:
        out.append(f"{sum(legs.steps)} steps")
    for index, side in enumerate(("left", "right")):
        if legs.kicks[index] and facts.speed_m_s < 0.6:
            out.append(f"the {side} foot kicked {times(legs.kicks[index])}, up to {legs.kick_m:.1f} m high")
        if legs.knee_raises[index]:
            out.append(f"the {side} knee came up {times(legs.knee_raises[index])}")
    return out


def _arm(side: str, arm: ArmFacts, calm: bool) -> list[str]:
    out = []
    if arm.waves:
        out.append(f"right wrist oscillates {times(arm.waves)} above the shoulder".replace("right", side))
    elif arm.raised > 0.15:
        out.append(f"{side} wrist above the shoulder for {arm.raised:.0%} of the time")
    if arm.punches and calm:
        out.append(f"{side} hand thrust forward {times(arm.punches)}")
    if abs(arm.circles) > 0.8:
        out.append(
            f"{side} arm circled {times(round(abs(arm.circles)))} {'forward' if arm.circles > 0 else 'backward'}"
        )
    where = max(PLACES, key=lambda name: getattr(arm, name))
    if getattr(arm, where) > 0.25:
        out.append(f"{side} hand {PLACES[where]}")
    return out


def _arms(facts: Facts) -> list[str]:
    out = [line for side, arm in facts.arms.items() for line in _arm(side, arm, not facts.airborne)]
    if facts.trunk.claps:
        out.append(f"hands met {times(facts.trunk.claps)}")
    for side, arm in facts.arms.items():
        if arm.acts and sum(b - a for a, b in arm.acts) < 0.85 * facts.duration_s:
            out.append(f"{side} arm acts from {arm.acts[0][0]:.1f} s to {arm.acts[-1][1]:.1f} s")
    return out


def _trunk(facts: Facts) -> list[str]:
    trunk, out = facts.trunk, []
    if trunk.bows and facts.end != "lie":
        out.append(f"bent forward {times(trunk.bows)}, up to {trunk.bow_deg:.0f} degrees")
    calm = not facts.airborne and not trunk.bows and facts.path_m < 1
    if trunk.nods > 1 and calm:
        out.append(f"head nodded {times(trunk.nods)}")
    if trunk.head_shakes > 1 and calm:
        out.append(f"head turned to and fro {times(trunk.head_shakes)}")
    return out
