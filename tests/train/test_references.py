"""References for training: of every fitness, shown as they are in generation, and never a target."""

import numpy as np
import pytest
import torch

from engine.core.plan import parse_plan
from engine.data.compose import catalogue
from engine.language.adapter import REFERENCE_KINDS, AdapterConfig, MotionAdapter
from engine.language.stream import AS_SHOWN, MAX_REFERENCES, REFERENCE_STEPS, shown_codes
from engine.language.vocabulary import train_vocabulary
from engine.retrieval.text_encoder import TextEncoder
from engine.train import batches, language
from engine.train.corpus import MotionSample
from engine.train.references import ReferenceDrawer

CODES, LEVELS = 32, 6
LINES = (
    "make walk direction=forward speed=normal style=plain & wave side=left count=3 for 4.0",
    "make walk direction=forward speed=normal style=plain for 3.0",
    "make walk direction=backward speed=slow style=plain for 6.0",
    "make wave side=left count=3 for 2.0",
    "make wave side=right count=5 for 3.0",
    "make bow count=1 for 2.4 ; sit for 3.0",
)


@pytest.fixture(scope="module")
def samples():
    rng = np.random.default_rng(0)
    plans = [parse_plan(line) for line in LINES for _ in range(3)]
    return [MotionSample(p, rng.integers(0, CODES, (p.num_steps, LEVELS))) for p in plans]


@pytest.fixture(scope="module")
def drawn(samples):
    rng, drawer = np.random.default_rng(1), ReferenceDrawer(samples, catalogue())
    return [(s, *drawer.draw(rng, s)) for s in samples * 30]


def test_there_are_none_one_or_two_and_all_kinds(drawn):
    counts = [len(references) for _, references, _ in drawn]
    assert set(counts) == set(range(MAX_REFERENCES + 1)) and 0.3 < np.mean(np.array(counts) == 0) < 0.6
    kinds = {r.kind for _, references, _ in drawn for r in references}
    assert kinds == set(REFERENCE_KINDS) == {"whole", "legs", "upper"}
    assert all(r.caption and len(r.codes) for _, references, _ in drawn for r in references)


def test_what_is_done_as_shown_is_shown(drawn):
    shown = [(s, r, d) for s, r, d in drawn if d.plan is not s.plan]
    assert len(shown) > 20
    for _, references, done in shown:
        (segment,) = done.plan.segments
        assert [str(c) for c in segment.calls] == [AS_SHOWN] and done.plan.num_steps == len(done.codes)
        assert len(references) == 1 and references[0].kind == "whole"
    copies = [np.array_equal(r[0].codes[:8], d.codes[:8]) for _, r, d in shown]
    assert 0.2 < np.mean(copies) < 0.9
    assert all(d is s for s, _, d in drawn if d.plan is s.plan)


def test_a_part_shows_its_own_codes_only(samples):
    codes = samples[2].codes
    for kind in REFERENCE_KINDS:
        shown = shown_codes(np.tile(codes, (3, 1)), kind, CODES)
        assert len(shown) == min(3 * len(codes), REFERENCE_STEPS)
        assert np.mean(shown != CODES) == pytest.approx({"whole": 1.0, "legs": 1 / 3, "upper": 2 / 3}[kind])


def test_references_take_their_places_and_are_no_targets(samples):
    known = catalogue()
    tokenizer = train_vocabulary([*LINES] * 2 + list(known), 400)
    llama = language.build_llama(
        language.LanguageRecipe(hidden=64, intermediate=128, layers=1, heads=2), len(tokenizer)
    ).eval()
    adapter = MotionAdapter(AdapterConfig(64, LEVELS, CODES, 64)).eval()
    maker = batches.ExampleMaker(tokenizer, samples, known, CODES, motion_share=1.0)
    rng, encoder = np.random.default_rng(3), TextEncoder()
    examples = [maker.draw(rng) for _ in range(24)]
    assert any(e.references for e in examples) and not all(e.references for e in examples)
    for example in examples:
        assert not (example.references and any(example.learn)), "the plan could be copied from the reference"
    asked = batches.texts_of(examples)
    assert len(asked) == len(examples) + sum(len(e.references) for e in examples)
    text = encoder.read(asked)
    batch = batches.collate(examples, llama, adapter, text)
    targets = sum(len(e.codes) - e.num_prefix for e in examples)
    assert int((batch.step_codes[:, 0] != batches.NO_TARGET).sum()) == targets
    with torch.no_grad():
        before = batch.embeds.clone()
        adapter.reference.weight += 1.0
        changed = (batches.collate(examples, llama, adapter, text).embeds - before).abs().sum(-1) > 0.1
    assert changed.sum(1).tolist() == [e.num_shown for e in examples]
