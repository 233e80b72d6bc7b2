"""Whole turns with a fake language model: every task, streaming, errors, seeds, threads, saving."""

import json
import threading
import zipfile
from itertools import zip_longest

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.assess.measure import measure
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io import save
from engine.loop.events import Done, SectionDelta, SectionEnd, SectionProgress, SectionStart
from engine.loop.models import Models
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.loop.store import read_session

WALK = "make walk direction=forward speed=normal style=plain for 2.0"


def session_of(*plans: str, seed: int = 7) -> Session:
    return Session(Models(FakeLanguageModel(plans), FakeCodec()), seed)


def same(a: Scene, b: Scene) -> bool:
    return len(a.motions) == len(b.motions) and all(
        np.array_equal(x.root_pos, y.root_pos) and np.array_equal(x.joint_quat, y.joint_quat) and x.fps == y.fps
        for x, y in zip(a.motions, b.motions, strict=True)
    )


def test_a_sentence_becomes_a_motion():
    session = session_of(WALK)
    reply = session.send("a person walks", options=TurnOptions(candidates=1))
    assert reply.text == "Done: 2.0 s."
    assert [s.kind for s in reply.trace] == ["plan", "motion", "measure", "answer"]
    assert reply.trace[0].text == WALK
    assert reply.scene is session.scene and reply.version == session.version == 1
    assert reply.scene.motions[0].num_frames == 40
    assert reply.scene.provenance["plan"] == WALK


def test_the_stream_tells_the_same_story():
    events = list(session_of(WALK).stream("a person walks"))
    assert isinstance(events[-1], Done)
    opened = None
    for event in events[:-1]:
        if isinstance(event, SectionStart):
            assert opened is None
            opened, text = event.kind, ""
        elif isinstance(event, SectionDelta):
            assert event.kind == opened
            text += event.text
        elif isinstance(event, SectionEnd):
            assert event.kind == opened and event.step.text == text.strip()
            opened = None
    steps = [e for e in events if isinstance(e, SectionProgress)]
    assert [e.done for e in steps] == list(range(1, 11)) and {e.total for e in steps} == {10}
    ends = [e.step for e in events if isinstance(e, SectionEnd)]
    assert tuple(ends) == events[-1].reply.trace


def test_seeds_repeat_motions_exactly():
    first, again, other = (session_of(WALK, WALK, seed=s) for s in (7, 7, 8))
    for session in (first, again, other):
        session.send("a walk")
        session.send("a walk")
    assert all(same(a.scene, b.scene) for a, b in zip(first.versions, again.versions, strict=True))
    assert not same(first.versions[0].scene, first.versions[1].scene)
    assert not same(first.scene, other.scene)
    chosen = session_of(WALK, seed=99)
    chosen.send("a walk", options=TurnOptions(seed=first.versions[1].scene.seed))
    assert same(chosen.scene, first.versions[1].scene)


@pytest.mark.parametrize(("degrees", "found"), [("45", 45.0), ("90", 0.0)])
def test_turns_are_brought_to_their_angle_unless_they_are_far_off(degrees, found):
    """The fake body never turns by itself: 45 degrees are mended, 90 are left to another draft."""
    reply = session_of(f"make turn side=left degrees={degrees} for 2.0").send("turn", options=TurnOptions(candidates=1))
    assert measure(reply.scene.motions[0]).turn_deg == pytest.approx(found, abs=3.0)


def test_a_continuation_turns_and_leaves_what_was_there():
    session = session_of(WALK, "append turn side=right degrees=45 for 2.0")
    before = session.send("a walk").scene.motions[0]
    after = session.send("then turn").scene.motions[0]
    n = before.num_frames
    assert np.array_equal(after.root_pos[:n], before.root_pos)
    assert np.array_equal(after.joint_quat[:n], before.joint_quat)
    assert measure(after).turn_deg == pytest.approx(-45, abs=3.0)


def test_the_length_can_be_chosen():
    session = session_of(WALK)
    assert session.send("a walk", options=TurnOptions(seconds=3.0)).scene.duration_s == 3.0
    assert "for 3.0" in session.versions[0].plan


def test_edits_follow_on_the_current_motion():
    session = session_of(WALK, "edit speed factor=0.5")
    session.send("a walk")
    reply = session.send("half as fast")
    assert [s.kind for s in reply.trace] == ["plan", "edit", "answer"]
    assert reply.scene.duration_s == pytest.approx(4.0, abs=0.06)
    assert reply.scene.provenance["edits"] == ["speed factor=0.5"]
    assert session._models.language.contexts[1].last_plan == WALK


def test_append_goes_on_and_keeps_what_was():
    session = session_of(WALK, "append sit for 1.0")
    before = session.send("a walk").scene.motions[0]
    after = session.send("then sit").scene.motions[0]
    assert after.num_frames == before.num_frames + 20
    assert np.array_equal(after.root_pos[: before.num_frames], before.root_pos)
    assert np.array_equal(after.joint_quat[: before.num_frames], before.joint_quat)
    assert session._models.language.prefixes[1].shape == (10, 4)
    assert session.versions[1].plan == f"{WALK} ; sit for 1.0"


def test_undo_and_redo_by_words_and_by_call():
    session = session_of(WALK, WALK, "undo", "redo")
    first, second = session.send("a").scene, session.send("b").scene
    assert session.send("undo that").scene is first
    assert session.send("no, back").scene is second
    assert session.undo() is first and session.redo() is second
    assert session.checkout(1) is first and session.checkout(session.versions[1]) is second
    assert len(session.versions) == 2


def test_questions_are_answered_from_measurements():
    session = session_of(WALK, "ask duration")
    scene = session.send("a walk").scene
    reply = session.send("how long is it?")
    assert [s.kind for s in reply.trace] == ["plan", "measure", "answer"]
    assert "40 frames at 20 a second" in reply.trace[1].text
    assert reply.scene is scene and len(session.versions) == 1


@pytest.mark.parametrize("plan", ["edit mirror", "append sit for 1.0", "ask duration", "undo", "redo"])
def test_nothing_to_work_on_is_said_in_words(plan):
    session = session_of(plan, WALK)
    with pytest.raises(UserError):
        session.send("do it")
    assert session.scene is None and session.turns == () and session.versions == ()
    assert session.send("a walk").version == 1


def test_empty_and_unreadable_requests():
    session = session_of("make", WALK)
    with pytest.raises(UserError, match="Nothing was asked"):
        session.send("  ")
    with pytest.raises(UserError, match="did not become a plan"):
        session.send("colourless green ideas")
    assert session.send("a walk").version == 1


def test_uploads_become_versions(tmp_path):
    made = session_of(WALK).send("a walk").scene
    paths = [tmp_path / "left.npz", tmp_path / "right.npz"]
    for path in paths:
        save(made, path)
    session = session_of("edit mirror")
    reply = session.send("", [paths[0]])
    assert "uploaded left.npz" in reply.text.lower() and "2.0 s" in reply.text
    assert session.versions[0].title == "uploaded left.npz"
    pair = session.send("mirror both", [str(p) for p in paths])
    assert len(pair.scene.motions) == 2
    assert [v.title for v in session.versions] == [
        "uploaded left.npz",
        "uploaded left.npz and right.npz",
        "mirror both",
    ]
    assert session.turns[1].attachments == ("left.npz", "right.npz")


def test_a_bad_upload_changes_nothing(tmp_path):
    bad = tmp_path / "bad.bvh"
    bad.write_text("HIERARCHY\nROOT")
    session = session_of(WALK)
    session.send("a walk")
    with pytest.raises(UserError):
        session.send("mirror it", [bad])
    assert session.version == 1 and len(session.turns) == 1


def test_stopping_drops_the_turn():
    session = session_of(WALK, WALK)
    stream = session.stream("a walk")
    for event in stream:
        if isinstance(event, SectionProgress):
            break
    session.stop()
    with pytest.raises(UserError, match="Stopped"):
        list(stream)
    assert session.scene is None
    assert session.send("a walk").version == 1


def test_closing_the_stream_drops_the_turn():
    session = session_of(WALK, WALK)
    stream = session.stream("a walk")
    next(stream)
    stream.close()
    assert session.turns == ()
    assert session.send("a walk").version == 1


def test_threads_take_turns():
    session = session_of(*[WALK] * 8)
    threads = [threading.Thread(target=session.send, args=(f"walk {i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(session.turns) == 8
    assert [v.parent for v in session.versions] == [None, *range(1, 8)]


def test_two_sessions_share_a_model_step_by_step():
    models = Models(FakeLanguageModel([WALK, WALK]), FakeCodec())
    one, two = Session(models, 1), Session(models, 2)
    once = TurnOptions(candidates=1)
    streams = [one.stream("a", options=once), two.stream("b", options=once)]
    for _ in zip_longest(*streams):
        pass
    assert not same(one.scene, two.scene)


def test_a_saved_session_opens_bit_for_bit(tmp_path):
    session = session_of(WALK, "edit mirror", WALK, WALK)
    for text in ("a walk", "mirror it"):
        session.send(text)
    session.undo()
    session.rename(2, "the other side")
    path = session.save(tmp_path / "talk.kinetalk")
    silent = Models(FakeLanguageModel([WALK]), FakeCodec())
    opened = read_session(path, silent)
    assert len(silent.language.plans) == 1, "opening ran the model"
    assert opened.seed == session.seed and opened.version == 1
    for a, b in zip(session.versions, opened.versions, strict=True):
        assert same(a.scene, b.scene) and (a.label, a.parent, a.plan) == (b.label, b.parent, b.plan)
        assert dict(a.scene.provenance) == dict(b.scene.provenance) and a.scene.caption == b.scene.caption
    for a, b in zip(session.turns, opened.turns, strict=True):
        assert a.text == b.text and a.reply.text == b.reply.text
        assert [(s.kind, s.text, s.score) for s in a.reply.trace] == [(s.kind, s.text, s.score) for s in b.reply.trace]
    assert opened.turns[0].reply.scene is opened.versions[0].scene
    assert same(opened.redo(), session.redo())
    assert same(session.send("another walk").scene, opened.send("another walk").scene)


def rewritten(path, change):
    """The session file with its record changed."""
    with zipfile.ZipFile(path) as archive:
        record, motions = json.loads(archive.read("session.json")), archive.read("motions.npz")
    change(record)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("session.json", json.dumps(record))
        archive.writestr("motions.npz", motions)
    return path


def test_files_from_before_there_were_names_open(tmp_path):
    session = session_of(WALK)
    session.send("a walk")
    session.rename(session.versions[0], "mine")
    path = rewritten(session.save(tmp_path / "old.kinetalk"), lambda record: record["versions"][0].pop("name"))
    assert read_session(path, session._models).versions[0].label == "a walk"


def test_a_version_that_comes_after_a_later_one_is_refused(tmp_path):
    session = session_of(WALK)
    session.send("a walk")
    path = rewritten(session.save(tmp_path / "x.kinetalk"), lambda record: record["versions"][0].update(parent=1))
    with pytest.raises(UserError, match="version 1 comes after version 1"):
        read_session(path, session._models)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_other_files_are_no_sessions(tmp_path, content):
    path = tmp_path / "x.kinetalk"
    path.write_bytes(content)
    with pytest.raises(UserError, match="not a session"):
        read_session(path, session_of()._models)
    with pytest.raises(UserError, match="no session file"):
        read_session(tmp_path / "missing", session_of()._models)


def test_a_session_cannot_be_saved_nowhere(tmp_path):
    with pytest.raises(UserError, match="cannot be saved"):
        session_of().save(tmp_path / "no" / "such" / "folder")
