"""The default body: on SMPL's mean skeleton, symmetric, adult over its shape space, standing on the floor."""

import time

import numpy as np
import pytest

from engine.body import DEFAULT_FILE, load_body
from engine.core import skeleton
from engine.core.config import ROOT, Config
from engine.core.rotations import quat_from_aa, quat_identity
from engine.core.skeleton import MEAN_OFFSETS, MEAN_STANDING_HEIGHT, MIRROR, PARENTS, sole_points
from engine.core.types import Motion

CMU = ROOT.parent / "shared" / "data" / "cmu"


@pytest.fixture(scope="module")
def body():
    return load_body()


@pytest.fixture
def installed(body):
    body.install()
    yield body
    skeleton.use_rest_joints(None)


def clip(name):
    path = CMU / f"{name}.npz"
    if not path.is_file():
        pytest.skip("the folder with real motion is not here")
    with np.load(path) as data:
        quat = quat_from_aa(data["poses"].astype(np.float32).reshape(-1, 22, 3))
        return Motion(data["root_pos"], quat, 30.0)


def test_rest_joints_are_the_mean_skeleton(body):
    rest = body.rest_joints(np.zeros(10))
    offsets = rest[1:] - rest[list(PARENTS[1:])]
    np.testing.assert_allclose(offsets, MEAN_OFFSETS[1:], atol=1e-4)


def test_installing_gives_motions_the_joints_of_their_betas(installed, a_motion, smplx_vertices):
    import torch

    joints = a_motion.joint_positions()
    rest = installed.rest_joints(a_motion.betas)
    np.testing.assert_allclose(
        np.linalg.norm(joints[:, 4] - joints[:, 1], axis=-1), np.linalg.norm(rest[4] - rest[1]), rtol=1e-4
    )
    with torch.no_grad():
        mine = installed.smpl(betas=torch.from_numpy(a_motion.betas.copy())[None]).joints[0, :24].numpy()
    np.testing.assert_allclose(mine, rest, atol=1e-5)


def test_vertices_equal_smplx(body, a_motion, smplx_vertices):
    np.testing.assert_allclose(body.vertices(a_motion), smplx_vertices(body, a_motion), atol=1e-5)


def test_some_frames_are_those_of_all_frames(body, a_motion):
    frames = np.array([4, 0])
    np.testing.assert_allclose(body.vertices(a_motion, frames), body.vertices(a_motion)[frames], atol=1e-6)
    np.testing.assert_allclose(body.vertices(a_motion, slice(1, 3)), body.vertices(a_motion)[1:3], atol=1e-6)


def test_long_motions_are_skinned_in_parts(body):
    quat = quat_identity(130, 22)
    root = np.zeros((130, 3), np.float32)
    root[:, 0] = np.arange(130)
    x = body.vertices(Motion(root, quat)).mean(1)[:, 0]
    np.testing.assert_allclose(x - x[0], np.arange(130), atol=1e-3)


def test_rest_pose_is_a_t_pose_facing_forward(body):
    v = body.rest_vertices()
    size = np.ptp(v, axis=0)
    assert 1.70 < size[1] < 1.76, "height"
    assert 1.6 < size[0] < 1.85, "arm span"
    left_hand = v[v[:, 0].argmax()]
    assert abs(left_hand[1] - body.rest_joints()[20][1]) < 0.08, "arms level"
    toes = v[v[:, 1] < v[:, 1].min() + 0.03][:, 2].max()
    assert toes > body.rest_joints()[10][2], "toes point to +Z"


def test_sole_lies_under_the_standing_pelvis(body):
    v = body.rest_vertices() - body.rest_joints()[0]
    assert abs(v[:, 1].min() + MEAN_STANDING_HEIGHT) < 0.004
    for foot in (7, 8):
        own = v[body.weights[:, [foot, foot + 3]].sum(1) > 0.5]
        assert abs(own[:, 1].min() + MEAN_STANDING_HEIGHT) < 0.005


def test_mesh_is_closed_enough_and_symmetric(body):
    v, f = body.rest_vertices(), body.faces
    assert np.unique(f).tolist() == list(range(len(v)))
    mirrored = v * [-1, 1, 1]
    order = np.lexsort(np.round(v, 4).T), np.lexsort(np.round(mirrored, 4).T)
    np.testing.assert_allclose(v[order[0]], mirrored[order[1]], atol=2e-4)
    edges = np.sort(np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]]), 1)
    shared = np.unique(edges, axis=0, return_counts=True)[1]
    assert np.mean(shared == 2) > 0.98


def test_faces_look_outward(body):
    v = body.rest_vertices()
    a, b, c = (v[body.faces[:, k]].astype(np.float64) for k in range(3))
    volume = np.einsum("fa,fa->f", a, np.cross(b, c)).sum() / 6
    assert 0.05 < volume < 0.09, "a person has some 50 to 90 litres, counted outward"


def test_weights_are_four_at_most_and_sum_to_one(body):
    np.testing.assert_allclose(body.weights.sum(1), 1, atol=1e-6)
    assert (body.weights > 0).sum(1).max() <= 4
    assert body.weights.min() >= 0
    left, right = body.weights.sum(0), body.weights.sum(0)[list(MIRROR)]
    np.testing.assert_allclose(left, right, rtol=0.01)


def test_shape_space_stays_adult_and_grows_with_beta_0(body):
    heights = [np.ptp(body.rest_vertices(beta * np.eye(10)[0])[:, 1]) for beta in (-2, 0, 2)]
    assert 1.52 < heights[0] < 1.60 < 1.70 < heights[1] < 1.76 < 1.86 < heights[2] < 1.96
    for k in range(10):
        for beta in (-2.0, 2.0):
            joints = body.rest_joints(beta * np.eye(10)[k])
            bones = np.linalg.norm(joints[1:] - joints[list(PARENTS[1:])], axis=1)
            ratio = bones / np.linalg.norm(MEAN_OFFSETS[1:], axis=1)
            assert ratio.min() > 0.6 and ratio.max() < 1.4


def test_the_knee_stays_inside_the_leg_for_other_shapes(body):
    rng = np.random.default_rng(0)
    for _ in range(20):
        betas = rng.normal(0, 1, 10)
        v, joints = body.rest_vertices(betas), body.rest_joints(betas)
        ring = v[(np.abs(v[:, 1] - joints[4, 1]) < 0.02) & (v[:, 0] > 0)]
        middle = (ring.min(0) + ring.max(0)) / 2
        assert np.linalg.norm((joints[4] - middle)[[0, 2]]) < 0.025


@pytest.mark.parametrize("name", ["02_01", "06_01", "07_01", "16_15"])
def test_real_walks_stand_on_the_floor(installed, name):
    motion = clip(name)
    frames = np.arange(0, motion.num_frames, 4)
    low = installed.vertices(motion, frames)[..., 1].min(1)
    assert abs(np.median(low)) < 0.02
    assert np.mean(low < -0.04) < 0.02
    soles = sole_points(*motion.world())[frames][..., 1].min((1, 2))
    assert np.abs(low - soles).max() < 0.03, "the mesh's sole is where the skeleton's is"


def test_loading_and_skinning_are_quick(body):
    import smplx  # noqa: F401  (its own import takes seconds and is not counted)

    start = time.perf_counter()
    load_body()
    loaded = time.perf_counter() - start
    motion = Motion(np.zeros((120, 3)), quat_identity(120, 22))
    start = time.perf_counter()
    body.vertices(motion)
    assert loaded < 3 and time.perf_counter() - start < 2


def test_loading_prints_nothing_and_warns_of_nothing(capfd, recwarn):
    load_body()
    out, err = capfd.readouterr()
    assert out == err == "" and not recwarn.list


def test_file_is_small_and_has_no_pickles():
    path = Config().assets / DEFAULT_FILE
    assert path.stat().st_size <= 1_000_000
    with np.load(path, allow_pickle=False) as data:
        assert not data["posedirs"].any()
        assert data["v_template"].dtype == np.float32 and data["shapedirs"].dtype == np.float16
    assert (path.parent / "LICENSE.md").is_file()
