"""A clip that fits the request far better than a draft: the plan is written anew, once, for what the clip shows."""

import numpy as np
import pytest
from fake_library import WALK
from fake_models import FakeCodec, FakeLanguageModel

from engine.core.errors import UserError
from engine.core.plan import ActionSpec
from engine.loop import rivals
from engine.loop.models import Models
from engine.loop.request import TurnOptions
from engine.loop.session import Session

BOW, QUICK = "make bow for 2.0", "make walk direction=forward speed=fast style=plain for 3.0"
KNOWN = {
    "walk": ActionSpec("walk", "lower", {"direction": ("forward",), "speed": ("normal", "fast"), "style": ("plain",)}),
    "bow": ActionSpec("bow", "full"),
}


@pytest.fixture
def misread(recall, monkeypatch):
    """A recall whose clips all fit any request better than any draft does, unless the draft is of a bow."""
    fits = iter([-1.0, 0.5, 0.6])
    monkeypatch.setattr(rivals, "LEAD", -9.0)
    monkeypatch.setattr(rivals, "LEAD_SAME", -9.0)
    monkeypatch.setattr(recall.library.retriever, "similarity", lambda *_: np.array([[next(fits)]]))
    return recall


def session_of(recall, plans, judgements):
    model = FakeLanguageModel(plans, judgements=judgements)
    model.catalogue = KNOWN
    return model, Session(Models(model, FakeCodec(), recall=recall), 5)


def test_a_misread_request_is_planned_anew_like_the_clip(misread):
    model, session = session_of(misread, [WALK, BOW, BOW], [("Misread.", "redo like reference 1"), ("Good.", "accept")])
    reply = session.send("take a bow", options=TurnOptions(candidates=1, rounds=3))
    assert [s.kind for s in reply.trace][3:9] == ["measure", "assess", "refine", "plan", "motion", "measure"]
    assert model.evidence[0].like in (1, 2) and model.evidence[1].like == 0, "once is enough"
    assert "It fits the request -1.00; reference" in model.measured[0]
    assert model.among[-1] == ("bow",) and session.versions[-1].plan == BOW
    assert reply.scene.provenance["plan"] == BOW and len(model.references[-1]) == 1
    refined = next(s for s in reply.trace if s.kind == "refine")
    assert refined.references and refined.references[0] in reply.references


def test_settings_of_the_same_action_are_taken_from_the_clip(misread):
    plans = [WALK, QUICK]
    _, session = session_of(misread, plans, [("Misread.", "redo like reference 1"), ("Good.", "accept")])
    session.send("hurry along", options=TurnOptions(candidates=1))
    assert session.versions[-1].plan == QUICK


def test_what_fits_less_is_not_kept(recall, monkeypatch):
    fits = iter([0.2, 0.1])
    monkeypatch.setattr(rivals, "LEAD", -9.0)
    monkeypatch.setattr(rivals, "LEAD_SAME", -9.0)
    monkeypatch.setattr(recall.library.retriever, "similarity", lambda *_: np.array([[next(fits)]]))
    _, session = session_of(recall, [WALK, BOW, BOW], [("Misread.", "redo like reference 1"), ("Good.", "accept")])
    session.send("a walk", options=TurnOptions(candidates=1))
    assert session.versions[-1].plan == WALK


def test_people_say_which_reference_and_get_told_if_there_is_none(recall):
    _, session = session_of(recall, [WALK, BOW, BOW], [("Fine.", "accept")] * 2)
    reply = session.send("a walk", options=TurnOptions(candidates=1))
    (step,) = (s for s in reply.trace if s.kind == "measure")
    with pytest.raises(UserError, match="no reference 7"):
        list(session.refine(step, "redo like reference 7"))
    list(session.refine(step, "redo like reference 1"))
    assert session.versions[-1].plan == BOW


def test_a_sequence_is_not_compared(misread):
    model, session = session_of(misread, [f"{WALK} ; bow for 1.0"], [("Fine.", "accept")])
    session.send("walk, then bow", options=TurnOptions(candidates=1))
    assert model.evidence[0].like == 0 and "fits the request" not in model.measured[0]
