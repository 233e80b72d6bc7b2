"""Motion files become clips of the library, with captions from beside them or made from what they show.

A file `a/b.bvh` is captioned by `a/b.txt` (first line), `a/b.json` (its "caption"), or a row of `a/captions.csv` whose
first column names it. A file that was added before, and has not changed, is skipped, so an interrupted run goes on.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.core.errors import UserError
from engine.core.types import Motion, Scene
from engine.retrieval.clips import Clip
from engine.retrieval.library import Library

TABLE = "captions.csv"
MAX_CAPTION = 400


@dataclass(frozen=True)
class Ingested:
    """What became of file number `done` of `total`. outcome: 'added', 'known' or 'skipped'; why: for a skipped one."""

    path: Path
    done: int
    total: int
    outcome: str
    caption: str = ""
    why: str = ""


def motion_files(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    """Files under `folder` (or `folder` itself, if it is one) with these suffixes. UserError when there are none."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise UserError(f"{folder} is neither a folder nor a file.")
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in suffixes and p.is_file())
    if not found:
        raise UserError(f"{folder} holds no motion files ({', '.join(sorted(suffixes))}).")
    return found


def ingest(
    paths: Sequence[Path], library: Library, read: Callable[[Path], Scene], describe: Callable[[Motion], str]
) -> Iterator[Ingested]:
    """Add the files to the library, one report each; each person of a scene becomes a clip.

    read: a file as a scene, UserError for a bad one.  describe: a caption for a motion that has none beside it.
    """
    known = {e.origin for e in library.entries() if e.origin}
    for done, path in enumerate(paths, 1):
        try:
            said = sidecar_caption(path)
            mark = _fingerprint(path, said)
            if mark in known:
                yield Ingested(path, done, len(paths), "known")
                continue
            motions = read(path).motions
            captions = [said or describe(motion) for motion in motions]
            clips = [Clip.of(m, c, path.name, mark) for m, c in zip(motions, captions, strict=True)]
        except UserError as error:
            yield Ingested(path, done, len(paths), "skipped", why=str(error))
            continue
        added = library.add(clips)
        known.add(mark)
        yield Ingested(path, done, len(paths), "added" if added else "known", captions[0])


def _fingerprint(path: Path, caption: str) -> str:
    """Of a file's content and caption. UserError for one that cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes() + caption.encode()).hexdigest()[:16]
    except OSError as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error


def sidecar_caption(path: Path) -> str:
    """The caption beside a file, '' when there is none. UserError for a sidecar that cannot be understood."""
    try:
        text = path.with_suffix(".txt")
        if text.is_file():
            return _tidy(next(iter(text.read_text(encoding="utf-8").splitlines()), ""))
        record = path.with_suffix(".json")
        if record.is_file():
            found = json.loads(record.read_text(encoding="utf-8"))
            return _tidy(str(found.get("caption", ""))) if isinstance(found, dict) else ""
        table = path.parent / TABLE
        if table.is_file():
            with table.open(encoding="utf-8", newline="") as rows:
                for row in csv.reader(rows):
                    if len(row) > 1 and row[0].strip() in (path.name, path.stem):
                        return _tidy(row[1])
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise UserError(f"The caption beside {path.name} cannot be read: {error}") from error
    return ""


def _tidy(caption: str) -> str:
    """One line; HumanML3D's part-of-speech tags behind a # are left out."""
    return " ".join(caption.split("#")[0].split())[:MAX_CAPTION]
