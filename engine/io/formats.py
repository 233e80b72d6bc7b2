"""The two registries of file formats and the options that loading takes.

    @LOADERS.register(".bvh")
    def load_bvh(path: Path, options: LoadOptions) -> Scene: ...

    @SAVERS.register(".bvh")
    def save_bvh(scene: Scene, path: Path, fps: float | None = None) -> tuple[Path, ...]: ...

A module of this package registers itself by existing; higher layers import `SAVERS` and register more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from engine.core.errors import UserError
from engine.core.registry import Registry
from engine.core.types import Motion, Scene


@dataclass(frozen=True)
class LoadOptions:
    """How to read a file where it does not say itself; None lets the format decide.

    up: 'y' or 'z', the axis that points up in the file.  recenter: start at x = z = 0; by default only files that did
    not come from Kinetalk do.  fps: frames per second, over what the file says.  scale: factor on the file's metres
    instead of the one that fits the performer's legs to ours, so that two files can share one.  clip: which animation
    of a file with several (glTF, FBX).  other: the second file of a pair (.asf with .amc) where it is not beside it.
    """

    up: str | None = None
    recenter: bool | None = None
    fps: float | None = None
    scale: float | None = None
    clip: str | None = None
    other: str | os.PathLike[str] | None = None

    def __post_init__(self) -> None:
        if self.up not in (None, "y", "z"):
            raise UserError(f"The option up is {self.up!r}; it must be 'y' or 'z'.")
        for name, low, high in (("fps", 1.0, 1000.0), ("scale", 0.01, 100.0)):
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise UserError(f"The option {name} is {value}; it must lie between {low:g} and {high:g}.")

    @staticmethod
    def parse(options: dict[str, Any]) -> LoadOptions:
        """Keyword arguments of `load`. UserError for a name that is no option."""
        names = [f.name for f in fields(LoadOptions)]
        for name in options:
            if name not in names:
                raise UserError(f"Loading has no option {name!r}. The options are {', '.join(names)}.")
        return LoadOptions(**options)


def check_choice(option: str, value: object, choices: Collection[str]) -> None:
    """UserError unless the value of an option is one of its choices."""
    if value not in choices:
        raise UserError(f"The option {option} is {value!r}; it must be {' or '.join(map(repr, choices))}.")


def at_rate(scene: Scene, fps: float | None) -> Scene:
    """The scene at another frame rate; as it is for None. UserError for a rate that no player has."""
    if fps is None:
        return scene
    if not isinstance(fps, (int, float)) or not 1.0 <= fps <= 1000.0:
        raise UserError(f"The option fps is {fps!r}; it must lie between 1 and 1000, for example 24, 25, 30 or 60.")
    return scene.with_(motions=tuple(m.resample(float(fps)) for m in scene.motions))


Loader = Callable[[Path, LoadOptions], Scene]
Saver = Callable[..., tuple[Path, ...]]
"""Takes a scene and a path; its further parameters are the options of `save` for that format."""

LOADERS: Registry[Loader] = Registry("motion format that can be read", "engine.io")
SAVERS: Registry[Saver] = Registry("motion format that can be written", "engine.io")


def one_file_each(scene: Scene, path: Path, write: Callable[[Motion, Path], None]) -> tuple[Path, ...]:
    """Write each person with `write`: `path` itself for one, `name-a` and `name-b` beside it for two."""
    if len(scene.motions) == 1:
        paths = (path,)
    else:
        paths = tuple(path.with_name(f"{path.stem}-{letter}{path.suffix}") for letter in "ab")
    for motion, target in zip(scene.motions, paths, strict=True):
        write(motion, target)
    return paths
