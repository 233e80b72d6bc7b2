"""Requests written by hand: every line is one, its marks survive typing, and what is none is refused with its place."""

import numpy as np
import pytest

from engine.data.spoken import read_spoken, sample_spoken, spoken
from engine.data.wordings import held_out
from engine.train.suite.entries import load_suite
from engine.train.tagging import MAX_CHARACTERS


def test_every_line_is_a_request():
    rows = spoken()
    assert len(rows) > 2000 and len({row.text.lower() for row in rows}) > 0.98 * len(rows)
    assert max(len(_unmarked(row)) for row in rows) <= MAX_CHARACTERS
    assert 0.3 < np.mean([row.several for row in rows]) < 0.7
    actions = {call.name for row in rows for calls in row.calls for call in calls}
    assert len(actions) > 220, "nearly every action should be asked for"


def test_the_prompts_of_the_suite_are_not_among_them():
    plain = {"".join(c for c in sample.lower() if c.isalnum()) for sample in map(_unmarked, spoken())}
    asked = {"".join(c for c in entry.prompt.lower() if c.isalnum()) for entry in load_suite()}
    assert not plain & asked


def _unmarked(row):
    return "".join(c for c in row.text if ord(c) < 0xE000)


@pytest.mark.parametrize("several", [True, False])
def test_samples_have_their_spans_and_natural_lengths(several):
    rng = np.random.default_rng(4)
    for _ in range(200):
        text, spans, plan = sample_spoken(rng, several)
        calls = {2 * i + k for i, segment in enumerate(plan.segments) for k in range(len(segment.calls))}
        assert {span.call for span in spans} == (calls if several else set())
        assert (len(calls) > 1) == several
        assert all(text[span.start : span.stop].strip() for span in spans)
        assert not any(0xE000 <= ord(c) <= 0xE0FF for c in text) and not held_out().has(text)
        assert all(0.8 <= segment.seconds <= 11 for segment in plan.segments)


def test_a_line_is_read(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("# comment\n\nwalk style=sad & wave side=left ; sit | {1b:waving} she {1:trudges}, then {2:sits}\n")
    (row,) = read_spoken(path)
    assert [[str(c) for c in calls] for calls in row.calls] == [
        ["walk direction=forward speed=normal style=sad", "wave side=left count=3"],
        ["sit"],
    ]
    assert _unmarked(row) == "waving she trudges, then sits"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("sit she sits", "no bar"),
        ("sit |", "no bar"),
        ("levitate | up she floats", "no action 'levitate'"),
        ("wave side=middle | a wave", "knows no side=middle"),
        ("walk ; sit | {1:walk}, then sit", "do not fit"),
        ("walk | {2:walk}", "do not fit"),
        ("wave & walk | {1:wave} and {1b:walk}", "upper"),
        ("walk | he saunters", "held-out"),
        (" ; ".join(["sit"] * 7) + " | x", "too many"),
        ("walk ; sit | {1:walk}, {then {2:sit}", "do not fit"),
    ],
)
def test_faults_are_named_with_their_place(tmp_path, line, fault):
    path = tmp_path / "bad.txt"
    path.write_text(f"sit | she sits\n{line}\n")
    with pytest.raises(ValueError, match=f"bad.txt:2: .*{fault}"):
        read_spoken(path)
