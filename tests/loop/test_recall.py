"""The section recall: clips for the whole body or for parts, shown to the model, told in the trace, left out if far."""

import numpy as np
import pytest
from fake_library import BOTH, WALK, clip
from fake_models import FakeCodec, FakeLanguageModel

from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.language.adapter import REFERENCE_KINDS
from engine.language.stream import AS_SHOWN
from engine.loop import recall as recalling
from engine.loop.events import Reference
from engine.loop.models import Models
from engine.loop.recall import PARTS_OF
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.retrieval.network import NAMES


def session_of(recall, *plans):
    model = FakeLanguageModel(plans)
    return model, Session(Models(model, FakeCodec(), recall=recall), 5)


def test_references_are_found_shown_and_told(recall):
    model, session = session_of(recall, WALK)
    reply = session.send("a walk")
    (step,) = [s for s in reply.trace if s.kind == "recall"]
    assert [s.kind for s in reply.trace][:3] == ["plan", "recall", "motion"]
    assert reply.references == step.references and len(reply.references) == 1
    assert reply.references[0].caption in step.text and reply.references[0].part == "whole"
    (shown,) = model.references[0]
    assert shown.caption == reply.references[0].caption and shown.kind == "whole" and len(shown.codes) >= 10


def test_two_things_at_once_have_a_reference_for_each_part(recall):
    model, session = session_of(recall, BOTH)
    reply = session.send("walking while waving")
    assert [r.part for r in reply.references] == [", ".join(PARTS_OF["legs"]), ", ".join(PARTS_OF["upper"])]
    assert [r.kind for r in model.references[0]] == ["legs", "upper"]
    assert len({r.clip_id for r in reply.references}) == 2


def test_what_is_too_far_is_left_out_and_recall_can_be_switched_off(recall, monkeypatch):
    monkeypatch.setattr(recalling, "LEAST", 1.01)
    model, session = session_of(recall, WALK, WALK)
    reply = session.send("a walk")
    (step,) = [s for s in reply.trace if s.kind == "recall"]
    assert "Nothing" in step.text and reply.references == () and model.references[0] == ()
    reply = session.send("a walk", options=TurnOptions(retrieve=False))
    assert "recall" not in [s.kind for s in reply.trace]


def test_an_added_clip_of_something_new_is_done_as_shown(recall):
    added = clip("make jump for 1.6", "a person does the lawn sprinkler dance", "sprinkler.bvh")
    recall.library.add([added])
    model, session = session_of(recall, WALK, WALK)
    reply = session.send("do the lawn sprinkler dance, please")
    assert reply.references[0].clip_id == added.clip_id
    assert reply.scene.provenance["plan"] == f"make {AS_SHOWN} for 1.6"
    assert model.references[0][0].caption == added.caption
    reply = session.send("a person walks forward at a normal pace")
    assert AS_SHOWN not in reply.scene.provenance["plan"], "the plan says this better than the clip does"


def test_banned_clips_are_not_found(recall):
    plan = parse_plan(WALK)
    first = recall.find("a walk", plan)[1][0].reference.clip_id
    second = recall.find("a walk", plan, banned=[first])[1][0].reference.clip_id
    assert first != second


def test_clips_whose_files_are_elsewhere_are_not_shown(recall):
    """In a shared database there are vectors of clips that other computers hold."""
    added = clip("make jump for 1.6", "a person does the lawn sprinkler dance", "sprinkler.bvh")
    recall.library.add([added])
    (recall.library._folder / f"{added.clip_id}.npz").unlink()
    plan, found = recall.find("do the lawn sprinkler dance, please", parse_plan(WALK))
    assert str(plan) == WALK and added.clip_id not in {f.reference.clip_id for f in found}


def test_kinds_of_references_and_parts_are_known():
    assert set(PARTS_OF) == set(REFERENCE_KINDS) and {p for parts in PARTS_OF.values() for p in parts} == set(NAMES)


def test_what_a_visitor_adds_is_found_by_that_visitor_alone(recall):
    models = Models(FakeLanguageModel([WALK] * 5), FakeCodec(), recall=recall)
    one, other = Session(models, 5, owner="one"), Session(models, 5, owner="other")
    with pytest.raises(UserError, match="first"):
        one.add_reference("a lawn sprinkler dance")
    one.send("a walk")
    with pytest.raises(UserError, match="what the motion shows"):
        one.add_reference("  ")
    added = one.add_reference("a person does the lawn sprinkler dance")
    assert one.add_reference("a person does the lawn sprinkler dance") == added
    assert one.send("do the lawn sprinkler dance, please").references == one.references
    assert one.references[0].clip_id == added.clip_id
    assert added.clip_id not in {r.clip_id for r in other.send("do the lawn sprinkler dance, please").references}
    assert recall.library.clip(added.clip_id).owner == "one"


def test_pinned_clips_come_first_and_are_taken_over(recall):
    model, session = session_of(recall, WALK, WALK, "use upper of 1", "use upper of 2")
    first = session.send("a walk").references[0]
    other = next(e for e in recall.library.entries() if e.clip_id != first.clip_id)
    pin = Reference(other.clip_id, other.caption, "left_arm, right_arm, torso", 1.0)
    reply = session.send("a walk", options=TurnOptions(pinned=(pin,)))
    assert reply.references[0] == pin and model.references[1][0].kind == "upper"
    before = reply.scene.motions[0]
    reply = session.send("use the arms of the first one")
    assert [s.kind for s in reply.trace] == ["plan", "edit", "answer"] and other.caption in reply.trace[1].text
    after = reply.scene.motions[0]
    assert np.array_equal(after.root_pos, before.root_pos) and not np.array_equal(after.joint_quat, before.joint_quat)
    assert session.undo().motions[0] is before
