"""The physical report: each figure rises with the flaw that it names, and a still body has none."""

import numpy as np
import pytest

from engine.assess.physical import physical
from engine.core import rotations as R
from engine.core.skeleton import MEAN_STANDING_HEIGHT, J
from engine.core.types import Motion


def standing(num_frames: int = 60) -> Motion:
    return Motion(np.tile([[0, MEAN_STANDING_HEIGHT, 0]], (num_frames, 1)), R.quat_identity(num_frames, 22))


def moved(root=(0, 0, 0)) -> Motion:
    still = standing()
    return still.with_(root_pos=still.root_pos + np.broadcast_to(np.asarray(root, float), (60, 3)))


def test_a_still_body_is_clean():
    report = physical(standing())
    assert report.penalty < 0.01 and report.lines() == []


def test_skate_is_the_speed_of_the_foot():
    slide = moved(np.stack([0.2 * np.arange(60) / 20, np.zeros(60), np.zeros(60)], -1))
    report = physical(slide)
    assert report.skate_cm_s == pytest.approx(20, rel=0.1)
    assert any("slide at 20" in line for line in report.lines())


def test_heights():
    assert physical(moved((0, -0.06, 0))).penetration_cm == pytest.approx(6, abs=0.3)
    assert physical(moved((0, 0.035, 0))).float_cm == pytest.approx(3.5, abs=0.3)


def test_heights_are_above_the_step_that_a_foot_rests_on():
    up = 0.3 * np.clip((np.arange(60) - 27) / 6, 0, 1)
    onto, down = (moved(np.stack([0 * up, rise, 0 * up], -1)) for rise in (up, -up))
    for report in (physical(onto), physical(down)):
        assert report.penetration_cm < 0.1 and report.float_cm < 0.5
    sunk = 0.04 * np.sin(np.pi * np.clip((np.arange(60) - 45) / 6, 0, 1))
    assert physical(moved(np.stack([0 * up, up - sunk, 0 * up], -1))).penetration_cm == pytest.approx(4, abs=0.3)
    assert physical(moved((0, -0.3, 0))).penetration_cm == pytest.approx(30, abs=0.3)


def bent(joint: str, axis: str, degrees: float, frames=slice(None)) -> Motion:
    quat = standing().joint_quat.copy()
    quat[frames, J[joint]] = R.quat_from_axis(axis, np.asarray(np.radians(degrees)))
    return standing().with_(joint_quat=quat)


def test_joint_limits():
    assert physical(bent("left_knee", "x", 60)).hyperextension_deg < 1
    assert physical(bent("left_knee", "x", -40)).hyperextension_deg == pytest.approx(40, abs=1)
    assert physical(bent("left_elbow", "y", -90)).hyperextension_deg < 1
    assert physical(bent("right_elbow", "y", 90)).hyperextension_deg < 1
    assert physical(bent("right_elbow", "y", -30)).hyperextension_deg == pytest.approx(30, abs=1)


def test_the_share_of_frames_outside_the_limits():
    assert physical(standing()).limit_share == 0
    assert physical(bent("left_knee", "x", 150)).limit_share == 0
    assert physical(bent("left_knee", "x", -12, slice(30, None))).limit_share == pytest.approx(0.5)
    assert physical(bent("neck", "x", 70, slice(15))).limit_share == pytest.approx(0.25)
    assert physical(bent("right_wrist", "z", 140)).limit_share == 1


def test_jitter_and_pops():
    rng = np.random.default_rng(0)
    shaking = moved(rng.normal(0, 0.01, (60, 3)))
    assert physical(shaking).jitter_m_s3 > 100
    pop = physical(bent("left_shoulder", "z", 80, slice(30, None)))
    assert pop.pops == 1 and pop.max_joint_deg_s == pytest.approx(1600, rel=0.01)
