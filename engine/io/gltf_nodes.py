"""The node tree of a glTF file and one of its animations: rest poses, sampling of keys, world transforms.

Source: glTF 2.0 specification, section 3.11 and appendix C (STEP, LINEAR and CUBICSPLINE samplers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from engine.core.errors import UserError
from engine.core.rotations import normalize, quat_from_rotmat, quat_slerp
from engine.io.checks import check_numbers
from engine.io.clip import RestPose
from engine.io.gltf_file import GltfFile

PATHS = {"translation": 3, "rotation": 4, "scale": 3}
_EPS_S = 1e-5
"""Two times closer than this are one."""
SPARSE_FPS, MIN_KEY_FPS, MAX_KEY_FPS = 30.0, 8.0, 240.0
"""Rate of a clip whose keys are not evenly spaced, and the rates that evenly spaced keys can stand for."""


@dataclass(frozen=True, eq=False)
class Channel:
    """Keys of one property of one node. times: (K,) seconds.  values: (K, W), or (K, 3, W) for CUBICSPLINE with the
    tangents around the value; rotations are xyzw as in the file."""

    times: np.ndarray
    values: np.ndarray
    mode: str
    is_rotation: bool

    def keys(self) -> np.ndarray:
        """The values at the keys (K, W)."""
        return self.values[:, 1] if self.values.ndim == 3 else self.values

    def sample(self, at: np.ndarray) -> np.ndarray:
        """Values (T, W) at times (T,); held before the first key and after the last."""
        keys = self.keys()
        if len(keys) == 1:
            return np.repeat(keys, len(at), 0)
        k = np.clip(np.searchsorted(self.times, at + _EPS_S, "right") - 1, 0, len(keys) - 2)
        span = self.times[k + 1] - self.times[k]
        u = np.clip((at - self.times[k]) / np.maximum(span, 1e-9), 0, 1)
        u = np.where(np.abs(at - self.times[k + 1]) <= _EPS_S, 1.0, u)
        if self.mode == "STEP":
            out = np.where((u == 1)[:, None], keys[k + 1], keys[k])
        elif self.mode == "CUBICSPLINE":
            out = self._hermite(k, u[:, None], span[:, None])
        elif self.is_rotation:
            out = quat_slerp(keys[k], keys[k + 1], u)
        else:
            out = keys[k] * (1 - u[:, None]) + keys[k + 1] * u[:, None]
        return normalize(out) if self.is_rotation else out

    def _hermite(self, k: np.ndarray, u: np.ndarray, span: np.ndarray) -> np.ndarray:
        a, b = self.values[k], self.values[k + 1]
        u2, u3 = u * u, u * u * u
        start, end = 2 * u3 - 3 * u2 + 1, 3 * u2 - 2 * u3
        return start * a[:, 1] + span * (u3 - 2 * u2 + u) * a[:, 2] + end * b[:, 1] + span * (u3 - u2) * b[:, 0]


Channels = dict[tuple[int, str], Channel]
"""(node, path) -> its keys."""


def read_channels(file: GltfFile, animation: dict, nodes: set[int]) -> Channels:
    """The channels of an animation that move one of `nodes`. UserError for keys that make no sense."""
    found: Channels = {}
    for channel in animation["channels"]:
        node, path = channel["target"].get("node"), channel["target"]["path"]
        if node not in nodes or path not in PATHS:
            continue
        sampler = animation["samplers"][channel["sampler"]]
        mode = sampler.get("interpolation", "LINEAR")
        times, values = file.accessor(sampler["input"])[:, 0], file.accessor(sampler["output"])
        check_numbers(file.name, "keys", values, 1e7)
        check_numbers(file.name, "key times", times, 1e5)
        if mode == "CUBICSPLINE":
            values = values.reshape(-1, 3, values.shape[1])
        if len(values) != len(times) or values.shape[-1] != PATHS[path] or (np.diff(times) < 0).any():
            raise UserError(f"{file.name!r} has {len(times)} key times for {len(values)} keys of {path}, or times that "
                            "run backwards; it is damaged. Export it again.")  # fmt: skip
        found[node, path] = Channel(times, values, mode, path == "rotation")
    return found


def key_rate(channels: Channels) -> float:
    """Frames per second of the keys, from the channel with the most; 30 where they are sparse or uneven."""
    times = max((c.times for c in channels.values()), key=len)
    if len(times) < 3 or times[-1] <= times[0]:
        return SPARSE_FPS
    step = (times[-1] - times[0]) / (len(times) - 1)
    if np.abs(np.diff(times) - step).max() > 0.2 * step or not MIN_KEY_FPS <= 1 / step <= MAX_KEY_FPS:
        return SPARSE_FPS
    whole = round(1 / step)
    return float(whole if abs(whole * step - 1) < 2e-4 else 1 / step)


class Nodes:
    """The tree: parents (-1 for roots), order (parents first), and each node's own translation, rotation, scale."""

    def __init__(self, file: GltfFile) -> None:
        nodes = file.items("nodes")
        self.names = [str(node.get("name", f"node {i}")) for i, node in enumerate(nodes)]
        self.parents = [-1] * len(nodes)
        for i, node in enumerate(nodes):
            for child in node.get("children", ()):
                if not 0 <= child < len(nodes) or self.parents[child] >= 0:
                    raise UserError(f"{file.name!r} has nodes that hang under two others; it is damaged.")
                self.parents[child] = i
        self.order: list[int] = []
        waiting = [i for i, p in enumerate(self.parents) if p < 0]
        children = [list(node.get("children", ())) for node in nodes]
        while waiting:
            self.order.append(waiting.pop())
            waiting += children[self.order[-1]]
        if len(self.order) != len(nodes):
            raise UserError(f"{file.name!r} has nodes that hang in a circle; it is damaged. Export it again.")
        self.own = [_own(node) for node in nodes]

    def local(self, i: int, channels: Channels, at: np.ndarray) -> np.ndarray:
        """Matrices (T, 4, 4) of node i under its parent at times (T,); keys replace the node's own values."""
        parts = [
            channels[i, path].sample(at) if (i, path) in channels else np.repeat(self.own[i][path][None], len(at), 0)
            for path in PATHS
        ]
        return compose(*parts)

    def world(self, wanted: set[int], channels: Channels, at: np.ndarray) -> dict[int, np.ndarray]:
        """World matrices (T, 4, 4) of the wanted nodes at times (T,)."""
        needed = set(wanted)
        for i in reversed(self.order):
            if i in needed and self.parents[i] >= 0:
                needed.add(self.parents[i])
        out: dict[int, np.ndarray] = {}
        for i in self.order:
            if i in needed:
                local, p = self.local(i, channels, at), self.parents[i]
                out[i] = local if p < 0 else out[p] @ local
        return out

    def below(self, tops: set[int]) -> set[int]:
        """The nodes of `tops` and everything under them."""
        found = set(tops)
        for i in self.order:
            if self.parents[i] in found:
                found.add(i)
        return found

    def above(self, bottoms: set[int]) -> set[int]:
        """The nodes of `bottoms` and everything over them."""
        found = set(bottoms)
        for i in reversed(self.order):
            if i in found and self.parents[i] >= 0:
                found.add(self.parents[i])
        return found


def _own(node: dict) -> dict[str, np.ndarray]:
    """Translation, rotation (xyzw) and scale of a node, whether it gives them or a matrix."""
    if "matrix" in node:
        matrix = np.array(node["matrix"], float).reshape(4, 4).T
        pos, quat = split(matrix[None])
        scale = np.linalg.norm(matrix[:3, :3], axis=0)
        return {"translation": pos[0], "rotation": quat[0, [1, 2, 3, 0]], "scale": scale}
    default = {"translation": (0, 0, 0), "rotation": (0, 0, 0, 1), "scale": (1, 1, 1)}
    own = {path: np.array(node.get(path, value), float) for path, value in default.items()}
    own["rotation"] = normalize(own["rotation"])
    return {path: own[path].reshape(width) for path, width in PATHS.items()}


def compose(translation: np.ndarray, rotation: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Translation (T, 3), rotation (T, 4) xyzw and scale (T, 3) -> matrices (T, 4, 4)."""
    out = np.zeros((len(translation), 4, 4))
    out[:, :3, :3] = Rotation.from_quat(rotation).as_matrix() * scale[:, None]
    out[:, :3, 3], out[:, 3, 3] = translation, 1
    return out


def split(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions (T, 3) and rotations (T, 4) wxyz of matrices (T, 4, 4), scale and shear left out."""
    y = normalize(matrix[:, :3, 1])  # bones of most exporters point along Y
    x = matrix[:, :3, 0] - y * (matrix[:, :3, 0] * y).sum(-1, keepdims=True)
    x = normalize(x)
    return matrix[:, :3, 3], quat_from_rotmat(np.stack([x, y, np.cross(x, y)], -1))


@dataclass(frozen=True, eq=False)
class NodeClip:
    """The motion of a set of nodes as `capture` reads it.

    nodes: index in the file of each joint, parents first.  parents: row of each joint's parent, or -1.
    bind: joint (of the file) -> its matrix (4, 4) when the mesh was bound.  at: (T,) seconds.
    """

    tree: Nodes
    nodes: tuple[int, ...]
    names: tuple[str, ...]
    parents: tuple[int, ...]
    channels: Channels
    bind: dict[int, np.ndarray]
    at: np.ndarray
    fps: float
    up: str | None = None
    metres: bool = True

    @property
    def rests(self) -> tuple[RestPose, ...]:
        """The pose in which the mesh was bound, if there is one; that of the nodes themselves."""
        own = self.tree.world(set(self.nodes), {}, np.zeros(1))
        pos, quat = split(np.concatenate([own[n] for n in self.nodes]))
        bind = self._bound(own)
        return ((pos, quat),) if bind is None else (bind, (pos, quat))

    def _bound(self, own: dict[int, np.ndarray]) -> RestPose | None:
        """The bind pose in the unit of the nodes; joints that no mesh hangs on are where their parent has them."""
        if not self.bind:
            return None
        matrix: list[np.ndarray] = []
        for node, p in zip(self.nodes, self.parents, strict=True):
            if node in self.bind:
                matrix.append(self.bind[node])
            else:
                matrix.append(own[node][0] if p < 0 else matrix[p] @ self.tree.local(node, {}, np.zeros(1))[0])
        pos, quat = split(np.stack(matrix))
        rows = [j for j, p in enumerate(self.parents) if p >= 0 and {self.nodes[j], self.nodes[p]} <= set(self.bind)]
        up = [self.parents[j] for j in rows]
        ours = np.stack([own[n][0, :3, 3] for n in self.nodes])
        length, bound = (np.linalg.norm(p[rows] - p[up], axis=-1).sum() for p in (ours, pos))
        return (pos * (length / bound), quat) if length > 1e-9 and bound > 1e-9 else None

    def pose(self, wanted: set[int]) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
        world = self.tree.world({self.nodes[j] for j in wanted}, self.channels, self.at)
        parts = {j: split(world[self.nodes[j]]) for j in wanted}
        return {j: pos for j, (pos, _) in parts.items()}, {j: quat for j, (_, quat) in parts.items()}
