"""The gallery: its prompts, its pictures and its page, with a fake model."""

import io
from itertools import groupby

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel
from PIL import Image

from engine.body import load_body
from engine.cli.main import main
from engine.core import skeleton
from engine.core.errors import UserError
from engine.loop.engine import Engine
from engine.loop.models import Models
from engine.train import gallery

WALK = "make walk direction=forward speed=normal style=plain for 1.0"


@pytest.fixture
def plans(monkeypatch):
    """The lines that the model will say; pictures are stick figures, as on a machine without EGL."""
    queued: list[str] = []

    def no_egl(*args, **options):
        raise UserError("There is no EGL here.")

    monkeypatch.setattr(gallery, "contact_sheet", no_egl)
    monkeypatch.setattr(
        Engine, "load", staticmethod(lambda: Engine(Models(FakeLanguageModel(queued), FakeCodec()), load_body()))
    )
    yield queued
    skeleton.use_rest_joints(None)


def test_prompts_are_many_and_different():
    prompts = gallery.load_prompts()
    assert len(prompts) == len({p.text for p in prompts}) == len({p.seed for p in prompts}) == 40
    assert [p.number for p in prompts] == list(range(1, 41))
    groups = [p.group for p in prompts]
    assert len(set(groups)) >= 11 and len(list(groupby(groups))) == len(set(groups)), "a group stands together"
    assert max(len(p.text) for p in prompts) > 150


def test_a_page_with_pictures(plans, tmp_path, capsys):
    plans += [WALK, "nonsense", WALK]
    folder = tmp_path / "made" / "here"
    assert main(["gallery", "--out", str(folder), "--limit", "3"]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "README.md")
    prompts = gallery.load_prompts()
    assert {p.name for p in folder.iterdir()} == {"README.md", "01.jpg", "40.jpg"}
    page = (folder / "README.md").read_text()
    assert page.count(f"    {WALK}\n") == page.count("1.0 s](") == 2 and "](40.jpg)" in page
    assert prompts[0].text in page and prompts[-1].text in page and f"(seed {prompts[-1].seed})" in page
    assert "No motion: " in page and f"python -m engine gallery --out {folder.as_posix()} --limit 3`" in page
    with Image.open(folder / "01.jpg") as picture:
        assert picture.format == "JPEG" and np.asarray(picture.convert("L")).std() > 5


def test_sticks_are_drawn_only_with_a_word(plans, tmp_path, caplog):
    plans += [WALK, WALK]
    gallery.make_pictures(Engine.load(), gallery.load_prompts()[:2], tmp_path)
    assert caplog.text.count("stick figures instead of bodies. There is no EGL here.") == 1


def test_bodies_are_drawn_where_they_can_be(plans, monkeypatch, tmp_path):
    red = Image.new("RGB", (40, 40), (200, 0, 0))
    monkeypatch.setattr(gallery, "contact_sheet", lambda scene, **options: red)
    plans += [WALK]
    gallery.make_pictures(Engine.load(), gallery.load_prompts()[:1], tmp_path)
    with Image.open(tmp_path / "01.jpg") as picture:
        assert picture.size == red.size


def test_the_same_seed_gives_the_same_picture(plans, tmp_path):
    plans += [WALK, WALK]
    prompts = gallery.load_prompts()[:1]
    first, again = (tmp_path / name for name in "ab")
    for folder in (first, again):
        folder.mkdir()
        gallery.make_pictures(Engine.load(), prompts, folder)
    assert (first / "01.jpg").read_bytes() == (again / "01.jpg").read_bytes()


def test_pictures_keep_to_their_size():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300, 3), np.uint8))
    full, small = gallery.to_jpeg(noise, 10**9), gallery.to_jpeg(noise, 40_000)
    assert len(small) <= 40_000 < len(full)
    assert Image.open(io.BytesIO(small)).size == noise.size
    assert len(gallery.load_prompts()) * gallery.MAX_BYTES < 4_000_000


def test_mistakes_end_in_words(plans, tmp_path):
    taken = tmp_path / "file"
    taken.write_text("")
    with pytest.raises(UserError, match="could not be made"):
        gallery.run(taken / "folder")
    with pytest.raises(UserError, match="limit is 0"):
        gallery.run(tmp_path, 0)
    plans += ["nonsense"]
    with pytest.raises(UserError, match="Not one of 1 prompts"):
        gallery.run(tmp_path, 1)
