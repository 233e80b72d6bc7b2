"""The table of budgets: what is met, missed, or not there yet."""

import os

from engine.train.bench import Row, format_table, resident_gb


def test_rows_are_judged():
    rows = [Row("fast", 1, "s", 0.5), Row("slow", 1, "s", 1.5, "why"), Row("later", 1, "s")]
    assert [r.met for r in rows] == [True, False, None]
    lines = format_table(rows).splitlines()
    assert "met" in lines[1] and "MISSED" in lines[2] and lines[2].endswith("why") and "not yet" in lines[3]


def test_memory_is_measured():
    assert 0.01 < resident_gb(os.getpid()) < 50
