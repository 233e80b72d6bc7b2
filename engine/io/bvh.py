"""BVH: reads any humanoid dialect; writes our 22 joints, one person per file, by default Mixamo's names, Y up, cm."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS, J, rest_offsets
from engine.core.types import Motion, Scene
from engine.io.axes import Z_UP_TO_Y_UP
from engine.io.bvh_ours import NAMES, TIPS, UNITS, OurBvh, conjugate, recognise
from engine.io.bvh_text import decode_text, parse_bvh
from engine.io.capture import leading_pose
from engine.io.checks import MAX_PATH_M, check_numbers, read_bytes
from engine.io.formats import LOADERS, SAVERS, LoadOptions, at_rate, check_choice, one_file_each
from engine.io.humanoid import SIDES, find_rig
from engine.io.onto import format_onto
from engine.io.person import fit_person, provenance

BVH_NAMES = NAMES["mixamo"]
"""Our joint -> its name in the files that we write, if no other is asked for."""


@LOADERS.register(".bvh")
def load_bvh(path: Path, options: LoadOptions) -> Scene:
    """Read a BVH of any humanoid rig, fitted to our skeleton by the directions of its bones at rest.

    Any channel order, unit, Y or Z up; a leading T-pose gives way to the first frame of the motion. The path is
    scaled with the length of the legs. Raises UserError for a damaged file or a skeleton that is no person.
    """
    name = path.name
    clip = parse_bvh(name, decode_text(name, read_bytes(path)), options.fps)
    ours = recognise(clip)
    if ours is not None:
        return _load_ours(name, ours, options)
    rig = find_rig(name, clip.names, clip.parents)
    held = leading_pose(clip, rig)
    motion, found = fit_person(name, clip.hold(held), options, rig)
    return Scene((motion,), provenance=provenance(name, "bvh", found, frames_held=held))


def _load_ours(name: str, found: OurBvh, options: LoadOptions) -> Scene:
    """A file that we wrote: joint rotations and path are taken over as they are."""
    root, quat, betas = found.motion()
    root = root * (options.scale or 1.0)
    check_numbers(name, "path", root, MAX_PATH_M)
    if options.recenter:
        root = root - root[0] * [1, 0, 1]
    info = {"up": found.up, "unit": found.unit, "scale": options.scale or 1.0, "frames_held": 0, "ours": True}
    return Scene((Motion(root, quat, found.clip.fps, betas),), provenance=provenance(name, "bvh", info))


def euler_zxy(quat: np.ndarray) -> np.ndarray:
    """Quaternions (T, 4) -> angles (T, 3) in degrees about Z, X and Y in that order, continuous in time."""
    m = R.quat_to_rotmat(quat.astype(np.float64))
    x = np.arcsin(np.clip(m[:, 2, 1], -1, 1))
    locked = np.abs(m[:, 2, 1]) > 1 - 1e-9  # Z and Y turn about one axis: leave all of it to Z
    z = np.where(locked, np.arctan2(m[:, 1, 0], m[:, 0, 0]), np.arctan2(-m[:, 0, 1], m[:, 1, 1]))
    y = np.where(locked, 0.0, np.arctan2(-m[:, 2, 0], m[:, 2, 2]))
    return np.degrees(np.stack([np.unwrap(z), x, np.unwrap(y)], 1))


def _hierarchy(offsets: np.ndarray, tips: dict[str, np.ndarray], names: dict[str, str]) -> tuple[list[str], list[int]]:
    """Lines of the HIERARCHY section, and our joints in the order of their channels.

    offsets (22, 3) and tips (joint -> (3,)) in the file's unit and axes; names: our joint -> the file's.
    """
    lines, order = ["HIERARCHY"], []

    def add(j: int, depth: int) -> None:
        pad = "\t" * depth
        kids = [k for k in range(NUM_JOINTS) if PARENTS[k] == j]
        order.append(j)
        lines.append(f"{pad}{'ROOT' if j == 0 else 'JOINT'} {names[JOINT_NAMES[j]]}")
        lines.append(f"{pad}{{")
        lines.append(f"{pad}\tOFFSET {_triple(offsets[j])}")
        moves = "6 Xposition Yposition Zposition" if j == 0 else "3"
        lines.append(f"{pad}\tCHANNELS {moves} Zrotation Xrotation Yrotation")
        for k in kids:
            add(k, depth + 1)
        if not kids:
            tip = _triple(tips[JOINT_NAMES[j]])
            lines.extend([f"{pad}\tEnd Site", f"{pad}\t{{", f"{pad}\t\tOFFSET {tip}", f"{pad}\t}}"])
        lines.append(f"{pad}}}")

    add(0, 0)
    return lines, order


def _triple(lengths: np.ndarray) -> str:
    return " ".join(f"{v:.6f}" for v in lengths)


def format_bvh(motion: Motion, names: str = "mixamo", units: str = "cm", up: str = "y") -> str:
    """A motion as BVH text: the rest joints of its body as offsets, the pelvis in the root's position channels."""
    offsets = rest_offsets(motion.betas)
    tips = {k: np.array(v) for k, v in TIPS.items()} | {f"{s}_wrist": offsets[J[f"{s}_hand"]] for s in SIDES}
    turn = R.quat_inv(Z_UP_TO_Y_UP) if up == "z" else np.array([1.0, 0, 0, 0])
    per_metre = UNITS[units]
    offsets = R.quat_rotate(turn, offsets) * per_metre
    tips = {k: R.quat_rotate(turn, v) * per_metre for k, v in tips.items()}
    lines, order = _hierarchy(offsets, tips, NAMES[names])
    root = R.quat_rotate(turn, motion.root_pos.astype(np.float64)) * per_metre
    quat = conjugate(turn, motion.joint_quat.astype(np.float64))
    values = np.concatenate([root, *(euler_zxy(quat[:, j]) for j in order)], 1)
    lines += ["MOTION", f"Frames: {motion.num_frames}", f"Frame Time: {1 / motion.fps:.10f}"]
    lines += [" ".join(f"{v:.6f}" for v in row) for row in values]
    return "\n".join(lines) + "\n"


@SAVERS.register(".bvh")
def save_bvh(
    scene: Scene,
    path: Path,
    names: str = "mixamo",
    fps: float | None = None,
    units: str = "cm",
    up: str = "y",
    skeleton: str | Path | None = None,
) -> tuple[Path, ...]:
    """Write BVH files, one person each, degrees in the order Z X Y.

    names: 'mixamo' (also Rokoko's and Auto-Rig Pro's), 'smpl' or 'unreal'.  fps: instead of the motion's own.
    units: 'cm' or 'm'.  up: 'y' or 'z'.  skeleton: a BVH file whose skeleton the motion is put onto; its names, unit
    and axes then hold.  UserError for any other value.
    """
    check_choice("names", names, NAMES)
    check_choice("units", units, UNITS)
    check_choice("up", up, ("y", "z"))

    def write(motion: Motion, target: Path) -> None:
        text = format_onto(motion, Path(skeleton)) if skeleton else format_bvh(motion, names, units, up)
        target.write_text(text, encoding="utf-8")

    return one_file_each(at_rate(scene, fps), path, write)
