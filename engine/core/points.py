"""Named places on a body, to touch and to be touched: a joint, and an offset that turns with it or with another joint.

points = place(motion, "right_palm")   # (T, 3) world metres
"""

from __future__ import annotations

import numpy as np

from engine.core.rotations import quat_rotate
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS, J, rest_offsets
from engine.core.types import Motion

Array = np.ndarray
PALM_M = 0.085
FIST_M = 0.10
_MIDDLE = {
    "chest": ("spine3", "spine3", (0.0, 0.05, 0.12)),
    "back": ("spine3", "spine3", (0.0, 0.04, -0.095)),
    "belly": ("spine1", "spine1", (0.0, 0.03, 0.14)),
    "lap": ("pelvis", "pelvis", (0.0, 0.04, 0.115)),
    "face": ("head", "head", (0.0, 0.04, 0.13)),
}
_SIDED = {
    "shoulder_top": ("shoulder", "spine3", (0.0, 0.045, 0.01)),
    "breast": ("spine3", "spine3", (0.09, 0.07, 0.125)),
    "blade": ("spine3", "spine3", (0.085, 0.06, -0.10)),
    "loin": ("spine1", "spine1", (0.085, 0.03, -0.075)),
    "waist": ("spine1", "spine1", (0.165, 0.02, 0.02)),
    "armpit": ("spine3", "spine3", (0.17, 0.0, -0.02)),
    "cheek": ("head", "head", (0.06, 0.03, 0.10)),
    "toes": ("foot", "foot", (0.0, 0.0, 0.03)),
}
_ALONG = {"upper_arm": ("shoulder", "elbow", 0.6), "forearm": ("elbow", "wrist", 0.6), "shin": ("knee", "ankle", 0.5)}
"""Places between two joints: which, and at what share of the way."""
_BEYOND = {"palm": PALM_M, "fist": FIST_M, "fingertips": 0.17}
"""Places beyond the wrist, metres."""


def _names() -> tuple[str, ...]:
    sided = [f"{side}_{name}" for name in (*_SIDED, *_ALONG, *_BEYOND) for side in ("left", "right")]
    return (*JOINT_NAMES[:NUM_JOINTS], *_MIDDLE, *sided)


POINTS = _names()
"""Every place that `place` knows: the joints and the named surfaces."""
_OTHER = {"left": "right", "right": "left"}


def place(motion: Motion, name: str) -> Array:
    """World positions (T, 3), metres, of a named place on the body."""
    pos, turns = motion.world()
    if name in J:
        return pos[:, J[name]]
    if name in _MIDDLE:
        joint, frame, offset = _MIDDLE[name]
        return pos[:, J[joint]] + quat_rotate(turns[:, J[frame]], np.array(offset, pos.dtype))
    side, _, part = name.partition("_")
    if part in _ALONG:
        first, second, share = _ALONG[part]
        a, b = pos[:, J[f"{side}_{first}"]], pos[:, J[f"{side}_{second}"]]
        return a + share * (b - a)
    if part in _BEYOND:
        wrist, along = J[f"{side}_wrist"], rest_offsets()[J[f"{side}_hand"]]
        along = (along / np.linalg.norm(along) * _BEYOND[part]).astype(pos.dtype)
        return pos[:, wrist] + quat_rotate(turns[:, wrist], along)
    joint, frame, offset = _SIDED[part]
    flip = np.array([1.0 if side == "left" else -1.0, 1, 1])
    joints = [n if n in J else f"{side}_{n}" for n in (joint, frame)]
    return pos[:, J[joints[0]]] + quat_rotate(turns[:, J[joints[1]]], (np.array(offset) * flip).astype(pos.dtype))


def mirrored_name(name: str) -> str:
    """The same place on the other side of the body."""
    side, found, part = name.partition("_")
    return f"{_OTHER[side]}_{part}" if found and side in _OTHER else name
