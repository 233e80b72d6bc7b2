"""The command line: files in, files out, errors as one line and exit code 2."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine import Engine, load, save
from engine.body import load_body
from engine.cli.main import build_parser, main
from engine.core import skeleton
from engine.core.rotations import quat_identity
from engine.core.types import Motion
from engine.loop.models import Models

WALK = "make walk direction=forward speed=normal style=plain for 1.0"


@pytest.fixture
def queue(monkeypatch):
    """A list of plan lines that the engine of the command line will follow."""
    plans: list[str] = []

    def fake_load(config=None):
        return Engine(Models(FakeLanguageModel(plans), FakeCodec()), load_body())

    monkeypatch.setattr(Engine, "load", staticmethod(fake_load))
    yield plans
    skeleton.use_rest_joints(None)


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.npz"
    save(FakeCodec().decode(FakeCodec().encode(_still(40))), path)
    return path


def _still(frames: int) -> Motion:
    root = np.zeros((frames, 3), np.float32)
    root[:, 1] = skeleton.MEAN_STANDING_HEIGHT
    return Motion(root, quat_identity(frames, 22))


def test_say_writes_the_motion(queue, tmp_path, capsys):
    queue += [WALK, "edit repeat count=2"]
    target = tmp_path / "walk.bvh"
    assert main(["say", "a walk", "again", "-o", str(target), "--seed", "5"]) == 0
    assert load(target).motions[0].duration_s == pytest.approx(2.0, abs=0.11)
    assert "seed 5" in capsys.readouterr().out


def test_say_tells_its_sections(queue, capsys):
    queue += [WALK]
    assert main(["say", "a walk", "--verbose"]) == 0
    said = capsys.readouterr()
    assert f"[plan] {WALK}" in said.err and "[measure]" in said.err
    assert said.out.strip() == "Done: 1.0 s."


def test_sessions_go_on(queue, tmp_path):
    queue += [WALK]
    kept = tmp_path / "talk.kinetalk"
    main(["say", "a walk", "--session", str(kept)])
    queue[:] = ["undo"]
    assert main(["say", "undo", "--session", str(kept)]) == 2, "one version: nothing to undo"


def test_edit_a_file(queue, clip, tmp_path):
    queue += ["edit speed factor=0.5"]
    target = tmp_path / "slow.npz"
    assert main(["edit", str(clip), "make it slower", "-o", str(target)]) == 0
    assert load(target).duration_s == pytest.approx(2 * load(clip).duration_s, abs=0.11)


def test_caption_and_convert(clip, tmp_path, capsys):
    assert main(["caption", str(clip)]) == 0
    assert "40 frames at 20 a second" in capsys.readouterr().out
    target = tmp_path / "clip.glb"
    assert main(["convert", str(clip), str(target)]) == 0
    assert target.read_bytes()[:4] == b"glTF"


@pytest.mark.parametrize(
    "command",
    [
        ["caption", "missing.bvh"],
        ["convert", "missing.npz", "out.glb"],
        ["convert", "missing.npz", "out.docx"],
        ["say", "a walk", "-o", "no/such/folder/clip.glb"],
        ["say", " "],
        ["say", "a walk", "--candidates", "0"],
        ["train", "nonsense"],
    ],
)
def test_mistakes_end_in_words(queue, command, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    said = capsys.readouterr()
    assert said.err.strip() and "Traceback" not in said.err and not said.out


def test_every_command_has_help():
    text = build_parser().format_help()
    for command in ("say", "edit", "caption", "convert", "body", "eval", "bench", "train"):
        assert command in text
