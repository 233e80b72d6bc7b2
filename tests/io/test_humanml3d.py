"""HumanML3D's vectors both ways, and limbs that come back from positions alone without spinning or bending back."""

from pathlib import Path

import numpy as np
import pytest
from test_dialects import walking

from engine.core import rotations as R
from engine.core.skeleton import MEAN_OFFSETS, J
from engine.io import load, save
from engine.io.humanml3d import NUM_FEATURES, features_from_joints, joints_from_features
from engine.io.positions import motion_from_positions

SHARED = Path(__file__).resolve().parents[3] / "shared"
CMU, SAMPLES = SHARED / "data" / "cmu", SHARED / "samples"
CLIPS = ["02_01", "14_09", "05_02", "135_02"]
"""A walk, boxing, a dance with turns, a karate form."""


def clip(name):
    if name == "walk":
        return walking()[0].resample(20)
    if not (CMU / f"{name}.npz").is_file():
        pytest.skip("needs ../shared/data/cmu")
    return load(CMU / f"{name}.npz").motions[0].resample(20)


@pytest.mark.parametrize("name", ["walk", *CLIPS])
def test_vectors_decode_to_the_joints(name):
    pos = clip(name).joint_positions().astype(np.float64)
    vectors = features_from_joints(pos)
    assert vectors.shape == (len(pos), NUM_FEATURES) and vectors.dtype == np.float32
    back = joints_from_features(vectors.astype(np.float64))
    for a, b in ((0, 1), (1, 20), (4, 21)):  # distances within a pose do not depend on where the motion starts
        assert np.allclose(*(np.linalg.norm(p[:, a] - p[:, b], axis=-1) for p in (pos, back)), atol=1e-4)
    ways = [np.linalg.norm(np.diff(p[:, 0], axis=0), axis=-1) for p in (pos, back)]
    assert np.allclose(*ways, atol=1e-4)
    assert np.linalg.norm(pos[-1, 0] - pos[0, 0]) == pytest.approx(np.linalg.norm(back[-1, 0] - back[0, 0]), abs=0.01)


def test_one_frame_is_enough():
    vectors = features_from_joints(clip("walk").joint_positions()[:1])
    assert vectors.shape == (1, NUM_FEATURES) and np.isfinite(vectors).all()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_every_column_is_where_others_have_it():
    """Against vectors of the released layout. The facing at both ends is theirs of a longer clip."""
    theirs = np.load(SAMPLES / "humanml3d_263_cmu_walk.npy")[:-1]
    ours = features_from_joints(np.load(SAMPLES / "humanml3d_22joints_cmu_walk.npy"))[:-1]
    for first, last in ((0, 1), (1, 3), (3, 4), (4, 67), (67, 193), (193, 259), (259, 263)):
        error = np.abs(ours[:, first:last] - theirs[:, first:last])
        assert error.mean() < 0.002 and np.percentile(error, 99) < 0.03, (first, error.mean(), error.max())


def twist_speed(quat, axis, fps):
    """Fastest turn (deg/s) of local rotations (T, 4) about their own bone."""
    angle = np.unwrap(2 * np.arctan2(quat[:, 1:] @ R.normalize(axis), quat[:, 0]), period=2 * np.pi)
    return np.degrees(np.abs(np.diff(angle))).max() * fps


@pytest.mark.parametrize("name", ["walk", *CLIPS])
def test_limbs_do_not_spin_about_themselves(name):
    motion = clip(name)
    back, _ = motion_from_positions(motion.joint_positions(), 20.0)
    for side in ("left", "right"):
        for joint, tip in (("elbow", "wrist"), ("knee", "ankle"), ("shoulder", "elbow"), ("hip", "knee")):
            speeds = [
                twist_speed(m.joint_quat[:, J[f"{side}_{joint}"]].astype(float), MEAN_OFFSETS[J[f"{side}_{tip}"]], 20)
                for m in (motion, back)
            ]
            assert speeds[1] < max(1.5 * speeds[0], 400), (side, joint, speeds)


@pytest.mark.parametrize("name", ["walk", *CLIPS])
def test_knees_and_elbows_bend_the_right_way(name):
    back, _ = motion_from_positions(clip(name).joint_positions(), 20.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        knee, elbow = (R.quat_to_aa(back.joint_quat[:, J[f"{side}_{n}"]]) for n in ("knee", "elbow"))
        assert np.percentile(knee[:, 0], 1) > -0.1  # the shin goes back, about +X
        assert np.percentile(-sign * elbow[:, 1], 1) > -0.35  # the forearm comes ahead, about -Y on the left
        assert np.abs(knee[:, 1:]).max() < 0.6


@pytest.mark.parametrize("name", ["walk", *CLIPS])
def test_joints_come_back(tmp_path, name):
    motion = clip(name)
    (path,) = save(motion, tmp_path / "a.npy")
    error = load(path, recenter=False).motions[0].joint_positions() - motion.joint_positions()
    error = error - error[:1, :1] * [0, 1, 0]
    assert np.linalg.norm(error, axis=-1).mean() < 0.015
