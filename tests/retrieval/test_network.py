"""The part-level retriever: what it sees, that padding changes nothing, that it can be kept, that it learns."""

import numpy as np
import pytest
import torch

from engine.core.features import NUM_FEATURES
from engine.core.plan import parse_plan
from engine.core.skeleton import PARTS
from engine.data.compose import catalogue
from engine.retrieval.network import NAMES, Retriever, RetrieverConfig, pad_clips, part_inputs
from engine.retrieval.text_encoder import TextEncoder
from engine.train.retriever import part_keys

SMALL = RetrieverConfig(32, 16, 24, 32)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return Retriever(SMALL).eval()


def test_parts_see_their_own_joints_and_the_whole_sees_all():
    assert part_inputs("whole") == list(range(NUM_FEATURES))
    seen = [set(part_inputs(p)) for p in PARTS]
    assert set().union(*seen) == set(range(NUM_FEATURES))
    assert not set(part_inputs("left_arm")) & set(part_inputs("right_arm"))


def test_vectors_do_not_depend_on_the_batch(model):
    rng = np.random.default_rng(0)
    clips = [rng.normal(size=(n, NUM_FEATURES)).astype(np.float32) for n in (20, 37, 80, 3)]
    together = model.motions(clips)
    assert together.shape == (4, len(NAMES), SMALL.dim)
    assert np.allclose(np.linalg.norm(together, axis=-1), 1, atol=1e-5)
    for clip, vector in zip(clips, together, strict=True):
        assert np.allclose(model.motions([clip])[0], vector, atol=1e-4)
    padded, lengths = pad_clips(clips, 40)
    assert padded.shape[1] == 80 and lengths.tolist() == [20, 37, 80, 4]
    texts = ["a person waves", "a person walks forward and then sits down on a chair, tired"]
    encoder = TextEncoder()
    both = model.texts(encoder(texts))
    assert both.shape == (2, len(NAMES), SMALL.dim)
    assert np.allclose(model.texts(encoder(texts[:1]))[0], both[0], atol=1e-3)


def test_similarity_is_the_weighted_sum_of_cosines(model):
    rng = np.random.default_rng(1)
    a, b = (rng.normal(size=(n, len(NAMES), SMALL.dim)) for n in (2, 3))
    a, b = (x / np.linalg.norm(x, axis=-1, keepdims=True) for x in (a, b))
    weight = model.weight.detach().numpy()
    expect = sum(weight[n] * a[1, n] @ b[2, n] for n in range(len(NAMES)))
    assert model.similarity(a, b)[1, 2] == pytest.approx(expect, abs=1e-6) and weight.sum() == pytest.approx(1)


def test_it_is_kept_and_named_after_its_weights(model, tmp_path):
    assert Retriever.load(tmp_path) is None
    model.save(tmp_path)
    again = Retriever.load(tmp_path)
    clip = [np.random.default_rng(2).normal(size=(24, NUM_FEATURES)).astype(np.float32)]
    assert again is not None and np.allclose(again.motions(clip), model.motions(clip), atol=2e-2)
    first = again.version
    with torch.no_grad():
        model.log_weight[0] += 1
    model.save(tmp_path)
    changed = Retriever.load(tmp_path)
    assert changed is not None and changed.version != first


def test_part_keys_say_what_each_part_does():
    known = catalogue()

    def keys(line):
        return dict(zip(NAMES, part_keys(parse_plan(line), known), strict=True))

    both = keys("make walk direction=forward speed=normal style=plain & wave side=left count=3 for 4.0")
    walk = keys("make walk direction=forward speed=normal style=plain for 4.0")
    wave = keys("make wave side=left count=3 for 2.0")
    assert both["left_leg"] == walk["left_leg"] and both["root"] == walk["root"]
    assert both["left_arm"] == wave["left_arm"] != walk["left_arm"]
    assert both["right_arm"] == walk["right_arm"], "the other arm goes on swinging"
    assert both["whole"] not in (walk["whole"], wave["whole"]) and both["torso"] != walk["torso"]
