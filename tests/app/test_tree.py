"""The tree of versions: its order, its names, what is compared, and sessions as files."""

import io
import zipfile

import fake_engine
import pytest

from app.downloads import motion_bytes, parse_options, shown_version
from app.loading import EngineLoader
from app.opening import messages_of
from app.sessions import SessionStore
from app.tree import shown_tree, tree_rows
from app.turns import Request, run_turn
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.loop.events import Reply, Step
from engine.loop.session import Turn
from engine.loop.versions import History

SCENE = Scene((fake_engine.motion(),))


@pytest.fixture
def visitor(store):
    """Version 2 is slower than 1; version 3 is a branch from 1, and current."""
    visitor = store.visit(None)
    for text in ("a person walks", "make it slower"):
        list(run_turn(store, visitor, Request(text)))
    visitor.session.undo()
    list(run_turn(store, visitor, Request("another walk")))
    return visitor


def fetch(store, address, **options):
    _, visitor_id, which, name = address.split("/")
    return motion_bytes(store, visitor_id, which, name, fake_engine.save, options)


def test_branches_stand_below_the_version_that_they_begin_at():
    history = History()
    for parent in (None, 1, 2, 1, 4, 4, 3, 1):
        history = History(history.versions, parent).add(SCENE, "v")
    rows = tree_rows(history.versions)
    assert [(r.id, r.depth) for r in rows] == [(1, 0), (4, 1), (6, 2), (5, 1), (8, 1), (2, 0), (3, 0), (7, 0)]
    assert [(r.id, r.branch_of) for r in rows if r.branch_of] == [(4, 1), (6, 4), (8, 1)]


def test_a_long_line_is_not_indented():
    history = History()
    for _ in range(2000):
        history = history.add(SCENE, "v")
    assert {r.depth for r in tree_rows(history.versions)} == {0}


def test_the_panel_is_told_lengths_names_and_what_is_current(act, store, visitor):
    painting = act.rename(visitor.id, 2, " slow  walk ")
    value = painting[act.parts.versions]
    assert value == shown_tree(visitor) and value["current"] == 3
    assert [(r["id"], r["label"], r["seconds"], r["branch_of"]) for r in value["rows"]] == [
        (1, "a person walks", 2.0, None), (3, "another walk", 2.0, 1), (2, "slow walk", 4.0, None),
    ]  # fmt: skip
    shown = act.checkout(visitor.id, 2)[act.parts.viewer]
    assert shown["title"] == "Version 2: slow walk"
    assert shown["downloads"]["BVH (Maya, MotionBuilder)"].endswith("/2-slow-walk.bvh")
    assert shown_tree(store.visit(None)) is None


def test_a_name_that_is_empty_or_long_is_said(act, visitor, warnings):
    act.rename(visitor.id, 2, " ")
    act.rename(visitor.id, 2, "x" * 61)
    act.rename(visitor.id, 9, "x")
    assert len(warnings) == 3 and "at most 60" in warnings[1] and visitor.session.versions[1].name == ""


def test_versions_are_compared_over_and_beside_and_not_any_more(act, store, visitor, warnings):
    over = act.compare(visitor.id, 2, "over")[act.parts.viewer]
    assert (over["title"], over["frames"], over["ghost"]) == ("Version 3 over version 2", 80, True)
    assert b'"ghost_person_1"' in fetch(store, over["url"])
    beside = act.compare(visitor.id, 2, "beside")
    assert beside[act.parts.viewer]["title"] == beside[act.parts.versions]["note"] == "Version 3 beside version 2"
    data = fetch(store, beside[act.parts.viewer]["url"])
    assert b'"beside_person_1"' in data and b"ghost" not in data
    act.checkout(visitor.id, 1)
    assert shown_version(visitor)["title"] == "Version 1 beside version 2"
    act.checkout(visitor.id, 2)
    assert shown_version(visitor)["title"] == "Version 2: make it slower", "with itself it is not compared"
    off = act.compare(visitor.id, None, "")
    assert off[act.parts.versions]["note"] == "" and off[act.parts.viewer]["url"].endswith("/2/view.glb")
    act.compare(visitor.id, 9, "over")
    act.compare(visitor.id, 1, "under")
    assert len(warnings) == 2 and visitor.shelf.compare is None


def test_a_comparison_survives_a_restart(act, visitor, tmp_path):
    act.compare(visitor.id, 2, "over")
    again = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine))
    again.loader.wait()
    found = again.visit(visitor.id)
    again.session(found)
    assert shown_version(found)["title"] == "Version 3 over version 2"


def test_a_saved_session_is_opened_as_a_conversation_of_its_own(act, store, visitor, tmp_path):
    act.rename(visitor.id, 2, "slow")
    path = tmp_path / "walk.kinetalk"
    path.write_bytes(fetch(store, shown_tree(visitor)["save"]))
    painting = act.open_file(visitor.id, str(path))
    opened = store.visit(painting[act.parts.saved_id])
    assert opened is not visitor and opened.session.version == 3 and opened.session.owner == visitor.shelf.owner
    assert [(v.label, v.parent) for v in opened.session.versions] == [
        ("a person walks", None), ("slow", 1), ("another walk", 1),
    ]  # fmt: skip
    said = [m["content"] for m in opened.messages if m["role"] == "user"]
    assert said == ["a person walks", "make it slower", "another walk"]
    assert opened.messages[-1]["content"] == "Opened `walk.kinetalk`: 3 versions."
    assert len(visitor.session.versions) == 3 and (opened.folder / "session.kinetalk").exists()


def test_a_session_that_is_attached_is_opened_and_gone_on_from(act, store, visitor, tmp_path):
    path = tmp_path / "walk.kinetalk"
    path.write_bytes(fetch(store, shown_tree(visitor)["save"]))
    settings = ("", 1, "", 0, True)
    alone = act.send(visitor.id, {"text": "", "files": [str(path)]}, *settings)
    assert alone[act.parts.pending] is None and alone[act.parts.saved_id] != visitor.id
    asked = act.send(visitor.id, {"text": "make it slower", "files": [str(path)]}, *settings)
    list(act.run(asked[act.parts.saved_id], asked[act.parts.pending]))
    opened = store.visit(asked[act.parts.saved_id])
    assert opened.session.version == 4 and opened.session.history.current.parent == 3
    assert opened.session.sent[-1][1] == []


def test_what_is_no_session_is_said_and_changes_nothing(act, store, visitor, warnings, tmp_path):
    damaged, motion = tmp_path / "damaged.kinetalk", tmp_path / "walk.bvh"
    for path in (damaged, motion):
        path.write_text("HIERARCHY")
    act.open_file(visitor.id, str(damaged))
    act.open_file(visitor.id, str(motion))
    act.send(visitor.id, {"text": "", "files": [str(damaged), str(motion)]}, "", 1, "", 0, True)
    assert "is not a session" in warnings[0] and "attach it in the chat" in warnings[1]
    assert "without other files" in warnings[2] and len(visitor.session.versions) == 3


def test_a_session_is_not_saved_under_a_running_turn(store, visitor):
    with visitor.turn, pytest.raises(UserError, match="still being worked on"):
        fetch(store, shown_tree(visitor)["save"])


def test_the_chat_is_rebuilt_from_the_turns():
    steps = (Step("plan", "make walk"), Step("measure", "goes 2 m", 0.5), Step("answer", "Done."))
    made = messages_of([Turn("walk", ("a.bvh",), Reply("Done.", None, steps))])
    assert [m["content"] for m in made] == ["walk\n\nAttached: `a.bvh`", "```text\nmake walk\n```", "goes 2 m", "Done."]
    assert made[2]["metadata"] == {"title": "Measured", "status": "done", "log": "score 0.50"}


def test_a_bvh_is_written_as_asked(store, visitor):
    link = shown_version(visitor)["downloads"]["BVH (Maya, MotionBuilder)"]
    assert b"ROOT Hips" in fetch(store, link)
    unreal = fetch(store, link, names="unreal", fps="60", units="m", up="z").decode()
    assert "ROOT pelvis" in unreal and "Frame Time: 0.0166" in unreal
    assert fetch(store, link, names="mixamo", fps="", units="cm", up="y") == fetch(store, link)


@pytest.mark.parametrize(
    ("suffix", "options", "words"),
    [
        (".bvh", {"skeleton": "/etc/passwd"}, "no option 'skeleton'"),
        (".npz", {"fps": "30"}, "no option 'fps'; it has none"),
        (".bvh", {"fps": "fast"}, "not a number"),
        (".bvh", {"fps": "nan"}, "not a number"),
    ],
)
def test_options_that_are_not_offered_are_refused(suffix, options, words):
    with pytest.raises(UserError, match=words):
        parse_options(suffix, options)


def test_two_persons_are_downloaded_as_two_files_in_a_zip(store, visitor):
    list(run_turn(store, visitor, Request("two walk")))
    link = shown_version(visitor)["downloads"]["BVH (Maya, MotionBuilder), two files"]
    with zipfile.ZipFile(io.BytesIO(fetch(store, link))) as archive:
        assert archive.namelist() == ["4-two-walk-a.bvh", "4-two-walk-b.bvh"]
    with pytest.raises(UserError, match=r"two: ask for 4-two-walk.bvh.zip"):
        fetch(store, link.removesuffix(".zip"))
