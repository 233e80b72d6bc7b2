"""The plan prior: what it believes of a plan's beginning, how it moves the decoder, and its way to disk."""

import math

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import LogitsProcessorList

from engine.core.config import Config
from engine.core.plan import ActionSpec, parse_plan
from engine.data.compose import catalogue
from engine.language import model
from engine.language import vocabulary as V
from engine.language.interface import DialogueContext
from engine.language.prior import FILE, Belief, PlanPrior, PriorProcessor
from engine.language.shipped import FOLDER, load_embedded
from engine.retrieval.text_encoder import TextEncoder
from engine.train.prior import PriorRecipe, draw_request, train_prior

KNOWN = {
    "walk": ActionSpec("walk", "lower", {"direction": ("forward", "backward")}),
    "walk_curve": ActionSpec("walk_curve", "lower", {"side": ("left", "right")}),
    "wave": ActionSpec("wave", "upper", {"side": ("right", "left", "both")}),
}
BELIEF = Belief(
    {"walk": math.log(0.2), "walk_curve": math.log(0.1), "wave": math.log(0.7)},
    {
        "direction": {"forward": math.log(0.5), "backward": math.log(0.25), "up": math.log(0.25)},
        "side": {"left": math.log(0.6), "right": math.log(0.2), "both": math.log(0.2)},
    },
)


@pytest.mark.parametrize(
    ("text", "probability"),
    [
        ("", 1.0),
        ("make ", 1.0),
        ("make wa", 1.0),
        ("make walk", 0.3),
        ("make walk_c", 0.1),
        ("make wave", 0.7),
        ("make walk direction=", 0.2),
        ("make walk direction=f", 0.2 * 0.5 / 0.75),
        ("make walk direction=backward for 2.0", 0.2 * 0.25 / 0.75),
        ("append wave side=left for 2.0 ; walk direction=backward", 0.7 * 0.6),
        ("make hop", 1e-20),
        ("edit mirror", 1.0),
        ("undo", 1.0),
    ],
)
def test_belief_in_the_beginning_of_a_plan(text, probability):
    assert math.exp(BELIEF.of_text(text, KNOWN)) == pytest.approx(probability, abs=1e-6)


def test_belief_among_some_actions():
    legs = BELIEF.among(["walk", "walk_curve"])
    assert math.exp(legs.of_text("make walk_curve side=", KNOWN)) == pytest.approx(1 / 3)


def test_it_decides_where_the_model_does_not():
    """Greedy decoding of flat scores under the processor writes the likeliest plan of the belief."""
    words = ["make walk direction=forward", "make walk_curve side=left", "wave side=right", "make wave side=both"]
    tokenizer = V.train_vocabulary(words * 5, 400)
    processor = PriorProcessor(tokenizer, BELIEF, KNOWN, 1.0)
    plans = [f"make wave side={s}" for s in ("right", "left", "both")]
    plans += ["make walk direction=forward", "make walk_curve side=left"]
    options = [tokenizer.encode(p) for p in plans]
    written: list[int] = []
    while written not in options:
        following = {row[len(written)] for row in options if row[: len(written)] == written}
        scores = torch.full((1, len(tokenizer)), -torch.inf)
        scores[0, list(following)] = 0.0
        ids = torch.tensor([written], dtype=torch.long)
        written.append(int(LogitsProcessorList([processor])(ids, scores).argmax()))  # pyright: ignore
    assert V.text_of(tokenizer, written) == "make wave side=left"


def test_it_is_kept(tmp_path):
    prior = PlanPrior.of(catalogue())
    prior.save(tmp_path)
    again = PlanPrior.load(tmp_path)
    assert again is not None and again.names == prior.names and again.slots == prior.slots
    text = TextEncoder()(["a person walks"])
    one, other = prior.eval().read(text), again.read(text)
    assert one.actions["walk"] == pytest.approx(other.actions["walk"], abs=0.05)
    assert sum(math.exp(v) for v in one.values["side"].values()) == pytest.approx(1)
    assert PlanPrior.load(tmp_path / "nowhere") is None
    save_file({"action.weight": torch.zeros(3, 384)}, tmp_path / FILE)
    assert PlanPrior.load(tmp_path) is None, "an earlier kind is left out"


def test_requests_are_of_one_action():
    rng = np.random.default_rng(4)
    drawn = [draw_request(rng, catalogue()) for _ in range(60)]
    assert len({call.name for _, call in drawn}) > 30 and all(len(text) > 2 for text, _ in drawn)


def test_a_short_training_learns_something(tmp_path):
    prior = train_prior(PriorRecipe(requests=256, steps=150, batch=64), tmp_path / "work", tmp_path)
    rng = np.random.default_rng([0, 31])
    encoder = TextEncoder()
    rows = [draw_request(rng, catalogue()) for _ in range(40)]
    beliefs = [prior.read(encoder([text])) for text, _ in rows]
    right = [max(b.actions, key=b.actions.__getitem__) == call.name for b, (_, call) in zip(beliefs, rows, strict=True)]
    assert np.mean(right) > 0.5, "it should know by heart what it has just learnt"


@pytest.fixture(scope="module")
def shipped():
    config = Config.from_env()
    return load_embedded(config.assets / FOLDER, config)


@pytest.mark.parametrize(
    ("request_", "names"),
    [
        ("with a broom in both hands, my uncle sweeps the leaves off the porch and hums", [["sweep"]]),
        ("a very tired firefighter sits down on a bench, then she takes a long drink", [["sit"], ["drink"]]),
    ],
)
def test_the_shipped_model_cuts_only_what_is_several_actions(shipped, request_, names):
    line = "".join(shipped.stream_plan(request_, DialogueContext(), torch.Generator().manual_seed(0)))
    assert [[c.name for c in s.calls] for s in parse_plan(line).segments] == names


def test_a_cut_with_a_clause_that_means_nothing_is_refused(shipped, monkeypatch):
    monkeypatch.setattr(model, "split_request", lambda request, tagger, text: [["he sweeps the floor"], ["of the"]])
    assert shipped._clauses("he sweeps the floor of the old kitchen") == []
    monkeypatch.setattr(model, "split_request", lambda request, tagger, text: [["he sweeps the floor"], ["he bows"]])
    assert shipped._clauses("he sweeps the floor, then he bows") == [["he sweeps the floor"], ["he bows"]]
