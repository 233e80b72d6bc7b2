"""What every reader checks alike: the file itself, its size, frame rates, lengths and sane numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.core.errors import UserError

MAX_BYTES = 200_000_000
"""Largest file, and largest unpacked content of one, that is read."""
MAX_SECONDS = 20 * 60
MAX_FRAMES = 150_000
MIN_FPS, MAX_FPS = 1.0, 1000.0
MAX_PATH_M = 2000.0
"""Farthest from where it starts that a person may go, metres; beyond it the numbers are garbage."""


def check_file(path: Path) -> None:
    """UserError unless `path` is a readable, non-empty file within the size limit."""
    try:
        is_dir, is_file = path.is_dir(), path.is_file()
        size = path.stat().st_size if is_file else 0
    except (OSError, ValueError) as error:
        raise UserError(f"{path.name!r} cannot be opened: {error}.") from error
    if is_dir:
        raise UserError(f"{path.name!r} is a folder. Choose one motion file in it.")
    if not is_file:
        raise UserError(f"There is no file {str(path)!r}. Check the name and the folder.")
    if size == 0:
        raise UserError(f"{path.name!r} is empty (0 bytes). Export or upload it again.")
    if size > MAX_BYTES:
        raise UserError(
            f"{path.name!r} has {size / 1e6:.0f} MB; at most {MAX_BYTES // 10**6} MB are read. "
            "Cut it into shorter clips."
        )


def read_bytes(path: Path) -> bytes:
    """The content of a checked file; UserError if the system refuses it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path.name!r} cannot be opened: {error.strerror or error}.") from error


def check_rate(name: str, fps: float) -> float:
    """The frame rate if it is one that a motion can have."""
    if not np.isfinite(fps) or not MIN_FPS <= fps <= MAX_FPS:
        raise UserError(
            f"{name!r} says it has {fps:g} frames per second; between {MIN_FPS:g} and {MAX_FPS:g} make sense. "
            "Pass fps=... if you know the right rate."
        )
    return float(fps)


def check_length(name: str, num_frames: int, fps: float) -> None:
    """UserError for a clip without frames or one longer than the limits."""
    if num_frames < 1:
        raise UserError(f"{name!r} holds no frames (0). Export it again with at least one.")
    if num_frames > MAX_FRAMES or num_frames / fps > MAX_SECONDS:
        raise UserError(
            f"{name!r} is {num_frames / fps / 60:.1f} minutes long ({num_frames} frames); at most "
            f"{MAX_SECONDS // 60} minutes and {MAX_FRAMES} frames are read. Cut it into shorter clips."
        )


def check_numbers(name: str, what: str, values: np.ndarray, limit: float) -> None:
    """UserError for NaN, infinity and magnitudes above `limit`, naming the first frame that has one."""
    bad = ~np.isfinite(values)
    if bad.any():
        frame = int(np.argwhere(bad)[0][0])
        raise UserError(
            f"{name!r} has values that are not numbers (NaN or infinite) in its {what}, first at frame {frame}. "
            "Export it again or cut that part."
        )
    if values.size and np.abs(values).max() > limit:
        raise UserError(
            f"{name!r} has a value of {np.abs(values).max():.3g} in its {what}; that cannot be human motion. "
            "The file is damaged or in another format."
        )
