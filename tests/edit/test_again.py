"""Edits said in terms of the one before, written out."""

import pytest

from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.edit.again import resolve


def calls(line):
    return parse_plan(f"edit {line}").edits


@pytest.mark.parametrize(
    ("last", "said", "meant"),
    [
        ("raise part=left_arm degrees=20", "again", "raise part=left_arm degrees=20"),
        ("raise part=left_arm degrees=20", "again times=0.5", "raise part=left_arm degrees=10"),
        ("raise part=left_arm degrees=-20", "again by=5", "raise part=left_arm degrees=-5"),
        ("raise part=left_arm degrees=20", "again by=-5", "raise part=left_arm degrees=-5"),
        ("raise part=left_arm degrees=20", "again side=other to=30", "raise part=right_arm degrees=30"),
        ("reach hand=left target=hips", "again side=other", "reach hand=right target=hips"),
        (
            "lean direction=left degrees=10 span=first:50%",
            "again span=jump:2",
            "lean direction=left degrees=10 span=jump:2",
        ),
        ("lean direction=left degrees=10", "back ; again times=0.5", "lean direction=right degrees=5"),
        ("lean direction=left degrees=10", "back ; again direction=right", "lean direction=right degrees=20"),
        ("raise part=arms degrees=30", "back ; again to=20", "raise part=arms degrees=-10"),
        ("twist degrees=15", "again side=other", "twist degrees=-15"),
        ("twist degrees=15", "again direction=right", "twist degrees=-15"),
        ("speed factor=0.8", "again times=0.5", "speed factor=0.9"),
        ("crouch centimeters=10 ; mirror", "again by=5", "crouch centimeters=5"),
        ("crouch centimeters=10", "again ; mirror", "crouch centimeters=10 ; mirror"),
    ],
)
def test_what_is_said_on_top(last, said, meant):
    found = resolve(calls(said), calls(last))
    assert (found.calls, found.before) == (calls(meant), False)


@pytest.mark.parametrize(
    ("last", "said", "meant"),
    [
        ("speed factor=0.8", "back ; again times=0.5", "speed factor=0.9"),
        ("raise part=left_arm degrees=20", "back ; again side=other", "raise part=right_arm degrees=20"),
        ("mirror ; crouch centimeters=10", "back ; again to=5", "mirror ; crouch centimeters=5"),
        ("blend version=1 seconds=0.5", "back ; again times=2", "blend version=1 seconds=1"),
        ("mirror ; crouch centimeters=10", "back ; speed factor=2", "speed factor=2"),
    ],
)
def test_what_is_done_in_place_of_the_last(last, said, meant):
    found = resolve(calls(said), calls(last))
    assert (found.calls, found.before) == (calls(meant), True)


def test_what_was_undone_is_not_taken_back_again():
    found = resolve(calls("back ; again times=0.5"), calls("raise part=left_arm degrees=20"), undone=True)
    assert (found.calls, found.before) == (calls("raise part=left_arm degrees=10"), False)


@pytest.mark.parametrize(
    ("last", "said"), [("mirror", "again times=2"), ("floor", "again side=other"), ("mirror", "again part=arms")]
)
def test_what_the_last_edit_cannot_have_is_refused(last, said):
    with pytest.raises(UserError, match="has no"):
        resolve(calls(said), calls(last))


def test_without_an_edit_there_is_nothing_to_go_by():
    with pytest.raises(UserError, match="no edit before"):
        resolve(calls("again"), ())
