"""Preference tuning: the flat policy agrees with training and inference, rewards rank rightly, both recipes tune."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from safetensors.torch import load_file, save_file

from engine.core.config import Config
from engine.core.features import encode_features
from engine.core.plan import parse_plan
from engine.data.compose import catalogue, perform_plan
from engine.language import vocabulary as V
from engine.language.adapter import AdapterConfig, MotionAdapter
from engine.language.decoding import Stream, step_input
from engine.language.interface import MotionReference
from engine.language.shipped import load_embedded
from engine.language.stream import context_ids, step_places
from engine.retrieval.text_encoder import TextEncoder
from engine.train.batches import Example, collate, texts_of
from engine.train.language import LanguageRecipe, batch_loss, build_llama

pytest.importorskip("trl")

from engine.train.preference import dpo, grpo
from engine.train.preference.policy import END, FlatPolicy, Prompt
from engine.train.preference.rewards import Judge, plan_postures

RECIPES = Path(dpo.__file__).parents[1] / "recipes"
SHIPPED = Config(four_bit=False, device="cpu")
WALK = parse_plan("make walk direction=forward speed=normal style=plain for 2.0")
SIT = parse_plan("make sit for 1.6")
LEVELS, CODES = 12, 1024


@pytest.fixture(scope="module")
def assets(tmp_path_factory):
    """A language model that knows nothing, beside the shipped models that drafts are rewarded by."""
    folder = tmp_path_factory.mktemp("assets")
    for name in ("critic", "retriever", "tokenizer"):
        (folder / name).symlink_to(SHIPPED.assets / name)
    language = folder / "language"
    language.mkdir()
    torch.manual_seed(0)
    vocabulary = V.train_vocabulary([str(WALK), str(SIT)] * 20, 400)
    llama = build_llama(LanguageRecipe(hidden=64, intermediate=128, layers=1, heads=2), len(vocabulary))
    adapter = MotionAdapter(AdapterConfig(64, LEVELS, CODES, 64))
    llama.config.save_pretrained(language)
    vocabulary.backend_tokenizer.save(str(language / "tokenizer.json"))
    weights = {k: v.clone() for k, v in llama.state_dict().items() if k != "lm_head.weight"}
    save_file(weights, language / "model.safetensors", metadata={"format": "pt"})
    known = {k: v for k, v in adapter.state_dict().items() if k != "reference.weight"}
    save_file(known, language / "adapter.safetensors")
    (language / "adapter.json").write_text(json.dumps(adapter.config.to_dict()))
    rows = [asdict(s) | {"slots": {k: list(v) for k, v in s.slots.items()}} for s in catalogue().values()]
    (language / "catalogue.json").write_text(json.dumps(rows))
    return folder


@pytest.fixture
def policy(assets):
    shown = MotionReference("a person walks", "whole", np.ones((3, LEVELS), np.int64))
    prompts = [Prompt("a person walks", WALK), Prompt("someone sits down", SIT, (shown,))]
    return FlatPolicy(load_embedded(assets / "language", SHIPPED), prompts, rough=False)


@pytest.fixture(scope="module")
def judge():
    return Judge.load(SHIPPED, TextEncoder(SHIPPED), catalogue())


def rows_of(policy, codes):
    rows = [torch.tensor([policy.first_prompt + i, *policy.flat(c)]) for i, c in enumerate(codes)]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def test_flat_ids_come_back(policy):
    codes = np.random.default_rng(0).integers(0, CODES, (7, LEVELS))
    ids = policy.flat(codes)
    assert ids[-1] == END and len(set(range(policy.first_prompt)) & set(ids)) == len(set(ids))
    assert (policy.unflat(ids) == codes).all()
    assert policy.unflat(ids[:-4]).shape == (6, LEVELS), "what is no whole step is left out"
    words = policy.tokenizer()
    assert words("p1 c5").input_ids == [policy.first_prompt + 1, 2 + 5]


def test_log_probabilities_are_those_of_inference(policy):
    """Fed one step after the other through the cache, as drafts are sampled."""
    policy.generator.manual_seed(1)
    codes = [policy.sample(i, 1)[0] for i in (0, 1)]
    with torch.no_grad():
        found = policy(rows_of(policy, codes)).log_probs
    for row, (prompt, own) in enumerate(zip(policy.prompts, codes, strict=True)):
        model, adapter, places = policy.embedded, policy.adapter, step_places(prompt.plan)
        with torch.inference_mode():
            start = model.motion_prompt(prompt.request, prompt.plan, prompt.references)
            stream = Stream.begin(model.llama, start)
            previous, expected = torch.full((1, LEVELS), adapter.no_code), []
            for i, step in enumerate(torch.from_numpy(own)[:, None]):
                at = (int(places.elapsed[i]), int(places.left[i]), int(places.segment[i]))
                stream.feed(step_input(adapter, previous, *at))
                for level in range(LEVELS):
                    logs = adapter.level_logits(stream.hidden, step[:, :level]).log_softmax(-1)
                    expected.append(float(logs[0, step[0, level]]))
                previous = step
        assert found[row, : len(expected)].numpy() == pytest.approx(np.array(expected), abs=1e-4)
        assert not found[row, len(expected) :].any(), "the end is no choice"


def test_log_probabilities_are_those_of_training(policy):
    codes = np.random.default_rng(1).integers(0, CODES, (WALK.num_steps, LEVELS))
    model = policy.embedded
    ids = context_ids(model.tokenizer, "", False) + model.tokenizer.encode(str(WALK))
    ids += [V.mark_id(model.tokenizer, V.END), V.mark_id(model.tokenizer, V.MOTION)]
    example = Example("a person walks", ids, [False] * len(ids), step_places(WALK), codes, codes)
    with torch.no_grad():
        batch = collate([example], model.llama, model.adapter, model.encoder.read(texts_of([example])))
        _, report = batch_loss(model.llama, model.adapter, batch)
        found = policy(rows_of(policy, [codes])).log_probs[0, : codes.size].reshape(-1, 4, 3)
    told = [report[f"level{q}"] for q in range(4)]
    assert (-found.mean((0, 2))).tolist() == pytest.approx(told, abs=0.02), "training reckons in bfloat16"


def test_drafts_fill_the_plan_and_follow_the_generator(policy):
    asked = torch.tensor([[policy.first_prompt + i] for i in (0, 0, 1)])
    policy.generator.manual_seed(3)
    first = policy.generate(asked)
    policy.generator.manual_seed(3)
    assert torch.equal(first, policy.generate(asked))
    assert not torch.equal(first[0], first[1])
    steps = [len(policy.unflat(row[1:].tolist())) for row in first]
    assert steps == [WALK.num_steps, WALK.num_steps, SIT.num_steps]


def test_temperatures_cool_the_log_probabilities(policy, assets):
    codes = [policy.sample(0, 1)[0]]
    cold = FlatPolicy(load_embedded(assets / "language", SHIPPED), policy.prompts, heats=[0.5] * LEVELS, rough=False)
    with torch.no_grad():
        warm, cool = (p(rows_of(policy, codes)) for p in (policy, cold))
    assert cool.entropy.sum() < warm.entropy.sum()


def test_rewards_rank_what_was_asked_above_something_else(judge):
    rng = np.random.default_rng(4)
    truth, right, wrong = perform_plan(WALK, rng), perform_plan(WALK, rng), perform_plan(SIT, rng)
    both = judge.dual("a person walks forward", encode_features(truth), [right, wrong])
    assert (both[0] > both[1] + 0.1).all()
    assert judge.alignment(WALK, right) > judge.alignment(WALK, wrong) + 0.1


def test_form_asks_for_the_postures_of_the_plan(judge):
    assert plan_postures(SIT, catalogue()) == ("stand", "sit")
    assert plan_postures(parse_plan("make wave side=left count=2 for 2.0"), catalogue()) == ("any", "any")
    rng = np.random.default_rng(5)
    sat = perform_plan(SIT, rng)
    assert judge.form(SIT, sat) > 0.98
    assert judge.form(SIT, perform_plan(WALK, rng)) == pytest.approx(2 / 3, abs=0.02)


def test_form_counts_what_there_is_to_clean_up(judge):
    sat = perform_plan(SIT, np.random.default_rng(5))
    sunk = sat.with_(root_pos=sat.root_pos - np.array([0, 0.1, 0], np.float32))
    assert judge.form(SIT, sunk) < judge.form(SIT, sat) - 0.02


def test_pairs_are_best_with_worst():
    rewards = np.array([0.2, 0.9, 0.5, 0.45])
    assert dpo.rank(rewards, 2, 0.03) == [(1, 0), (2, 3)]
    assert dpo.rank(rewards, 2, 0.1) == [(1, 0)]
    assert dpo.rank(rewards[:3], 2, 0.0) == [(1, 0)], "a draft is never paired with itself"


def small(kind, name, **changed):
    """The recipe as it ships, with fewer drafts and larger steps."""
    values = {k: v for k, v in yaml.safe_load((RECIPES / f"{name}.yaml").read_text()).items() if k != "stage"}
    assert kind(**values) == kind(), "the file says what the defaults say"
    return replace(kind(**values), goals=2, drafts=3, lr=1e-3, lr_llama=1e-3, **changed)


TUNED = {
    "dpo": (dpo.train_dpo, small(dpo.DpoRecipe, "dpo", margin=0.0, batch=2)),
    "grpo": (grpo.train_grpo, small(grpo.GrpoRecipe, "grpo", prompts=1)),
}


@pytest.mark.parametrize("name", TUNED)
def test_two_steps_change_what_speaks_motion_and_nothing_else(name, assets, tmp_path):
    tune, recipe = TUNED[name]
    start = assets / "language"
    out = tune(recipe, start, assets, tmp_path, 2)
    assert out == tmp_path / name
    for file in start.iterdir():
        same = file.read_bytes() == (out / file.name).read_bytes()
        assert same == (file.name not in ("model.safetensors", "adapter.safetensors")), file.name
    adapter, before = (load_file(f / "adapter.safetensors") for f in (out, start))
    assert adapter.keys() == before.keys(), "a model that knew no references still knows none"
    moved = {k.split(".")[0] for k, v in before.items() if not torch.equal(v.half(), adapter[k])}
    assert {"code", "first", "residual"} <= moved and not moved & {"soft", "soft_sentence", "reference"}
    llama, before = (load_file(f / "model.safetensors") for f in (out, start))
    moved = {k for k, v in before.items() if not torch.equal(v.half(), llama[k])}
    assert llama.keys() == before.keys()
    assert moved and all(k.startswith("model.layers") for k in moved), "words stay as they are"
    model = load_embedded(out, replace(SHIPPED, four_bit=True))
    *_, last = model.stream_motion("a person walks", WALK, torch.Generator().manual_seed(0), 2)
    assert last.codes.shape == (2, WALK.num_steps, LEVELS)


def test_without_a_rate_the_llama_stays(assets, tmp_path):
    tune, recipe = TUNED["dpo"]
    out = tune(replace(recipe, lr_llama=0.0), assets / "language", assets, tmp_path, 1)
    llama, before = (load_file(f / "model.safetensors") for f in (out, assets / "language"))
    assert all(torch.equal(v.half(), llama[k]) for k, v in before.items())


def test_pairs_draw_the_chosen_away_from_the_rejected(assets, tmp_path, monkeypatch):
    rng = np.random.default_rng(6)
    prompts = []

    def one_pair(setting, learner, recipe):
        prompts[:] = learner.prompts
        steps = learner.prompts[0].plan.num_steps
        chosen, rejected = (learner.flat(rng.integers(0, CODES, (steps, LEVELS))) for _ in range(2))
        pair = {"prompt_ids": [learner.first_prompt], "chosen_ids": chosen, "rejected_ids": rejected}
        one_pair.row = pair
        return [pair, pair]

    monkeypatch.setattr(dpo, "draw_pairs", one_pair)
    recipe = dpo.DpoRecipe(goals=1, batch=2, steps=12, lr=2e-3, lr_llama=0.0)
    out = dpo.train_dpo(recipe, assets / "language", assets, tmp_path)

    def margin(folder):
        tuned = FlatPolicy(load_embedded(folder, SHIPPED), prompts, rough=False)
        ids = [one_pair.row["prompt_ids"] + one_pair.row[k] for k in ("chosen_ids", "rejected_ids")]
        with torch.no_grad():
            chosen, rejected = tuned(torch.tensor(ids)).log_probs.sum(1).tolist()
        return chosen - rejected

    assert margin(out) > margin(assets / "language") + 5
