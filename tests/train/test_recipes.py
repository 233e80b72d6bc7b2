"""Every recipe runs for two steps with a tiny model, goes on where it ended, and its result works."""

import logging
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.assess.critic import FOLDER as CRITIC
from engine.assess.critic import Critic
from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import NUM_FEATURES
from engine.core.plan import TASKS, parse_plan
from engine.data.compose import catalogue
from engine.language.adapter import AdapterConfig, MotionAdapter
from engine.language.clauses import load_tagger, split_request
from engine.language.interface import DialogueContext
from engine.language.prior import PlanPrior
from engine.language.shipped import EDITOR_FOLDER, load_embedded
from engine.language.shipped import FOLDER as LANGUAGE
from engine.language.vocabulary import train_vocabulary
from engine.retrieval.network import FOLDER as RETRIEVER
from engine.retrieval.network import NAMES, Retriever
from engine.retrieval.text_encoder import TextEncoder
from engine.tokens.codec import FOLDER as TOKENIZER
from engine.tokens.codec import MotionCodec, save_tokenizer
from engine.tokens.rqvae import NUM_PARTS, MotionTokenizer, TokenizerConfig
from engine.train import batches, language, run
from engine.train.corpus import MotionSample
from engine.train.metrics.network import FOLDER as EVALUATOR
from engine.train.metrics.network import load_evaluator
from engine.train.run import RECIPES, STAGES, read_recipe
from engine.train.tokenizer import warm_start

TINY = {
    "tokenizer": {
        "authored": 4, "batch": 2, "window": 32, 
        "model": {"width": 64, "part_width": 32, "dim": 16, "codes": 32, "levels": 2},
    },
    "language": {
        "samples": 4, "judged": 3, "text_steps": 1, "text_batch": 2, "batch": 2, "vocabulary": 400,
        "hidden": 64, "intermediate": 128, "layers": 1, "heads": 2,
    },
    "editor": {
        "text_steps": 1, "text_batch": 2, "batch": 2, "vocabulary": 400, "hidden": 64, "intermediate": 128, "layers": 1,
        "heads": 2,
    },
    "evaluator": {"authored": 4, "batch": 4, "model": {"width": 32, "dim": 16}},
    "retriever": {"authored": 4, "batch": 4, "model": {"width": 32, "part_width": 16, "dim": 24, "text_width": 32}},
    "clauses": {"batch": 2},
    "prior": {"requests": 24, "batch": 8},
    "critic": {"samples": 4, "batch": 4},
}  # fmt: skip
PREFERENCES = {"dpo", "grpo"}
"""Recipes that go on from trained models (tests/train/test_preference.py)."""
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
    assert stages == set(STAGES) == {*TINY, *PREFERENCES}


@pytest.mark.parametrize("name", sorted({p.stem for p in RECIPES.glob("*.yaml")} - PREFERENCES))
def test_two_steps(name, small, tmp_path, caplog):
    values = read_recipe(name)
    stage, work, assets = values["stage"], tmp_path / "work", tmp_path / "assets"
    values |= TINY[stage]
    if stage in ("language", "editor"):
        save_tokenizer(MotionTokenizer(TokenizerConfig(**TINY["tokenizer"]["model"])), assets / TOKENIZER)
    (assets / LANGUAGE).mkdir(parents=True, exist_ok=True)
    if stage == "editor":
        STAGES["language"](read_recipe("language") | TINY["language"], tmp_path / "before", assets, 1)
    STAGES[stage](values, work, assets, 1)
    with caplog.at_level(logging.INFO):
        STAGES[stage](values, work, assets, 2)
    if stage != "prior":  # which takes seconds and is not resumed
        assert "going on from step 1" in caplog.text
        state = "language" if stage == "editor" else stage
        assert torch.load(work / f"{state}.pt", weights_only=True)["step"] == 2
    works = {
        "tokenizer": tokenizer_works, "language": language_works, "editor": editor_works, "evaluator": evaluator_works,
        "clauses": clauses_works, "prior": prior_works, "critic": critic_works,
        "retriever": retriever_works,
    }  # fmt: skip
    works[stage](assets)


def tokenizer_works(assets):
    codec = MotionCodec.load(replace(Config(), assets=assets))
    motion = codec.decode(np.random.default_rng(0).integers(0, 32, (5, 2 * NUM_PARTS)))
    assert motion.num_frames == 20 and codec.encode(motion).shape == (5, 2 * NUM_PARTS)


def evaluator_works(assets):
    evaluator = load_evaluator(assets / EVALUATOR)
    clips = [np.zeros((n, NUM_FEATURES), np.float32) for n in (3, 50)]
    assert np.allclose(np.linalg.norm(evaluator.motions(clips), axis=1), 1, atol=1e-5)
    assert evaluator.texts(["a person waves"], TextEncoder()).shape == (1, 16)


def clauses_works(assets):
    tagger = load_tagger(assets / LANGUAGE)
    assert tagger is not None
    request = "a person bows, then waves"
    segments = split_request(request, tagger, TextEncoder()([request]))
    assert all(word in request for clauses in segments for clause in clauses for word in clause.split())


def prior_works(assets):
    prior = PlanPrior.load(assets / LANGUAGE)
    assert prior is not None
    belief = prior.read(TextEncoder()(["a person bows"]))
    assert sum(map(math.exp, belief.actions.values())) == pytest.approx(1, abs=1e-3)


def critic_works(assets):
    critic = Critic.load(assets / CRITIC)
    assert critic is not None
    (reading,) = critic.judge(PLAN, np.zeros((20, NUM_FEATURES), np.float32))
    assert 0 < reading.fit < 1 and "rather than" in reading.doubts[0]


def retriever_works(assets):
    retriever = Retriever.load(assets / RETRIEVER)
    assert retriever is not None
    motions, texts = (
        retriever.motions([np.zeros((20, NUM_FEATURES), np.float32)]),
        retriever.texts(TextEncoder()(["a bow"])),
    )
    assert motions.shape == texts.shape == (1, len(NAMES), 24) and -1 <= retriever.similarity(texts, motions)[0, 0] <= 1


def editor_works(assets):
    model = load_embedded(assets / LANGUAGE, Config(), editor=assets / EDITOR_FOLDER)
    assert model.editor is not None
    context, generator = DialogueContext(has_motion=True, last_edit="edit mirror"), torch.Generator()
    line = "".join(model.stream_plan("a bit more", context, generator))
    assert parse_plan(line).task in TASKS
    assert line == "".join(model.editor.stream_plan("a bit more", context, generator)) or line.startswith(
        ("make", "append")
    )
    assert sum(model.weigh("mirror it", context, ["edit mirror", "edit floor"])) == pytest.approx(1)
    wide = load_embedded(assets / LANGUAGE, Config(four_bit=False), editor=assets / EDITOR_FOLDER)
    assert wide.editor is not None and wide.editor.llama.dtype == torch.float32


def language_works(assets):
    model = load_embedded(assets / LANGUAGE, Config(four_bit=False, device="cpu"))
    generator = torch.Generator().manual_seed(0)
    line = "".join(model.stream_plan("a person waves", DialogueContext(), generator))
    assert str(parse_plan(line)) == line
    *_, last = model.stream_motion("a person waves", PLAN, generator)
    assert last.codes.shape == (1, PLAN.num_steps, 2 * NUM_PARTS)
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
    assert len(trainer.adapter.code.weight) == 3 * NUM_PARTS * 33 and trainer.step == 0


def test_a_start_is_for_the_models_that_ship(tmp_path):
    with pytest.raises(UserError, match="models that ship"):
        run.train("evaluator", work=tmp_path, assets=tmp_path, start=tmp_path)


def test_a_tokenizer_goes_on_with_more_codes(small, tmp_path):
    values = read_recipe("tokenizer_more") | TINY["tokenizer"]
    few = {**TINY["tokenizer"]["model"], "codes": 16}
    torch.manual_seed(1)
    earlier = MotionTokenizer(TokenizerConfig(**few))
    save_tokenizer(earlier, tmp_path / "old")
    model = MotionTokenizer(TokenizerConfig(**TINY["tokenizer"]["model"]))
    warm_start(model, tmp_path / "old")
    assert torch.equal(model.decoder[0].weight, earlier.decoder[0].weight.half().float())
    assert model.quantizers[0].codebook.shape[1] == 32
    assert torch.equal(model.quantizers[0].codebook[:, :16], earlier.quantizers[0].codebook)
    run.run_tokenizer(values, tmp_path / "work", tmp_path, 1, tmp_path / "old")
    wide = {**TINY["tokenizer"]["model"], "width": 128}
    with pytest.raises(UserError, match="another shape"):
        warm_start(MotionTokenizer(TokenizerConfig(**wide)), tmp_path / "old")


def test_the_decoder_alone_learns_on(small, tmp_path):
    values = read_recipe("tokenizer_decoder") | TINY["tokenizer"]
    torch.manual_seed(1)
    earlier = MotionTokenizer(TokenizerConfig(**TINY["tokenizer"]["model"]))
    for quantizer in earlier.quantizers:
        quantizer.codebook.normal_()
    save_tokenizer(earlier, tmp_path / "old")
    run.run_tokenizer(values, tmp_path / "work", tmp_path, 2, tmp_path / "old")
    before, after = (load_file(tmp_path / name / "model.safetensors") for name in ("old", TOKENIZER))
    changed = {k.split(".")[0] for k in before if not torch.equal(before[k], after[k])}
    assert changed == {"decoder"}


def test_padding_changes_no_loss(tmp_path):
    """Streams and rows of targets are padded for speed; what pads counts for nothing."""
    known = catalogue()
    tokenizer = train_vocabulary([str(PLAN)] * 2 + list(known), 400)
    torch.manual_seed(0)
    recipe = language.LanguageRecipe(hidden=64, intermediate=128, layers=1, heads=2)
    llama = language.build_llama(recipe, len(tokenizer)).eval()
    adapter = MotionAdapter(AdapterConfig(64, 2 * NUM_PARTS, 32, 64)).eval()
    maker = batches.ExampleMaker(tokenizer, [], known, 32)
    rng = np.random.default_rng(2)
    sample = MotionSample(PLAN, rng.integers(0, 32, (PLAN.num_steps, 2 * NUM_PARTS)))
    example = maker.motion(rng, sample)
    text = TextEncoder().read([example.request])
    losses = []
    for length, rows in ((1, 1), (16, 128)):
        with pytest.MonkeyPatch.context() as patch, torch.no_grad():
            patch.setattr(batches, "LENGTH_MULTIPLE", length)
            patch.setattr(batches, "ROWS_MULTIPLE", rows)
            batch = batches.collate([example], llama, adapter, text)
            losses.append(language.batch_loss(llama, adapter, batch)[1])
            assert len(batch.step_codes) % rows == 0 and batch.embeds.shape[1] % length == 0
    assert losses[0] == pytest.approx(losses[1], rel=2e-2)
