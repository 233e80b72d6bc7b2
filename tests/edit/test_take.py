"""Taking over a motion or a part of it: the named part comes from the other, the rest stays bit-identical."""

import numpy as np
import pytest

from engine.core.plan import Call, parse_plan
from engine.core.types import Scene
from engine.data.compose import perform_plan
from engine.edit.parts import PARTS
from engine.edit.registry import Anchor
from engine.edit.script import apply_edits
from engine.edit.take import take_over

UPPER = list(PARTS["upper"])
LEGS = list(PARTS["lower"])


def performed(line):
    return perform_plan(parse_plan(line), np.random.default_rng(1))


@pytest.fixture(scope="module")
def walk():
    walk = performed("make walk direction=forward speed=normal style=plain for 4.0")
    return apply_edits(Scene((walk,)), [Call("turn", {"degrees": "70"})]).scene.motions[0]


@pytest.fixture(scope="module")
def clap():
    return performed("make clap count=3 for 2.4")


def test_the_upper_body_is_taken_and_gone_through_again(walk, clap):
    made = take_over(walk, clap, "upper").motion
    n = clap.num_frames
    assert made.num_frames == walk.num_frames > n
    assert np.array_equal(made.root_pos, walk.root_pos) and np.array_equal(
        made.joint_quat[:, LEGS], walk.joint_quat[:, LEGS]
    )
    assert np.array_equal(made.joint_quat[:n, UPPER], clap.joint_quat[:n, UPPER])
    turn = 2 * np.arccos(np.clip(np.abs((made.joint_quat[1:] * made.joint_quat[:-1]).sum(-1)), 0, 1))
    assert np.degrees(turn).max() < 40, "no joint jumps where it begins again"


def test_the_legs_are_taken_with_where_they_go(walk, clap):
    made = take_over(clap, walk, "legs").motion
    assert made.num_frames == clap.num_frames
    assert np.array_equal(made.joint_quat[:, UPPER], clap.joint_quat[:, UPPER])
    here, there = Anchor.of(made), Anchor.of(clap)
    assert np.allclose(here.point[[0, 2]], there.point[[0, 2]], atol=1e-4) and abs(here.heading - there.heading) < 1e-3
    went = made.root_pos[-1] - made.root_pos[0]
    assert went[2] > 1.5 and abs(went[0]) < 0.5, "it walks the way that the clapping person faces"


def test_the_whole_keeps_its_length(walk, clap):
    made = take_over(walk, clap, "whole").motion
    assert made.num_frames == clap.num_frames and np.array_equal(made.joint_quat[:, 1:], clap.joint_quat[:, 1:])
    assert abs(Anchor.of(made).heading - Anchor.of(walk).heading) < 1e-3
