"""Every BVH and npy sample against its row in the README: length, travel, height, ground, direction, facing."""

from pathlib import Path

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import J, sole_points
from engine.io import load, load_pair
from engine.io.humanml3d import joints_from_features

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")

# file: frames, fps, net travel and hip height in the source (metres), direction of travel, facing at the start (deg)
ROWS = {
    "cmu_walk_tpose_first": (524, 120, 3.86, 0.81, (0, 1), 0),
    "cmu_jumping_jacks": (125, 30, 0.05, 0.89, None, 0),
    "zup_child_jumping_119_88fps": (654, 119.88, 1.46, 0.61, (0, -1), 180),
    "rokoko_dance_100fps": (1007, 100, 0.15, 1.1, None, 0),
    "walk_24fps_cm": (101, 24, 5.54, 1.0, (0, 1), 0),
    "zup_mixed_rotation_orders": (75, 30, 0.1, 0.92, None, 180),
    "daz_salsa_P1": (1198, 120, None, 0.84, None, None),
    "daz_salsa_P2": (1198, 120, None, 0.86, None, None),
    "iclone_ccbase_run_60fps": (86, 60, 4.22, 1.03, (0, 1), 0),
    "geno_stance_positions_on_every_joint": (2, 60, 0, 0.86, None, 0),
}


@pytest.fixture(scope="module")
def clips():
    """Each sample is read once."""
    cache = {}

    def get(name):
        if name not in cache:
            cache[name] = load(SAMPLES / f"{name}.bvh").motions[0]
        return cache[name]

    return get


@pytest.mark.parametrize("name", ROWS)
def test_length_and_rate(clips, name):
    frames, fps, *_ = ROWS[name]
    assert clips(name).num_frames == frames
    assert clips(name).fps == pytest.approx(fps, rel=1e-4)


@pytest.mark.parametrize("name", ROWS)
def test_stands_upright_on_the_floor(clips, name):
    motion = clips(name)
    pos, world = motion.world()
    lowest = sole_points(pos, world)[..., 1].min((1, 2))
    assert abs(lowest.min()) <= 0.03
    height = pos[:, J["head"], 1] - lowest
    assert 1.3 < np.percentile(height, 75) < 1.75  # the head joint of the mean skeleton stands at 1.52 m


@pytest.mark.parametrize("name", [n for n in ROWS if ROWS[n][2] is not None])
def test_travel_in_proportion_to_the_legs(clips, name):
    _, _, net, hip, direction, _ = ROWS[name]
    pos = clips(name).joint_positions()
    path = pos[-1, 0] - pos[0, 0]
    ours = np.median(pos[:, [J["left_hip"], J["right_hip"]], 1])
    assert np.hypot(path[0], path[2]) / ours == pytest.approx(net / hip, rel=0.08, abs=0.06)
    if direction:
        assert path[0] * direction[0] + path[2] * direction[1] > 0.97 * np.hypot(path[0], path[2])


@pytest.mark.parametrize("name", [n for n in ROWS if ROWS[n][5] is not None])
def test_faces_the_right_way(clips, name):
    heading = np.degrees(R.heading(clips(name).joint_quat[:1, 0]))[0]
    assert abs((heading - ROWS[name][5] + 180) % 360 - 180) < 25


@pytest.mark.parametrize("name", ROWS)
def test_no_pop_and_natural_knees(clips, name):
    motion = clips(name)
    pos, world = motion.world()
    if motion.num_frames > 2:
        turn = 2 * np.arccos(np.clip(np.abs((world[1:] * world[:-1]).sum(-1)), 0, 1)) * motion.fps
        assert turn[0].mean() < 6 * np.median(turn.mean(1)) + 1  # no T-pose flashes up
    for side in ("left", "right"):
        hip, knee, ankle = (pos[:, J[f"{side}_{n}"]] for n in ("hip", "knee", "ankle"))
        line = R.normalize(ankle - hip)
        bend = (knee - hip) - line * ((knee - hip) * line).sum(-1, keepdims=True)
        ahead = R.quat_rotate(world[:, 0], np.array([0, 0, 1], np.float32))
        bent = np.linalg.norm(bend, axis=-1) > 0.06
        assert (((bend * ahead).sum(-1) > 0) | ~bent).mean() > 0.97


def test_start_at_the_origin_unless_told_otherwise(clips):
    assert np.allclose(clips("rokoko_dance_100fps").root_pos[0, [0, 2]], 0, atol=1e-6)
    kept = load(SAMPLES / "rokoko_dance_100fps.bvh", recenter=False)
    there = kept.motions[0].root_pos[0, [0, 2]] / kept.provenance["scale"]
    assert np.linalg.norm(there) == pytest.approx(1.6, abs=0.15)


def test_a_pair_keeps_its_distance():
    scene = load_pair(SAMPLES / "daz_salsa_P1.bvh", SAMPLES / "daz_salsa_P2.bvh")
    a, b = (m.root_pos for m in scene.motions)
    apart = np.linalg.norm((a - b)[:, [0, 2]], axis=-1) / scene.provenance["scale"]
    assert 0.25 < apart.min() < 0.5 and 2.2 < apart.max() < 2.8
    assert np.allclose((a[0] + b[0])[[0, 2]], 0, atol=1e-5)


def test_a_chain_is_not_a_person():
    with pytest.raises(UserError, match=r"left thigh.*'child1'"):
        load(SAMPLES / "not_a_person_4_joints.bvh")


def test_humanml3d_vectors_decode_to_their_joints():
    decoded = joints_from_features(np.load(SAMPLES / "humanml3d_263_cmu_walk.npy").astype(np.float64))
    assert np.abs(decoded - np.load(SAMPLES / "humanml3d_22joints_cmu_walk.npy")).max() < 2e-5


@pytest.mark.parametrize("name", ["humanml3d_263_cmu_walk.npy", "humanml3d_22joints_cmu_walk.npy"])
def test_humanml3d_walk(name):
    scene = load(SAMPLES / name)
    motion = scene.motions[0]
    assert motion.num_frames == 87 and motion.fps == 20
    pos, world = motion.world()
    assert (pos[-1, 0, 2] - pos[0, 0, 2]) / scene.provenance["scale"] == pytest.approx(3.82, abs=0.05)
    assert abs(sole_points(pos, world)[..., 1].min()) <= 0.03
    given = np.load(SAMPLES / "humanml3d_22joints_cmu_walk.npy")
    for joint, tip in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")):
        a, b = (R.normalize(np.diff(p[:, [J[f"left_{joint}"], J[f"left_{tip}"]]], axis=1)[:, 0]) for p in (pos, given))
        assert np.degrees(np.arccos(np.clip((a * b).sum(-1), -1, 1))).max() < 12


def test_a_pair_of_unequal_lengths():
    scene = load_pair(SAMPLES / "two_person_salsa_P1.npy", SAMPLES / "two_person_salsa_P2.npy")
    assert [m.num_frames for m in scene.motions] == [399, 394]
    a, b = (m.joint_positions()[:394] for m in scene.motions)
    assert np.linalg.norm(a[:, 0] - b[:, 0], axis=-1).min() == pytest.approx(0.33, abs=0.06)
