"""glTF 2.0 and GLB as files: the JSON, the buffers and the numbers in them, every size checked before it is used.

Source: glTF 2.0 specification, sections 3.6 (binary data) and 4.4 (GLB).
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from engine.core.errors import UserError
from engine.io.checks import MAX_BYTES, read_bytes

_DTYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_LIMITS = {"<i1": 127.0, "<u1": 255.0, "<i2": 32767.0, "<u2": 65535.0}
"""What a normalised integer of 1 is stored as."""


@dataclass(frozen=True, eq=False)
class GltfFile:
    """name: of the file.  json: its document, not checked.  buffers: their content."""

    name: str
    json: dict[str, Any]
    buffers: tuple[bytes, ...]

    def items(self, key: str) -> list[Any]:
        """One of the top-level lists; empty where the document has none."""
        return self.json.get(key, [])

    def accessor(self, index: int) -> np.ndarray:
        """The numbers (N, width) float64 of an accessor. UserError where the file ends before them."""
        item = self.json["accessors"][index]
        if "sparse" in item or "bufferView" not in item:
            raise UserError(
                f"{self.name!r} stores its animation in a sparse form that is not read. Open it in Blender and export "
                "it as GLB again."
            )
        view = self.json["bufferViews"][item["bufferView"]]
        if any("meshopt" in word for word in view.get("extensions", {})):
            raise UserError(
                f"{self.name!r} is compressed by meshopt, which is not read. Open it in Blender and export it as GLB, "
                "or run: gltf-transform copy in.glb out.glb"
            )
        dtype, width = np.dtype(_DTYPES[item["componentType"]]), _WIDTHS[item["type"]]
        start = view.get("byteOffset", 0) + item.get("byteOffset", 0)
        stride, count = view.get("byteStride") or dtype.itemsize * width, item["count"]
        data = self.buffers[view["buffer"]]
        end = start + stride * (count - 1) + dtype.itemsize * width
        if count < 1 or start < 0 or stride < dtype.itemsize * width or end > len(data):
            raise UserError(f"{self.name!r} ends before its animation does; it is truncated. Export it again.")
        array = np.ndarray((count, width), dtype, data, start, (stride, dtype.itemsize)).astype(np.float64)
        limit = _LIMITS.get(dtype.str.replace("|", "<")) if item.get("normalized") else None
        return array if limit is None else np.maximum(array / limit, -1.0)


def read_gltf(path: Path) -> GltfFile:
    """A .gltf or .glb file, whichever it is by content. UserError for what is neither, or damaged."""
    name, data = path.name, read_bytes(path)
    if data[:4] == b"glTF":
        text, binary = _split_glb(name, data)
    else:
        text, binary = data, None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{name!r} is not glTF: its JSON cannot be read ({error}). Export it again.") from error
    if not isinstance(document, dict) or not isinstance(document.get("asset"), dict):
        raise UserError(f"{name!r} is not glTF: it is JSON without the part 'asset'. Export it as GLB.")
    version = str(document["asset"].get("version", "?"))
    if not version.startswith("2"):
        raise UserError(
            f"{name!r} is glTF {version}; version 2.0 is read. Export it as GLB 2.0, for example by Blender."
        )
    return GltfFile(name, document, _buffers(path, document, binary))


def _split_glb(name: str, data: bytes) -> tuple[bytes, bytes | None]:
    """The JSON chunk and the binary chunk of a GLB."""
    chunks, at = {}, 12
    while at + 8 <= len(data):
        size, kind = struct.unpack_from("<I4s", data, at)
        if at + 8 + size > len(data):
            raise UserError(f"{name!r} ends in the middle; it is truncated. Export or upload it again.")
        chunks.setdefault(kind, data[at + 8 : at + 8 + size])
        at += 8 + size + (-size % 4)
    if b"JSON" not in chunks:
        raise UserError(f"{name!r} has no JSON chunk; it is a damaged GLB or one of version 1. Export it again.")
    return chunks[b"JSON"], chunks.get(b"BIN\0")


def _buffers(path: Path, document: dict[str, Any], binary: bytes | None) -> tuple[bytes, ...]:
    try:
        return tuple(_buffer(path, item.get("uri"), binary) for item in document.get("buffers", []))
    except (AttributeError, TypeError, binascii.Error) as error:
        raise UserError(f"{path.name!r} describes its buffers in a way that is not glTF. Export it as GLB.") from error


def _buffer(path: Path, uri: str | None, binary: bytes | None) -> bytes:
    """The content behind a buffer: the GLB's own, inline, or a file beside it and nowhere else."""
    if uri is None:
        return binary or b""
    if uri.startswith("data:"):
        return base64.b64decode(uri.partition(",")[2])
    beside = path.parent / Path(unquote(uri)).name
    if unquote(uri) != beside.name or not beside.is_file() or beside.stat().st_size > MAX_BYTES:
        raise UserError(
            f"{path.name!r} keeps its numbers in another file, {uri[:80]!r}, which is not beside it. Upload one GLB "
            "file instead: it holds everything (in Blender: Export > glTF 2.0, format glTF Binary)."
        )
    return read_bytes(beside)
