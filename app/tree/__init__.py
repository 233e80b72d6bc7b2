"""The versions as a tree under the viewer: what the browser is told of them, and the files that draw it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.downloads import compared, compared_title, slug
from app.sessions import SESSION_SUFFIX, Visitor
from engine.loop.versions import MAX_NAME, Version

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
"""The script that the browser fetches."""
ON_LOAD = """
const root = window.gradio_config.root || window.location.origin;
const base = new URL(root, window.location.href).pathname.replace(/\\/?$/, '/');
import(base + 'tree/tree.js').then((module) => module.mount(element, props, trigger, watch));
"""
"""What gr.HTML runs once the template is on the page."""


@dataclass(frozen=True)
class Row:
    """A line of the tree. label: what the version is called; title: the sentence or file that it came of.

    depth: how far it is indented; branch_of: the version that a branch begins at here, None within a line.
    """

    id: int
    label: str
    title: str
    seconds: float
    depth: int
    branch_of: int | None


def tree_rows(versions: Sequence[Version]) -> list[Row]:
    """The tree from its roots: a version's first successor goes on below it, the others branch off, one step in.

    The branches stand right below the version that they begin at, so that nobody has to count lines.
    """
    after: dict[int | None, list[Version]] = {}
    for version in versions:
        after.setdefault(version.parent, []).append(version)
    waiting: list[tuple[Version, int, int | None]] = [(root, 0, None) for root in reversed(after.get(None, []))]
    rows = []
    while waiting:
        version, depth, branch_of = waiting.pop()
        seconds = max(m.duration_s for m in version.scene.motions)
        rows.append(Row(version.id, version.label, version.title, round(seconds, 2), depth, branch_of))
        first, *others = after.get(version.id) or [None]
        if first is not None:
            waiting.append((first, depth, None))
        waiting += [(v, depth + 1, version.id) for v in reversed(others) if v is not None]
    return rows


def shown_tree(visitor: Visitor) -> dict[str, Any] | None:
    """The panel's value; None before the first motion."""
    session = visitor.session
    if session is None or session.version is None:
        return None
    other, chosen = compared(visitor), visitor.shelf.compare
    return {
        "rows": [asdict(row) for row in tree_rows(session.versions)],
        "current": session.version,
        "compare": None if chosen is None else asdict(chosen),
        "note": "" if other is None else compared_title(visitor),
        "longest": MAX_NAME,
        "save": f"motion/{visitor.id}/session/{slug(session.versions[0].label)}{SESSION_SUFFIX}",
    }


def template() -> str:
    """The panel's HTML."""
    return (FOLDER / "template.html").read_text(encoding="utf-8")


def stylesheet() -> str:
    """The panel's CSS; gr.HTML scopes it to the component."""
    return (FOLDER / "tree.css").read_text(encoding="utf-8")
