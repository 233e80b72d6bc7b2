"""The comparison of 4-bit weights with full precision: its figures, its table and its report, with fake models."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch
from fake_models import FakeCodec, FakeLanguageModel

from engine.body import load_body
from engine.cli.main import main
from engine.core import skeleton
from engine.core.errors import UserError
from engine.loop.engine import Engine
from engine.loop.models import Models
from engine.train import bits
from engine.train.suite.runner import Result

WALK, RUN, WAVE = "make walk speed=slow for 2.0", "make run for 2.0", "make wave side=left for 2.0"
SPEED = bits.Speed(first_s=0.1, ready_s=0.5, best_s=0.8, steps_per_s=120.0)


class Parrot(FakeLanguageModel):
    """Says the same plan whatever it is asked."""

    def __init__(self, plan: str) -> None:
        super().__init__([])
        self.plan = plan

    def stream_plan(self, request, context, generator):
        yield self.plan


@pytest.fixture
def loaded(monkeypatch):
    """What was asked for as 4-bit, in order; the 4-bit model waves, the other one walks."""
    asked: list[bool] = []

    def load(config):
        asked.append(config.four_bit)
        return Engine(Models(Parrot(WAVE if config.four_bit else WALK), FakeCodec()), load_body())

    monkeypatch.setattr(Engine, "load", staticmethod(load))
    yield asked
    skeleton.use_rest_joints(None)


def result(plan: str, passed: bool = True) -> Result:
    return Result("travel", "walk on", passed, "0.1 m", plan, WALK, True, True, 0.5, 1.0)


def measured(*results: Result, weights: int | None = 6_000_000) -> bits.Measured:
    return bits.Measured("a model", results, SPEED, weights)


def test_plans_are_compared():
    four = [result(WALK), result(WALK, False), result(RUN), result(""), result("")]
    full = [result(WALK), result(WALK.replace("2.0", "3.0")), result(WAVE, False), result(""), result(WALK, False)]
    assert bits.agreement(four, full) == bits.Agreement(5, plans=1, actions=2, both=2, only_four=2, only_full=1)


def test_table_tells_both_and_their_ratio():
    full = replace(measured(result(WALK), result(WALK), weights=24_000_000), speed=replace(SPEED, steps_per_s=60.0))
    lines = bits.format_table(measured(result(WALK), result(RUN, False)), full).splitlines()
    assert "50.0 %" in lines[1] and "100.0 %" in lines[1]
    steps = next(line for line in lines if line.startswith("motion steps"))
    assert steps.split()[-5:] == ["120", "/s", "60", "/s", "2.00"]
    weights = next(line for line in lines if line.startswith("weights"))
    assert weights.split()[-5:] == ["6", "MB", "24", "MB", "0.25"]
    assert "of 2 plans 1 are the same" in lines[-2] and "1 pass in both, 0 only in 4-bit, 1 only in full" in lines[-1]
    unknown = bits.format_table(measured(result(WALK), weights=None), measured(result(WALK), weights=None))
    assert next(s for s in unknown.splitlines() if s.startswith("weights")).split()[-2:] == ["-", "-"]


def test_weights_are_weighed():
    from bitsandbytes.nn import Linear4bit

    plain = torch.nn.Linear(128, 256, bias=False)
    packed = Linear4bit(128, 256, bias=False, quant_type="nf4", compress_statistics=False).to("cpu")
    count = 128 * 256
    assert bits.weight_bytes(SimpleNamespace(llama=plain)) == count * 4
    assert bits.weight_bytes(SimpleNamespace(llama=packed)) == count // 2 + count // 64 * 4
    planner = SimpleNamespace(llama=packed, inner=SimpleNamespace(llama=plain))
    assert bits.weight_bytes(planner) == count * 4 + count // 2 + count // 64 * 4
    nested = Linear4bit(128, 256, bias=False, quant_type="nf4", compress_statistics=True).to("cpu")
    scales = (bits.weight_bytes(SimpleNamespace(llama=nested)) or 0) - count // 2
    assert count // 64 < scales < count // 64 * 4, "one byte a block, and the scales of the scales"
    assert bits.weight_bytes(FakeLanguageModel([])) is None


def test_both_models_are_run(loaded, tmp_path, capsys):
    report = tmp_path / "bits.json"
    assert main(["bits", "--limit", "2", "--report", str(report)]) == 0
    assert loaded == [True, False]
    table = capsys.readouterr().out
    assert "of 2 plans 0 are the same" in table and "motion steps a second" in table
    found = json.loads(report.read_text())
    assert found["agreement"]["prompts"] == found["four_bit"]["prompts"] == 2
    assert {r["plan"] for r in found["four_bit"]["results"]} == {WAVE}
    assert {r["plan"] for r in found["full_precision"]["results"]} == {WALK}
    speed = found["full_precision"]["speed"]
    assert 0 < speed["first_s"] < speed["ready_s"] and speed["steps_per_s"] > 0


def test_mistakes_end_in_words(loaded, tmp_path):
    for settings, words in (
        ((0, None), "limit is 0"),
        ((1, tmp_path / "bits.txt"), "must end in .json"),
        ((1, tmp_path / "none" / "bits.json"), "does not exist"),
    ):
        with pytest.raises(UserError, match=words):
            bits.run(*settings)
    assert loaded == []


def test_what_is_no_motion_cannot_be_timed():
    engine = Engine(Models(Parrot("edit mirror"), FakeCodec()), load_body())
    with pytest.raises(UserError):
        bits.time_drafts(engine)
    skeleton.use_rest_joints(None)
