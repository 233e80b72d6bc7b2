"""FBX by Blender: what is said without it; and, where it is, that files open both ways at the right size and length."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from test_dialects import walking

import engine.render  # noqa: F401  (registers the saver of GLB)
from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_STANDING_HEIGHT, J, sole_points
from engine.core.types import Motion
from engine.io import fbx, load, readable_suffixes, save

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "cmu_85_04_neo.fbx"
needs_blender = pytest.mark.skipif(fbx.blender_command() is None, reason="needs bpy or Blender")
PROBE = """
import bpy, json, sys
source, target = sys.argv[-2:]
bpy.ops.wm.read_factory_settings(use_empty=True)
if source.endswith(".bvh"):
    bpy.ops.import_anim.bvh(filepath=source, update_scene_fps=True, update_scene_duration=True, {options})
elif source.endswith(".glb"):
    bpy.context.scene.render.fps = {fps}
    bpy.ops.import_scene.gltf(filepath=source)
rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
scene, rows = bpy.context.scene, []
action = rig.animation_data.action
start, end = action.frame_range
curves = getattr(action, "fcurves", None) or action.layers[0].strips[0].channelbags[0].fcurves
for frame in (start, end):
    scene.frame_set(int(round(frame)))
    rows.append({{b.name: list(rig.matrix_world @ b.head) for b in rig.pose.bones}})
scene.frame_set(int(round(start)))
skins = [o.evaluated_get(bpy.context.evaluated_depsgraph_get()) for o in rig.children if o.type == "MESH"]
points = [list(o.matrix_world @ v.co) for o in skins for v in o.to_mesh().vertices]
fps = scene.render.fps / scene.render.fps_base
keys = sorted({{len(curve.keyframe_points) for curve in curves}})
told = {{"seconds": (end - start) / fps, "fps": fps, "keys": keys, "first": rows[0], "last": rows[1], "skin": points}}
json.dump(told, open(target, "w"))
"""
IN_CM, IN_M, Z_UP = "global_scale=0.01", "global_scale=1", "global_scale=1, axis_forward='Y', axis_up='Z'"
"""What is chosen in Blender's dialogue for BVH."""
WAYS = [
    (".bvh", {}, IN_CM),
    (".bvh", {"units": "m"}, IN_M),
    (".bvh", {"units": "m", "up": "z"}, Z_UP),
    (".glb", {}, ""),
]
BVH_BONES = {
    "pelvis": "Hips", "head": "Head", "left_wrist": "LeftHand", "right_wrist": "RightHand", "left_ankle": "LeftFoot",
    "right_ankle": "RightFoot", "left_foot": "LeftToeBase",
}  # fmt: skip


def bone(suffix, joint):
    return BVH_BONES[joint] if suffix == ".bvh" else f"person_1_{joint}"


def open_in_blender(path, tmp_path, options="", fps=30):
    """What Blender (Z up) shows: bones in the first and the last frame, the first frame's skin, keys, rate, length.

    options: of its BVH import.  fps: of the scene that a GLB, whose keys are in seconds, is opened in.
    """
    (tmp_path / "probe.py").write_text(PROBE.format(options=options, fps=fps))
    command = [w.replace(str(fbx.SCRIPT), str(tmp_path / "probe.py")) for w in fbx.blender_command()]
    done = subprocess.run(
        [*command, str(path), str(tmp_path / "out.json")], capture_output=True, text=True, check=False
    )
    assert (tmp_path / "out.json").is_file(), done.stderr[-2000:] + done.stdout[-2000:]
    return json.loads((tmp_path / "out.json").read_text())


def test_without_blender_it_says_how_to_get_it_or_do_without(tmp_path, monkeypatch):
    monkeypatch.setattr(fbx, "blender_command", lambda: None)
    (tmp_path / "a.fbx").write_bytes(b"Kaydara FBX Binary  \x00" + b"\0" * 100)
    with pytest.raises(UserError, match=r"'a\.fbx'.*pip install bpy.*glTF 2\.0.*\.bvh"):
        load(tmp_path / "a.fbx")
    assert ".fbx" not in readable_suffixes()


def test_what_is_no_fbx_never_reaches_blender(tmp_path, monkeypatch):
    monkeypatch.setattr(fbx, "blender_command", lambda: pytest.fail("Blender was called"))
    (tmp_path / "a.fbx").write_bytes(b"import os")
    with pytest.raises(UserError, match="not an FBX file"):
        load(tmp_path / "a.fbx")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["sh", "-c", "echo KINETALK there is no skeleton in it >&2; exit 1"], "there is no skeleton in it"),
        (["sh", "-c", "exit 11"], "could not be read by Blender"),
        (["/nowhere/blender"], "Blender did not finish"),
    ],
)
def test_a_blender_that_fails(tmp_path, monkeypatch, command, words):
    monkeypatch.setattr(fbx, "blender_command", lambda: command)
    (tmp_path / "a.fbx").write_bytes(b"Kaydara FBX Binary  \x00" + b"\0" * 100)
    with pytest.raises(UserError, match=words):
        load(tmp_path / "a.fbx")


@needs_blender
@pytest.mark.skipif(not SAMPLE.is_file(), reason="the shared samples are not here")
def test_the_sample(tmp_path):
    scene = load(SAMPLE)
    motion = scene.motions[0]
    assert scene.provenance["format"] == "fbx" and scene.provenance["source"] == SAMPLE.name
    assert motion.fps == 30 and motion.duration_s == pytest.approx(20.53, abs=0.1)
    pos, world = motion.world()
    assert abs(sole_points(pos, world)[..., 1].min()) < 0.03
    assert 1.3 < (pos[:, J["head"], 1] - pos[:, 7:9, 1].min(1)).max() < 1.7


@needs_blender
@pytest.mark.parametrize(("suffix", "options", "dialogue"), WAYS)
def test_what_we_write_opens_in_blender(tmp_path, suffix, options, dialogue):
    """Blender turns Y up to Z up: (x, y, z) is there (x, -z, y)."""
    motion = walking()[0]
    (path,) = save(motion, tmp_path / f"a{suffix}", **options)
    seen = open_in_blender(path, tmp_path, dialogue)
    assert seen["seconds"] == pytest.approx(59 / 30, abs=0.001)
    for ours in ("head", "left_wrist", "right_ankle", "pelvis"):
        for frame, key in ((0, "first"), (-1, "last")):
            x, y, z = motion.joint_positions()[frame, J[ours]]
            assert np.allclose(seen[key][bone(suffix, ours)], [x, -z, y], atol=0.01), (ours, key)


@needs_blender
@pytest.mark.parametrize("fps", [20, 60])
@pytest.mark.parametrize(("suffix", "options", "dialogue"), WAYS)
def test_in_blender_it_is_life_size_upright_and_at_its_own_rate(tmp_path, suffix, options, dialogue, fps):
    """A stiff figure with spread arms glides 2 m ahead in 3 s; said without our own kinematics."""
    count = 3 * fps + 1
    root = np.zeros((count, 3))
    root[:, 1], root[:, 2] = MEAN_STANDING_HEIGHT, np.linspace(0, 2, count)
    (path,) = save(Motion(root, R.quat_identity(count, 22), fps), tmp_path / f"a{suffix}", **options)
    seen = open_in_blender(path, tmp_path, dialogue, fps)
    assert seen["fps"] == pytest.approx(fps, rel=1e-3) and seen["seconds"] == pytest.approx(3, abs=0.001)
    assert seen["keys"] == [count]
    first = {joint: np.array(seen["first"][bone(suffix, joint)]) for joint in BVH_BONES}
    last = np.array(seen["last"][bone(suffix, "head")])
    assert np.allclose(last - first["head"], [0, -2, 0], atol=0.002), "ahead is not -Y"
    assert 1.25 < first["head"][2] - first["left_ankle"][2] < 1.6 and abs(first["head"][0]) < 0.05
    assert first["left_wrist"][0] > 0.5 and first["right_wrist"][0] < -0.5, "its left is not +X"
    ahead, aside = first["left_foot"] - first["left_ankle"], first["left_ankle"] - first["pelvis"]
    assert -0.25 < ahead[1] < -0.05 and aside[0] > 0.05, "the toes do not point to -Y"
    if suffix == ".glb":
        low, high = np.min(seen["skin"], 0), np.max(seen["skin"], 0)
        assert abs(low[2]) < 0.05 and 1.5 < high[2] < 1.9
