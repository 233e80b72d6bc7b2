"""Judgements to learn from: the fault that is put in is the one that is told, and the instruction mends it."""

from collections import Counter

import numpy as np
import pytest

from engine.assess.physical import physical
from engine.core.instruction import parse_instruction
from engine.core.plan import parse_plan
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.verdicts import flip_sides, sample_verdict, spoilt
from engine.tokens.codec import MotionCodec
from engine.train.corpus import MotionSample
from engine.train.verdicts import make_judged, read_judged, spoil

KNOWN = catalogue()


def drawn(count, seed=0):
    rng = np.random.default_rng(seed)
    plans = [sample_plan(rng, KNOWN) for _ in range(count)]
    return [(plan, sample_verdict(rng, plan, KNOWN)) for plan in plans]


def test_goals_differ_where_the_instruction_says():
    shares = Counter()
    for done, verdict in drawn(400):
        goal, instruction = verdict.goal, verdict.instruction
        assert parse_plan(str(goal)) == goal and goal.num_steps == done.num_steps
        assert parse_instruction(str(instruction), len(goal.segments)) == instruction
        shares[str(instruction).split(" ")[0] + str(instruction.accepts)] += 1
        assert (goal == done) == instruction.accepts and "<" not in verdict.text and "  " not in verdict.text
        if instruction.edits:
            assert flip_sides(done) == goal
        for number, (a, b) in enumerate(zip(done.segments, goal.segments, strict=True), 1):
            named = {t.group for t in instruction.targets if t.part == number}
            if instruction.targets:
                assert (a.calls != b.calls) == bool(named)
    assert shares["acceptTrue"] > 100 and shares["redoFalse"] > 80 and shares["editFalse"] > 4


def test_a_physical_fault_is_told_in_the_words_of_the_report():
    plan = parse_plan("make walk direction=forward speed=normal style=plain for 3.0")
    motion = perform_plan(plan, np.random.default_rng(0))
    assert physical(motion).lines() == []
    faults = [line for k in range(8) for line in physical(spoil(np.random.default_rng(k), motion)).lines()]
    assert any("slide" in f for f in faults) and len(faults) > 4
    verdict = spoilt(np.random.default_rng(0), plan, faults[0])
    assert faults[0] in verdict.text and str(verdict.instruction) == "redo all" and verdict.goal == plan


def test_rows_are_kept_and_gone_on_from(tmp_path):
    codec, rng, samples = MotionCodec.load(), np.random.default_rng(3), []
    for line in ("make wave side=left count=3 for 2.0", "make squat count=1 for 2.0", "make bow count=1 for 2.0"):
        samples.append(MotionSample(parse_plan(line), codec.encode(perform_plan(parse_plan(line), rng))))
    path = tmp_path / "judged.jsonl"
    first = make_judged(samples, KNOWN, codec, None, 3, 1, path)
    more = make_judged(samples, KNOWN, codec, None, 5, 1, path)
    assert more[:3] == first and read_judged(path) == more and len({r.measured for r in more}) > 2
    for row in more:
        assert row.measured.startswith("lasts 2.0 s") and row.verdict
        parse_instruction(row.instruction, len(parse_plan(row.plan).segments))


@pytest.mark.parametrize("share", ["none", "action", "slot", "missing", "order", "sides"])
def test_every_kind_of_fault_can_be_drawn(monkeypatch, share):
    from engine.data import verdicts

    monkeypatch.setattr(verdicts, "FAULTS", {share: 1.0})
    faulty = [not v.instruction.accepts for _, v in drawn(60, 5)]
    assert any(faulty) == (share != "none")
