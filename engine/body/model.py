"""`Body`: an SMPL-format model posed by a `Motion`. Skinning is in numpy and equals smplx's forward pass."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.body.smpl_file import SmplData
from engine.core import skeleton
from engine.core.rotations import quat_to_rotmat
from engine.core.skeleton import NUM_JOINTS, PARENTS, forward_kinematics
from engine.core.types import Motion

if TYPE_CHECKING:
    import smplx

_CHUNK = 64
"""Frames skinned at a time, which bounds the memory."""


class Body:
    """One body model. name: for people; notice: one sentence on its origin and terms; faces: (F, 3) int64;
    weights: (V, 24) float32; smpl: the `smplx.SMPL` module, batch size 1."""

    def __init__(self, data: SmplData, name: str, notice: str) -> None:
        self.name = name
        self.notice = notice
        self.faces = data.f
        self.weights = data.weights / data.weights.sum(1, keepdims=True)
        self.smpl = _smplx_model(data, self.weights)
        self._template = data.v_template
        self._shapedirs = data.shapedirs
        self._posedirs = data.posedirs.reshape(-1, 207).T if data.posedirs.any() else None
        self._joints = data.J_regressor.astype(np.float64) @ data.v_template
        self._joint_dirs = np.einsum("jv,vak->jak", data.J_regressor.astype(np.float64), data.shapedirs, optimize=True)

    def rest_joints(self, betas: np.ndarray | None = None) -> np.ndarray:
        """Rest joints (24, 3), metres, in the model's own frame; betas (10,), zeros by default."""
        return self._joints if betas is None else self._joints + self._joint_dirs @ betas

    def rest_vertices(self, betas: np.ndarray | None = None) -> np.ndarray:
        """Vertices (V, 3) float32 in the T-pose, metres, in the model's own frame; betas (10,), zeros by default."""
        if betas is None or not np.any(betas):
            return self._template
        return self._template + (self._shapedirs @ np.asarray(betas, np.float32))

    def vertices(self, motion: Motion, frames: np.ndarray | slice | None = None) -> np.ndarray:
        """World vertices (T, V, 3) float32 of a motion, or of some of its frames; the pelvis is at `root_pos`."""
        pick = slice(None) if frames is None else frames
        quat, root = motion.joint_quat[pick], motion.root_pos[pick]
        rest = self.rest_vertices(motion.betas)
        joints = self.rest_joints(motion.betas).astype(np.float32)
        out = np.empty((len(quat), *rest.shape), np.float32)
        for start in range(0, len(quat), _CHUNK):
            part = slice(start, start + _CHUNK)
            out[part] = self._skin(quat[part], root[part], rest, joints)
        return out

    def install(self) -> None:
        """Make this body's rest joints the ones that every `Motion` is measured on."""
        skeleton.use_rest_joints(self.rest_joints)

    def _skin(self, quat: np.ndarray, root: np.ndarray, rest: np.ndarray, joints: np.ndarray) -> np.ndarray:
        """Linear blend skinning (Loper et al. 2015, eq. 2-4), pose correctives included where the model has some."""
        full = np.zeros((len(quat), 24, 4), np.float32)
        full[..., 0] = 1
        full[:, :NUM_JOINTS] = quat
        offsets = joints - np.concatenate([np.zeros((1, 3), np.float32), joints[list(PARENTS[1:])]])
        position, world = forward_kinematics(full, root, offsets)
        rotmat = quat_to_rotmat(world)
        shift = position - np.einsum("tjab,jb->tja", rotmat, joints)
        affine = np.concatenate([rotmat, shift[..., None]], -1)
        if self._posedirs is None:
            # One product for all frames: (3T, 24 * 4) with the weighted homogeneous points (24 * 4, V).
            points = np.concatenate([rest, np.ones((len(rest), 1), np.float32)], 1)
            basis = (self.weights.T[:, None] * points.T[None]).reshape(96, -1)
            return (affine.transpose(0, 2, 1, 3).reshape(-1, 96) @ basis).reshape(len(quat), 3, -1).transpose(0, 2, 1)
        blended = np.matmul(self.weights, affine.reshape(-1, 24, 12)).reshape(len(quat), len(rest), 3, 4)
        moved = np.einsum("tvab,tvb->tva", blended[..., :3], rest + self._correctives(full))
        return moved + blended[..., 3]

    def _correctives(self, full: np.ndarray) -> np.ndarray:
        assert self._posedirs is not None
        feature = (quat_to_rotmat(full[:, 1:]) - np.eye(3, dtype=np.float32)).reshape(len(full), 207)
        return (feature @ self._posedirs).reshape(len(full), -1, 3)


def _smplx_model(data: SmplData, weights: np.ndarray) -> smplx.SMPL:
    """The model as smplx sees it; its constructor prints a remark on the number of betas, which is left out."""
    import smplx
    from smplx.utils import Struct
    from smplx.vertex_ids import vertex_ids

    fields: dict[str, Any] = {**vars(data), "weights": weights}
    extra: dict[str, Any] = {}
    if len(data.v_template) != 6890:
        extra["vertex_ids"] = dict.fromkeys(vertex_ids["smplh"], 0)
    with contextlib.redirect_stdout(io.StringIO()):
        return smplx.SMPL("", data_struct=Struct(**fields), num_betas=10, **extra)
