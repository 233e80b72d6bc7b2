"""The tree of versions: undo, redo, branches, and errors in words."""

import numpy as np
import pytest

from engine.core.errors import UserError
from engine.core.rotations import quat_identity
from engine.core.types import Motion, Scene
from engine.loop.versions import History


@pytest.fixture
def scene():
    return Scene((Motion(np.zeros((2, 3)), quat_identity(2, 22)),))


def test_undo_and_redo_walk_the_same_path(scene):
    history = History().add(scene, "one").add(scene, "two").add(scene, "three")
    back = history.undo().undo()
    assert back.current_id == 1
    assert back.redo().current_id == 2
    assert back.redo().redo().current_id == 3


def test_a_change_after_undo_branches_and_forgets_redo(scene):
    history = History().add(scene, "one").add(scene, "two").undo().add(scene, "other")
    assert [(v.id, v.parent) for v in history.versions] == [(1, None), (2, 1), (3, 1)]
    with pytest.raises(UserError, match="nothing to redo"):
        history.redo()
    assert history.checkout(2).undo().current_id == 1


def test_adding_leaves_the_old_history_as_it_was(scene):
    before = History().add(scene, "one")
    before.add(scene, "two")
    assert len(before.versions) == 1 and before.current_id == 1


@pytest.mark.parametrize("number", [0, 2, -1])
def test_unknown_versions_are_named(scene, number):
    with pytest.raises(UserError, match=f"no version {number}"):
        History().add(scene, "one").checkout(number)


def test_nothing_to_undo(scene):
    with pytest.raises(UserError, match="nothing to undo yet"):
        History().undo()
    with pytest.raises(UserError, match="first one"):
        History().add(scene, "a walk").undo()


def test_a_name_is_kept_by_its_version_and_leaves_all_else(scene):
    before = History().add(scene, "one").add(scene, "two").undo()
    named = before.rename(2, "  the  slow one ")
    assert [v.label for v in named.versions] == ["one", "the slow one"] and named.versions[1].title == "two"
    assert (named.current_id, named.undone) == (1, (2,)) and before.versions[1].name == ""


@pytest.mark.parametrize(("name", "words"), [("", "left empty"), (" \n ", "left empty"), ("x" * 61, "at most 60")])
def test_names_that_say_nothing_or_too_much_are_refused(scene, name, words):
    with pytest.raises(UserError, match=words):
        History().add(scene, "one").rename(1, name)


def test_an_unknown_version_cannot_be_named(scene):
    with pytest.raises(UserError, match="no version 2"):
        History().add(scene, "one").rename(2, "two")
