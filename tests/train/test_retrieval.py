"""Figures of retrieval: ranks, goals, tables, and a retriever that knows nothing is found out."""

import numpy as np
import pytest
import torch

from engine.core.config import Config
from engine.core.errors import UserError
from engine.retrieval.network import FOLDER, Retriever, RetrieverConfig
from engine.train.metrics.findings import Findings
from engine.train.metrics.retrieval import (
    KINDS,
    RetrievalFigures,
    RetrievalRow,
    format_retrieval,
    found_among,
    measure_retrieval,
    ranks,
    retrieval_pairs,
    search_ms,
)


def test_ranks_count_ties_against_their_own():
    similarity = np.array([[0.9, 0.1, 0.2], [0.5, 0.5, 0.1], [0.8, 0.7, 0.6]])
    assert ranks(similarity).tolist() == [1, 2, 3]
    assert found_among(similarity) == (pytest.approx(1 / 3), 1.0, 1.0, 2.0)
    assert found_among(np.zeros((40, 40)))[:3] == (0.0, 0.0, 0.0), "what is all the same finds nothing"


def test_pairs_say_different_things():
    for kind in KINDS:
        pairs = retrieval_pairs(kind, 8)
        assert len(pairs.texts) == len(pairs.clips) == len(set(pairs.captions)) == 8
    assert all(" while " in caption for caption in retrieval_pairs("two actions at once", 5).captions)


def test_an_untrained_retriever_misses_its_goals(tmp_path):
    with pytest.raises(UserError, match="train retriever"):
        measure_retrieval(Config(assets=tmp_path), 4)
    torch.manual_seed(0)
    Retriever(RetrieverConfig(32, 16, 24, 32)).eval().save(tmp_path / FOLDER)
    retriever = Retriever.load(tmp_path / FOLDER)
    assert retriever is not None and 0 < search_ms(retriever, 200) < 1000
    rows = [
        RetrievalRow(kind, by, (share,) * 3 + (4.0,), (share,) * 3 + (4.0,))
        for kind in KINDS
        for by, share in (("captions alone", 0.5), ("whole body", 0.4), ("whole body and parts", 0.3))
    ]
    figures = RetrievalFigures(tuple(rows), 20.0)
    assert [goal.met for goal in figures.goals()] == [False] * 3
    text = format_retrieval(figures)
    assert "50.0" in text and "20.0 ms" in text and all(kind in text for kind in KINDS)
    assert Findings(retrieval=figures).to_dict()["retrieval"]["search_ms"] == 20.0
