"""The commands of the library with what ships: files become clips that are found by what they show."""

import numpy as np
import pytest

from engine.cli.main import main
from engine.core.config import Config
from engine.core.plan import parse_plan
from engine.core.types import Scene
from engine.data.compose import perform_plan
from engine.io import save
from engine.retrieval.clips import read_clips
from engine.retrieval.library import FOLDER, SHIPPED


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("KINETALK_HOME", str(tmp_path / "home"))


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def test_files_are_added_found_and_removed(tmp_path, capsys, rng):
    folder = tmp_path / "in"
    folder.mkdir()
    save(Scene((perform_plan(parse_plan("make jumping_jacks count=4 for 4.0"), rng),)), folder / "jacks.bvh")
    save(Scene((perform_plan(parse_plan("make wave side=left count=3 for 3.0"), rng),)), folder / "hello.bvh")
    (folder / "hello.txt").write_text("my own greeting\n")
    (folder / "bad.bvh").write_text("nothing")
    assert main(["library", "add", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "added hello.bvh: my own greeting" in told and "skipped bad.bvh" in told
    assert "added jacks.bvh: a person does jumping jacks" in told, "a caption from the nearest clip that ships"
    assert "2 added, 0 known, 1 skipped" in told
    assert main(["library", "list"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 2
    mine, jacks = (next(row for row in rows if words in row).split()[0] for words in ("my own greeting", "jacks.bvh"))
    assert main(["library", "search", "someone", "does", "jumping", "jacks", "--count", "3"]) == 0
    assert jacks in capsys.readouterr().out
    assert main(["library", "search", "jumping", "jacks", "--part", "left_arm"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["library", "remove", mine, "unknown"]) == 0
    assert "1 of 2 removed" in capsys.readouterr().out


def test_enough_clips_ship_and_each_action_is_among_them():
    clips = read_clips(Config.from_env().assets / FOLDER / SHIPPED)
    assert len(clips) >= 400 and len({c.clip_id for c in clips}) == len(clips)
    assert all(c.caption and c.source == "shipped" and 0.5 < c.motion.duration_s < 12 for c in clips)


def test_a_folder_that_is_none_is_named(capsys):
    assert main(["library", "add", "no/such/folder"]) == 2
    assert "no/such/folder" in capsys.readouterr().err
