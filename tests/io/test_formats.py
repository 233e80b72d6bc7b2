"""Saving and loading: round trips of every motion format, options, dispatch by suffix, AMASS in all its shapes."""

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_STANDING_HEIGHT, J
from engine.core.types import Motion, Scene
from engine.io import SAVERS, load, load_pair, save
from engine.io.bvh import BVH_NAMES, euler_zxy
from engine.io.npz import REST_PELVIS


def walk(frames=40, fps=30.0, seed=0, start=(0.4, 0.0, -1.2)):
    """A wandering person whose joints swing smoothly, up to poses where Euler angles lock."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / fps
    aa = np.sin(2 * t * rng.uniform(0.5, 2, (22, 3)) + rng.uniform(0, 6, (22, 3))) * 0.4
    aa[:, J["left_shoulder"]] = [0, 0, 1.2]
    aa[: frames // 2, J["right_hip"]] = [-np.pi / 2, 0, 0]
    root = np.stack([0.3 * t[:, 0, 0], 0.94 + 0 * t[:, 0, 0], t[:, 0, 0]], 1) + np.array(start)
    return Motion(root, R.quat_continuous(R.quat_from_aa(aa)), fps)


def stand(up, frames=20, num_joints=22):
    """AMASS arrays of someone who stands still with a small turn, Y up or Z up."""
    poses = np.zeros((frames, num_joints, 3))
    turn = R.quat_from_axis("y", np.array(0.3))
    trans = np.array([1.0, MEAN_STANDING_HEIGHT, 2.0])
    if up == "z":
        tilt = R.quat_from_axis("x", np.array(np.pi / 2))
        turn, trans = R.quat_mul(tilt, turn), R.quat_rotate(tilt, trans)
    poses[:, 0] = R.quat_to_aa(turn)
    return {
        "poses": poses.reshape(frames, -1),
        "trans": np.repeat((trans - REST_PELVIS)[None], frames, 0),
        "mocap_framerate": np.float64(60),
        "betas": np.zeros(16),
        "gender": np.array("male"),
    }


@pytest.mark.parametrize("suffix", [".npz", ".bvh"])
def test_round_trip_of_one_person(tmp_path, suffix):
    motion = walk()
    (path,) = save(Scene((motion,)), tmp_path / f"a{suffix}")
    back = load(path).motions[0]
    assert back.num_frames == motion.num_frames and back.fps == pytest.approx(motion.fps, rel=1e-6)
    error = np.linalg.norm(back.joint_positions() - motion.joint_positions(), axis=-1).max()
    assert error < (1e-5 if suffix == ".npz" else 1e-3)
    assert back.duration_s == pytest.approx(motion.duration_s, rel=1e-6)


def test_npz_is_exact_to_float32(tmp_path):
    motion = walk(seed=3).with_(betas=np.linspace(-1, 1, 10))
    (path,) = save(motion, tmp_path / "a.npz")
    back = load(path).motions[0]
    assert np.array_equal(back.root_pos, motion.root_pos) and np.array_equal(back.betas, motion.betas)
    assert back.fps == motion.fps
    assert np.abs((back.joint_quat * motion.joint_quat).sum(-1)).min() > 1 - 3e-7
    assert set(np.load(path).files) >= {"poses", "trans", "betas", "gender", "mocap_frame_rate", "root_pos"}
    assert np.load(path)["poses"].shape == (40, 66)


@pytest.mark.parametrize("suffix", [".npz", ".bvh"])
def test_two_persons_become_two_files(tmp_path, suffix):
    scene = Scene((walk(seed=1), walk(seed=2, start=(1.5, 0, 0))))
    paths = save(scene, tmp_path / f"duo{suffix}")
    assert [p.name for p in paths] == [f"duo-a{suffix}", f"duo-b{suffix}"]
    for path, motion in zip(paths, scene.motions, strict=True):
        assert np.allclose(load(path).motions[0].root_pos, motion.root_pos, atol=1e-4)
    back = load_pair(*paths)
    for motion, again in zip(scene.motions, back.motions, strict=True):
        assert np.linalg.norm(again.joint_positions() - motion.joint_positions(), axis=-1).max() < 1e-3


def test_a_pair_of_which_one_is_ours_starts_in_the_middle(tmp_path):
    (path,) = save(walk(seed=1), tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", **stand("z"))
    a, b = (m.root_pos[0] for m in load_pair(path, tmp_path / "b.npz").motions)
    assert np.allclose((a + b)[[0, 2]], 0, atol=1e-5)


@pytest.mark.parametrize("fps", [20.0, 24.0, 29.97, 30.0, 119.88, 120.0])
def test_bvh_keeps_the_frame_rate(tmp_path, fps):
    (path,) = save(walk(fps=fps), tmp_path / "a.bvh")
    assert load(path).motions[0].fps == pytest.approx(fps, rel=1e-6)


def test_bvh_of_another_skeleton_with_our_names_is_still_fitted(tmp_path):
    """Our files are taken over as they are; the same skeleton under other names goes through retargeting."""
    motion = walk(60, seed=5)
    calm = motion.joint_quat.copy()
    calm[:, [J["left_shoulder"], J["right_hip"]]] = [1, 0, 0, 0]
    motion = motion.with_(joint_quat=R.normalize(calm * [1, 0.4, 0.4, 0.4]))
    (path,) = save(motion, tmp_path / "a.bvh")
    text = path.read_text()
    for name in sorted(BVH_NAMES.values(), key=len, reverse=True):
        text = text.replace(f"T {name}\n", f"T mixamorig:{name}\n")
    path.write_text(text)
    back = load(path, recenter=False)
    assert back.provenance["scale"] == pytest.approx(1, abs=0.01)
    mine, theirs = motion.joint_positions(), back.motions[0].joint_positions()
    hands = [J["left_wrist"], J["right_wrist"], J["head"], J["left_ankle"], J["right_ankle"]]
    offset = theirs[:, :1] - mine[:, :1]
    assert np.linalg.norm(offset[..., [0, 2]], axis=-1).max() < 0.02
    assert np.linalg.norm((theirs - mine - offset)[:, hands], axis=-1).max() < 0.05


def test_euler_angles_rebuild_the_rotation_even_when_locked():
    rng = np.random.default_rng(0)
    q = R.normalize(rng.normal(size=(200, 4)))
    q[:3] = R.quat_from_axis("x", np.radians([90.0, -90.0, 89.9999]))
    z, x, y = (R.quat_from_axis(a, np.radians(v)) for a, v in zip("zxy", euler_zxy(q).T, strict=True))
    assert np.abs((R.quat_mul(R.quat_mul(z, x), y) * q).sum(-1)).min() > 1 - 1e-9


@pytest.mark.parametrize("up", ["y", "z"])
@pytest.mark.parametrize("num_joints", [22, 24, 52, 55])
def test_amass_of_every_width_and_up_axis(tmp_path, up, num_joints):
    arrays = stand(up, num_joints=num_joints)
    np.savez(tmp_path / "a.npz", **arrays)
    scene = load(tmp_path / "a.npz", recenter=False)
    motion = scene.motions[0]
    assert scene.provenance["up"] == up and motion.fps == 60
    assert np.allclose(motion.root_pos[:, 1], MEAN_STANDING_HEIGHT, atol=0.02)
    assert np.allclose(motion.root_pos[:, [0, 2]], [1, 2], atol=1e-4)
    assert np.allclose(R.heading(motion.joint_quat[:, 0]), 0.3, atol=1e-4)


def test_amass_of_smplx_keys_and_three_axes(tmp_path):
    arrays = stand("z")
    poses = arrays.pop("poses")
    np.savez(tmp_path / "a.npz", root_orient=poses[:, :3], pose_body=poses[:, 3:], **arrays)
    np.savez(tmp_path / "b.npz", poses=poses.reshape(-1, 22, 3), **arrays)
    a, b = (load(tmp_path / f"{n}.npz").motions[0] for n in "ab")
    assert np.array_equal(a.joint_quat, b.joint_quat) and np.array_equal(a.root_pos, b.root_pos)
    assert np.allclose(a.root_pos[0, [0, 2]], 0, atol=1e-6)


@pytest.mark.parametrize("count", [0, 3, 10, 16, 300])
def test_betas_of_any_length(tmp_path, count):
    np.savez(tmp_path / "a.npz", **{**stand("y"), "betas": np.full(count, 0.25)})
    betas = load(tmp_path / "a.npz").motions[0].betas
    assert np.allclose(betas[: min(count, 10)], 0.25) and not betas[count:].any()


def test_pickles_beside_the_motion_stay_shut(tmp_path):
    """SMPL-X releases carry a pickled dictionary that nobody needs; it must neither be opened nor be in the way."""
    np.savez(tmp_path / "a.npz", labels=np.array([{"a": 1}], object), **stand("y"))
    assert load(tmp_path / "a.npz").motions[0].num_frames == 20


@pytest.mark.parametrize("name", ["walk.xyz", "walk", "walk.usd"])
def test_unknown_suffixes_list_what_is_supported(tmp_path, name):
    (tmp_path / name).write_text("x")
    with pytest.raises(UserError, match=r"Supported are.*\.bvh.*\.npz"):
        load(tmp_path / name)
    with pytest.raises(UserError, match=r"Supported are.*\.bvh.*\.npz"):
        save(walk(), tmp_path / name)


def test_saving_where_nothing_can_be_written(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        save(walk(), tmp_path / "nowhere" / "a.npz")
    (tmp_path / "b.npz").mkdir()
    with pytest.raises(UserError, match=r"cannot be written"):
        save(walk(), tmp_path / "b.npz")


@pytest.mark.parametrize("options", [{"up": "x"}, {"fps": 0}, {"fps": -3}, {"scale": 1e9}, {"size": 3}])
def test_options_are_checked(tmp_path, options):
    (path,) = save(walk(), tmp_path / "a.npz")
    with pytest.raises(UserError, match="option"):
        load(path, **options)


def test_every_motion_saver_has_a_loader_and_does_not_touch_its_input(tmp_path):
    for suffix in (".npz", ".bvh"):
        assert suffix in SAVERS
        motion = walk()
        before = motion.root_pos.copy(), motion.joint_quat.copy()
        save(motion, tmp_path / f"a{suffix}")
        assert np.array_equal(before[0], motion.root_pos) and np.array_equal(before[1], motion.joint_quat)
