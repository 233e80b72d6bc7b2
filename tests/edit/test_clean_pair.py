"""Clean-up of two: hands that miss meet again, bodies keep out of each other, feet stand, and who is fixed stays."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from engine.assess.between import contacts, trunk_distance
from engine.assess.physical import physical
from engine.core.errors import UserError
from engine.core.points import place
from engine.core.skin import Touch
from engine.core.types import Motion
from engine.data.pairs.registry import PairTake, perform_pair
from engine.edit.clean_pair import APART_M, HUG_M, clean_pair

HELD = ("handshake", "circle", "hand_in_hand", "help_up", "lead_follow", "pass_object", "twirl", "waltz_box")
"""Interactions in which palms hold palms for a while."""
MET_M, FASTEST_DEG_S = 0.04, 1200.0


def take_of(name: str, seed: int = 0) -> PairTake:
    return perform_pair(name, None, np.random.default_rng(seed))


def moved(motion: Motion, by: tuple[float, float, float]) -> Motion:
    return motion.with_(root_pos=motion.root_pos + np.array(by, np.float32))


def disturbed(motion: Motion, seed: int) -> Motion:
    """The motion 10 cm aside, with noise of some centimetres on its path."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0, 2 * np.pi)
    noise = 0.05 * gaussian_filter1d(rng.normal(0, 1, (motion.num_frames, 3)), 6, axis=0) * (1, 0.2, 1)
    return motion.with_(root_pos=motion.root_pos + noise + (0.1 * np.sin(angle), 0, 0.1 * np.cos(angle)))


def palm_gap(a: Motion, b: Motion, touch: Touch) -> float:
    frames = slice(round(touch.start_s * a.fps), round(touch.end_s * a.fps) + 1)
    palms = [place(m, f"{part.split()[0]}_palm")[frames] for m, part in ((a, touch.a), (b, touch.b))]
    return float(np.linalg.norm(palms[0] - palms[1], axis=1).max())


@pytest.mark.parametrize("name", HELD)
@pytest.mark.parametrize("fixed", ["a", ""])
def test_hands_meet_again(name, fixed):
    take = take_of(name)
    touches = contacts(take.actor, take.reactor)
    hands = [t for t in touches if t.a.endswith("hand") and t.b.endswith("hand")]
    before = disturbed(take.reactor, 0)
    a, b = clean_pair(take.actor, before, touches, fixed)
    assert hands and max(palm_gap(take.actor, before, t) for t in hands) > 2 * MET_M
    assert max(palm_gap(a, b, t) for t in hands) < MET_M
    assert (a is take.actor) == (fixed == "a")
    assert (a.num_frames, b.num_frames, b.fps) == (take.actor.num_frames, before.num_frames, before.fps)
    was, now = physical(before), physical(b)
    assert now.skate_cm_s <= was.skate_cm_s and now.penetration_cm <= max(was.penetration_cm, 1.0)
    assert now.pops == 0 and now.max_joint_deg_s < FASTEST_DEG_S


@pytest.mark.parametrize("fixed", ["", "a", "b"])
def test_bodies_that_stand_in_each_other_are_pushed_apart(fixed):
    take = take_of("handshake")
    inside = moved(take.reactor, (0.03, 0, -0.75))
    assert trunk_distance(take.actor, inside) < 0.15
    a, b = clean_pair(take.actor, inside, (), fixed)
    assert trunk_distance(a, b) >= APART_M - 1e-3
    assert (a is take.actor, b is inside) == (fixed == "a", fixed == "b")
    for before, after in ((take.actor, a), (inside, b)):
        assert physical(after).skate_cm_s <= physical(before).skate_cm_s + 0.5
        assert np.abs(after.root_pos[:, 1] - before.root_pos[:, 1]).max() < 0.05


def test_walkers_go_around_each_other_and_their_feet_stand():
    take = take_of("pass_by")
    i = int(np.linalg.norm((take.actor.root_pos - take.reactor.root_pos)[:, [0, 2]], axis=1).argmin())
    off = (take.actor.root_pos - take.reactor.root_pos)[i] * np.array([0.9, 0, 0.9])
    through = moved(take.reactor, tuple(off))
    assert trunk_distance(take.actor, through) < 0.15
    a, b = clean_pair(take.actor, through, (), "a")
    assert a is take.actor and trunk_distance(a, b) >= APART_M - 0.02
    assert physical(b).skate_cm_s <= physical(through).skate_cm_s + 1.0 and physical(b).pops == 0
    still = slice(0, max(i - 25, 1))
    assert np.abs((b.root_pos - through.root_pos)[still, [0]]).max() < 0.05, "moved only where they would be too near"


def test_who_hugs_may_be_close():
    take = take_of("hug")
    touches = contacts(take.actor, take.reactor)
    nearer = moved(take.reactor, (0, 0, -0.16))
    a, b = clean_pair(take.actor, nearer, touches, "a")
    apart, _ = clean_pair(take.actor, nearer, (), "b")
    assert HUG_M - 1e-3 <= trunk_distance(a, b) < 0.3
    assert trunk_distance(apart, nearer) >= APART_M - 0.02


def test_hands_that_are_too_far_and_who_is_alone_stay():
    take = take_of("handshake")
    far = moved(take.reactor, (0, 0, 0.6))
    touches = contacts(take.actor, take.reactor)
    _, b = clean_pair(take.actor, far, touches, "a")
    _, without = clean_pair(take.actor, far, (), "a")
    np.testing.assert_array_equal(b.joint_quat, without.joint_quat)
    a, b = clean_pair(take.actor, far.slice(0, 20), touches)
    assert (a.num_frames, b.num_frames) == (take.actor.num_frames, 20)
    with pytest.raises(UserError, match="frames a second"):
        clean_pair(take.actor, far.resample(30))


def test_a_hand_on_a_body_comes_onto_its_skin():
    take = take_of("comfort")
    touches = contacts(take.actor, take.reactor)
    (touch,) = touches
    assert (touch.a, touch.b) == ("right hand", "left shoulder")
    away = moved(take.reactor, (0.0, 0.0, 0.1))
    a, b = clean_pair(take.actor, away, touches, "b")
    assert b is away and len(contacts(take.actor, away)) > 1
    (found,) = contacts(a, b)
    assert (found.a, found.b) == (touch.a, touch.b) and abs(found.end_s - touch.end_s) < 0.1
    frames = slice(round(touch.start_s * 20) + 2, round(touch.end_s * 20) - 2)
    gap = [np.linalg.norm((place(x, "right_palm") - place(away, "left_shoulder_top"))[frames], axis=1).max()
           for x in (take.actor, a)]  # fmt: skip
    assert gap[1] < gap[0] and gap[1] < 0.1
