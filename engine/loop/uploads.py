"""Attached files: each becomes a version; two at once become one scene of two persons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.core.types import Scene
from engine.io import load, load_pair


def read_attachments(paths: Sequence[Path]) -> tuple[Scene, str]:
    """The scene in one or two files and its title, such as "uploaded walk.bvh". UserError for a bad file."""
    names = " and ".join(p.name for p in paths)
    scene = load(paths[0]) if len(paths) == 1 else load_pair(*paths)
    return scene if scene.caption else scene.with_(caption=names), f"uploaded {names}"
