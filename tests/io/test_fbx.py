"""FBX by Blender: what is said without it; and, where it is, that files open both ways at the right size and length."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from test_dialects import walking

import engine.render  # noqa: F401  (registers the saver of GLB)
from engine.core.errors import UserError
from engine.core.skeleton import J, sole_points
from engine.io import fbx, load, readable_suffixes, save

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "cmu_85_04_neo.fbx"
needs_blender = pytest.mark.skipif(fbx.blender_command() is None, reason="needs bpy or Blender")
PROBE = """
import bpy, json, sys
source, target = sys.argv[-2:]
bpy.ops.wm.read_factory_settings(use_empty=True)
if source.endswith(".bvh"):
    bpy.ops.import_anim.bvh(filepath=source, global_scale={scale}, update_scene_fps=True, update_scene_duration=True)
elif source.endswith(".glb"):
    bpy.context.scene.render.fps = 30
    bpy.ops.import_scene.gltf(filepath=source)
rig = next(o for o in bpy.data.objects if o.type == "ARMATURE")
scene, rows = bpy.context.scene, []
start, end = rig.animation_data.action.frame_range
for frame in (start, end):
    scene.frame_set(int(round(frame)))
    rows.append({{b.name: list(rig.matrix_world @ b.head) for b in rig.pose.bones}})
fps = scene.render.fps / scene.render.fps_base
json.dump({{"seconds": (end - start) / fps, "first": rows[0], "last": rows[1]}}, open(target, "w"))
"""


def open_in_blender(path, tmp_path, scale=1.0):
    """Where the bones are in Blender (Z up) in the first and the last frame, and the length in seconds."""
    (tmp_path / "probe.py").write_text(PROBE.format(scale=scale))
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
@pytest.mark.parametrize(
    ("suffix", "options", "scale"), [(".bvh", {}, 0.01), (".bvh", {"units": "m"}, 1), (".glb", {}, 1)]
)
def test_what_we_write_opens_in_blender(tmp_path, suffix, options, scale):
    """Blender turns Y up to Z up: (x, y, z) is there (x, -z, y)."""
    motion = walking()[0]
    (path,) = save(motion, tmp_path / f"a{suffix}", **options)
    seen = open_in_blender(path, tmp_path, scale)
    assert seen["seconds"] == pytest.approx(59 / 30, abs=0.035)
    names = {".bvh": {"head": "Head", "left_wrist": "LeftHand", "right_ankle": "RightFoot", "pelvis": "Hips"}}
    for ours in ("head", "left_wrist", "right_ankle", "pelvis"):
        name = names.get(suffix, {}).get(ours, f"person_1_{ours}")
        for frame, key in ((0, "first"), (-1, "last")):
            x, y, z = motion.joint_positions()[frame, J[ours]]
            assert np.allclose(seen[key][name], [x, -z, y], atol=0.01), (ours, key)
