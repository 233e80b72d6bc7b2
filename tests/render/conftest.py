"""A small body of boxes, skinned the plain way, and two lively motions."""

from types import SimpleNamespace

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.skeleton import MEAN_OFFSETS, MEAN_STANDING_HEIGHT, PARENTS, forward_kinematics
from engine.core.types import Motion

_CORNERS = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32) * 0.06
_BOX = np.array(
    [(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4),
     (1, 5, 7), (1, 7, 3)]
)  # fmt: skip


class BoxBody:
    """A box on every joint, half of each bound to the parent too; beta 0 scales the whole body."""

    faces = np.concatenate([_BOX + 8 * j for j in range(24)])

    def __init__(self) -> None:
        self.weights = np.zeros((24 * 8, 24), np.float32)
        for j in range(24):
            self.weights[8 * j : 8 * j + 8, j] = 1
            if j:
                self.weights[8 * j : 8 * j + 4, [j, PARENTS[j]]] = (0.7, 0.3)

    def rest_joints(self, betas: np.ndarray) -> np.ndarray:
        rest = MEAN_OFFSETS.copy()
        for j in range(1, 24):
            rest[j] += rest[PARENTS[j]]
        return (rest * (1 + 0.1 * betas[0]) + [0, 0.2, 0.01]).astype(np.float32)

    def rest_vertices(self, betas: np.ndarray) -> np.ndarray:
        return (self.rest_joints(betas)[:, None] + _CORNERS).reshape(-1, 3)

    def vertices(self, motion: Motion, frames: np.ndarray | None = None) -> np.ndarray:
        chosen = slice(None) if frames is None else frames
        quat = motion.joint_quat[chosen]
        quat = np.concatenate([quat, R.quat_identity(len(quat), 2)], 1)
        rest = self.rest_joints(motion.betas)
        offsets = rest - np.concatenate([rest[:1], rest[list(PARENTS[1:])]])
        pos, world = forward_kinematics(quat, motion.root_pos[chosen], offsets)
        local = self.rest_vertices(motion.betas)[None, None] - rest[None, :, None]
        moved = R.quat_rotate(world[:, :, None], local) + pos[:, :, None]
        return np.einsum("vj,tjvk->tvk", self.weights, moved)


@pytest.fixture(scope="session")
def body():
    return BoxBody()


def lively(num_frames: int, fps: float, seed: int) -> Motion:
    """Every joint swings; the pelvis walks 1 m ahead."""
    rng = np.random.default_rng(seed)
    phase = np.linspace(0, 6, num_frames)[:, None, None]
    aa = rng.normal(0, 0.6, (1, 22, 3)) * np.sin(phase + rng.uniform(0, 6, (1, 22, 3)))
    aa[:, 0, 1] += np.linspace(0, 7, num_frames)
    root = np.stack([np.zeros(num_frames), np.full(num_frames, MEAN_STANDING_HEIGHT), np.linspace(0, 1, num_frames)], 1)
    return Motion(root, R.quat_from_aa(aa.astype(np.float32)), fps)


@pytest.fixture(scope="session")
def motions():
    return SimpleNamespace(long=lively(40, 20.0, 1), short=lively(25, 30.0, 2))
