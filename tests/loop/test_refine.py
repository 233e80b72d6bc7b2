"""What of a draft is made anew: the weak part of two things at once, the weak segments, or all of it."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.assess.critic import Reading
from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.data.compose import catalogue
from engine.language.decoding import FREE
from engine.loop import drafts
from engine.loop.models import Models
from engine.loop.refine import refinement
from engine.loop.request import TurnOptions
from engine.loop.session import Session

BOTH = parse_plan("make walk direction=forward speed=normal style=plain & wave side=left count=3 for 2.0 ; bow for 1.0")
CODES = np.arange(15 * 12).reshape(15, 12)
LEGS, TRUNK, ARMS = ([part + 3 * level for level in range(4)] for part in range(3))


def mend(*readings):
    return refinement(BOTH, CODES, readings, catalogue())


@pytest.mark.parametrize(("calls", "free"), [((0.9, 0.1), [*TRUNK, *ARMS]), ((0.2, 1.0), LEGS)])
def test_the_weak_one_of_two_at_once_is_made_anew(calls, free):
    found = mend(Reading(0.3, "x", 0, calls), Reading(0.9, "", 1, (0.9,)))
    assert found.keep is not None and "part 1" in found.words
    assert (found.keep[:10, sorted(free)] == FREE).all()
    kept = found.keep != FREE
    assert np.array_equal(found.keep[kept], CODES[kept]) and kept.sum() == CODES.size - 10 * len(free)


def test_a_weak_segment_is_made_anew():
    found = mend(Reading(0.9, "", 0, (0.9, 0.9)), Reading(0.2, "x", 1, (0.2,)))
    assert found.keep is not None and found.words == "part 2"
    assert (found.keep[10:] == FREE).all() and np.array_equal(found.keep[:10], CODES[:10])


@pytest.mark.parametrize(
    "readings",
    [
        (Reading(0.1, "x", 0, (0.1, 0.1)), Reading(0.1, "x", 1, (0.1,))),
        (Reading(0.9, "", 0, (0.9, 0.9)), Reading(0.9, "", 1, (0.9,))),
        (),
    ],
)
def test_where_all_is_weak_or_nothing_all_is_made_anew(readings):
    assert mend(*readings).keep is None


class Critic:
    """Reads the walk well and the wave never."""

    def judge(self, plan, features):
        return [Reading(0.2, "it looks like nothing rather than wave", 0, (0.9, 0.1))]


def test_rounds_keep_what_is_good_and_end(monkeypatch):
    model, kept = FakeLanguageModel(["make walk direction=forward & wave for 2.0"] * 3), []
    model.catalogue = catalogue()
    stream = model.stream_motion
    monkeypatch.setattr(model, "stream_motion", lambda *a: kept.append(a[6]) or stream(*a))
    monkeypatch.setattr(drafts, "GOOD", 2.0)
    session = Session(Models(model, FakeCodec(), Critic()), 3)
    reply = session.send("walk and wave", options=TurnOptions(candidates=2, rounds=3))
    told = [s.text for s in reply.trace if s.kind == "motion"]
    assert len(told) == 4 and "trunk and arms is made anew" in told[1] and "all of it" in told[2]
    assert [k is None for k in kept] == [True, False, True, True]
    assert (kept[1][:, [0, 3]] >= 0).all() and (kept[1][:, [1, 2]] == FREE).all()
    kept.clear()
    session.send("walk and wave", options=TurnOptions(candidates=2, rounds=0))
    session.send("walk and wave", options=TurnOptions(candidates=1))
    assert kept == [None, None]


@pytest.mark.parametrize("rounds", [-1, 5])
def test_rounds_are_checked(rounds):
    with pytest.raises(UserError, match="rounds"):
        TurnOptions(rounds=rounds)
