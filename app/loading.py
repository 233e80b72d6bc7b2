"""Loads the engine in the background, so that the page is there before the model is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from engine.core.errors import UserError

LOADING = "Loading the model…"
BROKEN = "The model could not be loaded; the reason is in the server's log."

log = logging.getLogger(__name__)


class EngineLoader:
    """One engine for all visitors. A load that failed is tried again by the next turn."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._future: Future[Any] | None = None

    def start(self) -> Future[Any]:
        """Begin loading unless it is under way or done."""
        with self._lock:
            if self._future is None or (self._future.done() and self._future.exception() is not None):
                self._future = self._pool.submit(self._logged_load)
            return self._future

    def _logged_load(self) -> Any:
        try:
            return self._load()
        except UserError as error:
            log.warning("the engine cannot be loaded: %s", error)
            raise
        except Exception:
            log.exception("the engine cannot be loaded")
            raise

    @property
    def settled(self) -> bool:
        """Whether loading has ended, well or badly."""
        return self._future is not None and self._future.done()

    @property
    def ready(self) -> bool:
        """Whether there is an engine."""
        return self._future is not None and self._future.done() and self._future.exception() is None

    def wait(self) -> Any:
        """The engine, as soon as it is there. Raises what the load raised, a UserError for what a person can fix."""
        return self.start().result()

    @property
    def notice(self) -> str:
        """One line for the page: loading, what is loaded where, or what went wrong."""
        if self._future is None or not self._future.done():
            return LOADING
        error = self._future.exception()
        if error is None:
            return self._future.result().notice
        return str(error) if isinstance(error, UserError) else BROKEN
