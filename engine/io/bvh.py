"""BVH: reads any humanoid dialect, writes our 22 joints with Mixamo's names, Y up, centimetres, one person per file."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_OFFSETS, NUM_JOINTS, PARENTS, J, rest_offsets
from engine.core.types import Motion, Scene
from engine.io.bvh_text import END, BvhClip, decode_text, parse_bvh
from engine.io.capture import capture, leading_pose
from engine.io.checks import MAX_PATH_M, check_numbers, read_bytes
from engine.io.formats import LOADERS, SAVERS, LoadOptions, one_file_each
from engine.io.ground import place
from engine.io.humanoid import find_rig
from engine.io.retarget import retarget

_CENTRE = {
    "pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine2", "neck": "Neck", "head": "Head",
}  # fmt: skip
_LIMB = {
    "hip": "UpLeg", "knee": "Leg", "ankle": "Foot", "foot": "ToeBase", "collar": "Shoulder", "shoulder": "Arm",
    "elbow": "ForeArm", "wrist": "Hand",
}  # fmt: skip
BVH_NAMES = {
    **_CENTRE,
    **{f"{s}_{j}": f"{s.title()}{n}" for s in ("left", "right") for j, n in _LIMB.items()},
}
"""Our joint -> its name in the files that we write."""
_TIPS = {"head": (0, 0.18, 0.02), "left_foot": (0, -0.02, 0.065), "right_foot": (0, -0.02, 0.065)}
"""End Sites, metres from their joint; the hands' are SMPL's hand joints."""
CM = 100.0


@LOADERS.register(".bvh")
def load_bvh(path: Path, options: LoadOptions) -> Scene:
    """Read a BVH of any humanoid rig, fitted to our skeleton by the directions of its bones at rest.

    Any channel order, unit, Y or Z up; a leading T-pose gives way to the first frame of the motion. The path is
    scaled with the length of the legs. Raises UserError for a damaged file or a skeleton that is no person.
    """
    name = path.name
    clip = parse_bvh(name, decode_text(name, read_bytes(path)), options.fps)
    rows = _our_rows(clip)
    if rows is not None:
        return _load_ours(name, clip, rows, options)
    rig = find_rig(name, clip.names, clip.parents)
    held = leading_pose(clip, rig)
    try:
        cap, found = capture(clip.hold(held), rig, options.up)
    except UserError as error:
        raise UserError(f"{name!r} cannot be read as a person. {error}") from error
    check_numbers(name, "path", np.concatenate(list(cap.pos.values()), 1), MAX_PATH_M)
    motion, scale = retarget(cap, options.scale)
    motion = place(motion, options.recenter is not False)
    info = {"source": name, "format": "bvh", **found, "scale": scale, "frames_held": held}
    return Scene((motion,), provenance=info)


def _our_rows(clip: BvhClip) -> list[int] | None:
    """For each of our joints its row in the clip, if the file has exactly the skeleton that we write."""
    real = {n: j for j, n in enumerate(clip.names) if n != END}
    names = [n for n in J if J[n] < NUM_JOINTS]
    if set(real) != set(BVH_NAMES.values()):
        return None
    rows = [real[BVH_NAMES[n]] for n in names]
    for j in range(1, NUM_JOINTS):
        bone = R.normalize(clip.offsets[rows[j]])
        if clip.parents[rows[j]] != rows[PARENTS[j]] or bone @ R.normalize(MEAN_OFFSETS[j]) < np.cos(np.radians(12)):
            return None
    return rows


def _load_ours(name: str, clip: BvhClip, rows: list[int], options: LoadOptions) -> Scene:
    """A file that we wrote: joint rotations and path are taken over as they are."""
    pos, world = clip.pose(set(rows))
    quat = np.stack([world[j] for j in rows], 1)
    for j in range(NUM_JOINTS - 1, 0, -1):
        quat[:, j] = R.quat_mul(R.quat_inv(quat[:, PARENTS[j]]), quat[:, j])
    root = pos[rows[0]] / CM * (options.scale or 1.0)
    check_numbers(name, "path", root, MAX_PATH_M)
    motion = Motion(root, R.quat_continuous(R.normalize(quat)), clip.fps)
    if options.recenter:
        motion = motion.with_(root_pos=root - root[0] * [1, 0, 1])
    info = {"source": name, "format": "bvh", "up": "y", "unit": "cm", "scale": options.scale or 1.0, "frames_held": 0}
    return Scene((motion,), provenance=info)


def euler_zxy(quat: np.ndarray) -> np.ndarray:
    """Quaternions (T, 4) -> angles (T, 3) in degrees about Z, X and Y in that order, continuous in time."""
    m = R.quat_to_rotmat(quat.astype(np.float64))
    x = np.arcsin(np.clip(m[:, 2, 1], -1, 1))
    locked = np.abs(m[:, 2, 1]) > 1 - 1e-9  # Z and Y turn about one axis: leave all of it to Z
    z = np.where(locked, np.arctan2(m[:, 1, 0], m[:, 0, 0]), np.arctan2(-m[:, 0, 1], m[:, 1, 1]))
    y = np.where(locked, 0.0, np.arctan2(-m[:, 2, 0], m[:, 2, 2]))
    return np.degrees(np.stack([np.unwrap(z), x, np.unwrap(y)], 1))


def _hierarchy(offsets: np.ndarray) -> tuple[list[str], list[int]]:
    """Lines of the HIERARCHY section, and our joints in the order of their channels."""
    lines, order = ["HIERARCHY"], []
    names = {j: n for n, j in J.items()}

    def add(j: int, depth: int) -> None:
        pad = "\t" * depth
        kids = [k for k in range(NUM_JOINTS) if PARENTS[k] == j]
        order.append(j)
        lines.append(f"{pad}{'ROOT' if j == 0 else 'JOINT'} {BVH_NAMES[names[j]]}")
        lines.append(f"{pad}{{")
        lines.append(f"{pad}\tOFFSET {_triple(offsets[j])}")
        moves = "6 Xposition Yposition Zposition" if j == 0 else "3"
        lines.append(f"{pad}\tCHANNELS {moves} Zrotation Xrotation Yrotation")
        for k in kids:
            add(k, depth + 1)
        if not kids:
            hand = names[j].replace("wrist", "hand")
            tip = offsets[J[hand]] if hand != names[j] else _TIPS[names[j]]
            lines.extend([f"{pad}\tEnd Site", f"{pad}\t{{", f"{pad}\t\tOFFSET {_triple(tip)}", f"{pad}\t}}"])
        lines.append(f"{pad}}}")

    add(0, 0)
    return lines, order


def _triple(metres: np.ndarray | tuple[float, ...]) -> str:
    return " ".join(f"{v * CM:.6f}" for v in metres)


def format_bvh(motion: Motion) -> str:
    """A motion as BVH text: the rest joints of its body as offsets, the pelvis in the root's position channels."""
    lines, order = _hierarchy(rest_offsets(motion.betas))
    columns = [motion.root_pos * CM, *(euler_zxy(motion.joint_quat[:, j]) for j in order)]
    values = np.concatenate(columns, 1)
    lines += ["MOTION", f"Frames: {motion.num_frames}", f"Frame Time: {1 / motion.fps:.10f}"]
    lines += [" ".join(f"{v:.6f}" for v in row) for row in values]
    return "\n".join(lines) + "\n"


def _write(motion: Motion, path: Path) -> None:
    path.write_text(format_bvh(motion), encoding="ascii")


@SAVERS.register(".bvh")
def save_bvh(scene: Scene, path: Path) -> tuple[Path, ...]:
    """Write BVH files, one person each, Y up, centimetres, degrees in the order Z X Y."""
    return one_file_each(scene, path, _write)
