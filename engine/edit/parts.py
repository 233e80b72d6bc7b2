"""The parts of a body that an edit can be asked for, as joints."""

from __future__ import annotations

from engine.core.skeleton import NUM_JOINTS
from engine.core.skeleton import PARTS as BASE

_TRUNK, _HEAD = BASE["torso"][:3], BASE["torso"][3:]
_ARMS = (*BASE["left_arm"], *BASE["right_arm"])
_LEGS = (*BASE["left_leg"], *BASE["right_leg"])
PARTS: dict[str, tuple[int, ...]] = {
    "all": tuple(range(NUM_JOINTS)),
    "left_arm": BASE["left_arm"],
    "right_arm": BASE["right_arm"],
    "arms": _ARMS,
    "left_leg": BASE["left_leg"],
    "right_leg": BASE["right_leg"],
    "legs": _LEGS,
    "torso": _TRUNK,
    "head": _HEAD,
    "upper": (*_TRUNK, *_HEAD, *_ARMS),
    "lower": (*BASE["root"], *_LEGS),
}
"""Name of a part -> its joints. `all` and `lower` hold the pelvis, and with it the path."""
SIDES = {"arms": ("left", "right"), "legs": ("left", "right"), "both": ("left", "right")}


def has_path(part: str) -> bool:
    """Whether where the body goes belongs to this part."""
    return 0 in PARTS[part]


def sides(part: str) -> tuple[str, ...]:
    """'left', 'right' or both, of a part or a hand that is named with its side."""
    return SIDES.get(part) or (part.split("_")[0],)


def words(part: str) -> str:
    """ "the left arm"."""
    named = {"all": "whole body", "upper": "upper body", "lower": "lower body"}
    return f"the {named.get(part, part.replace('_', ' '))}"
