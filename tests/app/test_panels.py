"""Rounds to choose from and clips to pin: what the panels hold, and what their buttons do."""

import fake_engine
import pytest

from app.downloads import motion_bytes
from app.loading import EngineLoader
from app.panels import paint_rounds, reference_label, references_of, round_label, rounds_of
from app.sessions import SessionStore
from app.shelf import MAX_DRAFTS, Draft, Shelf, instructions, num_parts, suggested
from app.turns import DRAFTS_LEFT, Request, run_turn
from engine.core.types import Scene
from engine.loop.events import Reference, Step

SCENE = Scene((fake_engine.motion(),), provenance={"plan": "make walk for 2.0 ; bow for 1.0"})


@pytest.fixture
def visitor(store):
    visitor = store.visit(None)
    list(run_turn(store, visitor, Request("walk and judge")))
    return visitor


def fetch(store, address):
    _, visitor_id, which, name = address.split("/")
    return motion_bytes(store, visitor_id, which, name, fake_engine.save)


def test_each_round_says_its_score_its_verdict_and_which_one_was_kept(visitor):
    assert [round_label(row) for row in rounds_of(visitor)] == [
        "Round 1 · 0.50 · It walks, but never waves.",
        "Round 2 · 0.90, kept · It walks and waves.",
    ]
    visitor.session.accept(rounds_of(visitor)[0].step)
    assert [row.kept for row in rounds_of(visitor)] == [True, False]


def test_the_setting_of_rounds_and_what_was_chosen_reach_the_engine(store, visitor):
    clip = visitor.session.references[0]
    visitor.shelf.pin(clip)
    visitor.shelf.ban(visitor.session.references[1])
    list(run_turn(store, visitor, Request("judge again", rounds=3, retrieve=False)))
    options = visitor.session.sent[-1][2]
    assert (options.rounds, options.retrieve, options.pinned, options.banned) == (3, False, (clip,), ("clip-2",))
    assert len(rounds_of(visitor)) == 4


def test_a_turn_without_rounds_empties_the_panel_and_one_that_fails_does_not(store, visitor):
    list(run_turn(store, visitor, Request("fail please")))
    assert len(rounds_of(visitor)) == 2
    list(run_turn(store, visitor, Request("just walk")))
    assert rounds_of(visitor) == []


def test_drafts_stay_playable_after_the_turn(store, act, visitor):
    rows = rounds_of(visitor)
    value = act.play_round(visitor.id, 1)[act.parts.viewer]
    assert value["title"] == "Round 1" and value["frames"] == 30
    assert b'"ghost_person_1"' in fetch(store, value["url"])
    kept = act.play_round(visitor.id, 2)[act.parts.viewer]
    assert kept["url"] != value["url"] and b'"ghost_person_1"' not in fetch(store, kept["url"])
    for number in visitor.shelf.drafts:
        fetch(store, f"motion/{visitor.id}/draft-{number}/view.glb")
    for _ in range(MAX_DRAFTS):
        visitor.shelf.keep(Draft(SCENE, "another"))
    assert len(visitor.shelf.drafts) == MAX_DRAFTS
    again = act.play_round(visitor.id, 1)[act.parts.viewer]
    assert again["url"] != value["url"] and again["play"] > value["play"]
    assert fetch(store, again["url"]) and rounds_of(visitor)[0].step is rows[0].step


def test_a_round_is_used_and_said_and_an_unknown_one_is_refused(act, visitor, warnings):
    painting = act.use_round(visitor.id, 1)
    assert visitor.session.version == 2 and visitor.messages[-1]["content"] == "Round 1 is version 2 now."
    assert painting[act.parts.viewer]["version"] == 2
    act.use_round(visitor.id, 7)
    act.play_round(visitor.id, None)
    assert warnings == ["Choose one of the rounds first."] * 2


def test_a_stopped_turn_leaves_its_rounds_to_use(store, act, visitor):
    turn = run_turn(store, visitor, Request("judge this"))
    for update in turn:
        if update.draft and visitor.shelf.drafts[update.draft].title == "Round 1":
            break
    assert paint_rounds(act.parts, visitor)[act.parts.use_round].value == "Stop and use round 1"
    visitor.stop()
    *_, last = turn
    assert last.finished and last.offer and DRAFTS_LEFT in visitor.messages[-1]["content"]
    assert visitor.session.version == 1 and [row.number for row in rounds_of(visitor)] == [1]
    act.use_round(visitor.id, 1)
    assert visitor.session.version == 2


def test_going_on_from_a_round_is_a_turn_of_its_own(act, visitor, warnings):
    taken = act.go_on(visitor.id, 1, " redo  legs of part 2", 4, "5")
    assert visitor.messages[-1] == {"role": "user", "content": "Round 1: redo legs of part 2"}
    *_, last = act.run(visitor.id, taken[act.parts.pending])
    instruction, [step], options = visitor.session.sent[-1]
    assert instruction == "redo legs of part 2" and step is rounds_of(visitor)[0].step
    assert (options.candidates, options.seed) == (4, 5)
    assert [row.kept for row in rounds_of(visitor)] == [False, False, True]
    assert rounds_of(visitor)[1].line == "accept", "the person's own line is not the model's"
    assert last[act.parts.rounds_panel].open and warnings == []


def test_to_accept_is_to_use_and_bad_instructions_are_explained(act, visitor, warnings):
    assert act.go_on(visitor.id, 1, "accept", 4, "")[act.parts.pending] is None
    assert visitor.session.version == 2
    for line in ("dance", "redo part 3", ""):
        assert act.go_on(visitor.id, 1, line, 4, "")[act.parts.pending] is None
    assert len(warnings) == 3 and "the plan has 2" in warnings[1]


def test_what_cannot_be_gone_on_from_is_said_in_the_chat(store, visitor):
    step = rounds_of(visitor)[0].step
    list(run_turn(store, visitor, Request("redo part 9", step=step)))
    assert visitor.messages[-1]["content"].startswith("This draft cannot be gone on from any more.")
    assert len(rounds_of(visitor)) == 2


def test_instructions_are_made_from_the_plan_and_the_model_line_comes_first(visitor):
    first = rounds_of(visitor)[0]
    assert num_parts(first.step) == 2 and suggested(first) == "redo upper of part 1"
    assert instructions(first.step)[:4] == ["redo all", "redo part 1", "redo legs of part 1", "redo upper of part 1"]
    bare = Step("measure", "", 0.5, SCENE.with_(provenance={}))
    assert instructions(bare) == ["redo all", "redo legs of part 1", "redo upper of part 1", "edit mirror", "accept"]


def test_clips_are_played_pinned_and_banned(store, act, visitor, warnings):
    assert [reference_label(row) for row in references_of(visitor)] == [
        "1. a person waves · whole body, 0.80",
        "2. a kick · left leg, 0.60",
    ]
    value = act.play_reference(visitor.id, "clip/1")[act.parts.viewer]
    assert value["title"] == "Reference: a person waves" and value["frames"] == 60
    assert b"ghost" not in fetch(store, value["url"])
    assert act.play_reference(visitor.id, "clip/1")[act.parts.viewer]["url"] == value["url"]
    act.play_reference(visitor.id, "clip-2")
    assert "no clip 'clip-2'" in warnings[0]
    act.pin(visitor.id, "clip-2")
    painting = act.ban(visitor.id, "clip-2")
    assert reference_label(references_of(visitor)[1]) == "2. a kick · left leg, 0.60 · banned"
    assert painting[act.parts.references_panel].label == "References (2, 1 banned)"
    assert painting[act.parts.ban].value == "Allow again" and painting[act.parts.reference_list].value == "clip-2"


def test_pinned_clips_stay_listed_and_survive_a_restart(store, act, visitor, tmp_path):
    act.pin(visitor.id, "clip/1")
    visitor.session.references = ()
    [row] = references_of(visitor)
    assert row.number is None and reference_label(row) == "a person waves · whole body, 0.80 · pinned"
    again = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine))
    again.loader.wait()
    assert list(again.visit(visitor.id).shelf.pinned) == ["clip/1"]
    act.pin(visitor.id, "clip/1")
    assert references_of(visitor) == []


def test_a_damaged_list_of_clips_is_said(store, visitor, tmp_path):
    (visitor.folder / "references.json").write_text('{"pinned": [{"clip": 1}], "banned": []}')
    found = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine)).visit(visitor.id)
    assert found.shelf.pinned == {} and "could not be read" in found.messages[-1]["content"]


def test_a_clip_that_was_found_twice_is_listed_once():
    shelf, legs, arms = Shelf(), Reference("c", "a kick", "left_leg", 0.6), Reference("c", "a kick", "torso", 0.5)
    [row] = shelf.references([legs, arms])
    assert row.reference is legs and row.number == 1


def test_a_motion_is_added_for_its_owner_who_stays_the_same_in_a_new_chat(store, act, visitor):
    painted = act.add_reference(visitor.id, "a person does the moonwalk")
    assert "a person does the moonwalk" in visitor.messages[-1]["content"] and painted[act.parts.caption] == ""
    said = len(visitor.messages)
    act.add_reference(visitor.id, "")
    assert len(visitor.messages) == said, "what cannot be added changes nothing"
    assert visitor.session.owner == visitor.shelf.owner == visitor.id
    fresh = store.visit(act.begin_afresh(visitor.id)[act.parts.saved_id])
    assert fresh.id != visitor.id and store.session(fresh).owner == visitor.id
