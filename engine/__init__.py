"""Kinetalk's public face: say what a person should do, get a moving body, go on talking.

    from engine import Engine, save
    session = Engine.load().new_session(seed=7)
    save(session.send("a person walks forward and waves").scene, "clip.bvh")

Everything is imported when first used, so `import engine` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.core.config import Config
    from engine.core.errors import UserError
    from engine.core.types import Motion, Scene
    from engine.io import load, save
    from engine.loop.engine import Engine
    from engine.loop.request import TurnOptions
    from engine.loop.session import Session

__all__ = ["Config", "Engine", "Motion", "Scene", "Session", "TurnOptions", "UserError", "load", "save"]

_HOME = {
    "Config": "engine.core.config",
    "Engine": "engine.loop.engine",
    "Motion": "engine.core.types",
    "Scene": "engine.core.types",
    "Session": "engine.loop.session",
    "TurnOptions": "engine.loop.request",
    "UserError": "engine.core.errors",
    "load": "engine.io",
    "save": "engine.io",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'engine' has no attribute {name!r}")
    if name == "save":
        importlib.import_module("engine.render")  # registers the savers of .glb, .mp4 and .gif
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value
