"""The public face: what `engine` exports, and an engine around fake models and the real default body."""

import subprocess
import sys

import pytest
from fake_models import FakeCodec, FakeLanguageModel

import engine
from engine.core import skeleton
from engine.loop.models import Models

WALK = "make walk direction=forward speed=normal style=plain for 1.0"


@pytest.fixture
def fake_engine():
    from engine.body import load_body

    yield engine.Engine(Models(FakeLanguageModel([WALK, "edit mirror"]), FakeCodec()), load_body())
    skeleton.use_rest_joints(None)


def test_every_public_name_is_there():
    assert all(getattr(engine, name) is not None for name in engine.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = engine.nonsense


def test_importing_the_engine_is_light():
    code = "import sys, engine; print([m for m in ('torch', 'numpy', 'transformers', 'gradio') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_an_engine_shows_what_it_makes(fake_engine):
    session = fake_engine.new_session(seed=3)
    scene = session.send("a walk").scene
    mirrored = session.send("mirror it").scene
    glb = fake_engine.glb(mirrored, ghost=scene)
    assert glb[:4] == b"glTF" and len(glb) > len(fake_engine.glb(scene))
    assert "fake model" in fake_engine.notice and fake_engine.body.notice in fake_engine.notice


def test_sessions_come_back(fake_engine, tmp_path):
    session = fake_engine.new_session()
    session.send("a walk")
    opened = fake_engine.open_session(session.save(tmp_path / "talk.zip"))
    assert opened.seed == session.seed and opened.version == 1


def test_drawn_seeds_differ(fake_engine):
    assert len({fake_engine.new_session().seed for _ in range(5)}) == 5
    with pytest.raises(engine.UserError, match="seed"):
        fake_engine.new_session(seed=-1)
