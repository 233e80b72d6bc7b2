"""The library: what is added is found again, once only, survives a restart, and bad files are skipped by name."""

import csv
import json

import numpy as np
import pytest
import torch

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.plan import parse_plan
from engine.core.types import Motion, Scene
from engine.data.compose import perform_plan
from engine.io import load, readable_suffixes, save
from engine.retrieval.clips import Clip, read_clips, write_clips
from engine.retrieval.ingest import ingest, motion_files, sidecar_caption
from engine.retrieval.library import Library, connect
from engine.retrieval.network import NAMES, Retriever, RetrieverConfig
from engine.retrieval.text_encoder import TextEncoder

LINES = ("make wave side=left count=3 for 2.0", "make squat count=2 for 3.0", "make jump for 1.6")


@pytest.fixture(scope="module")
def motions():
    return [perform_plan(parse_plan(line), np.random.default_rng(1)) for line in LINES]


@pytest.fixture(scope="module")
def retriever():
    torch.manual_seed(0)
    return Retriever(RetrieverConfig(32, 16, 24, 32)).eval()


def library_at(folder, retriever, shipped=()):
    return Library(connect(Config(), folder), retriever, TextEncoder(), folder / "clips", shipped)


def vector_of(retriever, motion):
    """A text that lies exactly where the motion lies."""
    return retriever.motions([encode_features(motion)])[0]


def test_clips_survive_their_file(motions, tmp_path):
    clips = [Clip.of(m, f"clip {i}", "shipped") for i, m in enumerate(motions)]
    write_clips(tmp_path / "clips.npz", clips)
    again = read_clips(tmp_path / "clips.npz")
    assert [(c.clip_id, c.caption, c.source) for c in again] == [(c.clip_id, c.caption, c.source) for c in clips]
    for a, b in zip(clips, again, strict=True):
        assert np.abs(a.motion.joint_positions() - b.motion.joint_positions()).max() < 5e-4
    assert Clip.of(motions[0], "clip 0", "x").clip_id == clips[0].clip_id != Clip.of(motions[0], "y", "x").clip_id
    (tmp_path / "bad.npz").write_bytes(b"nothing")
    with pytest.raises(UserError, match=r"bad\.npz"):
        read_clips(tmp_path / "bad.npz")


def test_what_is_added_is_found_by_every_part(motions, retriever, tmp_path):
    library = library_at(tmp_path, retriever)
    clips = [Clip.of(m, f"clip {i}", "test") for i, m in enumerate(motions)]
    assert library.add(clips) == 3 and library.add(clips) == 0 and len(library) == 3
    for clip in clips:
        found = library.search(vector_of(retriever, clip.motion), count=2)
        assert list(found) == list(NAMES)
        for name, hits in found.items():
            assert hits[0].clip_id == clip.clip_id and hits[0].part == name
            assert hits[0].score == pytest.approx(1, abs=1e-3) and hits[0].score > hits[1].score
    again = library_at(tmp_path, retriever)
    assert len(again) == 3
    kept = again.clip(clips[1].clip_id)
    assert kept.caption == "clip 1" and kept.motion.num_frames == motions[1].num_frames


def test_clips_can_be_removed(motions, retriever, tmp_path):
    library = library_at(tmp_path, retriever)
    clips = [Clip.of(m, f"clip {i}", "test") for i, m in enumerate(motions)]
    library.add(clips)
    assert library.remove([clips[0].clip_id, "unknown"]) == 1 and len(library) == 2
    assert clips[0].clip_id not in {e.clip_id for e in library.entries()}
    with pytest.raises(UserError, match="no clip"):
        library.clip(clips[0].clip_id)


def test_shipped_clips_need_no_files(motions, retriever, tmp_path):
    clips = [Clip.of(m, f"clip {i}", "shipped") for i, m in enumerate(motions)]
    library = library_at(tmp_path, retriever, clips)
    library.add(clips)
    assert library.clip(clips[2].clip_id).caption == "clip 2"
    assert not list((tmp_path / "clips").glob("*")) and not library.has_added()
    assert library.add([Clip.of(motions[0], "another", "file.bvh")]) == 1 and library.has_added()
    near = library.nearest(motions[0])
    assert near is not None and near.caption == "clip 0", "captions are not made from captions"


def describe(motion: Motion) -> str:
    return f"{motion.duration_s:.1f} s of something"


def test_a_folder_is_ingested_once_with_its_captions(motions, retriever, tmp_path):
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    for name, motion in zip(("a.bvh", "b.npz", "c.npz"), motions, strict=True):
        save(Scene((motion,)), folder / name)
    (folder / "a.txt").write_text("a person waves#a/DET person/NOUN\nsecond line\n")
    (folder / "b.json").write_text(json.dumps({"caption": "two  squats"}))
    with (folder / "captions.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["c.npz", "a jump"], ["other", "x"]])
    (folder / "broken.bvh").write_text("HIERARCHY nothing")
    library = library_at(tmp_path / "home", retriever)
    paths = motion_files(tmp_path / "in", readable_suffixes())
    reports = list(ingest(paths, library, load, describe))
    assert [(r.path.name, r.outcome, r.caption) for r in reports] == [
        ("a.bvh", "added", "a person waves"),
        ("b.npz", "added", "two squats"),
        ("broken.bvh", "skipped", ""),
        ("c.npz", "added", "a jump"),
    ]
    assert reports[2].why and [r.done for r in reports] == [1, 2, 3, 4] and reports[0].total == 4
    assert [r.outcome for r in ingest(paths, library, load, describe)] == ["known", "known", "skipped", "known"]
    (folder / "a.txt").write_text("somebody waves\n")
    assert [r.outcome for r in ingest(paths[:1], library, load, describe)] == ["added"]
    assert len(library) == 4


def test_a_file_without_a_caption_is_described(motions, retriever, tmp_path):
    save(Scene((motions[2],)), tmp_path / "jump.npz")
    library = library_at(tmp_path / "home", retriever)
    (report,) = ingest([tmp_path / "jump.npz"], library, load, describe)
    assert report.caption == "1.6 s of something"


def test_what_is_no_folder_and_bad_sidecars_are_named(tmp_path):
    with pytest.raises(UserError, match="neither"):
        motion_files(tmp_path / "nowhere", (".bvh",))
    with pytest.raises(UserError, match="no motion files"):
        motion_files(tmp_path, (".bvh",))
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(UserError, match=r"x\.npz"):
        sidecar_caption(tmp_path / "x.npz")


def test_a_server_that_does_not_answer_is_named(tmp_path):
    with pytest.raises(UserError, match=r"localhost:1 .*KINETALK_CHROMA"):
        connect(Config(chroma="localhost:1"), tmp_path)
