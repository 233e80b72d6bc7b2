"""The body that savers and contact sheets show when the caller names none."""

from __future__ import annotations

import functools

from engine.body import Body, load_body
from engine.core.config import Config


@functools.cache
def shown_body() -> Body:
    """The body that the environment asks for (KINETALK_BODY_DIR) or the default one; loaded once."""
    return load_body(Config.from_env())
