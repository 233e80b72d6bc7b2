"""The commands of the library: add, list, search, remove, build."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.types import Motion

if TYPE_CHECKING:
    from engine.retrieval.library import Library


ALIKE = 0.5
"""A motion under this similarity to every shipped clip is captioned by what is measured of it."""


def open_library() -> Library:
    """The library of this computer. UserError without a retriever."""
    from engine.retrieval.library import Library
    from engine.retrieval.network import FOLDER, Retriever
    from engine.retrieval.text_encoder import TextEncoder

    config = Config.from_env()
    retriever = Retriever.load(config.assets / FOLDER)
    if retriever is None:
        raise UserError(f"The retriever's weights are missing in {config.assets / FOLDER}. Fetch the whole repository.")
    return Library.open(config, retriever, TextEncoder(config))


def add(flags: argparse.Namespace) -> int:
    """Add motion files; 1 if some had to be skipped."""
    from engine.io import load, readable_suffixes
    from engine.retrieval.ingest import ingest, motion_files

    library = open_library()
    paths = motion_files(flags.folder, readable_suffixes())
    counts: dict[str, int] = dict.fromkeys(("added", "known", "skipped"), 0)
    for report in ingest(paths, library, load, lambda motion: describe(library, motion)):
        counts[report.outcome] += 1
        print(f"{report.done}/{report.total} {report.outcome} {report.path.name}: {report.why or report.caption}")
    print(", ".join(f"{n} {what}" for what, n in counts.items()) + f"; the library holds {len(library)} clips.")
    return int(counts["skipped"] > 0)


def describe(library: Library, motion: Motion) -> str:
    """A caption for a motion without one: that of the shipped clip that moves most like it, or what is measured."""
    from engine.assess.measure import measure

    near = library.nearest(motion)
    return near.caption if near and near.score >= ALIKE else "; ".join(measure(motion).lines())


def show(flags: argparse.Namespace) -> None:
    """Print the clips, one a line."""
    for entry in open_library().entries():
        if flags.all or entry.source != "shipped":
            print(f"{entry.clip_id}  {entry.seconds:4.1f} s  {entry.source:20}  {entry.caption}")


def search(flags: argparse.Namespace) -> None:
    """Print the clips that fit the words best, for the whole body or one part."""
    library = open_library()
    text = library.retriever.texts(library.encoder([" ".join(flags.words)]))[0]
    for hit in library.search(text, [flags.part], flags.count)[flags.part]:
        print(f"{hit.clip_id}  {hit.score:.2f}  {hit.caption}")


def remove(flags: argparse.Namespace) -> None:
    """Take clips out."""
    count = open_library().remove(flags.clip)
    print(f"{count} of {len(flags.clip)} removed.")


def build(flags: argparse.Namespace) -> None:
    """Make the clips that ship and print where they are."""
    from engine.train.library import build

    folder: Path = build(Config.from_env())
    print(folder)
