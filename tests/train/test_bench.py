"""The table of budgets: what is met, missed, or not there yet; and every edit operator within its budget."""

import os

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.body import load_body
from engine.core import skeleton
from engine.core.plan import parse_plan
from engine.data.compose import perform_plan
from engine.edit.registry import EDITS
from engine.loop.engine import Engine
from engine.loop.models import Models
from engine.train.bench import Row, format_table, resident_gb
from engine.train.bench_edits import scripts, time_edits

WAVING = "make walk direction=forward & wave side=right for 6.0"
AWAY = "make walk direction=backward for 6.0"


@pytest.fixture
def engine():
    """A language model that knows no plan: whoever asks it, fails."""
    yield Engine(Models(FakeLanguageModel([]), FakeCodec()), load_body())
    skeleton.use_rest_joints(None)


def test_rows_are_judged():
    rows = [Row("fast", 1, "s", 0.5), Row("slow", 1, "s", 1.5, "why"), Row("later", 1, "s")]
    assert [r.met for r in rows] == [True, False, None]
    lines = format_table(rows).splitlines()
    assert "met" in lines[1] and "MISSED" in lines[2] and lines[2].endswith("why") and "not yet" in lines[3]


def test_memory_is_measured():
    assert 0.01 < resident_gb(os.getpid()) < 50


def test_every_operator_is_ready_to_play_within_the_budget(engine):
    clip, other = (perform_plan(parse_plan(line), np.random.default_rng(0)).resample(60) for line in (WAVING, AWAY))
    timings = time_edits(engine, clip, other)
    assert [timing.script for timing in timings] == list(scripts())
    assert {timing.script.split()[1] for timing in timings} == set(EDITS)
    slowest = max(timings, key=lambda timing: timing.typical_s)
    assert 0.001 < slowest.typical_s < 0.3, slowest
