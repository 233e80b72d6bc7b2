"""Writes small GLB files in the ways of other programs: bones with axes of their own, armatures that turn and scale."""

import json
import struct

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import MEAN_OFFSETS, PARENTS
from engine.io.gltf_nodes import compose

OFFSETS = MEAN_OFFSETS[:22]
IDENTITY = np.array([1.0, 0, 0, 0])


class Glb:
    """A document that grows, and `write`."""

    def __init__(self):
        self.json, self.data = {"asset": {"version": "2.0"}, "accessors": [], "bufferViews": []}, b""

    def accessor(self, array, kind):
        array = np.ascontiguousarray(array, np.float32)
        self.json["bufferViews"].append({"buffer": 0, "byteOffset": len(self.data), "byteLength": array.nbytes})
        self.data += array.tobytes()
        count = len(array) if array.ndim < 3 else array.shape[0] * array.shape[1]
        view = len(self.json["bufferViews"]) - 1
        self.json["accessors"].append({"bufferView": view, "componentType": 5126, "count": count, "type": kind})
        return len(self.json["accessors"]) - 1

    def bytes(self):
        self.json["buffers"] = [{"byteLength": len(self.data)}]
        text = json.dumps(self.json).encode()
        text += b" " * (-len(text) % 4)
        body = (
            struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(self.data), b"BIN\0") + self.data
        )
        return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def figure(names, clips, scale=1.0, turn=IDENTITY, skin=True, mode="LINEAR", start=0.0, fps=30.0, posed=None, seed=0):
    """A person with our tree under other names, as a `Glb`.

    clips: name -> (world (T, 22, 4), root (T, 3)) in world axes.  scale, turn: of the armature over the pelvis.
    posed: world (22, 4) that the nodes stand in when nothing plays; the T-pose by default.
    """
    glb, rng = Glb(), np.random.default_rng(seed)
    own = R.normalize(rng.normal(size=(22, 4)))  # every bone has axes of its own
    shift = np.stack(
        [R.quat_rotate(R.quat_inv(own[p]), o) if p >= 0 else o for p, o in zip(PARENTS, OFFSETS, strict=False)]
    )

    def local(world):
        turned = R.quat_mul(world, np.broadcast_to(own, world.shape))
        out = turned.copy()
        for j in range(1, 22):
            out[..., j, :] = R.quat_mul(R.quat_inv(turned[..., PARENTS[j], :]), turned[..., j, :])
        out[..., 0, :] = R.quat_mul(np.broadcast_to(R.quat_inv(turn), turned[..., 0, :].shape), turned[..., 0, :])
        return out

    rest = local(np.tile(IDENTITY, (22, 1)) if posed is None else posed)
    nodes = []
    for j, name in enumerate(names):
        place = shift[j] / scale if j else R.quat_rotate(R.quat_inv(turn), np.array([0, 0.94, 0])) / scale
        node = {"name": name, "translation": place.tolist(), "rotation": rest[j][[1, 2, 3, 0]].tolist()}
        kids = [k for k in range(22) if PARENTS[k] == j]
        nodes.append(node | ({"children": kids} if kids else {}))
    nodes.append({"name": "Armature", "children": [0], "scale": [scale] * 3, "rotation": turn[[1, 2, 3, 0]].tolist()})
    glb.json["nodes"] = nodes
    if skin:
        pos = np.zeros((22, 3))
        for j in range(1, 22):
            pos[j] = pos[PARENTS[j]] + OFFSETS[j]
        back = np.broadcast_to(R.quat_inv(turn), own.shape)
        bind = compose(R.quat_rotate(back, pos) / scale, R.quat_mul(back, own)[:, [1, 2, 3, 0]], np.ones((22, 3)))
        inverse = np.linalg.inv(bind).transpose(0, 2, 1).reshape(22, 16)
        glb.json["skins"] = [{"joints": list(range(22)), "inverseBindMatrices": glb.accessor(inverse, "MAT4")}]
    glb.json["animations"] = []
    for name, (world, root) in clips.items():
        samplers, channels = [], []
        clock = glb.accessor(start + np.arange(len(world)) / fps, "SCALAR")
        quat = R.quat_continuous(local(world))[..., [1, 2, 3, 0]]
        path = R.quat_rotate(R.quat_inv(turn), root) / scale
        for j, kind, values in [*((j, "rotation", quat[:, j]) for j in range(22)), (0, "translation", path)]:
            if mode == "CUBICSPLINE":
                values = np.stack([0 * values, values, 0 * values], 1)
            output = glb.accessor(values, "VEC4" if kind == "rotation" else "VEC3")
            samplers.append({"input": clock, "output": output, "interpolation": mode})
            channels.append({"sampler": len(samplers) - 1, "target": {"node": j, "path": kind}})
        glb.json["animations"].append({"name": name, "samplers": samplers, "channels": channels})
    return glb
