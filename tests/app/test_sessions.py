"""The session store: who gets which conversation, and what survives a restart."""

import time

import fake_engine
import pytest

from app import sessions
from app.loading import EngineLoader
from app.sessions import SessionStore, new_id
from app.turns import Request, run_turn
from engine.core.errors import UserError


def make_store(home):
    store = SessionStore(home, EngineLoader(fake_engine.FakeEngine))
    store.loader.wait()
    return store


def test_visitors_are_apart(tmp_path):
    store = make_store(tmp_path)
    one, two = store.visit(None), store.visit(None)
    list(run_turn(store, one, Request("walk")))
    assert one.id != two.id
    assert two.messages == [] and store.session(two).versions == ()
    assert store.visit(one.id) is one


def test_a_conversation_survives_a_restart(tmp_path):
    store = make_store(tmp_path)
    visitor = store.visit(None)
    list(run_turn(store, visitor, Request("walk")))
    again = make_store(tmp_path)
    found = again.visit(visitor.id)
    assert found.messages == visitor.messages
    assert [v.title for v in again.session(found).versions] == ["walk"]


@pytest.mark.parametrize("bad", ["", "../../etc/passwd", "short", 7, "x" * 99, None])
def test_a_bad_id_gets_a_new_conversation(tmp_path, bad):
    assert make_store(tmp_path).visit(bad).id != bad


def test_unknown_conversations_are_not_found(tmp_path):
    with pytest.raises(UserError, match="not on the server any more"):
        make_store(tmp_path).find(new_id())


def test_damaged_files_are_said_and_the_session_begins_afresh(tmp_path):
    visitor = make_store(tmp_path).visit(None)
    visitor.folder.mkdir(parents=True)
    (visitor.folder / "chat.json").write_text("{")
    (visitor.folder / sessions.SESSION_FILE).write_text("not json")
    store = make_store(tmp_path)
    found = store.visit(visitor.id)
    assert "could not be read" in found.messages[0]["content"]
    assert store.session(found).versions == ()
    assert "begins afresh" in found.messages[-1]["content"]


def test_old_conversations_are_pruned(tmp_path):
    store = make_store(tmp_path)
    visitor = store.visit(None)
    store.save(visitor)
    (store.folder / "notes").mkdir()
    assert store.prune() == 0
    assert store.prune(time.time() + 40 * 86400) == 1
    assert not visitor.folder.exists() and (store.folder / "notes").exists()


def test_memory_is_bounded_but_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "IN_MEMORY", 2)
    store = make_store(tmp_path)
    first = store.visit(None)
    list(run_turn(store, first, Request("walk")))
    for _ in range(3):
        store.visit(None)
    back = store.visit(first.id)
    assert back is not first and back.messages == first.messages


def test_versions_do_not_move_under_a_running_turn(tmp_path):
    visitor = make_store(tmp_path).visit(None)
    visitor.require_idle()
    with visitor.turn, pytest.raises(UserError, match="still being worked on"):
        visitor.require_idle()
