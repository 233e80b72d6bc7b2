"""Read a body model in SMPL format: .npz without pickles, or an official .pkl by a reader that can only make arrays.

The official files pickle numpy arrays, scipy's sparse matrices and chumpy's array wrappers. Everything else that a
pickle could name is refused, so that a tampered file cannot run code.
"""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from engine.core.errors import UserError

NUM_BETAS = 10
MAX_BYTES = 600_000_000
"""Largest file read; SMPL's own are below 250 MB."""


@dataclass(frozen=True)
class SmplData:
    """The arrays of one model: V vertices, F faces, 24 joints; float32 and int64.

    v_template: (V, 3) metres.  f: (F, 3).  weights: (V, 24).  shapedirs: (V, 3, 10).  posedirs: (V, 3, 207).
    J_regressor: (24, V).  kintree_table: (2, 24), parents first.
    """

    v_template: np.ndarray
    f: np.ndarray
    weights: np.ndarray
    shapedirs: np.ndarray
    posedirs: np.ndarray
    J_regressor: np.ndarray
    kintree_table: np.ndarray


_SHAPES: dict[str, tuple[Any, ...]] = {
    "v_template": ("V", 3), "f": ("F", 3), "weights": ("V", 24), "shapedirs": ("V", 3, "B"), "posedirs": ("V", 3, 207),
    "J_regressor": (24, "V"), "kintree_table": (2, 24),
}  # fmt: skip


def read_smpl(path: Path) -> SmplData:
    """Read `path` (.npz or .pkl); UserError says what is wrong with a file that is not an SMPL model."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UserError(f"{path.name} has {size / 1e6:.0f} MB; a body model may have {MAX_BYTES / 1e6:.0f} MB at most.")
    raw = _read_npz(path) if path.suffix.lower() == ".npz" else _read_pickle(path)
    missing = [key for key in _SHAPES if key not in raw]
    if missing:
        raise UserError(f"{path.name} is not an SMPL body model: it has no {', '.join(missing)}.")
    arrays = {key: _plain(path, key, raw[key]) for key in _SHAPES}
    _check(path, arrays)
    arrays["shapedirs"] = arrays["shapedirs"][:, :, :NUM_BETAS]
    return SmplData(**{key: np.ascontiguousarray(value) for key, value in arrays.items()})


def _read_npz(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files if key in _SHAPES}
    except (ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise UserError(f"{path.name} cannot be read as an npz of plain arrays: {error}. Download it again.") from error


def _read_pickle(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            content = _ArrayUnpickler(file, encoding="latin1").load()
    except UserError:
        raise
    except Exception as error:  # a damaged pickle may raise nearly anything
        raise UserError(f"{path.name} is damaged or no pickle: {error!r}. Download it again.") from error
    if not isinstance(content, dict):
        raise UserError(f"{path.name} is not an SMPL body model: it holds a {type(content).__name__}, not a dict.")
    return content


def _plain(path: Path, key: str, value: Any) -> np.ndarray:
    """A plain array from whatever the file holds under `key`."""
    if isinstance(value, _Stand):
        value = value.array()
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        raise UserError(f"{path.name}: {key} is no array of numbers. Download the file again.")
    return value.astype(np.int64 if key in ("f", "kintree_table") else np.float32)


def _check(path: Path, arrays: dict[str, np.ndarray]) -> None:
    sizes: dict[str, int] = {}
    for key, shape in _SHAPES.items():
        got = arrays[key].shape
        want = [sizes.setdefault(n, got[i]) if isinstance(n, str) and i < len(got) else n for i, n in enumerate(shape)]
        if list(got) != want:
            raise UserError(f"{path.name}: {key} has shape {got}, which does not fit an SMPL body of 24 joints.")
    if sizes["B"] < NUM_BETAS:
        raise UserError(f"{path.name} has {sizes['B']} shape directions; {NUM_BETAS} are needed.")
    if any(not np.isfinite(a).all() for a in arrays.values() if a.dtype.kind == "f"):
        raise UserError(f"{path.name} holds values that are not numbers. Download it again.")
    faces = arrays["f"]
    if faces.min() < 0 or faces.max() >= sizes["V"]:
        raise UserError(f"{path.name}: its faces name vertices that it does not have.")


class _Stand:
    """Stand-in for a pickled wrapper; carries the state and can turn it into an array, nothing else."""

    state: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, *args: Any) -> None:
        """Take whatever the wrapper was made from; only its state counts."""

    def __setstate__(self, state: Any) -> None:
        self.state = state if isinstance(state, dict) else {}

    def array(self) -> np.ndarray:
        """The array that the wrapper stood for; UserError when it is of an unknown kind."""
        raise UserError("The file holds a pickled object of an unknown kind, which is not read.")


class _Chumpy(_Stand):
    """chumpy's Ch (an array) and Select (an array and the positions taken from it); inert for its other classes."""

    def array(self) -> np.ndarray:
        s = self.state
        if "a" in s and "idxs" in s:
            return _inner(s["a"]).ravel()[_inner(s["idxs"])].reshape(s.get("preferred_shape", -1))
        return _inner(s.get("x", s.get("_x")))


class _Csc(_Stand):
    """scipy.sparse.csc_matrix."""

    def array(self) -> np.ndarray:
        s = self.state
        shape = tuple(int(n) for n in s.get("_shape", s.get("shape", ())))
        if len(shape) != 2 or not {"data", "indices", "indptr"} <= s.keys() or shape[0] * shape[1] > MAX_BYTES:
            raise UserError("The body model has a sparse matrix that cannot be read. Download the file again.")
        dense = np.zeros(shape)
        columns = np.repeat(np.arange(shape[1]), np.diff(_inner(s["indptr"])))
        np.add.at(dense, (_inner(s["indices"]), columns), _inner(s["data"]))
        return dense


def _inner(value: Any) -> np.ndarray:
    if isinstance(value, _Stand):
        return value.array()
    if not isinstance(value, np.ndarray):
        raise UserError("The body model wraps something that is no array. Download the file again.")
    return value


def _reconstruct(subtype: Any, shape: Any, dtype: Any) -> np.ndarray:
    """numpy's own helper, for plain arrays only; the contents follow by __setstate__."""
    if subtype is not np.ndarray:
        raise UserError("The body model holds an array of an unknown kind, which is not read.")
    return np.ndarray.__new__(np.ndarray, shape, dtype)


def _from_buffer(data: Any, dtype: np.dtype, shape: Any, order: str) -> np.ndarray:
    """numpy's helper in pickles of protocol 5."""
    return np.frombuffer(data, dtype).reshape(shape, order=order)  # pyright: ignore[reportCallIssue, reportArgumentType]


def _new(kind: Any, base: Any, _state: Any) -> Any:
    """The helper of the oldest pickle protocols that makes an empty object; here only a stand-in."""
    if not (isinstance(kind, type) and issubclass(kind, _Stand)) or base is not object:
        raise UserError("The body model holds an object of an unknown kind, which is not read.")
    return kind()


def _scalar(dtype: np.dtype, data: Any = b"\0") -> Any:
    """numpy's scalar of one number."""
    raw = data.encode("latin1") if isinstance(data, str) else data
    if dtype.kind not in "fiub":
        raise UserError("The body model holds a value of an unknown kind, which is not read.")
    return np.frombuffer(raw, dtype, 1)[0]


def _encode(text: str, encoding: str) -> bytes:
    """The bytes that Python 2 strings are pickled as."""
    if encoding not in ("latin1", "latin-1"):
        raise UserError(f"The body model holds text in the encoding {encoding!r}, which is not read.")
    return text.encode("latin1")


class _ArrayUnpickler(pickle.Unpickler):
    """Constructs arrays and the stand-ins above; any other global in the pickle is a UserError."""

    _KNOWN: ClassVar[dict[tuple[str, str], Any]] = {
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
        ("_codecs", "encode"): _encode,
        **{
            (f"numpy.{core}.numeric", "_frombuffer"): _from_buffer
            for core in ("core", "_core")
        },
        **{
            (module, name): made
            for module in ("__builtin__", "builtins")
            for name, made in (("object", object), ("set", set))
        },
        ("copy_reg", "_reconstructor"): _new,
        ("copyreg", "_reconstructor"): _new,
        **{
            (f"numpy.{core}.multiarray", name): made
            for core in ("core", "_core")
            for name, made in (("_reconstruct", _reconstruct), ("scalar", _scalar))
        },
        **{
            (f"scipy.sparse.{module}", "csc_matrix"): _Csc
            for module in ("csc", "_csc")
        },
    }  # fmt: skip

    def find_class(self, module_name: str, global_name: str) -> Any:
        if module_name.partition(".")[0] == "chumpy":
            return _Chumpy
        try:
            return self._KNOWN[module_name, global_name]
        except KeyError:
            raise UserError(
                f"The body model names {module_name}.{global_name}, which a file of arrays has no use for; it was not "
                "opened. Take the file from its official source."
            ) from None
