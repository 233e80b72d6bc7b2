"""What is shown and what can be downloaded: the viewer's value, and the bytes behind its addresses."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from app.sessions import SESSION_SUFFIX, SessionStore, Visitor
from app.shelf import Draft
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.loop.timeline import Mark, Timeline, scene_timeline, timeline
from engine.loop.versions import Version

FORMATS = {
    ".glb": "GLB (Blender, Unreal)",
    ".bvh": "BVH (Maya, MotionBuilder)",
    ".npz": "NPZ (AMASS)",
    ".mp4": "MP4 (video)",
}
ONE_PERSON = (".bvh", ".npz")
"""Formats that hold one person; two persons are two files in one zip."""
OPTIONS = {".bvh": {"names": str, "fps": float, "units": str, "up": str}}
"""What may be asked of a format beside its suffix: options of `engine.save`."""
MEDIA_TYPES = {".glb": "model/gltf-binary", ".mp4": "video/mp4"}
VIEW = "view.glb"
"""The name under which the viewer fetches a version; it holds the ghost as well."""
WAYS = ("over", "beside")
_COMPARED = re.compile(rf"({'|'.join(WAYS)})-([0-9]+)\.glb")
"""The name under which the viewer fetches a version over or beside another one."""

Save = Callable[..., Any]
"""Writes a scene to a path, in the format of its suffix; options by name."""

_one_export = Lock()
_timelines: WeakKeyDictionary[Version | Draft, dict[str, Any]] = WeakKeyDictionary()


def version_of(session: Any, version_id: int) -> Any:
    """The version of that number. UserError if the session has none such."""
    for version in session.versions:
        if version.id == version_id:
            return version
    raise UserError(f"There is no version {version_id} in this conversation.")


def shown_version(visitor: Visitor) -> dict[str, Any] | None:
    """The viewer's value for the current version, with what it is compared to; None before the first motion."""
    session = visitor.session
    if session is None or session.version is None:
        return None
    version = version_of(session, session.version)
    base = f"motion/{visitor.id}/{version.id}"
    more = {"version": version.id, "downloads": _links(version, base)}
    chosen, other = visitor.shelf.compare, compared(visitor)
    if chosen is None or other is None:
        title = f"Version {version.id}: {version.label}"
        return _value(version, f"{base}/{VIEW}", title) | more
    value = _value(version, f"{base}/{chosen.way}-{other.id}.glb", compared_title(visitor))
    longest_s = max(m.duration_s for m in (*version.scene.motions, *other.scene.motions))
    value["frames"] = max(value["frames"], round(longest_s * value["fps"]))
    return value | more | ({"ghost": True} if chosen.way == "over" else {})


def _links(version: Any, base: str) -> dict[str, str]:
    """The address of each format by its label."""
    name = f"{version.id}-{slug(version.label)}"
    packed = ONE_PERSON if len(version.scene.motions) > 1 else ()
    links = {}
    for suffix, label in FORMATS.items():
        if suffix in packed:
            links[f"{label}, two files"] = f"{base}/{name}{suffix}.zip"
        else:
            links[label] = f"{base}/{name}{suffix}"
    return links


def compared(visitor: Visitor) -> Any | None:
    """The version that is seen with the current one by choice, if any."""
    session, chosen = visitor.session, visitor.shelf.compare
    if session is None or chosen is None or session.version in (None, chosen.version):
        return None
    return next((v for v in session.versions if v.id == chosen.version), None)


def compared_title(visitor: Visitor) -> str:
    """What the viewer and the tree say of a comparison."""
    chosen = visitor.shelf.compare
    assert chosen is not None
    return f"Version {visitor.session.version} {chosen.way} version {chosen.version}"


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
        told = timeline(shown) if isinstance(shown, Version) else scene_timeline(shown.scene)
        value = {"duration": round(shown.scene.duration_s, 3), **_marks(told)}
        if told.partner:
            touches = [[t.a, t.b, round(t.start_s, 3), round(t.end_s, 3)] for t in told.touches]
            value |= {"partner": _marks(told.partner), "touches": touches}
        _timelines[shown] = value
    return _timelines[shown]


def _marks(told: Timeline) -> dict[str, list[Any]]:
    return {name: [_mark(mark) for mark in getattr(told, name)] for name in ("contacts", "events", "changed")}


def _mark(mark: Mark) -> list[Any]:
    return [mark.name, mark.number, round(mark.start_s, 3), round(mark.end_s, 3)]


def slug(title: str) -> str:
    """A file name's worth of a sentence."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:48].strip("-") or "motion"


def motion_bytes(
    store: SessionStore, visitor_id: str, which: str, name: str, save: Save, options: Mapping[str, str] | None = None
) -> bytes:
    """The file behind motion/<visitor>/<which>/<name>; which is a version's number, `draft-<n>` or `session`.

    options: how to export, as the address says it.  UserError for an unknown visitor, version, suffix or option, and
    for what the exporter cannot do.
    """
    visitor = store.find(visitor_id)
    session = store.session(visitor)
    if which == "session":
        return session_bytes(visitor)
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
    if match := _COMPARED.fullmatch(name):
        other = version_of(session, int(match[2])).scene
        return store.loader.wait().glb(version.scene, **{"ghost" if match[1] == "over" else "beside": other})
    return export(version.scene, name.lower(), save, options or {})


def session_bytes(visitor: Visitor) -> bytes:
    """The whole conversation as one file. UserError while a turn runs."""
    visitor.require_idle()
    with tempfile.TemporaryDirectory(prefix="kinetalk-") as folder:
        path = Path(folder) / f"session{SESSION_SUFFIX}"
        visitor.session.save(path)
        return path.read_bytes()


def export(scene: Scene, name: str, save: Save, options: Mapping[str, str]) -> bytes:
    """`scene` in the format of the name's suffix, one export at a time; several files as a zip, if it ends so."""
    path = Path(name.removesuffix(".zip"))
    if path.suffix not in FORMATS:
        raise UserError(f"{path.suffix!r} cannot be downloaded; choose {', '.join(FORMATS)}.")
    settings = parse_options(path.suffix, options)
    with _one_export, tempfile.TemporaryDirectory(prefix="kinetalk-") as folder:
        save(scene, Path(folder) / (slug(path.stem) + path.suffix), **settings)
        files = sorted(Path(folder).iterdir())
        if name.endswith(".zip"):
            return _zipped(files)
        if len(files) != 1:
            raise UserError(f"A {path.suffix} file holds one person and this motion has two: ask for {path.name}.zip.")
        return files[0].read_bytes()


def parse_options(suffix: str, options: Mapping[str, str]) -> dict[str, Any]:
    """The options of an address as those of `engine.save`; an empty one is left out. UserError for any other."""
    known = OPTIONS.get(suffix, {})
    for key, text in options.items():
        if key not in known:
            raise UserError(f"The export of {suffix} has no option {key!r}; it has {', '.join(known) or 'none'}.")
        if known[key] is float and text and not re.fullmatch(r"[0-9]{1,3}(\.[0-9]+)?", text):
            raise UserError(f"The frame rate {text!r} is not a number; write one such as 30.")
    return {key: known[key](text) for key, text in options.items() if text}


def _zipped(files: list[Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
    return packed.getvalue()
