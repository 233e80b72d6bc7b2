"""DeepMimic's humanoid motion (JSON in .json or .txt): 44 numbers a frame, X forward, Y up, Z to the right, metres.

A frame is its duration in seconds, the root's position and rotation (wxyz), then a rotation or, for knees and elbows,
an angle about Z per joint. Proportions are those of the humanoid that the files are made for (Peng et al. 2018).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io.bvh_text import decode_text
from engine.io.checks import check_length, check_numbers, check_rate, read_bytes
from engine.io.clip import END, PoseClip
from engine.io.formats import LOADERS, LoadOptions
from engine.io.person import fit_person, provenance

WIDTH = 44
# name, parent, column, offset from the parent on the right side (metres); hinges have one column, the others four
_JOINTS = (
    ("hips", -1, 4, (0, 0, 0)),
    ("chest", 0, 8, (0, 0.236151, 0)),
    ("neck", 1, 12, (0, 0.223894, 0)),
    ("right_thigh", 0, 16, (0, 0, 0.084887)),
    ("right_shin", 3, 20, (0, -0.421546, 0)),
    ("right_foot", 4, 21, (0, -0.40987, 0)),
    ("right_upper_arm", 1, 25, (-0.02405, 0.24350, 0.18311)),
    ("right_forearm", 6, 29, (0, -0.274788, 0)),
    ("left_thigh", 0, 30, (0, 0, -0.084887)),
    ("left_shin", 8, 34, (0, -0.421546, 0)),
    ("left_foot", 9, 35, (0, -0.40987, 0)),
    ("left_upper_arm", 1, 39, (-0.02405, 0.24350, -0.18311)),
    ("left_forearm", 11, 43, (0, -0.274788, 0)),
    ("right_hand", 7, -1, (0, -0.258947, 0)),
    ("left_hand", 12, -1, (0, -0.258947, 0)),
    ("head", 2, -1, (0, 0.1, 0)),
    (END, 5, -1, (0.12, -0.05, 0)),
    (END, 10, -1, (0.12, -0.05, 0)),
    (END, 13, -1, (0, -0.09, 0)),
    (END, 14, -1, (0, -0.09, 0)),
)
_HINGES = ("right_shin", "left_shin", "right_forearm", "left_forearm")


@LOADERS.register(".json", ".txt")
def load_deepmimic(path: Path, options: LoadOptions) -> Scene:
    """Read a DeepMimic motion. UserError for any other JSON or text."""
    name = path.name
    rows = _rows(name, decode_text(name, read_bytes(path)))
    rate, at = _clock(name, rows[:, 0])
    fps = options.fps or rate
    check_length(name, len(at), fps)
    motion, found = fit_person(name, _clip(rows, fps), options)
    if not np.array_equal(at, np.arange(len(rows))):
        motion = motion.sample_at(at)
    return Scene((motion,), provenance=provenance(name, "deepmimic", found))


def _rows(name: str, text: str) -> np.ndarray:
    """The frames (T, 44). UserError for what is no DeepMimic motion."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{name!r} is no motion that can be read: .json and .txt files must be DeepMimic's JSON ({error}). Convert "
            "it to BVH, GLB or AMASS npz."
        ) from error
    frames = content.get("Frames") if isinstance(content, dict) else None
    if not isinstance(frames, list) or not frames:
        raise UserError(f"{name!r} is JSON but no DeepMimic motion: it has no list 'Frames'. Convert it to BVH or npz.")
    widths = {len(row) if isinstance(row, list) else 0 for row in frames}
    if widths != {WIDTH}:
        raise UserError(
            f"{name!r} has frames of {', '.join(map(str, sorted(widths)[:4]))} numbers; the humanoid of DeepMimic has "
            f"{WIDTH}. Motions of other figures are not read."
        )
    try:
        rows = np.array(frames, np.float64)
    except (TypeError, ValueError) as error:
        raise UserError(f"{name!r} has frames that are not all numbers. Download it again.") from error
    check_numbers(name, "frames", rows, 1e5)
    for joint, _, column, _ in _JOINTS:
        if column >= 0 and joint not in _HINGES and (np.linalg.norm(rows[:, column : column + 4], axis=1) < 0.1).any():
            raise UserError(f"{name!r} has rotations of {joint!r} that are zero, which turn nothing; it is damaged.")
    return rows


def _clock(name: str, durations: np.ndarray) -> tuple[float, np.ndarray]:
    """The rate, and the fractional frame numbers (N,) that are evenly spaced in time."""
    steps = durations[:-1] if len(durations) > 1 else durations
    if (steps <= 0).any():
        raise UserError(f"{name!r}: frame {int(np.argmax(steps <= 0))} lasts {steps.min():g} s; it must last longer.")
    step = float(np.median(steps))
    rate = check_rate(name, 1 / step)
    rate = float(round(rate)) if abs(rate - round(rate)) < 1e-3 * rate else rate
    if np.abs(steps - step).max() < 0.02 * step:
        return rate, np.arange(len(durations))
    times = np.concatenate([[0.0], np.cumsum(steps)])
    return rate, np.interp(np.arange(0, times[-1] + 1e-9, step), times, np.arange(len(times)))


def _clip(rows: np.ndarray, fps: float) -> PoseClip:
    quats = []
    for name, _, column, _ in _JOINTS:
        if column < 0:
            quats.append(np.tile([1.0, 0, 0, 0], (len(rows), 1)))
        elif name in _HINGES:
            quats.append(R.quat_from_axis("z", rows[:, column]))
        else:
            quats.append(R.normalize(rows[:, column : column + 4]))
    names, parents, _, offsets = zip(*_JOINTS, strict=True)
    quat = np.stack(quats, 1)
    return PoseClip(names, parents, np.array(offsets, float), quat, rows[:, 1:4], fps, metres=True)
