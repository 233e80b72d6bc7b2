"""Changes of what trunk and arms do: legs and path stay bit-identical, and more than that is made anew as a whole."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.core.plan import ActionSpec, parse_plan
from engine.edit.parts import PARTS
from engine.edit.scope import breaches
from engine.language.decoding import FREE
from engine.loop.models import Models
from engine.loop.partial import Piece, change_of
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.tokens.features import group_columns

WALK = "make walk direction=forward"
WAVING, CLAPPING = f"{WALK} & wave side=left for 2.0", f"{WALK} & clap count=2 for 2.0"
KNOWN = {
    "walk": ActionSpec("walk", "lower", {"direction": ("forward", "left")}),
    "wave": ActionSpec("wave", "upper", {"side": ("left", "right")}),
    "clap": ActionSpec("clap", "upper", {"count": ("2",)}),
    "bow": ActionSpec("bow", "full"),
}


class Codec(FakeCodec):
    """Twelve levels, as the shipped one has, of which the first four mean something."""

    def encode(self, motion):
        return np.pad(super().encode(motion), ((0, 0), (0, 8)))


def session_of(*plans):
    model = FakeLanguageModel(plans)
    model.catalogue, model.levels = KNOWN, 12
    models = Models(model, Codec())
    session = Session(models, 5)
    session.send("a walk and a wave", options=TurnOptions(candidates=1))
    return models, session


@pytest.mark.parametrize("second", [CLAPPING, f"{WALK} for 2.0", f"{WALK} & wave side=right for 2.0"])
def test_another_upper_action_frees_the_upper_codes(second):
    models, session = session_of(WAVING)
    change = change_of(models, session.history.current, parse_plan(second))
    assert change is not None and list(change.pieces) == [Piece(0, 10, 0, 10, upper=True)]
    upper = np.zeros(change.keep.shape, bool)
    upper[:, group_columns("upper", 12)] = True
    assert (change.keep[upper] == FREE).all() and (change.keep[~upper] != FREE).all()


def test_only_the_part_that_changes_is_freed():
    models, session = session_of(f"{WAVING} ; walk direction=left & wave side=left for 1.0")
    plan = parse_plan(f"{WAVING} ; walk direction=left & clap count=2 for 1.0")
    change = change_of(models, session.history.current, plan)
    assert change is not None and list(change.pieces) == [Piece(10, 15, 10, 5, upper=True)]
    assert (change.keep[:10] != FREE).all() and (change.keep[10:] == FREE).any()


@pytest.mark.parametrize(
    "second",
    [WAVING, "make walk direction=left & wave side=left for 2.0", f"{WALK} & clap count=2 for 3.0", "make bow for 2.0"],
)
def test_more_than_that_is_made_as_a_whole(second):
    models, session = session_of(WAVING)
    assert change_of(models, session.history.current, parse_plan(second)) is None


def test_nothing_but_trunk_and_arms_changes(monkeypatch):
    _, session = session_of(WAVING, CLAPPING)
    before = session.scene.motions[0]
    after = session.send("instead of waving, clap", options=TurnOptions(candidates=2)).scene.motions[0]
    upper = set(PARTS["upper"])
    same = [np.array_equal(before.joint_quat[:, j], after.joint_quat[:, j]) for j in range(22)]
    assert np.array_equal(before.root_pos, after.root_pos)
    assert all(same[j] for j in range(22) if j not in upper) and not all(same)


def test_an_edited_motion_is_not_taken_for_what_was_planned():
    models, session = session_of(WAVING, "edit speed factor=0.5")
    session.send("slower")
    assert change_of(models, session.history.current, parse_plan(CLAPPING)) is None


def test_one_of_several_actions_is_made_anew_in_its_context():
    first, second = (
        f"{WAVING} ; bow for 2.0 ; walk direction=left for 2.0",
        f"{WAVING} ; bow for 3.0 ; walk direction=left for 2.0",
    )
    models, session = session_of(first, second)
    before = session.scene.motions[0]
    change = change_of(models, session.history.current, parse_plan(second))
    assert change is not None and list(change.pieces) == [Piece(10, 20, 10, 15, upper=False)]
    assert (change.keep[10:25] == FREE).all() and (change.keep[:10] != FREE).all() and (change.keep[25:] != FREE).all()
    reply = session.send("make the bow longer", options=TurnOptions(candidates=2))
    after = reply.scene.motions[0]
    assert after.num_frames == before.num_frames + 20
    assert np.array_equal(after.joint_quat[:40], before.joint_quat[:40])
    assert np.array_equal(after.root_pos[:40], before.root_pos[:40])
    assert np.array_equal(after.joint_quat[-40:, 1:], before.joint_quat[-40:, 1:])
    assert "Made anew: from 2.0 s to 5.0 s; everything else is as it was." in reply.text
    (scope,) = session.history.current.scopes
    assert breaches(before, after, scope) == [] and scope.start_s == 2.0
