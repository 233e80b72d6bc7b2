"""Edits said of the one before, and going back: what is carried out, on which version, and what is told."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.core.types import Scene
from engine.data.compose import perform_plan
from engine.edit.script import apply_edits
from engine.io import save
from engine.loop.editing import last_edit
from engine.loop.models import Models
from engine.loop.session import Session

STAND = "make wave side=right count=2 for 3.0"


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "wave.npz"
    save(Scene((perform_plan(parse_plan(STAND), np.random.default_rng(0)),)), path)
    return path


@pytest.fixture
def session_of(clip):
    """Makes sessions with a clip as version 1, from the plans that the model will write."""

    def make(*plans):
        session = Session(Models(FakeLanguageModel(list(plans)), FakeCodec()), 3)
        session.send("", [clip])
        return session

    return make


def edited(session, line):
    """What the script makes of version 1."""
    return apply_edits(session.versions[0].scene, parse_plan(line).edits).scene.motions[0]


def same(a, b):
    return np.array_equal(a.joint_quat, b.joint_quat) and np.array_equal(a.root_pos, b.root_pos)


def test_a_bit_more_is_written_out_in_the_plan(session_of):
    session = session_of("edit raise part=left_arm degrees=20", "edit again times=0.5")
    session.send("left arm up 20 degrees")
    reply = session.send("a bit more")
    assert reply.trace[0].text == "edit raise part=left_arm degrees=10"
    assert session.versions[2].edit == "edit raise part=left_arm degrees=10" and session.versions[2].parent == 2


def test_the_other_arm_instead_leaves_the_first_one_as_it_was(session_of):
    session = session_of("edit raise part=left_arm degrees=20", "edit back ; again side=other")
    session.send("left arm up 20 degrees")
    reply = session.send("the other arm instead")
    assert reply.text.startswith("In place of the last edit: ")
    assert same(reply.scene.motions[0], edited(session, "edit raise part=right_arm degrees=20"))
    assert session.versions[2].parent == 1
    assert session.redo() is session.versions[1].scene, "the edit that was replaced is still there"


def test_after_an_undo_the_edit_can_still_be_spoken_of(session_of):
    session = session_of("edit raise part=left_arm degrees=20", "undo", "edit again times=0.5")
    session.send("left arm up 20 degrees")
    session.send("undo")
    assert last_edit(session.history) == "undo raise part=left_arm degrees=20"
    reply = session.send("half of it")
    assert reply.trace[0].text == "edit raise part=left_arm degrees=10"


def test_one_edit_is_taken_back_and_what_came_after_is_kept(session_of):
    session = session_of("edit speed factor=0.8", "edit crouch centimeters=8 ; mirror", "undo speed", "undo")
    session.send("slower")
    session.send("crouch and mirror")
    reply = session.send("undo the slower speed but keep the rest")
    assert same(reply.scene.motions[0], edited(session, "edit crouch centimeters=8 ; mirror"))
    assert session.redo() is session.versions[2].scene


def test_one_of_two_edits_is_kept(session_of):
    session = session_of("edit speed factor=0.8 ; raise part=left_arm degrees=20", "undo keep speed")
    session.send("slower, and the left arm up")
    reply = session.send("undo the last one but keep the slower speed")
    assert same(reply.scene.motions[0], edited(session, "edit speed factor=0.8"))


def test_what_was_not_part_of_the_last_edit_stays_anyway(session_of):
    session = session_of("edit speed factor=0.8", "edit mirror", "undo keep speed")
    session.send("slower")
    session.send("mirror it")
    assert session.send("undo that but keep the slower speed").scene is session.versions[1].scene


def test_a_version_is_restored_by_its_number(session_of):
    session = session_of("edit mirror", "edit floor", "restore 2", "restore 9")
    session.send("mirror")
    session.send("on the floor")
    reply = session.send("go back to version 2")
    assert session.version == 2 and reply.scene is session.versions[1].scene and "Version 2" in reply.text
    with pytest.raises(UserError, match="no version 9"):
        session.send("go back to version 9")


def test_the_planner_is_told_what_can_be_taken_back(session_of):
    session = session_of(
        "edit speed factor=0.8", "edit crouch centimeters=8 ; speed factor=0.9", "undo", "ask duration"
    )
    for text in ("slower", "crouch, and slower still", "undo", "how long is it?"):
        session.send(text)
    told = [context.edits for context in session._models.language.contexts]
    assert told == [(), ("speed",), ("speed", "crouch"), ("speed",)]


def test_an_operator_that_was_never_used_cannot_be_taken_back(session_of):
    session = session_of("edit mirror", "undo speed")
    session.send("mirror")
    with pytest.raises(UserError, match=r"no speed to take back\. The edits since it was made are: mirror"):
        session.send("undo the speed change")


def test_more_of_nothing_is_refused(session_of):
    session = session_of("edit again times=0.5")
    with pytest.raises(UserError, match="no edit before"):
        session.send("a bit more")
