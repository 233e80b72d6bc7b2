"""reach: bring a hand somewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core import rotations as R
from engine.core.types import Motion
from engine.edit.hands import STOOP_JOINTS, TARGETS, arm_to, needed_stoop, palm, stooped, target_point
from engine.edit.parts import sides
from engine.edit.pose import doubles, rewritten, world_of
from engine.edit.registry import EDITS, Anchor, Edited, argument, span_argument
from engine.edit.spans import Span

EASE_REACH_S = 0.5
WHERE = {"front": "the front at arm's length", "side": "the side at arm's length", "up": "the height above it"}


@EDITS.register("reach")
@dataclass(frozen=True)
class Reach:
    """Bring one hand or both to a place at the body or around it; hips, trunk and knees help with what is low."""

    hand: str = argument("choice", choices=("left", "right", "both"), help="which hand")
    target: str = argument("choice", choices=tuple(TARGETS), help="where to; front, side and up are at arm's length")
    span: str = span_argument()

    def apply(self, motion: Motion, anchor: Anchor) -> Edited:
        """Arms by inverse kinematics; the account says how near the palm came."""
        frames = Span(self.span).frames(motion, anchor)
        pose, hands, both = doubles(motion, frames), sides(self.hand), self.hand == "both"
        weight, betas = frames.weight(EASE_REACH_S), motion.betas
        stoop = needed_stoop(pose, betas, hands, self.target)
        joints: set[int] = set()
        if stoop > 0:
            pose, joints = stooped(pose, betas, self.target, stoop * weight), set(STOOP_JOINTS)
        quat, world = pose[0].copy(), world_of(*pose, betas)
        for side in hands:
            point = target_point(world, betas, side, self.target, both)
            for joint, turn in arm_to(world, betas, side, point, self.target).items():
                quat[:, joint] = R.quat_slerp(pose[0][:, joint], turn, weight)
                joints.add(joint)
        full = np.flatnonzero(weight > 0.999)[:: max(1, round(motion.fps / 10))]
        rest = world_of(quat[full], pose[1][full], betas)
        goals = [target_point(rest, betas, side, self.target, both) for side in hands]
        ends = [np.linalg.norm(palm(rest, side) - goal, axis=-1) for side, goal in zip(hands, goals, strict=True)]
        off = 100 * float(np.mean(ends))
        came = f"within {max(1, np.ceil(off)):.0f} cm" if off < 3 else f"no nearer than {off:.0f} cm"
        who = "Both hands reach" if both else f"The {self.hand} hand reaches"
        bent = "; hips, trunk and knees bend for it" if stoop else ""
        where = WHERE.get(self.target, f"the {self.target.replace('_', ' ')}")
        text = f"{who} for {where} {frames.eased(EASE_REACH_S)}"
        return rewritten(motion, frames, f"{text}, and came {came}{bent}.", joints, quat, pose[1] if stoop else None)
