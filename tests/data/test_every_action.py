"""The contract of every authored action, present and future: from rest to rest, on the floor, as joints can move."""

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.plan import Call, Plan, Segment
from engine.core.skeleton import J, sole_points
from engine.data.captions import caption_plan
from engine.data.compose import perform_plan
from engine.data.registry import ACTIONS, default_args, natural_seconds
from engine.data.wordings import wordings

NAMES = sorted(ACTIONS)
FASTEST_DEG_S = 1700
"""No joint of an authored action turns faster; the shins of a sprinter come close."""
LOWEST_M = -0.012
PELVIS_M_S = 5.2
MIN_PHRASES = {"verbs": 25, "nouns": 6, "says": 12}


def variants(name: str):
    """Default arguments, then every other value of every slot once."""
    first = default_args(name)
    yield first
    for slot, values in ACTIONS[name].spec.slots.items():
        for value in values[1:]:
            yield {**first, slot: value}


def performed(name: str, args, seed: int):
    rng = np.random.default_rng(seed)
    call = Call(name, args)
    seconds = natural_seconds(name, args, rng)
    return perform_plan(Plan("make", (Segment((call,), seconds),)), rng)


@pytest.mark.parametrize("name", NAMES)
def test_moves_as_a_body_can(name):
    for seed, args in enumerate(variants(name)):
        motion = performed(name, args, seed)
        q = motion.joint_quat.astype(np.float64)
        turned = np.degrees(2 * np.arccos(np.clip(np.abs((q[1:] * q[:-1]).sum(-1)), 0, 1))) * motion.fps
        assert turned.max() < FASTEST_DEG_S, (args, turned.max())
        assert np.linalg.norm(np.diff(motion.root_pos, axis=0), axis=1).max() * motion.fps < PELVIS_M_S, args
        knees = np.degrees(R.quat_to_aa(motion.joint_quat[:, [J["left_knee"], J["right_knee"]]])[..., 0])
        assert knees.min() > -5, (args, "a knee bends backwards")
        points = sole_points(*[a.astype(np.float64) for a in motion.world()])
        assert points[..., 1].min() > LOWEST_M, (args, points[..., 1].min())
        joints = motion.joint_positions()
        assert joints[..., 1].min() > -0.03, (args, "a joint is under the floor")
        assert np.isfinite(joints).all()


@pytest.mark.parametrize("name", NAMES)
def test_no_two_performances_are_alike(name):
    a, b, again = (performed(name, default_args(name), seed) for seed in (1, 2, 1))
    assert np.array_equal(a.joint_quat, again.joint_quat)
    n = min(a.num_frames, b.num_frames)
    assert np.abs(a.joint_quat[:n] - b.joint_quat[:n]).max() > 0.02


@pytest.mark.parametrize("name", NAMES)
def test_can_be_asked_for_in_many_ways(name):
    wording = wordings()[name]
    assert {s: tuple(v) for s, v in wording.slots.items()} == dict(ACTIONS[name].spec.slots)
    for kind, least in MIN_PHRASES.items():
        assert len(wording.phrases[kind]) >= least, (kind, len(wording.phrases[kind]))
    rng = np.random.default_rng(0)
    for args in variants(name):
        plan = Plan("make", (Segment((Call(name, args),), 3.0),))
        captions = {caption_plan(plan, rng) for _ in range(12)}
        assert len(captions) >= 9 and all("{" not in c for c in captions)
