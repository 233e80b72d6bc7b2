"""Feet on steps, rungs and slopes: clean-up locks them where they stand, motions join at the height they end on."""

import numpy as np
import pytest

from engine.assess.physical import physical
from engine.core import rotations as R
from engine.core.contacts import contact_from_soles, floor_at, ground_under, runs
from engine.core.plan import parse_plan
from engine.core.skeleton import sole_points
from engine.core.types import Motion
from engine.data.actions.stairs import RISE
from engine.data.compose import perform_plan
from engine.edit.clean import clean
from engine.edit.join import concatenate

UP, DOWN = "stairs_up count=4 for 4.0", "stairs_down count=4 for 4.0"
HIGH = [UP, DOWN, "slope direction=up for 4.0", "slope direction=down for 4.0", "climb_ladder count=4 for 7.0"]
WALK = "walk direction=forward speed=normal style=plain for 4.0"
FLAT = [WALK, "hop side=left direction=forward count=3 for 2.4", "kick side=right height=high count=2 for 3.0"]


def perform(text: str, seed: int = 0) -> Motion:
    return perform_plan(parse_plan(f"make {text}"), np.random.default_rng(seed))


def sliding(motion: Motion, seed: int = 0) -> Motion:
    """What a decoder does: the body swims about, and the joints tremble."""
    rng = np.random.default_rng(seed)
    t = np.arange(motion.num_frames) / motion.fps
    swim = np.stack([0.02 * np.sin(3 * t + 1), 0.004 * np.sin(4 * t), 0.02 * np.sin(2.4 * t)], -1)
    tremble = R.quat_from_aa(rng.normal(0, 0.005, (motion.num_frames, 22, 3)))
    return motion.with_(root_pos=motion.root_pos + swim, joint_quat=R.quat_mul(tremble, motion.joint_quat))


def soles(motion: Motion) -> np.ndarray:
    return sole_points(*motion.world()).astype(np.float64)


def ground(motion: Motion) -> np.ndarray:
    return ground_under(motion.world()[0], soles(motion), motion.fps)


def stands(source: Motion) -> list[tuple[int, int, int]]:
    """(side, start, stop) in which the ball of a foot of an authored performance does not move."""
    ball = soles(source)[:, :, 1]
    still = np.linalg.norm(np.gradient(ball, axis=0), axis=-1) < 0.002
    return [(side, a, b) for side in (0, 1) for a, b in runs(still[:, side]) if b - a >= 4]


def drift(motion: Motion, source: Motion) -> float:
    """How far, metres, a ball moves at most from its mean place while it stands in `source`."""
    ball = soles(motion)[:, :, 1]
    spans = [ball[a:b, side] for side, a, b in stands(source)]
    return max(float(np.linalg.norm(span - span.mean(0), axis=-1).max()) for span in spans)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("text", [UP, DOWN])
def test_planted_feet_stay_on_the_steps(text, seed):
    source = perform(text, seed)
    for motion in (source, sliding(source, seed)):
        good = clean(motion)
        assert abs(good.root_pos[-1, 1] - source.root_pos[-1, 1]) < 0.03
        assert abs(good.root_pos[0, 1] - source.root_pos[0, 1]) < 0.03
        assert drift(good, source) < 0.015
        for side, a, b in stands(source):
            lowest = [soles(m)[a:b, side, :, 1].min(-1) for m in (good, source)]
            assert np.abs(np.median(lowest[0]) - np.median(lowest[1])) < 0.015
    assert drift(sliding(source, seed), source) > 0.015, "there was something to repair"


@pytest.mark.parametrize("text", [UP, DOWN])
def test_ground_is_the_steps_under_the_feet(text):
    source = perform(text)
    under, points = ground(source), soles(source)
    contact = contact_from_soles(points, source.fps, under)
    levels = under.min(-1)[contact] / RISE
    assert np.abs(levels - levels.round()).max() < 0.03
    assert set(levels.round().astype(int)) == {0, 1, 2, 3, 4}
    assert (points[..., 1] - under).min() > -0.01
    assert contact.any(1).mean() > 0.9


@pytest.mark.parametrize("text", HIGH)
def test_high_ground_is_found_and_not_held_against_the_motion(text):
    source = perform(text)
    assert ground(source).max() > 0.3
    for motion in (source, clean(source), clean(sliding(source))):
        found = physical(motion)
        assert found.penetration_cm < 1.5 and found.float_cm < 0.5
    assert physical(clean(sliding(source))).skate_cm_s < physical(sliding(source)).skate_cm_s


@pytest.mark.parametrize("text", FLAT)
def test_there_is_nothing_under_feet_in_the_air(text):
    source = perform(text)
    assert not ground(source).any() and not ground(sliding(source)).any()
    assert floor_at(source, -1) == 0


def test_a_whole_body_that_floats_stands_on_nothing():
    walk = perform(WALK)
    up = np.array([0, 0.06, 0], np.float32)
    assert not ground(walk.with_(root_pos=walk.root_pos + up)).any()
    assert not ground(walk.with_(root_pos=walk.root_pos - 3 * up)).any()


@pytest.mark.parametrize("blend_s", [0, 0.3])
@pytest.mark.parametrize(("first", "second", "rise"), [(UP, WALK, 4), (UP, UP, 4), (WALK, DOWN, -4), (UP, DOWN, 0)])
def test_motions_join_at_the_height_they_end_on(first, second, rise, blend_s):
    a, b = perform(first), perform(second, 1)
    out = concatenate(a, b, blend_s)
    later = out.root_pos[a.num_frames + 7 :, 1] - b.root_pos[7:, 1]
    np.testing.assert_allclose(later, rise * RISE, atol=0.01)
    assert np.abs(np.diff(out.root_pos[a.num_frames - 2 : a.num_frames + 7, 1])).max() < 0.05
    third = concatenate(out, b, blend_s)
    high = floor_at(out, -1)
    np.testing.assert_allclose(high, rise * RISE + floor_at(b, -1), atol=0.01)
    np.testing.assert_allclose(third.root_pos[-1, 1] - b.root_pos[-1, 1], high - floor_at(b, 0), atol=0.01)


def test_motions_on_the_flat_floor_keep_their_heights_bit_by_bit():
    a, b = perform(WALK), perform(WALK, 1)
    assert np.array_equal(concatenate(a, b, 0).root_pos[a.num_frames :, 1], b.root_pos[:, 1])
