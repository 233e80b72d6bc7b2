"""HumanML3D npy: feature vectors (T, 263) or joints (T, 22, 3), at 20 frames per second; writes the joints."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import NUM_JOINTS, J
from engine.core.types import Motion, Scene
from engine.io.arrays import as_numbers, read_npy
from engine.io.axes import turn_to_y_up, up_axis
from engine.io.checks import MAX_PATH_M, check_length, check_numbers
from engine.io.formats import LOADERS, SAVERS, LoadOptions, one_file_each
from engine.io.ground import place
from engine.io.positions import motion_from_positions

FPS = 20.0
NUM_FEATURES = 263


def joints_from_features(features: np.ndarray) -> np.ndarray:
    """HumanML3D vectors (T, 263) -> joint positions (T, 22, 3), metres, Y up (Guo et al. 2022, section 3).

    Columns: root yaw speed (half angle), planar root velocity, root height, then 21 joints in the frame of the root.
    """
    half = np.concatenate([[0.0], np.cumsum(features[:-1, 0])])
    facing = np.stack([np.cos(half), 0 * half, -np.sin(half), 0 * half], -1)
    step = np.stack([features[:-1, 1], 0 * half[1:], features[:-1, 2]], -1)
    path = np.concatenate([np.zeros((1, 3)), np.cumsum(R.quat_rotate(facing[1:], step), 0)])
    joints = features[:, 4:67].reshape(-1, NUM_JOINTS - 1, 3)
    joints = R.quat_rotate(np.repeat(facing[:, None], NUM_JOINTS - 1, 1), joints) + path[:, None]
    path[:, 1] = features[:, 3]
    return np.concatenate([path[:, None], joints], 1)


def _joints(name: str, array: np.ndarray) -> np.ndarray:
    """Joint positions (T, 22, 3) of either layout. UserError for any other."""
    values = as_numbers(name, "the array", array)
    vectors = array.ndim == 2 and array.shape[1] == NUM_FEATURES
    joints = array.ndim == 3 and array.shape[2] == 3 and array.shape[1] in (NUM_JOINTS, NUM_JOINTS + 2)
    if not vectors and not joints:
        raise UserError(
            f"{name!r} holds an array of shape {array.shape}; a motion is HumanML3D's (frames, {NUM_FEATURES}) or "
            f"joints as (frames, {NUM_JOINTS}, 3) or (frames, {NUM_JOINTS + 2}, 3)."
        )
    check_numbers(name, "values", values, 10 * MAX_PATH_M)
    return joints_from_features(values) if vectors else values[:, :NUM_JOINTS]


@LOADERS.register(".npy")
def load_npy(path: Path, options: LoadOptions) -> Scene:
    """Read HumanML3D vectors or joint positions (SMPL's order, metres). UserError for anything else."""
    name = path.name
    array, fps = read_npy(path), options.fps or FPS
    if array.ndim:
        check_length(name, len(array), fps)
    pos = _joints(name, array)
    check_numbers(name, "path", pos, MAX_PATH_M)
    stand = pos[:, J["head"]] - pos[:, [J["left_ankle"], J["right_ankle"]]].mean(1)
    leg = (
        np.linalg.norm(np.diff(pos[:, [J["left_hip"], J["left_knee"], J["left_ankle"]]], axis=1), axis=-1).sum(1).mean()
    )
    if not 0.3 < leg < 1.5:
        raise UserError(
            f"{name!r}: the legs are {leg:.3g} m long, so these are no joints in metres. HumanML3D files must be the "
            "joints or vectors as released, not normalised by mean and deviation."
        )
    up = options.up or up_axis(stand, "y")
    pos = R.quat_rotate(turn_to_y_up(up), pos)
    motion, scale = motion_from_positions(pos, fps, options.scale)
    motion = place(motion, options.recenter is not False)
    return Scene((motion,), provenance={"source": name, "format": "npy", "up": up, "unit": "m", "scale": scale})


def _write(motion: Motion, path: Path) -> None:
    with path.open("wb") as stream:
        np.save(stream, motion.resample(FPS).joint_positions(), allow_pickle=False)


@SAVERS.register(".npy")
def save_npy(scene: Scene, path: Path) -> tuple[Path, ...]:
    """Write joint positions (T, 22, 3), metres, Y up, at 20 frames per second, one file per person."""
    return one_file_each(scene, path, _write)
