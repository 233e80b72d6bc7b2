"""soften: less attack and jerk."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.skeleton import J
from engine.core.types import Motion
from engine.edit.filters import low_pass, low_pass_path
from engine.edit.legs import ANKLES, legs_to, too_short
from engine.edit.parts import PARTS
from engine.edit.pose import doubles, rewritten, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument
from engine.edit.spans import Span

TOES = (J["left_foot"], J["right_foot"])
SOFTEST_S = 0.15
"""Standard deviation of the filter at amount 1."""


@EDITS.register("soften")
@dataclass(frozen=True)
class Soften:
    """Soften the motion: sudden starts, stops and jerks become gentle, by an amount from 0 to 1; the feet are kept."""

    amount: float = argument("number", low=0, high=1, help="1 is the softest")

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """A Gaussian low-pass on rotations and path; the legs are then solved for where the feet were."""
        frames = Span().frames(motion, anchor)
        quat, root = doubles(motion, frames)
        before = world_of(quat, root, motion.betas)
        sigma = self.amount * SOFTEST_S * motion.fps
        joints = [joint for joint in PARTS["all"] if joint not in TOES]
        quat[:, joints], path = low_pass(quat[:, joints], sigma), low_pass_path(root, sigma)
        ankles = before[0][:, ANKLES]
        path[:, 1] -= too_short(quat, path, ankles, motion.betas)
        quat = legs_to(quat, path, before, ankles, motion.betas)
        over = f"{self.amount * SOFTEST_S:.2g} s"
        text = f"Softened the motion by {self.amount:g}: movements are rounded over {over}, the feet kept."
        return rewritten(motion, frames, text, joints, quat, path)
