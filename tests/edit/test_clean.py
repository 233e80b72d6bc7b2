"""Contact clean-up: less skate, no penetration, little else changed; airborne, lying and clean motion left alone."""

import time
from pathlib import Path

import numpy as np
import pytest

from engine.assess.measure import measure
from engine.core import rotations as R
from engine.core.contacts import foot_contact, runs
from engine.core.plan import parse_plan
from engine.core.skeleton import MEAN_STANDING_HEIGHT, sole_points
from engine.core.types import Motion
from engine.data.compose import perform_plan
from engine.edit.clean import clean
from engine.tokens.codec import MotionCodec

CMU = Path(__file__).resolve().parents[3] / "shared" / "data" / "cmu"
needs_cmu = pytest.mark.skipif(not CMU.is_dir(), reason="needs the CMU clips in ../shared/data/cmu")


def cmu(trial: str, num_frames: int = 120) -> Motion:
    with np.load(CMU / f"{trial}.npz") as data:
        aa = data["poses"].astype(np.float32).reshape(-1, 22, 3)
        return Motion(data["root_pos"], R.quat_from_aa(aa), 30.0).resample(20.0).slice(0, num_frames)


def standing(num_frames: int = 60, height: float = MEAN_STANDING_HEIGHT) -> Motion:
    return Motion(np.tile([[0, height, 0]], (num_frames, 1)), R.quat_identity(num_frames, 22))


def noisy(motion: Motion, seed: int = 0) -> Motion:
    """What a decoder does to a motion: a drifting root, a height that swims, trembling joints."""
    rng = np.random.default_rng(seed)
    count = motion.num_frames
    drift = np.cumsum(rng.normal(0, 0.01, (count, 3)), 0)
    drift[:, 1] = 0.02 * np.sin(np.arange(count) / 15)
    tremble = R.quat_from_aa(rng.normal(0, 0.02, (count, 22, 3)))
    return motion.with_(root_pos=motion.root_pos + drift, joint_quat=R.quat_mul(tremble, motion.joint_quat))


def skate(motion: Motion, contact: np.ndarray) -> float:
    """Mean speed, cm/s, of the lowest sole point over the frames of `contact`."""
    points = sole_points(*motion.world())
    low = points[..., 1].argmin(-1)
    speed = np.linalg.norm(np.diff(points[..., [0, 2]], axis=0), axis=-1) * motion.fps * 100
    picked = np.take_along_axis(speed, low[:-1, :, None], -1)[..., 0]
    return float(picked[contact[:-1] & contact[1:]].mean())


@needs_cmu
@pytest.mark.parametrize("trial", ["02_01", "13_11", "16_02", "49_02", "35_01"])
def test_noisy_capture_is_repaired(trial):
    source = cmu(trial)
    bad, contact = noisy(source), foot_contact(source)
    good = clean(bad)
    assert skate(good, contact) < 0.6 * skate(bad, contact)
    assert sole_points(*good.world())[..., 1].min() > -0.01
    local = [m.joint_positions() - m.root_pos[:, None] for m in (good, bad)]
    moved = np.linalg.norm(local[0] - local[1], axis=-1)
    assert moved.mean() < 0.04 and np.percentile(moved, 95) < 0.1
    assert good.num_frames == bad.num_frames and good.fps == bad.fps


@needs_cmu
def test_capture_hardly_changes_and_speed_is_within_budget():
    source = cmu("02_04")
    clean(source)
    start = time.process_time()
    good = clean(source)
    assert time.process_time() - start < 0.06
    moved = np.linalg.norm(good.joint_positions() - source.joint_positions(), axis=-1)
    assert moved.mean() < 0.025


def test_floating_and_sinking_bodies_come_to_the_floor():
    for offset in (-0.06, 0.05):
        good = clean(standing(height=MEAN_STANDING_HEIGHT + offset))
        np.testing.assert_allclose(sole_points(*good.world())[..., 1].min((1, 2)), 0, atol=0.004)


def test_sliding_feet_are_held():
    slide = standing()
    root = slide.root_pos.copy()
    root[:, 0] += 0.05 * np.sin(np.arange(60) / 12)
    slide = slide.with_(root_pos=root)
    assert skate(clean(slide), np.ones((60, 2), bool)) < 0.2 * skate(slide, np.ones((60, 2), bool))


def test_the_air_and_the_floor_are_left_alone():
    t = np.linspace(0, 1, 21)
    root = np.stack([0 * t, 0.95 + 2.5 * t * (1 - t), 0.8 * t], -1)
    jump = Motion(root, R.quat_identity(21, 22))
    air = clean(jump)
    assert np.abs(air.root_pos[5:16] - jump.root_pos[5:16]).max() < 0.01
    quat = R.quat_identity(40, 22)
    quat[:, 0] = R.quat_from_axis("x", np.full(40, -np.pi / 2))
    lying = Motion(np.tile([[0, 0.12, 0]], (40, 1)), quat)
    assert np.abs(clean(lying).joint_positions() - lying.joint_positions()).max() < 1e-3


def test_contact_of_hops_and_runs():
    height = np.where((np.arange(60) // 10) % 2 == 1, 0.2, 0.0) + MEAN_STANDING_HEIGHT
    root = np.stack([np.zeros(60), height, np.zeros(60)], -1)
    hops = Motion(root, R.quat_identity(60, 22))
    found = runs(foot_contact(hops)[:, 0])
    np.testing.assert_allclose(found, [(0, 10), (20, 30), (40, 50)], atol=1)
    sliding = hops.with_(root_pos=np.stack([np.arange(60) * 0.2, height * 0 + MEAN_STANDING_HEIGHT, height * 0], -1))
    assert not foot_contact(sliding).any()


@pytest.mark.parametrize("num_frames", [1, 2, 4])
def test_very_short_motions_pass(num_frames):
    assert clean(standing(num_frames)).num_frames == num_frames


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_low_hops_that_were_decoded_stay_hops(seed):
    plan, codec = parse_plan("make hop side=right direction=up count=3 for 2.4"), MotionCodec.load()
    motion = perform_plan(plan, np.random.default_rng(seed))
    decoded = codec.decode(codec.encode(motion)).slice(0, motion.num_frames)
    assert measure(clean(decoded)).airborne == measure(motion).airborne >= 3
