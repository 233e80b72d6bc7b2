"""HumanML3D npy: vectors (T, 263) or joints (T, 22, 3), at 20 frames per second; reads and writes both."""

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
from engine.io.formats import LOADERS, SAVERS, LoadOptions, check_choice, one_file_each
from engine.io.ground import floor_height, place
from engine.io.humanml3d import FPS, NUM_FEATURES, features_from_joints, joints_from_features
from engine.io.positions import motion_from_positions

LAYOUTS = ("joints", "humanml3d")
_AT_ZERO_M, _NEAR_ZERO_M = 0.003, 0.3
"""Heights of the lowest joint of a clip in HumanML3D, and in a world with its floor at 0."""
_SOLE_M = 0.022
"""How far the sole is under the joint of the toes, which HumanML3D puts on the floor."""
_OURS, _AGREED_M = 0.003, 0.03
"""A scale this near to 1 means our own bones; stance and file agree on the floor within the second."""


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
    motion = place(motion, options.recenter is not False, _floor(pos, motion, scale, array.ndim == 2))
    return Scene((motion,), provenance={"source": name, "format": "npy", "up": up, "unit": "m", "scale": scale})


def _floor(pos: np.ndarray, motion: Motion, scale: float, vectors: bool) -> float | None:
    """Height of the floor in the motion by what the file says; None to look where the feet stand.

    pos: (T, 22, 3) of the file. For a body of other bones the feet know better, unless they hardly stand at all.
    """
    lowest = pos[..., 1].min()
    if abs(lowest) > _NEAR_ZERO_M:
        return None
    stance = floor_height(motion)
    floor = -_SOLE_M if vectors else 0.0
    if not vectors and abs(lowest) < _AT_ZERO_M and stance < -_SOLE_M / 2:
        floor = -_SOLE_M
    agreed = abs(scale - 1) > _OURS and abs(stance - floor) < _AGREED_M
    return None if agreed else floor


@SAVERS.register(".npy")
def save_npy(scene: Scene, path: Path, layout: str = "joints") -> tuple[Path, ...]:
    """Write arrays at 20 frames per second, Y up, metres, one file per person.

    layout: 'joints' for positions (T, 22, 3) where they are in the world; 'humanml3d' for vectors (T, 263), which say
    nothing about where the motion starts and which way it faces there. UserError for any other.
    """
    check_choice("layout", layout, LAYOUTS)

    def write(motion: Motion, target: Path) -> None:
        joints = motion.resample(FPS).joint_positions()
        if layout == "humanml3d":
            joints = features_from_joints(joints - np.array([0, _SOLE_M, 0], np.float32))
        with target.open("wb") as stream:
            np.save(stream, joints, allow_pickle=False)

    return one_file_each(scene, path, write)
