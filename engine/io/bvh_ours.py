"""The BVH files that we write: their joint names, units and axes, and taking them back as they are.

Names are those that retargeters know: Mixamo's (also Rokoko's and Auto-Rig Pro's default), SMPL's and Unreal's.
"""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS, J
from engine.io.axes import Z_UP_TO_Y_UP
from engine.io.bvh_text import BvhClip
from engine.io.clip import END
from engine.io.ours import betas_of, is_our_rest

_CENTRES = {
    "mixamo": "Hips Spine Spine1 Spine2 Neck Head",
    "smpl": "Pelvis Spine1 Spine2 Spine3 Neck Head",
    "unreal": "pelvis spine_01 spine_02 spine_03 neck_01 head",
}
_LIMBS = {
    "mixamo": "{S}UpLeg {S}Leg {S}Foot {S}ToeBase {S}Shoulder {S}Arm {S}ForeArm {S}Hand",
    "smpl": "{C}_Hip {C}_Knee {C}_Ankle {C}_Foot {C}_Collar {C}_Shoulder {C}_Elbow {C}_Wrist",
    "unreal": "thigh_{c} calf_{c} foot_{c} ball_{c} clavicle_{c} upperarm_{c} lowerarm_{c} hand_{c}",
}
_OURS = ("pelvis spine1 spine2 spine3 neck head", "hip knee ankle foot collar shoulder elbow wrist")


def _names(dialect: str) -> dict[str, str]:
    found: dict[str, str] = dict(zip(_OURS[0].split(), _CENTRES[dialect].split(), strict=True))
    for side in ("left", "right"):
        words = _LIMBS[dialect].format(S=side.title(), C=side[0].upper(), c=side[0]).split()
        found |= {f"{side}_{ours}": word for ours, word in zip(_OURS[1].split(), words, strict=True)}
    return found


NAMES = {dialect: _names(dialect) for dialect in _CENTRES}
"""Dialect -> our joint -> its name in the file."""
UNITS = {"m": 1.0, "cm": 100.0}
"""Units in which BVH is written, per metre."""
TIPS = {"head": (0, 0.18, 0.02), "left_foot": (0, -0.02, 0.065), "right_foot": (0, -0.02, 0.065)}
"""End Sites, metres from their joint, by which a file of ours is known; the hands' are SMPL's hand joints."""


def conjugate(turn: np.ndarray, quat: np.ndarray) -> np.ndarray:
    """Local rotations (..., 4) as seen from axes turned by `turn` (4,)."""
    turn = np.broadcast_to(turn.astype(quat.dtype), quat.shape)
    return R.quat_mul(R.quat_mul(turn, quat), R.quat_inv(turn))


class OurBvh:
    """A clip recognised as one of ours. rows: its joint for each of our 22.  unit: of UNITS.  up: 'y' or 'z'."""

    def __init__(self, clip: BvhClip, rows: list[int], unit: str, up: str) -> None:
        self.clip, self.rows, self.unit, self.up = clip, rows, unit, up
        self._turn = Z_UP_TO_Y_UP if up == "z" else np.array([1.0, 0, 0, 0])

    def motion(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Path (T, 3) metres, joint rotations (T, 22, 4) and betas (10,) in our axes."""
        pos, world = self.clip.pose(set(self.rows))
        quat = np.stack([world[j] for j in self.rows], 1)
        for j in range(NUM_JOINTS - 1, 0, -1):
            quat[:, j] = R.quat_mul(R.quat_inv(quat[:, PARENTS[j]]), quat[:, j])
        quat = conjugate(self._turn, quat)
        offsets = R.quat_rotate(self._turn, self.clip.offsets[self.rows]) / UNITS[self.unit]
        root = R.quat_rotate(self._turn, pos[self.rows[0]]) / UNITS[self.unit]
        return root, R.quat_continuous(R.normalize(quat)), betas_of(offsets)


def recognise(clip: BvhClip) -> OurBvh | None:
    """The clip as one of ours, if it has exactly a skeleton that we write, in any of its dialects and axes."""
    real = {n: j for j, n in enumerate(clip.names) if n != END}
    for names in NAMES.values():
        if set(real) != set(names.values()):
            continue
        rows = [real[names[n]] for n in JOINT_NAMES[:NUM_JOINTS]]
        parents = [rows.index(clip.parents[j]) if clip.parents[j] in rows else -1 for j in rows]
        for up, turn in (("y", np.array([1.0, 0, 0, 0])), ("z", Z_UP_TO_Y_UP)):
            offsets = R.quat_rotate(turn, clip.offsets)
            unit = next((u for u, per in UNITS.items() if _has_our_tips(clip, rows, offsets / per)), None)
            if unit and is_our_rest(offsets[rows], parents):
                return OurBvh(clip, rows, unit, up)
    return None


def _has_our_tips(clip: BvhClip, rows: list[int], offsets: np.ndarray) -> bool:
    """Whether the End Sites of head and feet are those that we write. offsets: (J, 3) metres in our axes."""
    for joint, tip in TIPS.items():
        below = [k for k, p in enumerate(clip.parents) if p == rows[J[joint]]]
        if len(below) != 1 or np.abs(offsets[below[0]] - tip).max() > 1e-4:
            return False
    return True
