"""Layer 1: motion files. `load` and `save` choose the format by the suffix; one module per format."""

from __future__ import annotations

import os
from inspect import signature
from pathlib import Path
from typing import Any

from engine.core.errors import UserError
from engine.core.types import Motion, Scene
from engine.io.checks import check_file
from engine.io.formats import LOADERS, SAVERS, LoadOptions
from engine.io.person import centered

__all__ = ["LOADERS", "SAVERS", "load", "load_pair", "save"]


def load(path: str | os.PathLike[str], **options: Any) -> Scene:
    """Read a motion file of any supported format as a scene of one person, Y up, metres, feet on the floor.

    options: `up`, `recenter`, `fps`, `scale`, `clip`, `other` (see `LoadOptions`). A glTF file may hold two persons.
    Raises UserError for everything that is wrong with the file, in words.
    Files of other skeletons are fitted to ours; `provenance` says how.
    """
    path, wanted = Path(path), LoadOptions.parse(options)
    suffix = path.suffix.lower()
    if suffix not in LOADERS:
        raise UserError(
            f"{path.name!r} cannot be read: {suffix or 'a name without suffix'} is not a motion format known here. "
            f"Supported are {', '.join(_readable())}."
        )
    check_file(path)
    return LOADERS[suffix](path, wanted)


def load_pair(first: str | os.PathLike[str], second: str | os.PathLike[str], **options: Any) -> Scene:
    """Two files of one take as one scene: one scale for both, and the distance between the persons is kept.

    A skeleton and its motion (.asf with .amc) are the two halves of one person.

    Both lie as in the files, then move together so that their common middle starts at x = z = 0. Two files that
    Kinetalk wrote stay where they are, so that a scene of two comes back as it was saved.
    """
    if {Path(p).suffix.lower() for p in (first, second)} == {".asf", ".amc"}:
        return load(first, **options, other=second)
    options = {**options, "recenter": False}
    scenes = [load(p, **options) for p in (first, second)]
    scales = [s.provenance.get("scale", 1.0) for s in scenes]
    if scales[0] != scales[1]:
        options["scale"] = sum(scales) / 2
        scenes = [load(p, **options) for p in (first, second)]
    names = f"{Path(first).name}, {Path(second).name}"
    persons = [s.motions[0] for s in scenes]
    if not all(s.provenance.get("ours") for s in scenes):
        persons = centered(persons)
    return Scene(tuple(persons), provenance={**scenes[0].provenance, "source": names})


def save(scene: Scene | Motion, path: str | os.PathLike[str], **options: Any) -> tuple[Path, ...]:
    """Write a scene in the format of the suffix; gives the files written.

    Formats of one person write two persons as two files, `name-a` and `name-b`. options, by format:
    .bvh `names` ('mixamo', 'smpl', 'unreal'), `fps`, `units` ('cm', 'm'), `up` ('y', 'z'), `skeleton` (a BVH file);
    .npz `fps`; .npy `layout` ('joints', 'humanml3d'); .mp4 and .gif `size`, `view`. Raises UserError for an unknown
    suffix or option, and for a place that cannot be written.
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
    saver = SAVERS[suffix]
    known = list(signature(saver).parameters)[2:]
    for option in options:
        if option not in known:
            raise UserError(f"Saving {suffix} has no option {option!r}. It has {', '.join(known) or 'none'}.")
    try:
        return saver(scene, path, **options)
    except OSError as error:
        raise UserError(f"{path.name!r} cannot be written: {error.strerror or error}.") from error


def readable_suffixes() -> tuple[str, ...]:
    """The suffixes of files that hold a motion: what a folder is searched for.

    Without those that only have an explanation or are half of a pair, and .json and .txt, which may be anything.
    """
    return tuple(s for s in _readable() if s not in (".asf", ".json", ".txt"))


def _readable() -> tuple[str, ...]:
    """Every suffix that `load` really reads on this computer."""
    from engine.io.fbx import blender_command
    from engine.io.unsupported import ADVICE

    return tuple(s for s in LOADERS if s not in ADVICE and (s != ".fbx" or blender_command()))
