"""A scene as binary glTF 2.0: each person one skinned, animated mesh; optionally a ghost of the version before.

Quaternions are 16-bit normalised (an error below 0.1 mm at arm's length), the geometry of one body shape is stored
once however many persons share it. glTF skinning has no pose correctives, so a body that has them looks a little
different here. Source: glTF 2.0 specification, sections 3.7 (meshes, skins) and 3.11 (animations).
"""

from __future__ import annotations

import json
import struct
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS
from engine.core.types import Motion, Scene
from engine.render.palette import BESIDE_COLOR, BESIDE_PAIR_COLORS, GHOST_ALPHA, PERSON_COLORS, linear, vertex_normals

if TYPE_CHECKING:
    from engine.body import Body

NAME, PAIR_NAMES = "person_1", ("A", "B")
"""The node of one person, and those of two."""
_COMPONENT = {"f4": 5126, "u1": 5121, "u2": 5123, "u4": 5125, "i2": 5122}
_VERTICES, _INDICES = 34962, 34963  # bufferView targets
_CACHED_SHAPES = 8


@dataclass(frozen=True, eq=False)
class Geometry:
    """What does not move, in one body shape; ready to be stored.

    positions, normals (V, 3) float32; joints (V, 4) uint8; weights (V, 4) uint16, summing to 65535; indices (3F,);
    inverse_bind (24, 16) float32, column-major; rest (24, 3) joints in metres.
    """

    positions: np.ndarray
    normals: np.ndarray
    joints: np.ndarray
    weights: np.ndarray
    indices: np.ndarray
    inverse_bind: np.ndarray
    rest: np.ndarray


_geometry: OrderedDict[tuple[int, bytes], tuple[Body, Geometry]] = OrderedDict()


def geometry(body: Body, betas: np.ndarray) -> Geometry:
    """The static geometry of `body` for betas (10,); the last few shapes are remembered."""
    key = (id(body), betas.tobytes())
    known = _geometry.get(key)
    if known is None:
        known = _geometry[key] = (body, _build_geometry(body, betas))  # holds the body, so that its id stays its own
        while len(_geometry) > _CACHED_SHAPES:
            _geometry.popitem(last=False)
    return known[1]


def _build_geometry(body: Body, betas: np.ndarray) -> Geometry:
    positions = np.asarray(body.rest_vertices(betas), np.float32)
    rest = np.asarray(body.rest_joints(betas), np.float32)
    faces = np.asarray(body.faces)
    joints, weights = _four_influences(np.asarray(body.weights, np.float64))
    bind = np.tile(np.eye(4, dtype=np.float32), (len(rest), 1, 1))
    bind[:, :3, 3] = -rest
    return Geometry(
        positions=positions,
        normals=vertex_normals(positions, faces),
        joints=joints,
        weights=weights,
        indices=faces.ravel().astype(np.uint16 if len(positions) < 65535 else np.uint32),
        inverse_bind=bind.transpose(0, 2, 1).reshape(-1, 16),
        rest=rest,
    )


def _four_influences(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The four strongest joints of each vertex: indices uint8 and weights uint16 (V, 4), each row summing to 65535."""
    joints = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    kept = np.take_along_axis(weights, joints, 1)
    whole = np.round(kept / kept.sum(1, keepdims=True) * 65535).astype(np.int64)
    whole[:, 0] += 65535 - whole.sum(1)
    joints[whole == 0] = 0  # the validator wants an unused slot to name joint 0
    return joints.astype(np.uint8), whole.astype(np.uint16)


class _Document:
    """The glTF JSON and its one binary buffer, as they grow."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []
        self.size = 0
        self.json: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "Kinetalk"},
            "scene": 0,
            "scenes": [{"nodes": []}],
        }
        self.stored: dict[Geometry, dict[str, Any]] = {}

    def add(self, key: str, item: dict[str, Any]) -> int:
        """Append to one of the top-level lists; returns the index."""
        self.json.setdefault(key, []).append(item)
        return len(self.json[key]) - 1

    def view(self, array: np.ndarray, target: int | None = None) -> int:
        """Store an array as a bufferView of its own, aligned to 4 bytes."""
        data = np.ascontiguousarray(array).tobytes()
        item = {"buffer": 0, "byteOffset": self.size, "byteLength": len(data)}
        padded = data + b"\0" * (-len(data) % 4)
        self.chunks.append(padded)
        self.size += len(padded)
        return self.add("bufferViews", item | ({"target": target} if target else {}))

    def accessor(
        self,
        array: np.ndarray,
        kind: str,
        view: int | None = None,
        offset: int = 0,
        target: int | None = None,
        bounds: bool = False,
        normalized: bool = False,
    ) -> int:
        """Describe an array (N, ...) that lies at `offset` in `view`, or in a new view."""
        view = self.view(array, target) if view is None else view
        item = {"bufferView": view, "componentType": _COMPONENT[array.dtype.str[1:]], "count": len(array), "type": kind}
        if offset:
            item["byteOffset"] = offset
        if normalized:
            item["normalized"] = True
        if bounds:
            flat = array.reshape(len(array), -1)
            item |= {"min": flat.min(0).tolist(), "max": flat.max(0).tolist()}
        return self.add("accessors", item)

    def to_bytes(self) -> bytes:
        """The GLB container: header, JSON chunk, binary chunk."""
        self.json["buffers"] = [{"byteLength": self.size}]
        text = json.dumps(self.json, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        head = struct.pack("<4sII", b"glTF", 2, 12 + 8 + len(text) + 8 + self.size)
        chunk = struct.pack("<I4s", self.size, b"BIN\0")
        return b"".join([head, struct.pack("<I4s", len(text), b"JSON"), text, chunk, *self.chunks])


def scene_to_glb(
    scene: Scene,
    body: Body,
    ghost: Scene | None = None,
    names: Sequence[str] | None = None,
    colors: Sequence[tuple[float, float, float]] = PERSON_COLORS,
    beside: Scene | None = None,
) -> bytes:
    """The scene as a GLB file, ready for a browser or Blender.

    ghost: shown translucent beside the scene, with names and materials that begin with 'ghost_'; leave it out of what
    is exported.  names, colors (sRGB, 0 to 1): one per person; without names NAME, or for two PAIR_NAMES.
    beside: another version, drawn solid where it stands (see `engine.render.beside`), with names that begin with
    'beside_'; leave it out as well.  Each person keeps its own frame rate and length; a player holds the last pose of
    the shorter one.  The person's mesh node carries `extras` fps and num_frames.
    """
    document = _Document()
    document.json["animations"] = [{"name": "motion", "channels": [], "samplers": []}]
    for motion, name, color in zip(scene.motions, names or _names(scene), colors):
        _add_person(document, motion, body, name, (*color, 1.0))
    if ghost:
        for motion, name, color in zip(ghost.motions, names or _names(ghost), colors):
            _add_person(document, motion, body, f"ghost_{name}", (*color, GHOST_ALPHA))
    if beside:
        paler = BESIDE_PAIR_COLORS if len(beside.motions) > 1 else (BESIDE_COLOR,)
        for motion, name, color in zip(beside.motions, names or _names(beside), paler):
            _add_person(document, motion, body, f"beside_{name}", (*color, 1.0))
    return document.to_bytes()


def _names(scene: Scene) -> Sequence[str]:
    return PAIR_NAMES if len(scene.motions) > 1 else (NAME,)


def _add_person(document: _Document, motion: Motion, body: Body, name: str, color: tuple[float, ...]) -> None:
    shape = geometry(body, motion.betas)
    stored = _stored_geometry(document, shape)
    material: dict[str, Any] = {
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*linear(color), color[3]],
            "metallicFactor": 0.0,
            "roughnessFactor": 0.7,
        },
    }
    if color[3] < 1:
        material["alphaMode"] = "BLEND"
    primitive = {
        "attributes": stored["attributes"],
        "indices": stored["indices"],
        "material": document.add("materials", material),
    }
    mesh = document.add("meshes", {"name": name, "primitives": [primitive]})
    base = _add_joints(document, shape.rest, name)
    skin = {
        "inverseBindMatrices": stored["inverse_bind"],
        "joints": list(range(base, base + len(shape.rest))),
        "skeleton": base,
    }
    extras = {"fps": motion.fps, "num_frames": motion.num_frames}
    node = {"name": name, "mesh": mesh, "skin": document.add("skins", skin), "extras": extras}
    document.json["scenes"][0]["nodes"] += [base, document.add("nodes", node)]
    _add_animation(document, motion, base)


def _stored_geometry(document: _Document, shape: Geometry) -> dict[str, Any]:
    """Accessors of a shape, stored on first use; what shapes have in common is stored once."""
    if shape in document.stored:
        return document.stored[shape]
    if document.stored:
        stored = next(iter(document.stored.values()))
        stored = {"indices": stored["indices"], "attributes": dict(stored["attributes"])}
    else:
        skinning = {
            "JOINTS_0": document.accessor(shape.joints, "VEC4", target=_VERTICES),
            "WEIGHTS_0": document.accessor(shape.weights, "VEC4", target=_VERTICES, normalized=True),
        }
        stored = {"indices": document.accessor(shape.indices, "SCALAR", target=_INDICES), "attributes": skinning}
    stored["attributes"] |= {
        "POSITION": document.accessor(shape.positions, "VEC3", target=_VERTICES, bounds=True),
        "NORMAL": document.accessor(shape.normals, "VEC3", target=_VERTICES),
    }
    stored["inverse_bind"] = document.accessor(shape.inverse_bind, "MAT4")
    document.stored[shape] = stored
    return stored


def _add_joints(document: _Document, rest: np.ndarray, name: str) -> int:
    """One node per joint, at its rest offset; returns the index of the pelvis."""
    base = len(document.json.get("nodes", ()))
    for j, joint in enumerate(JOINT_NAMES):
        offset = rest[j] - (rest[PARENTS[j]] if j else 0)
        node: dict[str, Any] = {"name": f"{name}_{joint}", "translation": np.round(offset, 6).tolist()}
        children = [base + k for k, parent in enumerate(PARENTS) if parent == j]
        document.add("nodes", node | ({"children": children} if children else {}))
    return base


def _add_animation(document: _Document, motion: Motion, base: int) -> None:
    """Channels of the 22 moving joints and of the pelvis path; the hands rest at identity."""
    animation = document.json["animations"][0]
    times = (np.arange(motion.num_frames) / motion.fps).astype(np.float32)
    clock = document.accessor(times, "SCALAR", bounds=True)
    xyzw = R.quat_continuous(R.normalize(motion.joint_quat))[..., [1, 2, 3, 0]]
    rows = np.ascontiguousarray(np.round(xyzw * 32767).astype(np.int16).transpose(1, 0, 2))
    view = document.view(rows)
    outputs = [
        (j, "rotation", document.accessor(rows[j], "VEC4", view=view, offset=j * rows[j].nbytes, normalized=True))
        for j in range(NUM_JOINTS)
    ]
    outputs.append((0, "translation", document.accessor(motion.root_pos, "VEC3")))
    for joint, path, output in outputs:
        animation["samplers"].append({"input": clock, "output": output})
        target = {"node": base + joint, "path": path}
        animation["channels"].append({"sampler": len(animation["samplers"]) - 1, "target": target})
