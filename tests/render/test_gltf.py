"""The GLB read back: skinning it by hand puts every vertex where the body puts it; the Khronos validator agrees."""

import io
import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
import trimesh

from engine.core import rotations as R
from engine.core.types import Motion, Scene
from engine.render.bodies import shown_body
from engine.render.gltf import scene_to_glb

DTYPES = {5126: np.float32, 5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5122: np.int16}
WIDTH = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Parsed:
    """A GLB taken apart by the specification, without the writer's help."""

    def __init__(self, data: bytes) -> None:
        magic, version, total = struct.unpack_from("<4sII", data)
        assert (magic, version, total) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON"
        self.json = json.loads(data[20 : 20 + size])
        length, kind = struct.unpack_from("<I4s", data, 20 + size)
        assert kind == b"BIN\0"
        self.binary = data[28 + size : 28 + size + length]

    def array(self, index: int) -> np.ndarray:
        item = self.json["accessors"][index]
        dtype, width = DTYPES[item["componentType"]], WIDTH[item["type"]]
        view = self.json["bufferViews"][item["bufferView"]]
        start = view["byteOffset"] + item.get("byteOffset", 0)
        out = np.frombuffer(self.binary, dtype, item["count"] * width, start).reshape(-1, width)
        return out / np.iinfo(dtype).max if item.get("normalized") else out

    def node(self, name: str) -> dict:
        return next(n for n in self.json["nodes"] if n["name"] == name)

    def channel(self, node: int, path: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Key times and values of one channel, or None."""
        animation = self.json["animations"][0]
        for channel in animation["channels"]:
            if channel["target"] == {"node": node, "path": path}:
                sampler = animation["samplers"][channel["sampler"]]
                return self.array(sampler["input"])[:, 0], self.array(sampler["output"])
        return None

    def skinned(self, name: str, frame: int) -> np.ndarray:
        """Vertices of a person at a key frame, by the glTF skinning equation."""
        node = self.node(name)
        skin = self.json["skins"][node["skin"]]
        primitive = self.json["meshes"][node["mesh"]]["primitives"][0]
        globals_: dict[int, np.ndarray] = {}

        def walk(index: int, parent: np.ndarray) -> None:
            local = np.eye(4)
            local[:3, 3] = self.json["nodes"][index].get("translation", (0, 0, 0))
            if (track := self.channel(index, "translation")) is not None:
                local[:3, 3] = track[1][frame]
            if (track := self.channel(index, "rotation")) is not None:
                local[:3, :3] = R.quat_to_rotmat(track[1][frame][[3, 0, 1, 2]])
            globals_[index] = parent @ local
            for child in self.json["nodes"][index].get("children", ()):
                walk(child, globals_[index])

        walk(skin["skeleton"], np.eye(4))
        inverse_bind = self.array(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
        matrices = np.stack([globals_[j] for j in skin["joints"]]) @ inverse_bind
        attributes = primitive["attributes"]
        positions = self.array(attributes["POSITION"])
        homogeneous = np.concatenate([positions, np.ones((len(positions), 1))], 1)
        blend = np.einsum(
            "vk,vkab->vab", self.array(attributes["WEIGHTS_0"]), matrices[self.array(attributes["JOINTS_0"])]
        )
        return np.einsum("vab,vb->va", blend, homogeneous)[:, :3]


def lively(num_frames: int, fps: float, seed: int) -> Motion:
    """Every joint turns about an axis of its own while the body walks."""
    rng = np.random.default_rng(seed)
    swing = np.sin(np.linspace(0, 9, num_frames))[:, None, None]
    root = np.linspace([0, 0.94, 0], [0.5, 0.94, 2], num_frames)
    return Motion(root, R.quat_from_aa((rng.normal(0, 0.5, (1, 22, 3)) * swing).astype(np.float32)), fps)


def test_skinning_the_file_gives_the_bodys_vertices(body, motions):
    big = motions.short.with_(betas=np.r_[2.0, np.zeros(9)])
    parsed = Parsed(scene_to_glb(Scene((motions.long, big)), body))
    for name, motion in (("A", motions.long), ("B", big)):
        for frame in (0, 13, motion.num_frames - 1):
            expected = body.vertices(motion)[frame]
            assert np.abs(parsed.skinned(name, frame) - expected).max() < 1e-3


def test_the_shipped_body_within_a_millimetre_and_within_450_kb():
    body = shown_body()
    first, second = lively(120, 20.0, 3), lively(120, 20.0, 4)
    data = scene_to_glb(Scene((first, second)), body)
    assert len(data) < 450_000
    parsed = Parsed(data)
    for name, motion in (("A", first), ("B", second)):
        expected = body.vertices(motion, np.array([60]))[0]
        assert np.abs(parsed.skinned(name, 60) - expected).max() < 1e-3


def test_each_person_keeps_its_rate_and_length(body, motions):
    parsed = Parsed(scene_to_glb(Scene((motions.long, motions.short)), body))
    for name, motion in (("A", motions.long), ("B", motions.short)):
        pelvis = parsed.json["skins"][parsed.node(name)["skin"]]["skeleton"]
        track = parsed.channel(pelvis, "rotation")
        assert track is not None
        times, quats = track
        assert times[0] == 0
        assert len(times) == motion.num_frames
        assert times[-1] == pytest.approx((motion.num_frames - 1) / motion.fps)
        assert ((quats[1:] * quats[:-1]).sum(1) > 0).all()
        assert np.abs(np.linalg.norm(quats, axis=1) - 1).max() < 1e-4
        assert parsed.node(name)["extras"] == {"fps": motion.fps, "num_frames": motion.num_frames}


def test_ghost_is_translucent_and_named(body, motions):
    scene = Scene((motions.long, motions.short))
    plain, ghosted = (Parsed(scene_to_glb(scene, body, ghost=g)) for g in (None, scene))
    assert [m["name"] for m in plain.json["materials"]] == ["A", "B"]
    assert "alphaMode" not in json.dumps(plain.json)
    ghosts = [m for m in ghosted.json["materials"] if m["name"].startswith("ghost_")]
    assert len(ghosts) == 2
    assert all(m["alphaMode"] == "BLEND" and m["pbrMetallicRoughness"]["baseColorFactor"][3] < 0.5 for m in ghosts)
    names = [n["name"] for n in ghosted.json["nodes"]]
    assert len(names) == len(set(names)) == 4 * 25
    assert {"A", "B", "ghost_A", "ghost_B"} <= set(names)


def test_persons_beside_keep_apart_from_those_of_the_scene(body, motions):
    pair, one = Scene((motions.long, motions.short)), Scene((motions.short,))
    both = Parsed(scene_to_glb(pair, body, beside=pair)).json["materials"]
    assert [m["name"] for m in both] == ["A", "B", "beside_A", "beside_B"]
    assert len({tuple(m["pbrMetallicRoughness"]["baseColorFactor"]) for m in both}) == 4
    mixed = Parsed(scene_to_glb(one, body, ghost=pair)).json["materials"]
    assert [m["name"] for m in mixed] == ["person_1", "ghost_A", "ghost_B"]


def test_persons_of_one_shape_share_their_geometry(body, motions):
    one = len(scene_to_glb(Scene((motions.long,)), body))
    two = scene_to_glb(Scene((motions.long, motions.short)), body)
    first, second = (m["primitives"][0]["attributes"] for m in Parsed(two).json["meshes"])
    assert first == second
    assert len(two) < 1.7 * one


def test_trimesh_reads_it(body, motions):
    loaded = trimesh.load(io.BytesIO(scene_to_glb(Scene((motions.long, motions.short)), body)), file_type="glb")
    assert isinstance(loaded, trimesh.Scene)
    assert [len(g.vertices) for g in loaded.geometry.values()] == [192, 192]


def test_colors_are_linear(body, motions):
    parsed = Parsed(scene_to_glb(Scene((motions.long,)), body, colors=[(0.5, 0.0, 1.0)]))
    factor = parsed.json["materials"][0]["pbrMetallicRoughness"]["baseColorFactor"]
    assert factor == pytest.approx([0.21404, 0, 1, 1], abs=1e-4)


def _validator() -> Path | None:
    """The folder that holds node_modules/gltf-validator: the repository or GLTF_VALIDATOR."""
    folders = [Path(os.environ.get("GLTF_VALIDATOR", ".")), Path(__file__).parents[2]]
    return next((f for f in folders if (f / "node_modules" / "gltf-validator").is_dir()), None)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.skipif(
    _validator() is None, reason="gltf-validator is not installed (npm install gltf-validator; GLTF_VALIDATOR=folder)"
)
def test_khronos_validator_finds_nothing(body, motions, tmp_path):
    scene = Scene((motions.long, motions.short.with_(betas=np.ones(10))))
    (tmp_path / "x.glb").write_bytes(scene_to_glb(scene, body, ghost=Scene((motions.long,))))
    script = (
        "const v=require('gltf-validator'),fs=require('fs');"
        "v.validateBytes(new Uint8Array(fs.readFileSync(process.argv[1])))"
        ".then(r=>console.log(JSON.stringify(r.issues)))"
    )
    run = subprocess.run(
        ["node", "-e", script, str(tmp_path / "x.glb")],
        cwd=_validator(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    issues = json.loads(run.stdout)
    assert issues["messages"] == []
    assert issues["numErrors"] + issues["numWarnings"] == 0
