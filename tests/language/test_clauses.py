"""Cutting a request for several actions into its clauses."""

import re

import numpy as np
import pytest
import torch

from engine.core.config import Config
from engine.core.plan import parse_plan
from engine.data.captions import caption_spans
from engine.language.clauses import ClauseTagger, clauses_of, load_tagger, split_request
from engine.language.model import FOLDER
from engine.retrieval.text_encoder import TextEncoder
from engine.train.clauses import piece_tags

REQUEST = "she bows, but before that she waves twice"


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder()


def test_a_caption_tells_where_each_segment_is_said():
    plan = parse_plan("make bow count=1 for 2.4 ; clap count=5 for 3.0 ; kick side=left count=1 height=normal for 1.6")
    right = 0
    for seed in range(60):
        text, spans = caption_spans(plan, np.random.default_rng(seed), seconds=0.0)
        assert len(spans) == 3 and all(0 <= a < b <= len(text) for a, b in spans)
        assert not any(ord(c) > 0xDFFF for c in text)
        said = [text[a:b].lower() for a, b in spans]
        right += [bool(re.search("five|5", words)) for words in said] == [False, True, False]
    assert right > 50


def test_what_happens_last_may_be_said_first():
    plan = parse_plan("make bow count=1 for 2.4 ; clap count=5 for 3.0")
    found = [caption_spans(plan, np.random.default_rng(seed))[1] for seed in range(120)]
    assert 0 < sum(first > second for (first, _), (second, _) in found) < 60


def test_clauses_come_in_the_order_of_the_actions(encoder):
    text = encoder([REQUEST])
    bows, waves = REQUEST.index("bows"), REQUEST.index("waves twice")
    tags = piece_tags(text, [[(waves, len(REQUEST)), (bows, bows + 4)]])[0].tolist()
    assert clauses_of(REQUEST, tags, text) == ["waves twice", "bows"]


def test_a_clause_never_begins_or_ends_inside_a_word(encoder):
    request = "somebody claps, then genuflects"
    text = encoder([request])
    places = [request[a:b] for a, b in text.places[0].tolist()]
    tags = [1 if piece == "s" and i < 8 else 2 if piece == "gen" else 0 for i, piece in enumerate(places)]
    assert set(tags) == {0, 1, 2}, places
    assert clauses_of(request, tags, text) == ["claps", "genuflects"]


def test_one_clause_is_no_sequence(encoder):
    text = encoder([REQUEST])
    tags = piece_tags(text, [[(0, len(REQUEST))]])[0].tolist()
    assert clauses_of(REQUEST, tags, text) == []
    assert clauses_of(REQUEST, [0] * len(tags), text) == []


def test_padding_is_not_tagged_and_changes_nothing(encoder):
    tagger = ClauseTagger().eval()
    alone, beside = encoder([REQUEST]), encoder([REQUEST, REQUEST + " and then she sits down on the floor"])
    width = alone.mask.shape[1]
    with torch.inference_mode():
        a = tagger(alone)[0]
        b = tagger(beside)[0, :width]
    assert torch.allclose(a, b, atol=1e-4)
    assert (piece_tags(beside, [[], []])[0, width:] == -100).all()


@pytest.mark.parametrize(
    "request_, first, second",
    [
        ("a man walks forward, then turns around", "walks", "turns"),
        ("a person punches with the right hand and then kicks with the left leg", "punches", "kicks"),
        ("the woman shakes her head and then crosses her arms", "shakes", "crosses"),
    ],
)
def test_the_shipped_tagger_cuts_sequences(encoder, request_, first, second):
    tagger = load_tagger(Config.from_env().assets / FOLDER)
    assert tagger is not None
    clauses = split_request(request_, tagger, encoder)
    assert len(clauses) == 2 and first in clauses[0] and second in clauses[1]


@pytest.mark.parametrize("request_", ["a person walks forward while waving", "do three squats", "make it slower"])
def test_the_shipped_tagger_leaves_one_thing_whole(encoder, request_):
    tagger = load_tagger(Config.from_env().assets / FOLDER)
    assert tagger is not None
    assert split_request(request_, tagger, encoder) == []
