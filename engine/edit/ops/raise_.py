"""raise: swing a limb up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import J
from engine.core.types import Motion
from engine.edit.limbs import raising
from engine.edit.parts import PARTS, sides, words
from engine.edit.pose import doubles, rewritten, spread, turn_chain, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, part_argument, span_argument
from engine.edit.spans import EASE_S, Span

EASE_DEG_S = 150.0
"""A large change takes longer to come and go, at about this speed."""


@EDITS.register("raise")
@dataclass(frozen=True)
class Raise:
    """Swing an arm, a leg or the head up by so many degrees, in the plane that it already is in; negative lowers it."""

    part: str = part_argument("left_arm", "right_arm", "arms", "left_leg", "right_leg", "legs", "head")
    degrees: float = argument("number", low=-180, high=180, unit="degrees", help="positive is up")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Only shoulders, hips, or neck and head turn. An arm that hangs is raised to the side, a leg to the front."""
        frames = Span(self.span).frames(motion, anchor)
        quat, root = doubles(motion, frames)
        world = world_of(quat, root, motion.betas)
        ease_s = max(EASE_S, abs(self.degrees) / EASE_DEG_S)
        by = self.degrees * frames.weight(ease_s)
        joints: list[int] = []
        missed = 0.0
        if self.part == "head":
            joints = list(PARTS["head"])
            left = R.quat_rotate(world[1][:, joints[1]], np.array([1.0, 0, 0]))
            quat = spread(quat, world[1], joints, -left * np.radians(by)[:, None], (0.5, 0.5))
        for side in sides(self.part) if self.part != "head" else ():
            quat, joint, more = _swung(quat, world, side, "leg" if "leg" in self.part else "arm", by)
            joints.append(joint)
            missed = max(missed, abs(more))
        short = f" (on average {missed:.0f} less: it goes no further)" if missed > 1 else ""
        how = "Raised" if self.degrees >= 0 else "Lowered"
        text = f"{how} {words(self.part)} by {abs(self.degrees):g} degrees{short} {frames.eased(ease_s)}."
        return rewritten(motion, frames, text, joints, quat)


def _swung(
    quat: np.ndarray, world: tuple[np.ndarray, np.ndarray], side: str, limb: str, by: np.ndarray
) -> tuple[np.ndarray, int, float]:
    """Local rotations with one limb raised by degrees (T,), the joint that turned, and by how much more than asked."""
    upper, lower, base = ("shoulder", "elbow", "spine3") if limb == "arm" else ("hip", "knee", "pelvis")
    joint, outer = J[f"{side}_{upper}"], J[f"{side}_{lower}"]
    outward = (1.0 if side == "left" else -1.0, 0.0) if limb == "arm" else (0.0, 1.0)
    pos, turns = world
    direction = R.normalize(pos[:, outer] - pos[:, joint])
    turn, came = raising(direction, turns[:, J[base]], by, limb, outward)
    return turn_chain(quat, turns, [joint], [turn]), joint, float((came - by).mean())
