"""The prompt suite: complete, not in training, told apart by its checks; its tables and its run."""

import random
import re

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.body import load_body
from engine.core import skeleton
from engine.core.errors import UserError
from engine.core.plan import Plan, parse_plan
from engine.data.captions import caption_plan
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.dialogues import sample_turn
from engine.data.wordings import held_out
from engine.loop.engine import Engine
from engine.loop.models import Models
from engine.tokens.codec import MotionCodec
from engine.tokens.rqvae import MotionTokenizer, TokenizerConfig
from engine.train import evaluate, tokenizer_eval
from engine.train.checks import CHECKS
from engine.train.suite.changes import CHANGES
from engine.train.suite.entries import load_suite
from engine.train.suite.runner import Result, compare_plans, judge_entry, perform_entry, run_entries

ENTRIES = load_suite()
NUM_CAPTIONS = 30_000
NUM_TURNS = 8_000


def plain(text: str) -> str:
    """Without capitals, punctuation and doubled spaces."""
    return " ".join(re.sub(r"[^a-z0-9 ]", " ", text.lower()).split())


@pytest.fixture(scope="module")
def training_texts():
    rng, chance, known = np.random.default_rng(1), random.Random(1), catalogue()
    captions = [caption_plan(sample_plan(rng, known), chance, split="train") for _ in range(NUM_CAPTIONS)]
    turns = [sample_turn(rng, lambda r: sample_plan(r, known)).request for _ in range(NUM_TURNS)]
    return captions + turns


def test_no_prompt_is_a_training_text(training_texts):
    seen = {plain(t) for t in training_texts}
    assert len(seen) > 20_000, "the sample is too uniform to prove anything"
    assert [e.prompt for e in ENTRIES if plain(e.prompt) in seen] == []


def test_held_out_words_are_not_in_training(training_texts):
    assert [t for t in training_texts if held_out().has(t)] == []
    used = [e for e in ENTRIES if held_out().has(e.prompt)]
    assert len(used) >= 40, "the suite must try words that training never saw"
    assert all(held_out().has(e.prompt) for e in ENTRIES if e.category == "held_out_verbs")


def test_enough_and_all_different():
    assert len(ENTRIES) >= 300 and len({plain(e.prompt) for e in ENTRIES}) >= len(ENTRIES) - 1
    assert len({e.category for e in ENTRIES}) >= 12


def names(spec):
    for name, args in spec.items():
        if name in ("in_order", "at_once"):
            for part in args:
                yield from names(part)
        else:
            yield name


def test_checks_and_plans_exist():
    known = catalogue()
    for entry in ENTRIES:
        assert set(names(entry.check)) <= set(CHECKS) and set(entry.change) <= set(CHANGES), entry.prompt
        for segment in entry.plan.segments:
            for call in segment.calls:
                spec = known[call.name]
                assert list(call.args) == list(spec.slots), f"{entry.prompt}: {call}"
                assert all(v in spec.slots[k] for k, v in call.args.items()), f"{entry.prompt}: {call}"


def test_standing_still_passes_nothing_else():
    stand = perform_plan(parse_plan("make stand for 3.0"), np.random.default_rng(0))
    passed = [e.prompt for e in ENTRIES if not e.change and judge_entry(e, [stand]).passed]
    assert passed == ["just loiter there and breathe"]


def _samples():
    """Every twelfth entry, and for every check that the suite uses its first one."""
    first = {name: i for i, e in reversed(list(enumerate(ENTRIES))) for name in names(e.check)}
    return sorted({*range(0, len(ENTRIES), 12), *first.values()})


@pytest.mark.parametrize("index", _samples())
def test_references_pass(index):
    entry = ENTRIES[index]
    verdict = judge_entry(entry, perform_entry(entry, 77))
    assert verdict.passed, f"{entry.prompt}: {verdict.measured}"


def test_references_can_be_recoded():
    """What was there before an `append` stays as it was, whatever the tokenizer does to the rest."""
    entry = next(e for e in ENTRIES if e.plan.task == "append")

    def lift(motion):
        return motion.with_(root_pos=motion.root_pos + np.float32(motion.num_frames))

    before, after = perform_entry(entry, 77, lift)
    assert not np.array_equal(before.root_pos, perform_entry(entry, 77)[0].root_pos)
    assert np.array_equal(before.root_pos, after.root_pos[: before.num_frames])
    assert after.root_pos[-1, 1] > after.num_frames


def test_plans_are_compared():
    reference = parse_plan("make wave side=left count=3 for 2.6")
    assert compare_plans(parse_plan("make wave side=left count=2 for 1.0"), reference) == (True, True, 0.5)
    assert compare_plans(parse_plan("append clap count=3 for 2.6"), reference) == (False, False, 0.0)
    assert compare_plans(parse_plan("edit mirror"), parse_plan("edit mirror")) == (True, True, 1.0)
    assert compare_plans(None, reference) == (False, False, 0.0)
    assert compare_plans(Plan("undo"), Plan("undo")) == (True, True, 1.0)


@pytest.fixture
def fake_engine(monkeypatch):
    """An engine that follows the plans given to it."""

    def make(plans):
        return Engine(Models(FakeLanguageModel(plans), FakeCodec()), load_body())

    yield make
    skeleton.use_rest_joints(None)


def test_the_engine_is_asked_turn_by_turn(fake_engine):
    undo = next(e for e in ENTRIES if e.plan.task == "undo")
    library = next(e for e in ENTRIES if e.library and "trimmed" in e.change)
    walk = "make walk direction=forward speed=normal style=plain for 3.0"
    engine = fake_engine([walk, "edit mirror", "undo", "edit trim start=0.0 end=2.0", "not a plan"])
    first, second, third = run_entries([undo, library, ENTRIES[0]], engine)
    assert first.plan == "undo" and first.task and first.actions
    assert second.passed, second.measured
    assert not third.passed and "no motion" in third.measured and third.plan == ""


def result(passed: bool, category: str = "travel") -> Result:
    return Result(
        category, "walk on", passed, "0.10 m forward", "make a for 1.0", "make b for 1.0", True, False, 0.5, 1
    )


def test_table_tells_what_failed():
    text = evaluate.format_prompts([result(True), result(True), result(False), result(True, "head")])
    assert "75.0 % pass" in text and "MISSED" in text and "2/3" in text
    assert "failed [travel] 'walk on'" in text and "reference make b" in text and "0.10 m forward" in text
    assert "MISSED" in evaluate.format_prompts([result(False), result(True)])


def test_wilson_interval():
    low, high = evaluate.wilson(70, 100)
    assert low == pytest.approx(0.604, abs=0.002) and high == pytest.approx(0.781, abs=0.002)
    assert evaluate.wilson(0, 0) == (0.0, 1.0) and evaluate.wilson(5, 5)[1] == 1.0


def test_run_by_reference_writes_a_report(tmp_path, capsys):
    report = tmp_path / "report.json"
    assert evaluate.run("prompts", limit=3, reference=True, report=report) == 0
    assert "3/3" in capsys.readouterr().out and '"passed": true' in report.read_text()
    with pytest.raises(UserError, match="folder"):
        evaluate.run("prompts", limit=1, reference=True, report=tmp_path / "none" / "report.json")


def test_tokenizer_is_measured(monkeypatch):
    model = MotionTokenizer(TokenizerConfig(width=64, part_width=32, dim=16, codes=32, levels=2))
    windows = tokenizer_eval.authored_windows(2)
    monkeypatch.setattr(tokenizer_eval, "cmu_windows", lambda limit: windows)
    figures = tokenizer_eval.measure_tokenizer(2, MotionCodec(model))
    assert [(f.source, f.levels) for f in figures] == [(s, q) for s in ("cmu", "authored") for q in (0, 1, 2)]
    assert all(f.heading_mm > 50 for f in figures if f.levels), "a tokenizer of random weights cannot be good"
    assert not all(t.met for t in tokenizer_eval.targets(figures))
    assert "MISSED" in tokenizer_eval.format_tokenizer(figures)


def test_joint_errors():
    motion = tokenizer_eval.authored_windows(1)[0]
    assert tokenizer_eval.joint_errors_mm(motion, motion) == (0.0, 0.0)
    lifted = motion.with_(root_pos=motion.root_pos + np.array([0, 0.03, 0], np.float32))
    assert tokenizer_eval.joint_errors_mm(motion, lifted) == pytest.approx((30, 30), abs=0.01)
