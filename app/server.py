"""One server on one port: the viewer's files, the motions, and the Gradio page."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles

from app import tree, viewer
from app.downloads import MEDIA_TYPES, Save, motion_bytes
from app.loading import EngineLoader
from app.page import build_page
from app.sessions import SessionStore
from app.theme import ON_LOAD, STYLESHEET, theme
from engine.core.errors import UserError

MAX_UPLOAD = "64mb"

log = logging.getLogger(__name__)


def build_app(load_engine: Callable[[], Any], save: Save, home: Path) -> FastAPI:
    """The whole application; starts loading the engine in the background.

    load_engine: makes the shared engine.  save: writes a scene to a path by its suffix.  home: where sessions are kept.
    """
    # Gradio sums up its own traffic after every event, with pandas; nothing here reads the sums.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))
    loader = EngineLoader(load_engine)
    store = SessionStore(home, loader)
    app = FastAPI(title="Kinetalk", docs_url=None, redoc_url=None, openapi_url=None)
    _add_motions(app, store, save)
    _add_viewer(app)
    asyncio.run(_add_page(app, store))
    removed = store.prune()
    if removed:
        log.info("removed %d conversations that were not used for a month", removed)
    loader.start()
    return app


async def _add_page(app: FastAPI, store: SessionStore) -> None:
    """Inside a running event loop, because Gradio would otherwise make loops of its own and leave them open."""
    gr.mount_gradio_app(
        app,
        build_page(store),
        path="/",
        theme=theme(),
        css_paths=STYLESHEET,
        js=ON_LOAD,
        footer_links=[],
        show_error=False,
        max_file_size=MAX_UPLOAD,
        ssr_mode=False,
    )


def _add_motions(app: FastAPI, store: SessionStore, save: Save) -> None:
    @app.get("/motion/{visitor_id}/{which}/{name}")
    def motion(visitor_id: str, which: str, name: str, request: Request) -> Response:
        try:
            data = motion_bytes(store, visitor_id, which, name, save, request.query_params)
        except UserError as error:
            return PlainTextResponse(str(error), status_code=422)
        except Exception:
            log.exception("%s of %s could not be written", name, which)
            return PlainTextResponse("This file could not be written; the reason is in the server's log.", 500)
        media_type = MEDIA_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")
        return Response(data, media_type=media_type, headers={"Cache-Control": "private, no-cache"})


def _add_viewer(app: FastAPI) -> None:
    @app.get("/viewer/three.js")
    def three_js() -> Response:
        return Response(viewer.three_js(), media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})

    app.mount("/viewer", StaticFiles(directory=viewer.STATIC))
    app.mount("/tree", StaticFiles(directory=tree.STATIC))
