"""Shared by the tests of the body: a lively motion, and the same motion posed by smplx."""

import numpy as np
import pytest

from engine.core.rotations import quat_from_aa, quat_to_aa
from engine.core.types import Motion


@pytest.fixture(scope="session")
def a_motion():
    rng = np.random.default_rng(1)
    quat = quat_from_aa(rng.normal(0, 0.5, (5, 22, 3)))
    return Motion(rng.normal(0, 1, (5, 3)), quat, betas=rng.normal(0, 1, 10))


@pytest.fixture(scope="session")
def smplx_vertices():
    import torch

    def pose(body, motion):
        """World vertices (T, V, 3) by smplx's own forward pass."""
        aa = np.zeros((motion.num_frames, 24, 3), np.float32)
        aa[:, :22] = quat_to_aa(motion.joint_quat)
        pelvis = body.rest_joints(motion.betas)[0]
        pose = torch.from_numpy(aa.reshape(-1, 72))
        with torch.no_grad():
            out = body.smpl(
                betas=torch.from_numpy(motion.betas.copy())[None].repeat(len(aa), 1),
                global_orient=pose[:, :3],
                body_pose=pose[:, 3:],
                transl=torch.from_numpy((motion.root_pos - pelvis).astype(np.float32)),
            )
        return out.vertices.numpy()

    return pose
