"""Every recipe runs for two steps with a tiny model, goes on where it ended, and its result works."""

import logging
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.language.clauses import load_tagger, split_request
from engine.language.interface import DialogueContext
from engine.language.model import FOLDER as LANGUAGE
from engine.language.model import load_embedded
from engine.retrieval.text_encoder import TextEncoder
from engine.tokens.codec import FOLDER as TOKENIZER
from engine.tokens.codec import MotionCodec, save_tokenizer
from engine.tokens.features import NUM_FEATURES
from engine.tokens.rqvae import MotionTokenizer, TokenizerConfig
from engine.train import language, run
from engine.train.metrics.network import FOLDER as EVALUATOR
from engine.train.metrics.network import load_evaluator
from engine.train.run import RECIPES, STAGES, read_recipe

TINY = {
    "tokenizer": {
        "authored": 4, "batch": 2, "window": 32, "model": {"width": 64, "dim": 16, "codes": 32, "levels": 2},
    },
    "language": {
        "samples": 4, "text_steps": 1, "text_batch": 2, "batch": 2, "vocabulary": 400,
        "hidden": 64, "intermediate": 128, "layers": 1, "heads": 2,
    },
    "evaluator": {"authored": 4, "batch": 4, "model": {"width": 32, "dim": 16}},
    "clauses": {"batch": 2},
}  # fmt: skip
PLAN = parse_plan("make wave side=left count=3 for 1.0")


@pytest.fixture
def small(monkeypatch):
    """Less data than the recipes use: no CMU pack, a vocabulary from few texts."""
    whole = language.build_vocabulary
    monkeypatch.setattr(run, "cmu_features", lambda held_out: [])
    monkeypatch.setattr(run, "cmu_trials", list)
    monkeypatch.setattr(language, "build_vocabulary", lambda size, seed: whole(size, seed, count=60))


def test_every_recipe_has_a_tiny_form():
    stages = {read_recipe(p.stem)["stage"] for p in RECIPES.glob("*.yaml")}
    assert stages == set(STAGES) == set(TINY)


@pytest.mark.parametrize("name", sorted(p.stem for p in RECIPES.glob("*.yaml")))
def test_two_steps(name, small, tmp_path, caplog):
    values = read_recipe(name)
    stage, work, assets = values["stage"], tmp_path / "work", tmp_path / "assets"
    values |= TINY[stage]
    if stage == "language":
        save_tokenizer(MotionTokenizer(TokenizerConfig(**TINY["tokenizer"]["model"])), assets / TOKENIZER)
    STAGES[stage](values, work, assets, 1)
    with caplog.at_level(logging.INFO):
        STAGES[stage](values, work, assets, 2)
    assert "going on from step 1" in caplog.text
    assert torch.load(work / f"{stage}.pt", weights_only=True)["step"] == 2
    works = {
        "tokenizer": tokenizer_works, "language": language_works, "evaluator": evaluator_works,
        "clauses": clauses_works,
    }  # fmt: skip
    works[stage](assets)


def tokenizer_works(assets):
    codec = MotionCodec.load(replace(Config(), assets=assets))
    motion = codec.decode(np.random.default_rng(0).integers(0, 32, (5, 2)))
    assert motion.num_frames == 20 and codec.encode(motion).shape == (5, 2)


def evaluator_works(assets):
    evaluator = load_evaluator(assets / EVALUATOR)
    clips = [np.zeros((n, NUM_FEATURES), np.float32) for n in (3, 50)]
    assert np.allclose(np.linalg.norm(evaluator.motions(clips), axis=1), 1, atol=1e-5)
    assert evaluator.texts(["a person waves"], TextEncoder()).shape == (1, 16)


def clauses_works(assets):
    tagger = load_tagger(assets / LANGUAGE)
    assert tagger is not None
    parts = split_request("a person bows, then waves", tagger, TextEncoder())
    assert all(part in "a person bows, then waves" for part in parts)


def language_works(assets):
    model = load_embedded(assets / LANGUAGE, Config(four_bit=False, device="cpu"))
    generator = torch.Generator().manual_seed(0)
    line = "".join(model.stream_plan("a person waves", DialogueContext(), generator))
    assert str(parse_plan(line)) == line
    *_, last = model.stream_motion("a person waves", PLAN, generator)
    assert last.codes.shape == (1, PLAN.num_steps, 2)
    motion = MotionCodec.load(replace(Config(), assets=assets)).decode(last.codes[0])
    assert motion.num_frames == 4 * PLAN.num_steps
    facts = {"seconds": "1.0", "content": "waving"}
    answer = "".join(model.stream_answer("a person waves", DialogueContext(), PLAN, facts))
    assert "{" not in answer


def test_unknown_recipes_and_settings_are_said(tmp_path):
    with pytest.raises(UserError, match="no recipe called 'dance'"):
        read_recipe("dance")
    with pytest.raises(UserError, match="colour"):
        STAGES["tokenizer"]({"stage": "tokenizer", "colour": "red"}, tmp_path, tmp_path)


def test_a_new_run_begins_from_an_earlier_model_with_fewer_levels(small, tmp_path):
    values = read_recipe("language") | TINY["language"]
    shape = TINY["tokenizer"]["model"]
    for name, levels in (("old", 2), ("new", 3)):
        save_tokenizer(MotionTokenizer(TokenizerConfig(**shape | {"levels": levels})), tmp_path / name / TOKENIZER)
    run.run_language(values, tmp_path / "work", tmp_path / "old", 2)
    before = load_file(tmp_path / "old" / LANGUAGE / "adapter.safetensors")["code.weight"]
    recipe = language.LanguageRecipe(**{k: v for k, v in values.items() if k != "stage"})
    codebooks = TokenizerConfig(**shape | {"levels": 3})
    trainer = language.LanguageTrainer(recipe, codebooks, list, tmp_path / "again", tmp_path / "old" / LANGUAGE)
    assert torch.equal(trainer.adapter.code.weight[: len(before)], before.float())
    assert len(trainer.adapter.code.weight) == 3 * 33 and trainer.step == 0


def test_a_start_is_for_the_language_recipe_only(tmp_path):
    with pytest.raises(UserError, match="language recipe"):
        run.train("tokenizer", work=tmp_path, assets=tmp_path, start=tmp_path)
