"""Visitors of a page whose engine is a fake one."""

import fake_engine
import gradio as gr
import pytest

from app.actions import Actions
from app.layout import lay_out
from app.loading import EngineLoader
from app.sessions import SessionStore


@pytest.fixture
def store(tmp_path):
    store = SessionStore(tmp_path, EngineLoader(fake_engine.FakeEngine))
    store.loader.wait()
    return store


@pytest.fixture
def act(store):
    with gr.Blocks(analytics_enabled=False):
        return Actions(store, lay_out())


@pytest.fixture
def warnings(monkeypatch):
    said = []
    monkeypatch.setattr(gr, "Warning", said.append)
    return said
