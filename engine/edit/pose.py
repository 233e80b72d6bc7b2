"""Changing poses: writing frames back so that the rest stays bit-identical, and turning joints in the world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import PARENTS, forward_kinematics, rest_offsets
from engine.core.types import Motion
from engine.edit.scope import Edited, Scope
from engine.edit.spans import Frames


def doubles(motion: Motion, frames: Frames) -> tuple[np.ndarray, np.ndarray]:
    """Local rotations (T, 22, 4) and path (T, 3) of these frames as float64 copies."""
    part = slice(frames.start, frames.stop)
    return motion.joint_quat[part].astype(np.float64), motion.root_pos[part].astype(np.float64)


def world_of(quat: np.ndarray, root: np.ndarray, betas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """World positions (T, 22, 3) and rotations (T, 22, 4) of a pose in float64."""
    return forward_kinematics(quat, root, rest_offsets(betas))


def rewritten(
    motion: Motion,
    frames: Frames,
    text: str,
    joints: Iterable[int],
    quat: np.ndarray | None = None,
    root: np.ndarray | None = None,
) -> Edited:
    """The motion with only these joints of these frames taken from quat (T, 22, 4), and the path from root (T, 3)."""
    part, chosen = slice(frames.start, frames.stop), sorted(joints)
    new_quat, new_root = motion.joint_quat.copy(), motion.root_pos.copy()
    if quat is not None:
        new_quat[part, chosen] = (
            quat[:, chosen] if quat.dtype == np.float32 else _alike(quat, motion, frames)[:, chosen]
        )
    if root is not None:
        new_root[part] = root
    ends = ((0, 0, frames.start), (frames.stop, frames.stop, frames.total - frames.stop))
    kept = tuple(run for run in ends if run[2])
    scope = Scope(frames.start / frames.fps, frames.stop / frames.fps, frozenset(chosen), root is not None, kept=kept)
    return Edited(motion.with_(root_pos=new_root, joint_quat=new_quat), text, scope)


def _alike(quat: np.ndarray, motion: Motion, frames: Frames) -> np.ndarray:
    """Unit quaternions (T, 22, 4) with the signs that go on from those of the motion where the frames begin."""
    quat = R.quat_continuous(R.normalize(quat))
    before = motion.joint_quat[max(frames.start - 1, 0)]
    return quat * np.where((quat[0] * before).sum(-1) < 0, -1.0, 1.0)[:, None]


def turn_chain(quat: np.ndarray, world: np.ndarray, joints: Sequence[int], turns: Sequence[np.ndarray]) -> np.ndarray:
    """Local rotations with the joints of one chain, parents first, turned in the world by `turns`, each (T, 4).

    A turn is that of the joint as a whole, with what its parents have been turned by.
    """
    out = quat.copy()
    still = np.tile([1.0, 0, 0, 0], (len(quat), 1))
    done = still
    for joint, turn in zip(joints, turns, strict=True):
        parent = R.quat_mul(done, world[:, PARENTS[joint]]) if joint else still
        out[:, joint] = R.quat_mul(R.quat_inv(parent), R.quat_mul(turn, world[:, joint]))
        done = turn
    return out


def spread(quat: np.ndarray, world: np.ndarray, joints: Sequence[int], aa: np.ndarray, shares: Sequence[float]):
    """Like `turn_chain`, for one turn aa (T, 3) of which each joint takes its share."""
    return turn_chain(quat, world, joints, [R.quat_from_aa(aa * share) for share in np.cumsum(shares)])


def level_axes(world: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Level directions (T, 3) to the left and to the front of a joint with world rotations (T, 4)."""
    left = R.quat_rotate(world, np.array([1.0, 0, 0])) * np.array([1.0, 0, 1])
    left = R.normalize(left)
    return left, np.cross(left, np.array([0.0, 1, 0]))


def step(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """Smooth from 0 at `low` to 1 at `high`."""
    share = np.clip((x - low) / (high - low), 0, 1)
    return share**2 * (3 - 2 * share)
