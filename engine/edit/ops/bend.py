"""bend: bend elbows or knees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.skeleton import J
from engine.core.types import Motion
from engine.edit.limbs import MAX_BEND_DEG, bending
from engine.edit.parts import sides
from engine.edit.pose import doubles, rewritten, turn_chain, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument, span_argument
from engine.edit.spans import EASE_S, Span

ELBOW, KNEE = np.array([0.0, -1.0, 0.0]), np.array([1.0, 0.0, 0.0])
"""Axis of the bend in the rest pose, of the left side."""
EASE_DEG_S = 150.0


@EDITS.register("bend")
@dataclass(frozen=True)
class Bend:
    """Bend the elbow or the knee further by so many degrees; negative straightens it."""

    part: str = part_argument("left_arm", "right_arm", "arms", "left_leg", "right_leg", "legs")
    degrees: float = argument("number", low=-150, high=150, unit="degrees", help="positive bends, negative straightens")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Never past straight nor 150 degrees; the account says how far it came where that held it back."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        pos, world = world_of(quat, root, motion.betas)
        ease_s = max(EASE_S, abs(self.degrees) / EASE_DEG_S)
        weight = frames.weight(ease_s)
        joints, came = [], []
        for side in sides(self.part):
            names = ("shoulder", "elbow", "wrist") if "arm" in self.part else ("hip", "knee", "ankle")
            hinge = KNEE if "leg" in self.part else ELBOW * (1 if side == "left" else -1)
            limb = (f"{side}_{names[0]}", f"{side}_{names[1]}", f"{side}_{names[2]}")
            turn, bent = bending(pos, world, limb, self.degrees * weight, hinge)
            joints.append(J[limb[1]])
            quat = turn_chain(quat, world, joints[-1:], [turn])
            came.append(np.clip(bent + self.degrees, 0, MAX_BEND_DEG) - bent)
        reached = float(np.concatenate(came).mean())
        short = f" (on average {abs(reached):.0f}: it goes no further)" if abs(reached - self.degrees) > 1 else ""
        which, how = ("knee", "elbow")["arm" in self.part], "Bent" if self.degrees >= 0 else "Straightened"
        what = f"both {which}s" if len(joints) > 1 else f"the {sides(self.part)[0]} {which}"
        by = f"{abs(self.degrees):g} degrees{short}"
        return rewritten(motion, frames, f"{how} {what} by {by} {frames.eased(ease_s)}.", joints, quat)
