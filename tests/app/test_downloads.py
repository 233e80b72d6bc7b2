"""What the viewer is told, and the bytes behind its addresses."""

import io
import zipfile

import fake_engine
import numpy as np
import pytest
from fastapi.testclient import TestClient

from app import viewer
from app.downloads import FORMATS, export, motion_bytes, shown_draft, shown_version, slug
from app.loading import EngineLoader
from app.server import build_app
from app.sessions import SessionStore, new_id
from app.shelf import Draft
from app.turns import Request, run_turn
from engine.assess import between
from engine.assess.between import Touch
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.data.pairs.registry import perform_pair
from engine.io import save
from engine.loop.uploads import read_attachments


@pytest.fixture
def visitor(store):
    visitor = store.visit(None)
    for text in ("a person walks", "make it slower"):
        list(run_turn(store, visitor, Request(text)))
    return visitor


def fetch(store, address):
    _, visitor_id, which, name = address.split("/")
    return motion_bytes(store, visitor_id, which, name, fake_engine.save)


def test_the_viewer_is_told_what_is_current(store, visitor):
    value = shown_version(visitor)
    assert (value["version"], value["title"]) == (2, "Version 2: make it slower")
    assert (value["fps"], value["frames"]) == (20, 80)
    assert list(value["downloads"]) == list(FORMATS.values())
    assert value["downloads"]["BVH (Maya, MotionBuilder)"].endswith("/2/2-make-it-slower.bvh")
    visitor.session.undo()
    assert shown_version(visitor)["frames"] == 40
    assert shown_version(store.visit(None)) is None


def test_the_strip_tells_what_an_edit_changed_and_is_worked_out_once(store, visitor):
    assert shown_version(visitor)["timeline"]["changed"] == []
    list(run_turn(store, visitor, Request("edit raise part=left_arm degrees=20 span=1.0s-1.8s")))
    told = shown_version(visitor)["timeline"]
    assert told["changed"] == [["left_arm", 1, 1.0, 1.8]] and told["duration"] == 4.0
    assert shown_version(visitor)["timeline"] is told
    draft = shown_draft(visitor, visitor.shelf.keep(Draft(visitor.session.scene, "Draft")))["timeline"]
    assert draft == told | {"changed": []}


def test_two_persons_are_shown_for_as_long_as_the_longer_one(visitor):
    scene = Scene((fake_engine.motion("walk", 1.0), fake_engine.motion("walk", 3.0)))
    assert shown_draft(visitor, visitor.shelf.keep(Draft(scene, "Draft")))["frames"] == 60


def test_the_strip_tells_of_both_persons_and_of_their_touches(visitor, monkeypatch):
    touch = Touch(1.2, 1.8004, "right hand", "left shoulder")
    monkeypatch.setattr(between, "contacts", lambda a, b: (touch,))
    scene = perform_pair("push_over", {}, np.random.default_rng(2)).scene
    told = shown_draft(visitor, visitor.shelf.keep(Draft(scene, "Draft")))["timeline"]
    assert told["touches"] == [["right hand", "left shoulder", 1.2, 1.8]]
    assert told["duration"] == round(scene.duration_s, 3)
    assert told["contacts"] and told["partner"]["contacts"] and told["partner"]["contacts"] != told["contacts"]
    alone = Draft(scene.with_(motions=scene.motions[:1]), "Draft")
    assert not {"partner", "touches"} & shown_draft(visitor, visitor.shelf.keep(alone))["timeline"].keys()


@pytest.mark.parametrize("suffix", [".bvh", ".npz"])
def test_two_persons_come_back_from_their_zip_as_they_stood(tmp_path, suffix):
    scene = perform_pair("handshake", {"distance": "far"}, np.random.default_rng(2)).scene
    with zipfile.ZipFile(io.BytesIO(export(scene, f"meet{suffix}.zip", save, {}))) as archive:
        assert archive.namelist() == [f"meet-a{suffix}", f"meet-b{suffix}"]
        archive.extractall(tmp_path)
    back, _ = read_attachments([tmp_path / f"meet-a{suffix}", tmp_path / f"meet-b{suffix}"])
    for motion, again in zip(scene.motions, back.motions, strict=True):
        assert again.fps == motion.fps
        assert np.linalg.norm(again.joint_positions() - motion.joint_positions(), axis=-1).max() < 1e-3


def test_two_persons_come_back_from_one_glb(tmp_path):
    scene = perform_pair("handshake", {"distance": "far"}, np.random.default_rng(2)).scene
    data = export(scene, "meet.glb", fake_engine.save, {})
    assert b'"name":"A"' in data and b'"name":"B"' in data
    (tmp_path / "meet.glb").write_bytes(data)
    back, _ = read_attachments([tmp_path / "meet.glb"])
    for motion, again in zip(scene.motions, back.motions, strict=True):
        assert np.linalg.norm(again.joint_positions() - motion.joint_positions(), axis=-1).max() < 1e-3


def test_the_view_holds_the_ghost_and_the_download_does_not(store, visitor):
    value = shown_version(visitor)
    assert b'"ghost_person_1"' in fetch(store, value["url"])
    exported = fetch(store, value["downloads"]["GLB (Blender, Unreal)"])
    assert exported[:4] == b"glTF" and b"ghost" not in exported


@pytest.mark.parametrize(
    ("which", "name", "words"),
    [
        ("7", "view.glb", "no version 7"),
        ("one", "view.glb", "not the number of a version"),
        ("1", "walk.exe", "cannot be downloaded"),
        ("1", "walk.mp4", "MP4 needs EGL"),
        ("draft-99", "view.glb", "not kept any more"),
        ("draft-x", "view.glb", "not kept any more"),
    ],
)
def test_what_cannot_be_had_is_said(store, visitor, which, name, words):
    with pytest.raises(UserError, match=words):
        motion_bytes(store, visitor.id, which, name, fake_engine.save)


@pytest.mark.parametrize(
    ("title", "name"), [("Make it SLOWER!", "make-it-slower"), ("走れ", "motion"), ("a" * 99, "a" * 48), ("../x", "x")]
)
def test_slug(title, name):
    assert slug(title) == name


def test_the_server_serves_motions_and_errors_in_words(tmp_path):
    def save(scene, path):
        raise OSError("disk on fire")

    store = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine))
    visitor = store.visit(None)
    list(run_turn(store, visitor, Request("a person walks")))
    app = build_app(fake_engine.FakeEngine, save, tmp_path)
    with TestClient(app) as client:
        view = client.get(shown_version(visitor)["url"])
        assert view.status_code == 200 and view.headers["content-type"] == "model/gltf-binary"
        lost = client.get(f"motion/{new_id()}/1/view.glb")
        assert lost.status_code == 422 and "not on the server any more" in lost.text
        broken = client.get(f"motion/{visitor.id}/1/walk.bvh")
        assert broken.status_code == 500 and "disk on fire" not in broken.text
        assert "class Stage" in client.get("viewer/stage.js").text
        assert client.get("viewer/three.js").headers["content-type"].startswith("text/javascript")
        assert client.get("viewer/__init__.py").status_code == 404


def test_three_js_is_cut_from_the_pinned_wheel():
    source = viewer.three_js()
    assert "SPDX-License-Identifier: MIT" in source[:300]
    assert source.rstrip().endswith("THREE.GLTFLoader=GLTFLoader;})();")
    assert "_changeEvent" not in source
