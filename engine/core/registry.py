"""Things that extend the engine with one file: formats, edit operators, body models, authored actions.

    OPS: Registry[type[Edit]] = Registry("edit operator", "engine.edit.ops")

    @OPS.register("speed")
    class Speed(Edit): ...

Looking a name up first imports every module of the package, so a new file registers itself by existing.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from engine.core.errors import UserError

T = TypeVar("T")


class Registry(Generic[T]):
    """Names to things of one kind, filled by the modules of `packages` when first asked."""

    def __init__(self, kind: str, *packages: str) -> None:
        self.kind, self._packages = kind, packages
        self._items: dict[str, T] = {}
        self._discovered = False

    def register(self, *names: str) -> Callable[[T], T]:
        """Decorator that files its target under each of the names."""

        def add(item: T) -> T:
            for name in names:
                assert name not in self._items, f"{self.kind} {name!r} is registered twice"
                self._items[name] = item
            return item

        return add

    def _discover(self) -> None:
        if self._discovered:
            return
        self._discovered = True  # before the imports: a module may look something up while it is imported
        try:
            for package_name in self._packages:
                package = importlib.import_module(package_name)
                for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
                    if not info.name.startswith("_"):
                        importlib.import_module(f"{package_name}.{info.name}")
        except BaseException:
            self._discovered = False
            raise

    def __getitem__(self, name: str) -> T:
        self._discover()
        if name not in self._items:
            raise UserError(f"There is no {self.kind} called {name!r}. There are: {', '.join(self)}.")
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        self._discover()
        return iter(sorted(self._items))

    def __len__(self) -> int:
        self._discover()
        return len(self._items)

    def items(self) -> list[tuple[str, T]]:
        """(name, thing) pairs in the order of their names."""
        return [(name, self._items[name]) for name in self]
