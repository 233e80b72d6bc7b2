"""Visitors of a page whose engine is a fake one, and the browser that opens such a page."""

import shutil
from pathlib import Path

import fake_engine
import gradio as gr
import pytest

from app.actions import Actions
from app.layout import lay_out
from app.loading import EngineLoader
from app.sessions import SessionStore

ARGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


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


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
    with playwright.sync_playwright() as session:
        path = shutil.which("chromium") or shutil.which("google-chrome") or session.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("the browser tests need Chromium: install the package chromium, or run `make browser`")
        browser = session.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()
