"""GLB and glTF of other programs: names, clips, samplers, armatures, skins, VRM's bone map, and damaged files."""

import json

import numpy as np
import pytest
from gltf_writer import IDENTITY, figure
from test_dialects import _UNREAL, check, walking

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import JOINT_NAMES, J
from engine.io import load
from engine.io.gltf_nodes import Channel

MOTION, WORLD = walking()
ROOT = MOTION.root_pos.astype(np.float64)
WALK = {"walk": (WORLD, ROOT)}
STILL = np.repeat(WORLD[:1], 60, 0), np.repeat(ROOT[:1], 60, 0)
UNREAL = _UNREAL.split()
LIMBS = ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist")
TURNED, AROUND = R.quat_from_axis("x", np.array(-np.pi / 2)), R.quat_from_axis("y", np.array(1.0))


def sided(pattern, side):
    return pattern.format(S=side.title(), s=side, C=side[0].upper(), c=side[0])


def dialect(centre, limbs):
    """Names of our 22 joints: six of the centre, then eight patterns for a limb's."""
    found = dict(zip(["pelvis", "spine1", "spine2", "spine3", "neck", "head"], centre.split(), strict=True))
    for side in ("left", "right"):
        for ours, pattern in zip(
            ["hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist"], limbs.split(), strict=True
        ):
            found[f"{side}_{ours}"] = sided(pattern, side)
    return [found[name] for name in JOINT_NAMES[:22]]


VRM_BONES = dialect(
    "hips spine chest upperChest neck head",
    "{s}UpperLeg {s}LowerLeg {s}Foot {s}Toes {s}Shoulder {s}UpperArm {s}LowerArm {s}Hand",
)
DIALECTS = {
    "mixamo": dialect(
        "mixamorig:Hips mixamorig:Spine mixamorig:Spine1 mixamorig:Spine2 mixamorig:Neck mixamorig:Head",
        "mixamorig:{S}UpLeg mixamorig:{S}Leg mixamorig:{S}Foot mixamorig:{S}ToeBase mixamorig:{S}Shoulder "
        "mixamorig:{S}Arm mixamorig:{S}ForeArm mixamorig:{S}Hand",
    ),
    "unreal": UNREAL,
    "rigify": dialect(
        "DEF-spine DEF-spine.001 DEF-spine.002 DEF-spine.003 DEF-spine.004 DEF-spine.006",
        "DEF-thigh.{C} DEF-shin.{C} DEF-foot.{C} DEF-toe.{C} DEF-shoulder.{C} DEF-upper_arm.{C} DEF-forearm.{C} "
        "DEF-hand.{C}",
    ),
    "lower case": dialect(
        "hips spine chest upperchest neck head",
        "upperleg.{c} lowerleg.{c} foot.{c} toes.{c} shoulder.{c} upperarm.{c} lowerarm.{c} hand.{c}",
    ),
    "vroid": dialect(
        "J_Bip_C_Hips J_Bip_C_Spine J_Bip_C_Chest J_Bip_C_UpperChest J_Bip_C_Neck J_Bip_C_Head",
        "J_Bip_{C}_UpperLeg J_Bip_{C}_LowerLeg J_Bip_{C}_Foot J_Bip_{C}_ToeBase J_Bip_{C}_Shoulder J_Bip_{C}_UpperArm "
        "J_Bip_{C}_LowerArm J_Bip_{C}_Hand",
    ),
}


def write(path, glb):
    path.write_bytes(glb.bytes())
    return path


@pytest.mark.parametrize("names", DIALECTS.values(), ids=DIALECTS)
def test_names_of_many_programs(tmp_path, names):
    check(write(tmp_path / "a.glb", figure(names, WALK)), MOTION)


@pytest.mark.parametrize("mode", ["STEP", "LINEAR", "CUBICSPLINE"])
@pytest.mark.parametrize("start", [0.0, 0.0417, 2.5])
def test_samplers_and_clips_that_start_late(tmp_path, mode, start):
    path = write(tmp_path / "a.glb", figure(UNREAL, WALK, mode=mode, start=start))
    motion = load(path).motions[0]
    assert motion.num_frames == 60 and motion.fps == 30
    check(path, MOTION)


@pytest.mark.parametrize("fps", [12.0, 24.0, 29.97, 60.0])
def test_the_rate_is_that_of_the_keys(tmp_path, fps):
    motion = load(write(tmp_path / "a.glb", figure(UNREAL, WALK, fps=fps))).motions[0]
    assert motion.num_frames == 60 and motion.fps == pytest.approx(fps, rel=1e-4)


@pytest.mark.parametrize("skin", [True, False])
@pytest.mark.parametrize(
    ("scale", "turn"),
    [
        (0.01, IDENTITY),
        (0.01, R.quat_from_axis("x", np.array(-np.pi / 2))),
        (1.0, R.quat_from_axis("y", np.array(1.0))),
    ],
)
def test_armatures_that_turn_and_scale(tmp_path, scale, turn, skin):
    check(write(tmp_path / "a.glb", figure(UNREAL, WALK, scale=scale, turn=turn, skin=skin)), MOTION)


def test_the_bind_pose_counts_and_not_how_the_nodes_stand(tmp_path):
    check(write(tmp_path / "a.glb", figure(UNREAL, WALK, posed=WORLD[20], scale=0.01)), MOTION)


def test_a_figure_written_z_up_against_the_format(tmp_path):
    tilt = R.quat_from_axis("x", np.array(np.pi / 2))
    tilted = {"walk": (R.quat_mul(np.broadcast_to(tilt, WORLD.shape), WORLD), R.quat_rotate(tilt, ROOT))}
    standing = np.tile(tilt, (22, 1))
    path = write(tmp_path / "a.glb", figure(UNREAL, tilted, posed=standing))
    assert load(path).provenance["up"] == "z"
    check(path, MOTION)


def test_clips_are_chosen_by_name_or_by_motion(tmp_path):
    clips = {"Idle": STILL, "Walking_A": WALK["walk"], **{f"Pose {k}": STILL for k in range(9)}}
    path = write(tmp_path / "many.glb", figure(UNREAL, clips))
    scene = load(path)
    assert scene.provenance["clip"] == "Walking_A" and scene.provenance["clips"] == list(clips)
    assert "Walking_A of many.glb" in scene.caption and "Idle" in scene.caption and "4 more" in scene.caption
    idle = load(path, clip="idle")
    assert idle.provenance["clip"] == "Idle"
    assert np.ptp(idle.motions[0].root_pos, axis=0).max() < 1e-5
    with pytest.raises(UserError, match=r"no clip 'Run'\. It has Idle, Walking_A"):
        load(path, clip="Run")


def test_two_figures_keep_their_distance(tmp_path):
    """A second figure, 1.5 m to the left, in the same file under nodes and a skin of its own."""
    glb = figure(UNREAL, WALK)
    nodes, animation = glb.json["nodes"], glb.json["animations"][0]
    count, samplers = len(nodes), len(animation["samplers"])
    for node in [dict(n) for n in nodes]:
        nodes.append(node | ({"children": [c + count for c in node["children"]]} if "children" in node else {}))
    nodes[-1]["translation"] = [1.5, 0, 0]
    skin = glb.json["skins"][0]
    glb.json["skins"].append(skin | {"joints": [j + count for j in skin["joints"]]})
    for channel in animation["channels"][:samplers]:
        target = channel["target"]
        animation["channels"].append(channel | {"target": target | {"node": target["node"] + count}})
    a, b = load(write(tmp_path / "a.glb", glb)).motions
    assert np.allclose(b.root_pos - a.root_pos, [1.5, 0, 0], atol=0.02)
    assert np.allclose((a.root_pos[0] + b.root_pos[0])[[0, 2]], 0, atol=1e-5)


def test_one_clip_needs_no_notice(tmp_path):
    scene = load(write(tmp_path / "a.glb", figure(UNREAL, WALK)))
    assert scene.caption == "" and "clips" not in scene.provenance


@pytest.mark.parametrize("version", ["0.x", "1.0", "animation"])
def test_vrm_tells_its_bones(tmp_path, version):
    """The nodes have names of no meaning; only the extension says which is which."""
    glb = figure([f"bone{k}" for k in range(22)], WALK)
    if version == "0.x":
        bones = [{"bone": bone, "node": j} for j, bone in enumerate(VRM_BONES)]
        glb.json["extensions"] = {"VRM": {"humanoid": {"humanBones": bones}}}
    else:
        key = "VRMC_vrm" if version == "1.0" else "VRMC_vrm_animation"
        bones = {bone: {"node": j} for j, bone in enumerate(VRM_BONES)}
        glb.json["extensions"] = {key: {"humanoid": {"humanBones": bones}}}
    check(write(tmp_path / ("a.vrma" if version == "animation" else "a.vrm"), glb), MOTION)


def test_gltf_with_its_numbers_beside_it_or_inside(tmp_path):
    import base64

    glb = figure(UNREAL, WALK)
    glb.bytes()
    glb.json["buffers"][0]["uri"] = "a%20b.bin"
    path = tmp_path / "a.gltf"
    path.write_text(json.dumps(glb.json))
    with pytest.raises(UserError, match=r"another file, 'a%20b.bin'.*Upload one GLB"):
        load(path)
    (tmp_path / "a b.bin").write_bytes(glb.data)
    check(path, MOTION)
    glb.json["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(glb.data).decode()
    path.write_text(json.dumps(glb.json))
    check(path, MOTION)


def test_buffers_are_never_read_from_other_folders(tmp_path):
    (tmp_path / "secret.bin").write_bytes(b"x" * 100)
    (tmp_path / "in").mkdir()
    glb = figure(UNREAL, WALK)
    glb.bytes()
    for uri in ("../secret.bin", str(tmp_path / "secret.bin"), "..%2Fsecret.bin", "http://a/b.bin"):
        glb.json["buffers"][0]["uri"] = uri
        (tmp_path / "in" / "a.gltf").write_text(json.dumps(glb.json))
        with pytest.raises(UserError, match="not beside it"):
            load(tmp_path / "in" / "a.gltf")


def spoil(glb, case):
    animation = glb.json["animations"][0]
    if case == "no animation":
        del glb.json["animations"]
    elif case == "no person":
        glb.json["nodes"] = [n | {"name": f"part {k}"} for k, n in enumerate(glb.json["nodes"])]
    elif case == "meshopt":
        glb.json["bufferViews"][-1]["extensions"] = {"EXT_meshopt_compression": {}}
    elif case == "sparse":
        glb.json["accessors"][-1]["sparse"] = {}
    elif case == "circle":
        glb.json["nodes"][22]["children"] = []
        glb.json["nodes"][J["head"]]["children"] = [0]
    elif case == "two parents":
        glb.json["nodes"][1]["children"] = [3, 4]
    elif case == "beyond the end":
        glb.json["accessors"][-1]["count"] = 10**9
    elif case == "dangling":
        animation["channels"][0]["sampler"] = 10**6
    elif case == "wrong type":
        glb.json["nodes"] = 5
    elif case == "version 1":
        glb.json["asset"]["version"] = "1.0"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("no animation", "holds no animation"),
        ("no person", "not a human skeleton"),
        ("meshopt", "compressed by meshopt"),
        ("sparse", "sparse form"),
        ("circle", "hang in a circle"),
        ("two parents", "under two others"),
        ("beyond the end", "truncated"),
        ("dangling", "damaged"),
        ("wrong type", "damaged"),
        ("version 1", "version 2.0 is read"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path, case, words):
    glb = figure(UNREAL, WALK)
    spoil(glb, case)
    with pytest.raises(UserError, match=words) as caught:
        load(write(tmp_path / "bad.glb", glb))
    assert "bad.glb" in str(caught.value)


@pytest.mark.parametrize("data", [b"glTF", b"glTF\2\0\0\0\xff\0\0\0", b"{}", b"{", b"PK\3\4", b"[1]", b"\0" * 40])
def test_files_that_are_no_gltf(tmp_path, data):
    (tmp_path / "bad.glb").write_bytes(data)
    with pytest.raises(UserError, match=r"bad\.glb"):
        load(tmp_path / "bad.glb")


def test_random_damage_gives_a_motion_or_a_user_error(tmp_path):
    rng, whole = np.random.default_rng(3), figure(UNREAL, WALK).bytes()
    size = 20 + int.from_bytes(whole[12:16], "little")
    refused = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 8)):
            data[int(rng.integers(size))] = int(rng.integers(32, 127))
        (tmp_path / "a.glb").write_bytes(bytes(data))
        try:
            assert np.isfinite(load(tmp_path / "a.glb").motions[0].joint_positions()).all()
        except UserError:
            refused += 1
    assert refused > 20


def test_between_keys():
    times, turn = np.array([0.0, 1.0, 2.0]), np.radians([0, 90, 90])
    quat = R.quat_from_axis("y", turn)[:, [1, 2, 3, 0]]
    at = np.array([-1.0, 0.25, 1.0, 3.0])

    def angle(mode, values):
        return np.degrees(2 * np.arctan2(*Channel(times, values, mode, True).sample(at)[:, [1, 3]].T))

    assert np.allclose(angle("LINEAR", quat), [0, 22.5, 90, 90])
    assert np.allclose(angle("STEP", quat), [0, 0, 90, 90])
    smooth = angle("CUBICSPLINE", np.stack([0 * quat, quat, 0 * quat], 1))
    assert np.allclose(smooth[[0, 2, 3]], [0, 90, 90]) and 5 < smooth[1] < 22.5  # eased: later than in a line
