"""other_hand: what one arm did, the other does."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.mirror import mirror_quat
from engine.core.skeleton import MIRROR
from engine.core.types import Motion
from engine.edit.parts import PARTS
from engine.edit.registry import EDITS, Anchor, Edited
from engine.edit.scope import whole


@EDITS.register("other_hand")
@dataclass(frozen=True)
class OtherHand:
    """Do with the other hand: the arms swap what they do; legs, pelvis, torso and head stay exactly as they are."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Swap and mirror the local rotations of collars, shoulders, elbows and wrists."""
        arms = PARTS["arms"]
        quat = motion.joint_quat.copy()
        quat[:, arms] = mirror_quat(motion.joint_quat[:, [MIRROR[j] for j in arms]])
        text = "Swapped the arms: each now does what the other did. The rest is unchanged."
        out = motion.with_(joint_quat=quat)
        return Edited(out, text, whole(out, frozenset(arms), root=False))
