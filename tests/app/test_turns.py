"""What a turn writes into the chat, with a fake engine."""

import itertools
import logging

import fake_engine
import pytest

from app.loading import LOADING, EngineLoader
from app.sessions import SessionStore
from app.turns import APOLOGY, STOPPED, Request, Transcript, parse_request, progress_bar, run_turn, user_message
from engine.core.errors import UserError
from engine.loop.events import SectionDelta, SectionEnd, SectionProgress, SectionStart, Step


@pytest.fixture
def store(tmp_path):
    store = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine))
    store.loader.wait()
    return store


def send(store, text, visitor=None, **settings):
    visitor = visitor or store.visit(None)
    request = Request(text, **settings)
    visitor.messages.append(user_message(request))
    return visitor, list(run_turn(store, visitor, request))


def test_sections_become_folded_blocks_and_the_answer_stands_open(store):
    visitor, updates = send(store, "a person walks")
    titles = [m.get("metadata", {}).get("title") for m in visitor.messages]
    assert titles == [None, "Plan", "Motion", "Measured", None]
    assert all(m["metadata"]["status"] == "done" for m in visitor.messages if "metadata" in m)
    assert visitor.messages[-1]["content"] == "The person walks forward and waves."
    assert [u.finished for u in updates] == [False] * (len(updates) - 1) + [True]
    assert sum(u.draft is not None for u in updates) == 1


def test_a_section_is_painted_while_it_grows():
    seconds = itertools.count(start=10.0, step=0.5)
    transcript = Transcript([], clock=lambda: next(seconds))
    transcript.apply(SectionStart("plan"))
    transcript.apply(SectionDelta("plan", "make walk ; "))
    transcript.apply(SectionDelta("plan", "bow"))
    [block] = transcript.messages
    assert block["content"] == "```text\nmake walk\n; bow\n```"
    assert block["metadata"] == {"title": "Plan", "status": "pending"}
    transcript.apply(SectionEnd("plan", Step("plan", "make walk", score=0.5)))
    assert block["metadata"] == {"title": "Plan", "status": "done", "duration": 0.5, "log": "score 0.50"}


def test_progress_is_shown_and_goes_when_the_section_ends():
    transcript = Transcript([])
    transcript.apply(SectionStart("motion"))
    transcript.apply(SectionProgress("motion", 15, 30))
    assert "50%, 15 of 30 steps" in transcript.messages[0]["content"]
    transcript.apply(SectionEnd("motion", Step("motion", "<m1>")))
    assert "15 of 30" not in transcript.messages[0]["content"]


@pytest.mark.parametrize(("done", "total", "filled"), [(0, 30, 0), (15, 30, 10), (30, 30, 20), (40, 30, 20), (0, 0, 0)])
def test_progress_bar(done, total, filled):
    assert progress_bar(done, total).count("█") == filled


def test_errors_are_said_in_words_and_the_session_goes_on(store, caplog):
    visitor, _ = send(store, "fail please")
    assert visitor.messages[-1]["content"].startswith("The request 'fail please' cannot be carried out.")
    with caplog.at_level(logging.ERROR):
        send(store, "crash please", visitor)
    assert visitor.messages[-1]["content"] == APOLOGY
    assert "ZeroDivisionError" in caplog.text
    assert all(m.get("metadata", {}).get("status") != "pending" for m in visitor.messages)
    assert not visitor.busy
    send(store, "walk", visitor)
    assert visitor.session.version == 1


def test_a_turn_before_the_model_is_there_says_so_and_then_runs(tmp_path):
    store = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine))
    visitor = store.visit(None)
    turn = run_turn(store, visitor, Request("walk"))
    next(turn)
    assert [m["content"] for m in visitor.messages] == [LOADING]
    list(turn)
    assert LOADING not in [m["content"] for m in visitor.messages]
    assert visitor.session.version == 1


def test_an_engine_that_cannot_be_loaded_is_explained_and_tried_again(tmp_path):
    tries = []

    def load():
        tries.append(1)
        if len(tries) < 3:
            raise UserError("The weights are missing in assets; run make setup.")
        return fake_engine.FakeEngine()

    store = SessionStore(tmp_path, EngineLoader(load))
    with pytest.raises(UserError):
        store.loader.wait()
    assert "weights are missing" in store.loader.notice
    visitor, _ = send(store, "walk")
    assert visitor.messages[-1]["content"] == "The weights are missing in assets; run make setup."
    send(store, "walk", visitor)
    assert visitor.session.version == 1


def test_closing_the_stream_stops_the_turn(store):
    visitor = store.visit(None)
    turn = run_turn(store, visitor, Request("walk"))
    next(turn)
    turn.close()
    assert visitor.session.halted
    assert visitor.messages[-1]["content"] == STOPPED
    assert not visitor.busy
    assert visitor.session.versions == ()


def test_a_waiting_turn_that_was_stopped_does_not_begin(store):
    visitor = store.visit(None)
    visitor.waiting = True
    visitor.stop()
    list(run_turn(store, visitor, Request("walk")))
    assert [m["content"] for m in visitor.messages] == [STOPPED]
    assert visitor.session.versions == ()


def test_settings_reach_the_engine(store):
    visitor, _ = send(store, "walk", seconds=4.0, candidates=3, seed=11)
    _, _, options = visitor.session.sent[0]
    assert (options.seconds, options.candidates, options.seed) == (4.0, 3, 11)


def test_user_message_names_the_files(tmp_path):
    message = {"text": " react to this ", "files": [str(tmp_path / "partner.bvh")]}
    request = parse_request(message, "", 1, "")
    assert user_message(request)["content"] == "react to this\n\nAttached: `partner.bvh`"


def test_settings_are_read_and_explained():
    request = parse_request("walk", " 4,5 ", 2, "11")
    assert (request.seconds, request.candidates, request.seed) == (4.5, 2, 11)
    assert parse_request("walk", "", 1, " ").seconds is None
    with pytest.raises(UserError, match="length in seconds in the settings is 'long'"):
        parse_request("walk", "long", 1, "")
    with pytest.raises(UserError, match=r"seed in the settings is '1\.5'"):
        parse_request("walk", "", 1, "1.5")
    with pytest.raises(UserError, match="Write what the person should do"):
        parse_request({"text": " ", "files": []}, "", 1, "")
