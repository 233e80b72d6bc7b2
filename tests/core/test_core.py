"""Core: rotations against each other, kinematics, resampling, plans as text."""

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.ik import bone_quat, solve_two_bone
from engine.core.plan import parse_plan
from engine.core.skeleton import MEAN_OFFSETS, MIRROR, PARENTS, forward_kinematics, local_from_world
from engine.core.types import Motion, Scene


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def random_quat(rng, *shape):
    return R.normalize(rng.normal(size=(*shape, 4)))


def test_round_trips(rng):
    q = random_quat(rng, 50)
    q[q[:, 0] < 0] *= -1
    assert np.allclose(R.quat_from_aa(R.quat_to_aa(q)), q, atol=1e-9)
    assert np.allclose(R.quat_from_rotmat(R.quat_to_rotmat(q)), q, atol=1e-9)
    m = R.quat_to_rotmat(q)
    assert np.allclose(R.rotmat_from_rot6d(R.rotmat_to_rot6d(m)), m, atol=1e-9)


def test_products_agree_with_matrices(rng):
    a, b, v = random_quat(rng, 20), random_quat(rng, 20), rng.normal(size=(20, 3))
    assert np.allclose(R.quat_to_rotmat(R.quat_mul(a, b)), R.quat_to_rotmat(a) @ R.quat_to_rotmat(b), atol=1e-9)
    assert np.allclose(R.quat_rotate(a, v), (R.quat_to_rotmat(a) @ v[..., None])[..., 0], atol=1e-9)


def test_between_handles_opposites():
    a = np.array([[0, 0, 1.0], [1, 0, 0], [0, 1, 0]])
    b = np.array([[0, 0, -1.0], [0, 1, 0], [0, 1, 0]])
    assert np.allclose(R.quat_rotate(R.quat_between(a, b), a), b, atol=1e-9)


def test_heading_grows_to_the_left():
    left = R.quat_from_axis("y", np.array([np.pi / 2]))
    assert np.allclose(R.heading(left), np.pi / 2)
    assert np.allclose(R.quat_rotate(left, np.array([0, 0, 1.0])), [1, 0, 0], atol=1e-9)


def test_slerp_meets_ends(rng):
    a, b = random_quat(rng, 9), random_quat(rng, 9)
    assert np.allclose(R.quat_slerp(a, b, np.zeros(9)), a, atol=1e-9)
    end = R.quat_slerp(a, b, np.ones(9))
    assert np.allclose(np.abs((end * b).sum(-1)), 1, atol=1e-9)


def test_kinematics_is_rigid_and_invertible(rng):
    q, root = random_quat(rng, 5, 22), rng.normal(size=(5, 3))
    pos, world = forward_kinematics(q, root)
    for j in range(1, 22):
        bone = np.linalg.norm(pos[:, j] - pos[:, PARENTS[j]], axis=-1)
        assert np.allclose(bone, np.linalg.norm(MEAN_OFFSETS[j]), atol=1e-9)
    assert np.allclose(np.abs((local_from_world(world) * q).sum(-1)), 1, atol=1e-9)


def test_mean_skeleton_is_symmetric():
    assert np.allclose(MEAN_OFFSETS[list(MIRROR)] * [-1, 1, 1], MEAN_OFFSETS)


def test_two_bone_reaches_and_keeps_lengths(rng):
    root = np.zeros((30, 3))
    target = R.normalize(rng.normal(size=(30, 3))) * rng.uniform(0.2, 0.7, (30, 1))
    mid, end = solve_two_bone(root, target, 0.4, 0.39, rng.normal(size=(30, 3)))
    assert np.allclose(end, target, atol=1e-6)
    assert np.allclose(np.linalg.norm(mid, axis=-1), 0.4) and np.allclose(np.linalg.norm(end - mid, axis=-1), 0.39)


def test_bone_quat_meets_direction(rng):
    d, h = R.normalize(rng.normal(size=(9, 3))), rng.normal(size=(9, 3))
    q = bone_quat(d, h, np.array([0, -1.0, 0.1]), np.array([1.0, 0, 0]))
    assert np.allclose(R.quat_rotate(q, R.normalize(np.array([0, -1.0, 0.1]))), d, atol=1e-9)


def make_motion(rng, frames=31, fps=30.0):
    walk = np.cumsum(rng.normal(size=(frames, 3)) * 0.01, 0)
    small = R.quat_from_aa(np.cumsum(rng.normal(size=(frames, 22, 3)) * 0.02, 0))
    return Motion(walk, small, fps)


def test_motion_is_read_only_and_resamples(rng):
    motion = make_motion(rng)
    with pytest.raises(ValueError):
        motion.root_pos[0] = 1
    half = motion.resample(15.0)
    assert half.num_frames == 16
    assert np.array_equal(half.joint_quat[3], motion.joint_quat[6])
    assert np.array_equal(half.root_pos[3], motion.root_pos[6])
    assert motion.joint_positions().shape == (31, 22, 3)


def test_motion_refuses_nan(rng):
    motion = make_motion(rng)
    bad = motion.root_pos.copy()
    bad[2, 1] = np.nan
    with pytest.raises(UserError, match="not numbers"):
        motion.with_(root_pos=bad)


def test_scene_holds_one_or_two(rng):
    motion = make_motion(rng)
    with pytest.raises(UserError):
        Scene((motion,) * 3)


@pytest.mark.parametrize(
    "line",
    [
        "make walk direction=forward speed=slow & wave side=right count=3 for 4.0 ; bow for 2.4",
        "append sit for 2.0",
        "edit speed factor=0.7 ; mirror",
        "undo",
        "ask duration",
    ],
)
def test_plan_round_trip(line):
    assert str(parse_plan(line)) == line


@pytest.mark.parametrize("line", ["", "fly up", "make", "make walk", "make walk for ever", "edit speed a=b=c"])
def test_bad_plans_are_refused(line):
    with pytest.raises(UserError):
        parse_plan(line)
