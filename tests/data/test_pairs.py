"""The contract of every interaction, present and future: two bodies that move as bodies can, meet where they should and
keep apart elsewhere, and can be asked for in many ways, from both sides."""

import dataclasses

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.points import POINTS, mirrored_name, place
from engine.core.skeleton import J, sole_points
from engine.data.pairs.captions import SPLITS, VIEWS, caption_pair, pair_wordings
from engine.data.pairs.checks import TOUCH_M, began, contact_gap, faults, gap, scene_facts, touches_of
from engine.data.pairs.registry import INTERACTIONS, mirrored, perform_pair, sample_args
from engine.data.wordings import held_out

NAMES = sorted(INTERACTIONS)
LOWEST_M, KNEE_DEG, PELVIS_M_S = -0.02, -5.0, 5.2
MOST_S = 10.0
KINDS = {
    "greetings": ("wave_back", "bow_back", "handshake", "high_five", "fist_bump", "hug", "salute_back"),
    "contact": ("shove", "punch_dodge", "punch_block", "kick_fall", "tug", "lift", "support"),
    "cooperation": ("pass_object", "carry_together", "help_up", "give_directions"),
    "dance": ("lead_follow", "waltz_box", "mirror", "circle", "side_by_side"),
    "pursuit": ("chase", "follow", "approach_retreat", "walk_together"),
    "talk": ("listen_nod", "argue", "point_at", "comfort", "laugh_together"),
}


def variants(name: str):
    """Default arguments, then every other value of every slot once, then all slots at their last value."""
    interaction = INTERACTIONS[name]
    first = interaction.default_args()
    yield first
    for slot, values in interaction.slots.items():
        for value in values[1:]:
            yield {**first, slot: value}
    yield {slot: values[-1] for slot, values in interaction.slots.items()}


def takes(name: str):
    return [perform_pair(name, args, np.random.default_rng(seed)) for seed, args in enumerate(variants(name))]


def test_there_are_enough_of_every_kind():
    assert len(NAMES) >= 40
    assert not {name for names in KINDS.values() for name in names} - set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_takes_are_as_they_should_be(name):
    interaction = INTERACTIONS[name]
    for take in takes(name):
        assert faults(take) == (), take.args
        assert take.actor.num_frames == take.reactor.num_frames and take.actor.num_frames % 4 == 0
        low, high = interaction.seconds
        assert low <= take.actor.duration_s <= min(high, MOST_S), (take.args, take.actor.duration_s)
        assert np.abs(take.actor.root_pos[0, [0, 2]]).max() < 1e-4, "the actor begins at the origin"
        assert abs(float(R.heading(take.actor.joint_quat[0, 0]))) < 0.15, "facing +Z"
        for motion in (take.actor, take.reactor):
            assert motion.fps == 20
            pos, turns = motion.world()
            assert np.isfinite(pos).all()
            assert pos[..., 1].min() > -0.03, (take.args, "a joint is under the floor")
            assert sole_points(pos, turns)[..., 1].min() > LOWEST_M, take.args
            knees = np.degrees(R.quat_to_aa(motion.joint_quat[:, [J["left_knee"], J["right_knee"]]])[..., 0])
            assert knees.min() > KNEE_DEG, (take.args, "a knee bends backwards")
            assert np.linalg.norm(np.diff(motion.root_pos, axis=0), axis=1).max() * 20 < PELVIS_M_S, take.args


@pytest.mark.parametrize("name", [n for n in NAMES if INTERACTIONS[n].facts.touches])
def test_what_must_touch_is_noted_and_touches(name):
    for take in takes(name):
        noted = {(c.actor, c.reactor) for c in take.contacts}
        assert set(touches_of(INTERACTIONS[name].facts, take.args)) <= noted
        assert contact_gap(take) <= TOUCH_M, take.args
        for contact in take.contacts:
            assert 0 <= contact.start_s <= contact.end_s < take.actor.duration_s


@pytest.mark.parametrize("name", NAMES)
def test_no_two_takes_are_alike(name):
    a, b, again = (perform_pair(name, {}, np.random.default_rng(seed)) for seed in (1, 2, 1))
    for one, other, same in ((a.actor, b.actor, again.actor), (a.reactor, b.reactor, again.reactor)):
        assert np.array_equal(one.joint_quat, same.joint_quat) and np.array_equal(one.root_pos, same.root_pos)
        n = min(one.num_frames, other.num_frames)
        assert np.abs(one.joint_quat[:n] - other.joint_quat[:n]).max() > 0.01


@pytest.mark.parametrize("name", NAMES)
def test_can_be_asked_for_from_both_sides(name):
    wording, rng = pair_wordings()[name], np.random.default_rng(0)
    for view in VIEWS:
        train, held = (wording.wordings[split][view] for split in SPLITS)
        assert len(set(train)) >= 6 and len(held) >= 2 and not set(train) & set(held), view
        assert not any(held_out().has(text) for text in train)
        for args in variants(name):
            captions = {caption_pair(name, args, view, rng, split) for split in SPLITS for _ in range(8)}
            assert len(captions) >= 4 and not any("{" in text or "  " in text for text in captions), captions
    for slot, values in INTERACTIONS[name].slots.items():
        assert not [v for v in values[1:] if not wording.said[slot].get(v, {}).get("scene")], f"{slot} goes unsaid"


def test_other_wordings_say_other_values():
    rng = np.random.default_rng(0)
    texts = [caption_pair("handshake", {"side": "left", "count": "5"}, "scene", rng) for _ in range(20)]
    assert all("left" in text and ("five" in text or "5" in text) for text in texts)
    plain = [caption_pair("handshake", {}, "reaction", rng) for _ in range(30)]
    assert any("right" not in text for text in plain)
    with pytest.raises(UserError, match="no wordings"):
        caption_pair("juggle", {}, "scene", rng)


def test_facts_tell_interactions_apart_and_see_what_is_wrong():
    rng = np.random.default_rng(3)
    take = perform_pair("handshake", {}, rng)
    assert all(scene_facts("handshake", {}, take.actor, take.reactor).values())
    away = take.reactor.with_(root_pos=take.reactor.root_pos + np.array([0, 0, 1], np.float32))
    found = scene_facts("handshake", {}, take.actor, away)
    assert not found["touch"] and not found["distance"] and found["facing"]
    inside = take.reactor.with_(root_pos=take.reactor.root_pos - np.array([0, 0, 0.8], np.float32))
    assert not scene_facts("handshake", {}, take.actor, inside)["apart"]
    assert not scene_facts("handshake", {}, take.reactor, take.actor)["first"]
    assert "contact" in " ".join(faults(dataclasses.replace(take, reactor=away)))
    assert not scene_facts("chase", {}, take.actor, take.reactor)["facing"]


def test_the_left_is_the_mirror_image_of_the_right():
    right, left = (perform_pair("fist_bump", {"side": s}, np.random.default_rng(5)) for s in ("right", "left"))
    assert {c.actor for c in right.contacts} == {"right_fist"} and {c.actor for c in left.contacts} == {"left_fist"}
    assert np.allclose(mirrored(left).actor.joint_quat, right.actor.joint_quat, atol=1e-6)
    assert [mirrored_name(n) for n in ("left_palm", "pelvis", "chest", "right_toes")] == [
        "right_palm", "pelvis", "chest", "left_toes",
    ]  # fmt: skip


def test_places_lie_where_they_are_called():
    motion = perform_pair("nod_greeting", {}, np.random.default_rng(0)).actor
    spots = {name: place(motion, name)[0] for name in POINTS}
    assert all(np.isfinite(spot).all() and spot.shape == (3,) for spot in spots.values())
    assert spots["left_palm"][0] > 0.15 > -0.15 > spots["right_palm"][0]
    assert spots["chest"][2] > spots["spine3"][2] + 0.1 > spots["back"][2] + 0.15
    assert spots["left_shoulder_top"][1] > spots["left_shoulder"][1] > spots["left_waist"][1] > spots["left_shin"][1]
    assert np.linalg.norm(spots["left_palm"] - spots["left_wrist"]) == pytest.approx(0.085, abs=1e-3)


def test_who_reacts_moves_later_and_counts_count():
    late = [began(t.reactor) - began(t.actor) for t in takes("wave_back")]
    assert min(late) > 0.2
    for count in ("1", "2", "3"):
        take = perform_pair("high_five", {"count": count}, np.random.default_rng(4))
        near = gap(take.actor, take.reactor, ("right_palm", "right_palm")) < 0.07
        assert int((near[1:] & ~near[:-1]).sum()) == int(count)


def test_what_the_slots_do_not_allow_is_refused():
    for name, args in (("hug", {"style": "furious"}), ("hug", {"count": "2"}), ("juggle", {})):
        with pytest.raises(UserError):
            perform_pair(name, args, np.random.default_rng(0))


def test_arguments_are_drawn_from_the_slots():
    rng = np.random.default_rng(0)
    drawn = [sample_args("handshake", rng, 0.3) for _ in range(60)]
    for slot, values in INTERACTIONS["handshake"].slots.items():
        assert {args[slot] for args in drawn} == set(values)
