"""The tree of versions of a session: immutable, so that a turn that fails leaves nothing behind."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.edit.scope import Scope

MAX_NAME = 60


@dataclass(frozen=True, eq=False)
class Version:
    """One state of the scene. id: counts from 1; parent: the id that was current before it, or None.

    title: the user's sentence, or "uploaded walk.bvh".  plan: the plan line that describes the motion, "" if uploaded.
    edit: the edit script that made it of the version before, "" if none did.  name: the user's own, "" for none.
    scopes: what each edit that made it may have changed of the first person, in order; none if it was made anew.
    """

    id: int
    parent: int | None
    title: str
    scene: Scene
    plan: str = ""
    edit: str = ""
    scopes: tuple[Scope, ...] = ()
    name: str = ""

    @property
    def label(self) -> str:
        """What it is called: the user's name for it, or else its title."""
        return self.name or self.title


@dataclass(frozen=True, eq=False)
class History:
    """Versions in the order they were made, the id of the current one, and the ids that redo goes back to."""

    versions: tuple[Version, ...] = ()
    current_id: int | None = None
    undone: tuple[int, ...] = ()

    @property
    def current(self) -> Version | None:
        """The current version, None before the first."""
        return None if self.current_id is None else self[self.current_id]

    def __getitem__(self, version_id: int) -> Version:
        """The version of that number. UserError if there is none."""
        if not 1 <= version_id <= len(self.versions):
            known = f"1 to {len(self.versions)}" if self.versions else "none yet"
            raise UserError(f"There is no version {version_id}; the versions are {known}.")
        return self.versions[version_id - 1]

    def add(self, scene: Scene, title: str, plan: str = "", edit: str = "", scopes: tuple[Scope, ...] = ()) -> History:
        """A new version after the current one, which it replaces as the current one."""
        version = Version(len(self.versions) + 1, self.current_id, title, scene, plan, edit, scopes)
        return History((*self.versions, version), version.id)

    def undo(self) -> History:
        """Back to what was current before the current version. UserError at the first one."""
        current = self.current
        if current is None:
            raise UserError("There is nothing to undo yet. Describe a motion or attach a file first.")
        before = current.parent
        if before is None:
            raise UserError(f"Version {current.id} ({current.title!r}) is the first one; there is nothing to undo.")
        return replace(self, current_id=before, undone=(*self.undone, current.id))

    def redo(self) -> History:
        """Take the last undo back. UserError if there was none since the last change."""
        if not self.undone:
            raise UserError("There is nothing to redo: nothing was undone since the last change.")
        return replace(self, current_id=self.undone[-1], undone=self.undone[:-1])

    def rename(self, version_id: int, name: str) -> History:
        """Give any version a name. UserError for an empty or a long one, and for a number that does not exist."""
        version, name = self[version_id], " ".join(name.split())
        if not name:
            raise UserError(f"Write a name for version {version_id}; it was left empty.")
        if len(name) > MAX_NAME:
            raise UserError(f"The name has {len(name)} characters; a version's name has at most {MAX_NAME}.")
        versions = (*self.versions[: version_id - 1], replace(version, name=name), *self.versions[version_id:])
        return replace(self, versions=versions)

    def checkout(self, version_id: int) -> History:
        """Make any version current. UserError for a number that does not exist."""
        return replace(self, current_id=self[version_id].id, undone=())


def required(history: History, task: str) -> Version:
    """The current version. UserError, naming what was asked for, when there is none."""
    if history.current is None:
        wanted = {"append": "go on from", "ask": "measure", "edit": "change", "use": "change"}.get(task, "go back to")
        raise UserError(
            f"There is no motion to {wanted} yet. Describe one first, for example 'a person walks forward', "
            "or attach a motion file."
        )
    return history.current
