"""Layer 1: motion files. `load` and `save` choose the format by the suffix; one module per format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from engine.core.errors import UserError
from engine.core.types import Motion, Scene
from engine.io.checks import check_file
from engine.io.formats import LOADERS, SAVERS, LoadOptions

__all__ = ["LOADERS", "SAVERS", "load", "load_pair", "save"]


def load(path: str | os.PathLike[str], **options: Any) -> Scene:
    """Read a motion file of any supported format as a scene of one person, Y up, metres, feet on the floor.

    options: `up`, `recenter`, `fps`, `scale` (see `LoadOptions`). Raises UserError for everything that is wrong with
    the file, in words. Files of other skeletons are fitted to ours; `provenance` says how.
    """
    path, wanted = Path(path), LoadOptions.parse(options)
    suffix = path.suffix.lower()
    if suffix not in LOADERS:
        raise UserError(
            f"{path.name!r} cannot be read: {suffix or 'a name without suffix'} is not a motion format known here. "
            f"Supported are {', '.join(readable_suffixes())}."
        )
    check_file(path)
    return LOADERS[suffix](path, wanted)


def load_pair(first: str | os.PathLike[str], second: str | os.PathLike[str], **options: Any) -> Scene:
    """Two files of one take as one scene: one scale for both, and the distance between the persons is kept.

    Both lie as in the files, then move together so that their common middle starts at x = z = 0.
    """
    options = {**options, "recenter": False}
    scenes = [load(p, **options) for p in (first, second)]
    scales = [s.provenance.get("scale", 1.0) for s in scenes]
    if scales[0] != scales[1]:
        options["scale"] = sum(scales) / 2
        scenes = [load(p, **options) for p in (first, second)]
    a, b = (s.motions[0] for s in scenes)
    shift = (a.root_pos[0] + b.root_pos[0]) / 2 * (1, 0, 1)
    names = f"{Path(first).name}, {Path(second).name}"
    return Scene(
        tuple(m.with_(root_pos=m.root_pos - shift) for m in (a, b)),
        provenance={**scenes[0].provenance, "source": names},
    )


def save(scene: Scene | Motion, path: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write a scene in the format of the suffix; gives the files written.

    Formats of one person write two persons as two files, `name_1` and `name_2`. Raises UserError for an unknown
    suffix or a place that cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SAVERS:
        raise UserError(
            f"{path.name!r} cannot be written: {suffix or 'a name without suffix'} is not a format known here. "
            f"Supported are {', '.join(SAVERS)}."
        )
    if not path.parent.is_dir():
        raise UserError(f"{path.name!r} cannot be written: the folder {str(path.parent)!r} does not exist.")
    if isinstance(scene, Motion):
        scene = Scene((scene,))
    try:
        return SAVERS[suffix](scene, path)
    except OSError as error:
        raise UserError(f"{path.name!r} cannot be written: {error.strerror or error}.") from error


def readable_suffixes() -> tuple[str, ...]:
    """The suffixes that `load` really reads, without those that only have an explanation."""
    from engine.io.unsupported import ADVICE

    return tuple(s for s in LOADERS if s not in ADVICE)
