"""AMASS npz: axis-angle poses of the SMPL family. Reads every width, writes 22 joints with our own `root_pos`.

AMASS is Z up and stores `trans`, which is the world pelvis minus the rest pelvis of the body. Our own files are Y up
and store the world pelvis as `root_pos` as well; a file that has it is taken as it is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import NUM_JOINTS, J, forward_kinematics
from engine.core.types import Motion, Scene
from engine.io.arrays import as_numbers, read_npz
from engine.io.axes import rotate_world, turn_to_y_up, up_axis
from engine.io.checks import MAX_PATH_M, check_length, check_numbers, check_rate
from engine.io.formats import LOADERS, SAVERS, LoadOptions, at_rate, one_file_each
from engine.io.ground import place

REST_PELVIS = np.array([-0.0018, -0.2233, 0.0282])
"""Rest pelvis of SMPL's mean body in its own axes, metres: what `trans` is relative to."""
JOINT_COUNTS = (22, 24, 52, 55)
"""Joints of SMPL without hands, SMPL, SMPL-H and SMPL-X; each pose has three numbers a joint."""
RATE_KEYS = ("mocap_frame_rate", "mocap_framerate", "frame_rate", "framerate", "fps")
ROOT_KEYS = ("root_orient", "global_orient")
BODY_KEYS = ("pose_body", "body_pose")
TRANS_KEYS = ("trans", "transl")
WANTED = ("poses", "root_pos", "betas", *RATE_KEYS, *ROOT_KEYS, *BODY_KEYS, *TRANS_KEYS)


def _first(arrays: dict[str, np.ndarray], keys: tuple[str, ...]) -> np.ndarray | None:
    return next((arrays[k] for k in keys if k in arrays), None)


def _poses(name: str, arrays: dict[str, np.ndarray], found: tuple[str, ...]) -> np.ndarray:
    """Axis-angle poses (T, 22, 3) from `poses`, or from root and body poses."""
    root, body = _first(arrays, ROOT_KEYS), _first(arrays, BODY_KEYS)
    if "poses" in arrays:
        poses = as_numbers(name, "'poses'", arrays["poses"])
    elif root is not None and body is not None:
        root, body = as_numbers(name, "'root_orient'", root), as_numbers(name, "'pose_body'", body)
        if root.ndim < 2 or body.ndim < 2 or len(root) != len(body):
            raise UserError(f"{name!r}: root_orient {root.shape} and pose_body {body.shape} do not go together.")
        poses = np.concatenate([root.reshape(len(root), -1), body.reshape(len(body), -1)[:, :63]], 1)
    else:
        raise UserError(
            f"{name!r} has no body poses: it needs 'poses' (or 'root_orient' and 'pose_body'), and has "
            f"{', '.join(map(repr, found[:12])) or 'nothing'}. AMASS motion files have them; shape files do not."
        )
    if poses.ndim == 3 and poses.shape[2] == 3:
        poses = poses.reshape(len(poses), -1) if len(poses) else poses.reshape(0, poses.shape[1] * 3)
    widths = [3 * n for n in JOINT_COUNTS]
    if poses.ndim != 2 or poses.shape[1] not in widths:
        raise UserError(
            f"{name!r}: the poses have the shape {arrays.get('poses', poses).shape}; expected (frames, N) with N one "
            f"of {', '.join(map(str, widths))}, or (frames, {'/'.join(map(str, JOINT_COUNTS))}, 3)."
        )
    return poses[:, : 3 * NUM_JOINTS].reshape(-1, NUM_JOINTS, 3)


def _rate(name: str, arrays: dict[str, np.ndarray], options: LoadOptions) -> float:
    if options.fps is not None:
        return options.fps
    value = _first(arrays, RATE_KEYS)
    if value is None or value.size != 1:
        raise UserError(
            f"{name!r} does not say its frame rate ('mocap_frame_rate'). Pass fps=..., AMASS has 30 to 120."
        )
    rate = check_rate(name, float(as_numbers(name, "'mocap_frame_rate'", value).reshape(())))
    nearest = round(rate)
    return float(nearest if abs(rate - nearest) < 1e-4 * rate else rate)


def _path(name: str, arrays: dict[str, np.ndarray], num_frames: int) -> np.ndarray:
    """World pelvis (T, 3) in the file's axes; a file without a path stays in place."""
    if "root_pos" in arrays:
        path = as_numbers(name, "'root_pos'", arrays["root_pos"])
    else:
        trans = _first(arrays, TRANS_KEYS)
        path = REST_PELVIS + (np.zeros((num_frames, 3)) if trans is None else as_numbers(name, "'trans'", trans))
    if path.shape != (num_frames, 3):
        raise UserError(f"{name!r}: the path has the shape {path.shape}, the poses have {num_frames} frames.")
    check_numbers(name, "path (trans)", path, MAX_PATH_M)
    return path


def _betas(name: str, arrays: dict[str, np.ndarray]) -> np.ndarray:
    """The first ten shape numbers, zeros where the file has fewer."""
    given = as_numbers(name, "'betas'", arrays["betas"]).reshape(-1)[:10] if "betas" in arrays else np.zeros(0)
    check_numbers(name, "betas", given, 20)
    return np.concatenate([given, np.zeros(10 - len(given))])


@LOADERS.register(".npz")
def load_npz(path: Path, options: LoadOptions) -> Scene:
    """Read an AMASS npz, Z up or Y up, any body of the SMPL family, at its own frame rate.

    Raises UserError for what is no AMASS file or damaged. Shape numbers are kept; the frame rate too.
    """
    name = path.name
    arrays, found = read_npz(path, WANTED)
    poses = _poses(name, arrays, found)
    fps = _rate(name, arrays, options)
    check_length(name, len(poses), fps)
    check_numbers(name, "poses", poses, 1000)
    root_pos, betas = _path(name, arrays, len(poses)), _betas(name, arrays)
    quat = R.quat_from_aa(poses)
    ours = "root_pos" in arrays
    up = options.up or ("y" if ours else _detect_up(quat))
    root_pos, quat[:, 0] = rotate_world(root_pos, quat[:, 0], turn_to_y_up(up))
    motion = Motion(root_pos * (options.scale or 1.0), R.quat_continuous(quat), fps, betas)
    if not ours:
        motion = place(motion, options.recenter is not False)
    elif options.recenter:
        motion = motion.with_(root_pos=motion.root_pos - motion.root_pos[0] * np.array([1, 0, 1], np.float32))
    told = {"source": name, "format": "npz", "up": up, "scale": options.scale or 1.0}
    return Scene((motion,), provenance=told | ({"ours": True} if ours else {}))


def _detect_up(quat: np.ndarray) -> str:
    """The axis that the standing body follows, Z (as in AMASS) when it never stands. quat: (T, 22, 4)."""
    pos, _ = forward_kinematics(quat, np.zeros((len(quat), 3)))
    return up_axis(pos[:, J["head"]] - pos[:, [J["left_ankle"], J["right_ankle"]]].mean(1), "z")


def _write(motion: Motion, path: Path) -> None:
    poses = R.quat_to_aa(motion.joint_quat.astype(np.float64))
    with path.open("wb") as stream:
        np.savez_compressed(
            stream,
            poses=poses.reshape(motion.num_frames, 3 * NUM_JOINTS),
            trans=motion.root_pos - REST_PELVIS.astype(np.float32),
            root_pos=motion.root_pos,
            betas=motion.betas,
            gender=np.array("neutral"),
            mocap_frame_rate=np.float64(motion.fps),
        )


@SAVERS.register(".npz")
def save_npz(scene: Scene, path: Path, fps: float | None = None) -> tuple[Path, ...]:
    """Write AMASS npz files, Y up: poses (T, 66) radians, trans and root_pos (T, 3) metres, one file per person.

    fps: instead of the motion's own.
    """
    return one_file_each(at_rate(scene, fps), path, _write)
