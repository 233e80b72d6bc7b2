"""The GLB, Acclaim, DeepMimic and npy samples against their rows in the README; and that no sample is left out."""

import numpy as np
import pytest
from test_samples import ROWS as BVH_ROWS
from test_samples import SAMPLES

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import J, sole_points
from engine.io import fbx, load, load_pair

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")

# file: frames, fps, options, net travel and hip height in the source (metres), ahead or backward (-1), facing (deg)
ROWS = {
    "mesh2motion_ymca.glb": (30, 24, {}, 0, 0.91, 0, 0),
    "mesh2motion_custom_ue_names.glb": (15, 12, {}, 0, 0.89, 0, 0),
    "kaykit_knight_76_clips.glb": (33, 30, {"clip": "Walking_A"}, 0, None, 0, 0),
    "cmu_02_01_walk.asf": (343, 120, {}, 3.36, 0.87, 1, 0),
    "cmu_02_01_walk.amc": (343, 120, {}, 3.36, 0.87, 1, 0),
    "humanml3d_263_cmu_walk.npy": (87, 20, {}, 3.82, None, 1, 0),
    "humanml3d_22joints_cmu_walk.npy": (87, 20, {}, 3.82, None, 1, 0),
    "two_person_salsa_P1.npy": (399, 20, {}, None, None, None, None),
    "two_person_salsa_P2.npy": (394, 20, {}, None, None, None, None),
    "deepmimic_walk.txt": (39, 30, {}, 1.24, 0.87, 1, 90),
    "deepmimic_backflip.json": (29, 16, {}, 1.08, None, -1, 90),
}
ELSEWHERE = {"not_a_person_4_joints.bvh", "cmu_85_04_neo.fbx", "README.md"} | {f"{n}.bvh" for n in BVH_ROWS}
WALKS = ["cmu_02_01_walk.asf", "humanml3d_263_cmu_walk.npy", "deepmimic_walk.txt", "kaykit_knight_76_clips.glb"]


@pytest.fixture(scope="module")
def scenes():
    """Each sample is read once."""
    cache = {}

    def get(name):
        if name not in cache:
            cache[name] = load(SAMPLES / name, **ROWS[name][2])
        return cache[name]

    return get


def test_no_sample_is_left_out():
    assert {p.name for p in SAMPLES.iterdir()} == ELSEWHERE | set(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_length_and_rate(scenes, name):
    frames, fps, *_ = ROWS[name]
    motion = scenes(name).motions[0]
    assert motion.num_frames == frames and motion.fps == pytest.approx(fps, rel=1e-4)


@pytest.mark.parametrize("name", ROWS)
def test_size_and_ground(scenes, name):
    scene = scenes(name)
    pos, world = scene.motions[0].world()
    lowest = sole_points(pos, world)[..., 1].min((1, 2))
    assert abs(lowest.min()) <= 0.03
    assert 1.3 < np.percentile(pos[:, J["head"], 1] - lowest, 75) < 1.75
    hip = ROWS[name][4]
    if hip is not None:
        assert np.median(pos[:, 1:3, 1]) / scene.provenance["scale"] == pytest.approx(hip, rel=0.06)


@pytest.mark.parametrize("name", [n for n in ROWS if ROWS[n][3] is not None])
def test_travel_and_facing(scenes, name):
    *_, net, _, ahead, facing = ROWS[name]
    scene = scenes(name)
    motion = scene.motions[0]
    path = (motion.root_pos[-1] - motion.root_pos[0]) / scene.provenance["scale"]
    assert np.hypot(path[0], path[2]) == pytest.approx(net, abs=0.05)
    heading = R.heading(motion.joint_quat[:1, 0])[0]
    assert abs((np.degrees(heading) - facing + 180) % 360 - 180) < 25
    if ahead:
        assert ahead * (path[0] * np.sin(heading) + path[2] * np.cos(heading)) > 0.9 * net


@pytest.mark.parametrize("name", WALKS)
def test_walkers_stand_on_the_floor_with_one_foot_or_the_other(scenes, name):
    lowest = sole_points(*scenes(name).motions[0].world())[..., 1].min((1, 2))
    assert (np.abs(lowest) < 0.04).mean() > 0.9


@pytest.mark.parametrize("name", ROWS)
def test_knees_and_elbows_bend_the_right_way(scenes, name):
    quat = scenes(name).motions[0].joint_quat
    for side, sign in (("left", 1.0), ("right", -1.0)):
        knee, elbow = (R.quat_to_aa(quat[:, J[f"{side}_{n}"]]) for n in ("knee", "elbow"))
        assert np.percentile(knee[:, 0], 2) > -0.15 and np.percentile(-sign * elbow[:, 1], 2) > -0.4


def test_a_backflip_goes_over_the_head(scenes):
    pos = scenes("deepmimic_backflip.json").motions[0].joint_positions()
    over = pos[:, J["head"], 1] < pos[:, J["pelvis"], 1]
    assert over[8:22].any() and not over[[0, -1]].any()
    assert pos[:, [J["left_ankle"], J["right_ankle"]], 1].min(1).max() > 0.4


def test_the_dancers_touch_and_never_merge():
    scene = load_pair(SAMPLES / "two_person_salsa_P1.npy", SAMPLES / "two_person_salsa_P2.npy")
    a, b = (m.joint_positions()[:394] for m in scene.motions)
    hands = [J["left_wrist"], J["right_wrist"]]
    gaps = np.linalg.norm(a[:, hands, None] - b[:, None, hands], axis=-1)
    assert gaps.min() < 0.15
    assert np.linalg.norm(a[:, 0] - b[:, 0], axis=-1).min() > 0.27


def test_many_clips_are_told_and_one_is_taken():
    scene = load(SAMPLES / "kaykit_knight_76_clips.glb")
    assert len(scene.provenance["clips"]) == 76 and scene.provenance["clip"] in scene.caption
    assert "more; the option clip chooses" in scene.caption
    assert load(SAMPLES / "kaykit_knight_76_clips.glb", clip="T-Pose").motions[0].num_frames == 1


@pytest.mark.skipif(fbx.blender_command() is not None, reason="Blender reads it here")
def test_fbx_says_what_to_do():
    with pytest.raises(UserError, match=r"cmu_85_04_neo.*GLB|Blender.*\.glb"):
        load(SAMPLES / "cmu_85_04_neo.fbx")
