"""A library of three shipped clips, small enough for every test to have its own."""

import pytest
import torch
from fake_library import WALK, clip

from engine.core.config import Config
from engine.core.plan import ActionSpec
from engine.data.compose import catalogue
from engine.loop import recall as recalling
from engine.loop.recall import Recall
from engine.retrieval.library import Library, connect
from engine.retrieval.network import Retriever, RetrieverConfig
from engine.retrieval.text_encoder import TextEncoder


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder()


@pytest.fixture
def recall(encoder, tmp_path, monkeypatch):
    """A library of three shipped clips; an untrained retriever, so that what is found is any of them."""
    monkeypatch.setattr(recalling, "LEAST", -1.0)
    torch.manual_seed(0)
    retriever = Retriever(RetrieverConfig(32, 16, 24, 32)).eval()
    shipped = [clip(WALK, "a walk", "shipped"), clip("make bow for 2.0", "a bow", "shipped")]
    shipped.append(clip("make wave for 2.0", "a wave", "shipped"))
    library = Library(connect(Config(), tmp_path), retriever, encoder, tmp_path / "clips", shipped)
    library.add(shipped)
    known: dict[str, ActionSpec] = catalogue()
    return Recall(library, known)
