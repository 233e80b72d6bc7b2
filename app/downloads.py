"""What is shown and what can be downloaded: the viewer's value, and the bytes behind its addresses."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from app.sessions import SessionStore, Visitor
from app.shelf import Draft
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.loop.timeline import Mark, motion_timeline, timeline
from engine.loop.versions import Version

FORMATS = {
    ".glb": "GLB (Blender, Unreal)",
    ".bvh": "BVH (Maya, MotionBuilder)",
    ".npz": "NPZ (AMASS)",
    ".mp4": "MP4 (video)",
}
MEDIA_TYPES = {".glb": "model/gltf-binary", ".mp4": "video/mp4"}
VIEW = "view.glb"
"""The name under which the viewer fetches a version; it holds the ghost as well."""

Save = Callable[[Scene, Path], Any]
"""Writes a scene to a path, in the format of its suffix."""

_one_export = Lock()
_timelines: WeakKeyDictionary[Version | Draft, dict[str, Any]] = WeakKeyDictionary()


def version_of(session: Any, version_id: int) -> Any:
    """The version of that number. UserError if the session has none such."""
    for version in session.versions:
        if version.id == version_id:
            return version
    raise UserError(f"There is no version {version_id} in this conversation.")


def shown_version(visitor: Visitor) -> dict[str, Any] | None:
    """The viewer's value for the current version; None before the first motion."""
    session = visitor.session
    if session is None or session.version is None:
        return None
    version = version_of(session, session.version)
    base = f"motion/{visitor.id}/{version.id}"
    name = f"{version.id}-{slug(version.title)}"
    links = {label: f"{base}/{name}{suffix}" for suffix, label in FORMATS.items()}
    title = f"Version {version.id}: {version.title}"
    return _value(version, f"{base}/{VIEW}", title) | {"version": version.id, "downloads": links}


def shown_draft(visitor: Visitor, number: int) -> dict[str, Any]:
    """The viewer's value for a draft that is kept under that number."""
    draft = visitor.shelf.drafts[number]
    return _value(draft, f"motion/{visitor.id}/draft-{number}/{VIEW}", draft.title)


def _value(shown: Version | Draft, url: str, title: str) -> dict[str, Any]:
    longest = max(shown.scene.motions, key=lambda m: m.duration_s)
    size = {"fps": longest.fps, "frames": longest.num_frames}
    return {"url": url, "title": title, **size, "timeline": shown_timeline(shown)}


def shown_timeline(shown: Version | Draft) -> dict[str, Any]:
    """The strip's value, worked out once for each version and draft; nobody knows what a draft changed."""
    if shown not in _timelines:
        is_version = isinstance(shown, Version)
        told = timeline(shown) if is_version else motion_timeline(shown.scene.motions[0])
        marks = {name: [_mark(mark) for mark in getattr(told, name)] for name in ("contacts", "events", "changed")}
        _timelines[shown] = {"duration": round(told.duration_s, 3), **marks}
    return _timelines[shown]


def _mark(mark: Mark) -> list[Any]:
    return [mark.name, mark.number, round(mark.start_s, 3), round(mark.end_s, 3)]


def slug(title: str) -> str:
    """A file name's worth of a sentence."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:48].strip("-") or "motion"


def motion_bytes(store: SessionStore, visitor_id: str, which: str, name: str, save: Save) -> bytes:
    """The file behind motion/<visitor>/<which>/<name>; which is a version's number or `draft-<n>`.

    UserError for an unknown visitor, version or suffix, and for what the exporter cannot do.
    """
    visitor = store.find(visitor_id)
    session = store.session(visitor)
    if which.startswith("draft-"):
        number = which.removeprefix("draft-")
        draft = visitor.shelf.drafts.get(int(number)) if number.isdecimal() else None
        if draft is None:
            raise UserError("This draft is not kept any more. Play it again under Rounds or References.")
        alone = not draft.ghost or draft.scene is session.scene
        return store.loader.wait().glb(draft.scene, ghost=None if alone else session.scene)
    if not which.isdecimal():
        raise UserError(f"{which!r} is not the number of a version.")
    version = version_of(session, int(which))
    if name == VIEW:
        parent = None if version.parent is None else version_of(session, version.parent).scene
        return store.loader.wait().glb(version.scene, ghost=parent)
    return export(version.scene, Path(name).suffix.lower(), save)


def export(scene: Scene, suffix: str, save: Save) -> bytes:
    """`scene` in a file format, one export at a time."""
    if suffix not in FORMATS:
        raise UserError(f"{suffix!r} cannot be downloaded; choose {', '.join(FORMATS)}.")
    with _one_export, tempfile.TemporaryDirectory(prefix="kinetalk-") as folder:
        path = Path(folder) / f"motion{suffix}"
        save(scene, path)
        return path.read_bytes()
