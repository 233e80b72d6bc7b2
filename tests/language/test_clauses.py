"""Cutting a request for several actions into its clauses."""

import re

import numpy as np
import pytest
import torch

from engine.core.config import Config
from engine.core.plan import parse_plan
from engine.data.captions import Span, caption_spans
from engine.data.compose import catalogue
from engine.language.clauses import NUM_TAGS, ClauseTagger, clauses_of, likeliest_tags, load_tagger, split_request
from engine.language.reader import tuned
from engine.language.shipped import FOLDER
from engine.retrieval.text_encoder import TextEncoder
from engine.train.tagging import piece_tags, several_actions

REQUEST = "she bows, but before that she waves twice"


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder()


def test_a_caption_tells_where_each_call_is_said():
    plan = parse_plan("make bow count=1 for 2.4 ; clap count=5 for 3.0 ; kick side=left count=1 height=normal for 1.6")
    right = 0
    for seed in range(60):
        text, spans = caption_spans(plan, np.random.default_rng(seed), seconds=0.0)
        assert {s.call for s in spans} == {0, 2, 4} and all(0 <= s.start < s.stop <= len(text) for s in spans)
        assert not any(ord(c) > 0xDFFF for c in text)
        said = [text[s.start : s.stop].lower() for s in sorted(spans, key=lambda s: s.call)]
        right += [bool(re.search("five|5", words)) for words in said] == [False, True, False]
    assert right > 50


def test_what_happens_last_may_be_said_first():
    plan = parse_plan("make bow count=1 for 2.4 ; clap count=5 for 3.0")
    found = [caption_spans(plan, np.random.default_rng(seed))[1] for seed in range(120)]
    assert 0 < sum([s.call for s in spans] == [2, 0] for spans in found) < 60


def test_what_happens_at_once_is_told_apart():
    plan = parse_plan("make walk direction=forward speed=normal style=plain & wave side=left count=3 for 4.0")
    for seed in range(30):
        text, spans = caption_spans(plan, np.random.default_rng(seed), seconds=1.0)
        said = {k: " ".join(text[s.start : s.stop].lower() for s in spans if s.call == k) for k in (0, 1)}
        assert "left" in said[1] and "left" not in said[0] and "4" not in said[1], said


def test_requests_name_up_to_six_actions():
    rng, known = np.random.default_rng(0), catalogue()
    plans = [several_actions(rng, known)[2] for _ in range(400)]
    assert {len(p.segments) for p in plans} == {1, 2, 3, 4, 5, 6}


def test_clauses_come_in_the_order_of_the_actions(encoder):
    text = encoder([REQUEST])
    bows, waves = REQUEST.index("bows"), REQUEST.index("waves twice")
    tags = piece_tags(text, [[Span(0, waves, len(REQUEST)), Span(2, bows, bows + 4)]])[0].tolist()
    assert clauses_of(REQUEST, tags, text) == [["waves twice"], ["bows"]]
    tags = piece_tags(text, [[Span(0, waves, len(REQUEST)), Span(1, bows, bows + 4)]])[0].tolist()
    assert clauses_of(REQUEST, tags, text) == [["waves twice", "bows"]]


def test_a_clause_never_begins_or_ends_inside_a_word(encoder):
    request = "somebody claps, then genuflects"
    text = encoder([request])
    places = [request[a:b] for a, b in text.places[0].tolist()]
    tags = [1 if piece == "s" and i < 8 else 3 if piece == "gen" else 0 for i, piece in enumerate(places)]
    assert set(tags) == {0, 1, 3}, places
    assert clauses_of(request, tags, text) == [["claps"], ["genuflects"]]


def test_one_clause_is_no_sequence(encoder):
    text = encoder([REQUEST])
    tags = piece_tags(text, [[Span(0, 0, len(REQUEST))]])[0].tolist()
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


@pytest.fixture(scope="module")
def cut(encoder):
    folder = Config.from_env().assets / FOLDER
    tagger, reader = load_tagger(folder), tuned(encoder, folder)
    assert tagger is not None and reader is not encoder
    return lambda request: split_request(request, tagger, reader([request]))


@pytest.mark.parametrize(
    "request_, first, second",
    [
        ("a man walks forward, then turns around", "walks", "turns"),
        ("a person punches with the right hand and then kicks with the left leg", "punches", "kicks"),
        ("the woman shakes her head and then crosses her arms", "shakes", "crosses"),
    ],
)
def test_the_shipped_tagger_cuts_sequences(cut, request_, first, second):
    clauses = cut(request_)
    assert [len(c) for c in clauses] == [1, 1] and first in clauses[0][0] and second in clauses[1][0]


@pytest.mark.parametrize("request_", ["do three squats", "make it slower", "bend your knees and come back up"])
def test_the_shipped_tagger_leaves_one_thing_whole(cut, request_):
    assert cut(request_) == []


def test_the_shipped_tagger_tells_what_happens_at_once(cut):
    assert cut("march in place while clapping") == [["march in place", "clapping"]]
    assert cut("she walks forward while waving with her left hand") == [["walks forward", "waving with her left hand"]]


def test_a_word_that_leans_elsewhere_stays_with_its_neighbours():
    probs = torch.full((5, NUM_TAGS), 1e-4)
    for row, (tag, share) in enumerate(((1, 0.99), (3, 0.84), (1, 0.65), (3, 0.9), (0, 0.99))):
        probs[row, tag] = share
    probs[2, 3] = 0.32
    assert likeliest_tags(probs.log()) == [1, 3, 3, 3, 0]
    probs[2] = torch.full((NUM_TAGS,), 1e-4)
    probs[2, 1] = 0.99
    assert likeliest_tags(probs.log())[2] == 1, "what is sure stays as it is"


def test_the_shipped_tagger_reads_lists(cut):
    assert cut("walk forward, then jump twice, then sit down") == [["walk forward"], ["jump twice"], ["sit down"]]
    waves, *rest = cut("she waves, then bows, then claps")
    assert waves in ([["waves"], ["she waves"]]) and rest == [["bows"], ["claps"]]
