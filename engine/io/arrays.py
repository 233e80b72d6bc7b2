"""Reading npy and npz without trusting them: headers first, sizes checked before anything is allocated, no pickles."""

from __future__ import annotations

import math
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import IO

import numpy as np

from engine.core.errors import UserError
from engine.io.checks import MAX_BYTES

_DAMAGE = (
    ValueError, TypeError, OSError, EOFError, KeyError, IndexError, SyntaxError, OverflowError, MemoryError,
    RuntimeError, RecursionError, zlib.error, zipfile.BadZipFile, tokenize.TokenError,
)  # fmt: skip
"""What numpy and zipfile raise on damaged files."""


def _read_array(stream: IO[bytes], size: int, name: str, part: str) -> np.ndarray:
    """One npy stream of `size` bytes; UserError if it claims more than it holds or holds pickled objects."""
    version = np.lib.format.read_magic(stream)
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise UserError(f"{name!r}: {part} is in npy version {version}, which does not exist.")
    first = version == (1, 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # headers that Python 2 wrote are read all the same
        read_header = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
        shape, _, dtype = read_header(stream)
    if dtype.hasobject:
        raise UserError(
            f"{name!r}: {part} holds pickled Python objects, which are never opened because they can run code. "
            "Save it again as plain numbers."
        )
    claimed = math.prod(shape) * dtype.itemsize
    if claimed > size or any(n < 0 for n in shape):
        raise UserError(f"{name!r}: {part} claims the shape {shape} but the file ends before that; it is truncated.")
    stream.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return np.lib.format.read_array(stream, allow_pickle=False)


def as_numbers(name: str, part: str, value: np.ndarray) -> np.ndarray:
    """An array as float64; UserError for text, dates and complex numbers."""
    if value.dtype.kind not in "fiu":
        raise UserError(f"{name!r}: {part} holds {value.dtype}, not numbers. Save it again as float arrays.")
    with np.errstate(invalid="ignore"):  # a signalling NaN; what is not finite is reported by its frame later
        return value.astype(np.float64)


def read_npy(path: Path) -> np.ndarray:
    """The array of an npy file. UserError for a damaged, truncated or pickled one."""
    try:
        with path.open("rb") as stream:
            return _read_array(stream, path.stat().st_size, path.name, "the array")
    except _DAMAGE as error:
        raise UserError(f"{path.name!r} is not a readable npy file: {error}. Save it again with numpy.save.") from error


def read_npz(path: Path, wanted: Collection[str]) -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    """The `wanted` arrays that an npz file has, and the names of all it has. Nothing else is unpacked.

    UserError for files that are no npz, damaged, too large when unpacked, or with pickles among the wanted arrays.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {i.filename.removesuffix(".npy"): i for i in archive.infolist()}
            picked = {k: i for k, i in infos.items() if k in wanted}
            total = sum(i.file_size for i in picked.values())
            if total > MAX_BYTES:
                raise UserError(
                    f"{path.name!r} unpacks to {total / 1e6:.0f} MB; at most {MAX_BYTES // 10**6} MB are read. "
                    "Cut it into shorter clips."
                )
            arrays = {}
            for key, info in picked.items():
                with archive.open(info) as stream:
                    arrays[key] = _read_array(stream, info.file_size, path.name, f"{key!r}")
            return arrays, tuple(infos)
    except _DAMAGE as error:
        raise UserError(
            f"{path.name!r} is not a readable npz file: {error}. It may be truncated; save or download it again."
        ) from error
