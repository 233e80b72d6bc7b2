"""A session as one file: a zip of session.json (what was said, versions, current) and motions.npz (exact arrays).

Nothing is pickled, and opening runs no model: the scenes come back bit for bit.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion, Scene
from engine.edit.scope import Runs, Scope
from engine.loop.events import Choice, Reference, Reply, Step
from engine.loop.models import Models
from engine.loop.session import Session, Turn
from engine.loop.versions import History, Version

FORMAT = "kinetalk session 1"
MAX_BYTES = 1 << 30
_DAMAGE = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError, KeyError, IndexError, TypeError, ValueError,
    AttributeError, AssertionError,
)  # fmt: skip
"""What reading raises on a file that is something else, damaged, or made up."""
_FIELDS = ("root_pos", "joint_quat", "betas")


class _Scenes:
    """Scenes by number, each stored once however many steps and versions show it."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.arrays: dict[str, np.ndarray] = {}
        self._known: dict[int, int] = {}

    def number(self, scene: Scene | None) -> int | None:
        if scene is None:
            return None
        if id(scene) not in self._known:
            self._known[id(scene)] = index = len(self.records)
            for i, motion in enumerate(scene.motions):
                self.arrays |= {f"{index}.{i}.{name}": getattr(motion, name) for name in _FIELDS}
            self.records.append(
                {
                    "caption": scene.caption,
                    "seed": scene.seed,
                    "provenance": dict(scene.provenance),
                    "fps": [m.fps for m in scene.motions],
                }
            )
        return self._known[id(scene)]


def write_session(session: Session, path: Path) -> Path:
    """Write the session to `path`, whole or not at all. UserError if that cannot be done."""
    scenes = _Scenes()
    history = session.history
    record = {
        "format": FORMAT,
        "seed": session.seed,
        "current": history.current_id,
        "undone": history.undone,
        "versions": [
            {
                "parent": v.parent,
                "title": v.title,
                "plan": v.plan,
                "edit": v.edit,
                "scopes": [_scope_record(scope) for scope in v.scopes],
                "scene": scenes.number(v.scene),
            }
            | ({"name": v.name} if v.name else {})
            for v in history.versions
        ],
        "turns": [_turn_record(turn, scenes) for turn in session.turns],
        "scenes": scenes.records,
    }
    motions = io.BytesIO()
    np.savez_compressed(motions, **scenes.arrays)  # type: ignore[arg-type]
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(unfinished, "w") as archive:
            archive.writestr("session.json", json.dumps(record, indent=1, default=_plain))
            archive.writestr("motions.npz", motions.getvalue())
        os.replace(unfinished, path)
    except OSError as error:
        raise UserError(f"The session cannot be saved as {path.name!r}: {error.strerror or error}.") from error
    return path


def _turn_record(turn: Turn, scenes: _Scenes) -> dict[str, Any]:
    reply = turn.reply
    return {
        "text": turn.text,
        "attachments": turn.attachments,
        "reply": reply.text,
        "scene": scenes.number(reply.scene),
        "version": reply.version,
        "trace": [
            {"kind": s.kind, "text": s.text, "score": s.score, "scene": scenes.number(s.scene)} for s in reply.trace
        ],
        "choices": [vars(c) for c in reply.choices],
        "references": [vars(r) for r in reply.references],
    }


def _scope_record(scope: Scope) -> dict[str, Any]:
    return {**vars(scope), "joints": None if scope.joints is None else sorted(scope.joints)}


def _scope(item: Mapping[str, Any]) -> Scope:
    def runs(name: str) -> Runs:
        return tuple((int(old), int(new), int(count)) for old, new, count in item[name])

    joints = None if item["joints"] is None else frozenset(int(j) for j in item["joints"])
    times = float(item["start_s"]), float(item["end_s"])
    return Scope(*times, joints, bool(item["root"]), bool(item["retimed"]), runs("kept"), runs("placed"))


def _plain(value: Any) -> Any:
    """What JSON does not know, as what it does: numpy numbers and arrays, mappings, paths."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} cannot be saved in a session")


def read_session(path: Path, models: Models, owner: str = "") -> Session:
    """The session that `write_session` wrote. UserError for anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(path, archive)
            record = json.loads(archive.read("session.json"))
            motions = io.BytesIO(archive.read("motions.npz"))
            with zipfile.ZipFile(motions) as inner:
                _check_size(path, inner)
            with np.load(motions, allow_pickle=False) as arrays:
                return _rebuild(record, dict(arrays), models, owner)
    except FileNotFoundError as error:
        raise UserError(f"There is no session file {path.name!r}.") from error
    except _DAMAGE as error:
        raise UserError(f"{path.name!r} is not a session that Kinetalk saved, or it is damaged ({error}).") from error


def _check_size(path: Path, archive: zipfile.ZipFile) -> None:
    if sum(member.file_size for member in archive.infolist()) > MAX_BYTES:
        raise UserError(f"{path.name!r} unpacks to more than {MAX_BYTES >> 20} MB and was not opened.")


def _rebuild(record: Mapping[str, Any], arrays: Mapping[str, np.ndarray], models: Models, owner: str) -> Session:
    if record["format"] != FORMAT:
        raise ValueError(f"its format is {record['format']!r}, not {FORMAT!r}")
    scenes: dict[int | None, Scene | None] = {None: None}
    for k, item in enumerate(record["scenes"]):
        motions = [
            Motion(*(arrays[f"{k}.{i}.{name}"] for name in _FIELDS[:2]), fps=fps, betas=arrays[f"{k}.{i}.betas"])
            for i, fps in enumerate(item["fps"])
        ]
        scenes[k] = Scene(tuple(motions), item["caption"], item["seed"], item["provenance"])
    versions = []
    for i, item in enumerate(record["versions"], 1):
        scene = scenes[item["scene"]]
        if scene is None:
            raise ValueError(f"version {i} has no scene")
        said = (str(item["title"]), scene, str(item["plan"]), str(item.get("edit", "")))
        scopes = tuple(_scope(s) for s in item.get("scopes", ()))
        versions.append(Version(i, item["parent"], *said, scopes, str(item.get("name", ""))))
        if item["parent"] not in (None, *range(1, i)):
            raise ValueError(f"version {i} comes after version {item['parent']!r}")
    history = History(tuple(versions), record["current"], tuple(record["undone"]))
    if not {history.current_id, *history.undone} <= {None, *(v.id for v in versions)}:
        raise ValueError("it names a version that it does not hold")
    turns = [_turn(item, scenes) for item in record["turns"]]
    return Session(models, record["seed"], history, turns, owner)


def _turn(item: Mapping[str, Any], scenes: Mapping[int | None, Scene | None]) -> Turn:
    trace = tuple(Step(s["kind"], s["text"], s["score"], scenes[s["scene"]]) for s in item["trace"])
    references = tuple(Reference(**r) for r in item["references"])
    choices = tuple(Choice(**c) for c in item.get("choices", ()))
    reply = Reply(item["reply"], scenes[item["scene"]], trace, references, item["version"], choices)
    return Turn(item["text"], tuple(item["attachments"]), reply)
