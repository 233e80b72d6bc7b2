"""Hands that are moved by a little: the arm follows by inverse kinematics, the hand keeps how it is turned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.core import rotations as R
from engine.core.ik import solve_two_bone
from engine.core.skeleton import PARENTS, J, rest_offsets
from engine.core.types import Motion

REACH = 0.9995
"""Share of its length that an arm may use."""
BEND_M = 0.02
"""A straight arm bends to where the elbow points backwards by so much."""


def hands_moved(motion: Motion, moves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> tuple[Motion, np.ndarray]:
    """The motion with its hands displaced, and by how much (3,) metres the arms are too short on average.

    moves: side -> displacement (T, 3) metres and its weight (T,). Frames with no weight stay as they are; what is
    missed counts where the weight is 1.
    """
    rows_of = {side: np.flatnonzero(weight * np.linalg.norm(shift, axis=1) > 1e-6)
               for side, (shift, weight) in moves.items()}  # fmt: skip
    if not any(len(rows) for rows in rows_of.values()):
        return motion, np.zeros(3)
    pos, world = (x.astype(np.float64) for x in motion.world())
    quat, offsets, missed = motion.joint_quat.copy(), rest_offsets(motion.betas), []
    for side, (shift, weight) in moves.items():
        shoulder, elbow, wrist = (J[f"{side}_{name}"] for name in ("shoulder", "elbow", "wrist"))
        rows = rows_of[side]
        target = pos[rows, wrist] + weight[rows, None] * shift[rows]
        start, upper, lower = (pos[rows, shoulder], pos[rows, elbow] - pos[rows, shoulder],
                               pos[rows, wrist] - pos[rows, elbow])  # fmt: skip
        back = R.quat_rotate(world[rows, J["spine3"]], np.array([0, 0, -1.0]))
        pole = R.normalize(upper - 0.5 * (upper + lower) + BEND_M * back)
        lengths = (float(np.linalg.norm(offsets[elbow])), float(np.linalg.norm(offsets[wrist])))
        middle, end = solve_two_bone(start, target, *lengths, pole, soft_share=REACH)
        first = R.quat_mul(R.quat_between(upper, middle - start), world[rows, shoulder])
        second = R.quat_mul(R.quat_between(lower, end - middle), world[rows, elbow])
        quat[rows, shoulder] = R.normalize(R.quat_mul(R.quat_inv(world[rows, PARENTS[shoulder]]), first))
        quat[rows, elbow] = R.normalize(R.quat_mul(R.quat_inv(first), second))
        quat[rows, wrist] = R.normalize(R.quat_mul(R.quat_inv(second), world[rows, wrist]))
        if (weight[rows] >= 1).any():
            missed.append((target - end)[weight[rows] >= 1].mean(0))
    return motion.with_(joint_quat=quat), np.mean(missed, axis=0) if missed else np.zeros(3)
