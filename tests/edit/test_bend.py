"""Bending: the heading turns by just so much more, the path goes along, and what came before stays as it was."""

import numpy as np
import pytest

from engine.assess.measure import measure
from engine.core.plan import parse_plan
from engine.data.compose import perform_plan
from engine.edit.bend import bend

WALK = parse_plan("make walk direction=forward speed=normal style=plain for 4.0")


@pytest.fixture(scope="module")
def walk():
    return perform_plan(WALK, np.random.default_rng(2))


@pytest.mark.parametrize("degrees", [-90.0, 30.0, 120.0])
def test_it_turns_by_that_much_and_walks_as_far(walk, degrees):
    bent, before = measure(bend(walk, degrees)), measure(walk)
    assert bent.turn_deg - before.turn_deg == pytest.approx(degrees, abs=0.5)
    assert bent.path_m == pytest.approx(before.path_m, rel=0.02)
    assert np.sign(bent.left_m - before.left_m) == np.sign(degrees)


def test_a_stretch_alone_is_bent(walk):
    bent = bend(walk, 60.0, 20, 50)
    assert np.array_equal(bent.root_pos[:21], walk.root_pos[:21])
    assert np.array_equal(bent.joint_quat[:21], walk.joint_quat[:21])
    assert np.allclose(bent.joint_quat[:, 1:], walk.joint_quat[:, 1:]) and bent.num_frames == walk.num_frames
    after = measure(bent.slice(52)).turn_deg - measure(walk.slice(52)).turn_deg
    assert abs(after) < 1.0, "what comes after is turned as a whole"
    steps = [np.linalg.norm(np.diff(m.root_pos[:, [0, 2]], axis=0), axis=1) for m in (bent, walk)]
    assert np.allclose(*steps, atol=1e-5)


def test_a_body_that_stands_still_is_bent_evenly(walk):
    still = walk.with_(root_pos=np.repeat(walk.root_pos[:1], 40, 0), joint_quat=np.repeat(walk.joint_quat[:1], 40, 0))
    assert measure(bend(still, 45.0)).turn_deg == pytest.approx(45, abs=2.0)
