"""Questions asked back: when, about what, and what the answers are taken for."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.assess.when import find_events
from engine.core.plan import parse_plan
from engine.core.types import Scene
from engine.data.compose import perform_plan
from engine.io import save
from engine.loop.models import Models
from engine.loop.session import Session
from engine.loop.store import read_session

RAISE = "edit raise part=left_arm degrees=20"


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    path = tmp_path_factory.mktemp("clip") / "jumps.npz"
    plan = parse_plan("make jump count=3 height=normal for 4.0")
    save(Scene((perform_plan(plan, np.random.default_rng(0)),)), path)
    return path


@pytest.fixture
def session_of(clip):
    """Makes sessions with three jumps as version 1, of a model that cannot decide unless `clear` is in the request."""

    def make(*plans, clear="right"):
        language = FakeLanguageModel(list(plans))

        def weights(request, lines):
            wanted = [clear in line for line in lines] if clear in request else [True] * len(lines)
            return [w / sum(wanted) for w in wanted]

        language.weights = weights
        session = Session(Models(language, FakeCodec()), 3)
        session.send("", [clip])
        return session

    return make


def test_an_arm_that_may_be_either_is_asked_about(session_of):
    session = session_of(RAISE)
    reply = session.send("raise the arm by 20 degrees")
    assert reply.text == "Which arm do you mean: the left arm, the right arm or both arms?"
    assert [c.line for c in reply.choices] == [
        RAISE,
        RAISE.replace("left_arm", "right_arm"),
        RAISE.replace("left_arm", "arms"),
    ]
    assert session.version == 1, "nothing is done before the answer"


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        ("the right arm", "right_arm"),
        ("The right one!", "right_arm"),
        ("2", "right_arm"),
        ("the first one", "left_arm"),
        ("both arms", "arms"),
    ],
)
def test_the_answer_is_carried_out(session_of, answer, part):
    session = session_of(RAISE)
    session.send("raise the arm by 20 degrees")
    session.send(answer)
    assert session.versions[1].edit == f"edit raise part={part} degrees=20"
    assert session.versions[1].title == f"raise the arm by 20 degrees ({answer})"


def test_what_is_no_answer_is_a_new_request(session_of):
    session = session_of(RAISE, "edit mirror", RAISE)
    session.send("raise the arm by 20 degrees")
    assert session.send("no, mirror it").trace[0].text == "edit mirror"
    assert session.send("raise the left arm, and do it slowly over all of the clip please").choices, "not open any more"


def test_a_jump_of_several_is_asked_about(session_of):
    session = session_of("edit speed factor=0.5 span=jump:1")
    count = len(find_events(session.scene.motions[0])["jump"])
    reply = session.send("slow that jump down")
    assert (
        count > 1 and len(reply.choices) == count and reply.text.startswith("Which jump do you mean: the first one at ")
    )
    session.send("the second one")
    assert session.versions[1].edit == "edit speed factor=0.5 span=jump:2"


def test_what_is_clear_is_not_asked_about(session_of):
    session = session_of(
        RAISE.replace("left", "right"), "edit crouch centimeters=10", "edit speed factor=0.5 span=kick:1"
    )
    assert not session.send("raise the right arm by 20 degrees").choices
    assert not session.send("crouch a little").choices
    with pytest.raises(Exception, match="kick"):
        session.send("slow that kick down")


def test_a_question_is_still_open_after_a_restart(session_of, tmp_path):
    session = session_of(RAISE)
    session.send("raise the arm by 20 degrees")
    opened = read_session(session.save(tmp_path / "talk.kinetalk"), Models(FakeLanguageModel([]), FakeCodec()))
    opened.send("the right arm")
    assert opened.versions[1].edit == "edit raise part=right_arm degrees=20"
