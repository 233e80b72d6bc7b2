"""The two registries of file formats and the options that loading takes.

    @LOADERS.register(".bvh")
    def load_bvh(path: Path, options: LoadOptions) -> Scene: ...

    @SAVERS.register(".bvh")
    def save_bvh(scene: Scene, path: Path) -> tuple[Path, ...]: ...

A module of this package registers itself by existing; higher layers import `SAVERS` and register more.
"""

from __future__ import annotations

from collections.abc import Callable
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
    instead of the one that fits the performer's legs to ours, so that two files can share one.
    """

    up: str | None = None
    recenter: bool | None = None
    fps: float | None = None
    scale: float | None = None

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


Loader = Callable[[Path, LoadOptions], Scene]
Saver = Callable[[Scene, Path], tuple[Path, ...]]

LOADERS: Registry[Loader] = Registry("motion format that can be read", "engine.io")
SAVERS: Registry[Saver] = Registry("motion format that can be written", "engine.io")


def one_file_each(scene: Scene, path: Path, write: Callable[[Motion, Path], None]) -> tuple[Path, ...]:
    """Write each person with `write`: `path` itself for one, `name_1` and `name_2` beside it for two."""
    if len(scene.motions) == 1:
        paths = (path,)
    else:
        paths = tuple(path.with_name(f"{path.stem}_{k}{path.suffix}") for k in range(1, len(scene.motions) + 1))
    for motion, target in zip(scene.motions, paths, strict=True):
        write(motion, target)
    return paths
