"""What happens when in a version, and what its last edit changed: spans in seconds, for a strip under the viewer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.assess import between
from engine.assess.between import Touch
from engine.assess.when import find_events
from engine.core.contacts import foot_contact, runs
from engine.core.skeleton import NUM_JOINTS
from engine.core.types import Motion, Scene
from engine.edit.parts import PARTS
from engine.edit.scope import Scope
from engine.loop.versions import Version

PATH = "path"
"""Where the body is on the floor, how high, and which way the pelvis faces."""
SHOWN_PARTS: Mapping[str, frozenset[int]] = {
    **{name: frozenset(PARTS[name]) for name in ("left_arm", "right_arm", "left_leg", "right_leg", "torso", "head")},
    PATH: frozenset({0}),
}
"""Name of each part that changes are told of -> its joints; together they hold each joint once."""
SIDES = ("left", "right")


@dataclass(frozen=True)
class Mark:
    """A span of time. number: counts from 1 the marks of that name, as the span `jump:2` of an edit does."""

    name: str
    number: int
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Timeline:
    """The first person of a version, and the second one's own timeline where there are two.

    contacts: of the feet with the floor, by the name of the side.  events: in the order of time, by the names of
    `find_events`.  changed: what the last edit changed, by the names of SHOWN_PARTS.  partner: of the second person.
    touches: when the two touch, and with what.
    """

    duration_s: float
    contacts: tuple[Mark, ...]
    events: tuple[Mark, ...]
    changed: tuple[Mark, ...]
    partner: Timeline | None = None
    touches: tuple[Touch, ...] = ()


def timeline(version: Version) -> Timeline:
    """The timeline of a version; about 10 ms for 6 s of one person."""
    return scene_timeline(version.scene, version.scopes)


def scene_timeline(scene: Scene, scopes: Sequence[Scope] = ()) -> Timeline:
    """The timeline of one person or two; scopes: of the edits that led to the first one's motion."""
    first, *others = scene.motions
    told = motion_timeline(first, scopes)
    if not others:
        return told
    return replace(told, partner=motion_timeline(others[0]), touches=between.contacts(first, others[0]))


def motion_timeline(motion: Motion, scopes: Sequence[Scope] = ()) -> Timeline:
    """The timeline of a motion that the edits of these scopes, one after another, led to."""
    contact = foot_contact(motion)
    contacts = {side: _seconds(contact[:, i], motion.fps) for i, side in enumerate(SIDES)}
    masks = changed_frames(motion, scopes)
    changed = {part: _seconds(mask, motion.fps) for part, mask in masks.items()}
    events = sorted(_marks(find_events(motion)), key=lambda mark: (mark.start_s, mark.end_s))
    return Timeline(motion.duration_s, tuple(_marks(contacts)), tuple(events), tuple(_marks(changed)))


def changed_frames(motion: Motion, scopes: Sequence[Scope]) -> dict[str, np.ndarray]:
    """Frames (T,) of the motion that the edits may have changed, for every part.

    The edits are gone through backwards: `origin` is the frame that each frame of the motion was before the edits that
    were gone through, -1 where one of them made it anew. Where there is one, no edit since has changed the rate.
    """
    origin = np.arange(motion.num_frames)
    masks = {part: np.zeros(motion.num_frames, bool) for part in SHOWN_PARTS}
    for scope in reversed(scopes):
        old = _origins(scope, origin)
        changed = origin >= 0
        if scope.retimed:
            changed &= old < 0
        else:
            start, stop = round(scope.start_s * motion.fps), round(scope.end_s * motion.fps)
            changed &= (origin >= start) & (origin < stop) & ~_within(scope.kept, origin)
        for part in _parts(scope):
            masks[part] |= changed
        origin = old
    return masks


def _origins(scope: Scope, origin: np.ndarray) -> np.ndarray:
    """Frames (T,) before the edit of the scope, -1 where it made them anew, from those after it."""
    if not scope.retimed:
        return origin
    old = np.full_like(origin, -1)
    for first, new, count in scope.kept + scope.placed:
        there = (origin >= new) & (origin < new + count)
        old[there] = origin[there] - new + first
    return old


def _within(kept: Iterable[tuple[int, int, int]], frames: np.ndarray) -> np.ndarray:
    """Which of the frames (T,) are kept."""
    inside = np.zeros(frames.shape, bool)
    for _, new, count in kept:
        inside |= (frames >= new) & (frames < new + count)
    return inside


def _parts(scope: Scope) -> list[str]:
    joints = frozenset(range(NUM_JOINTS)) if scope.joints is None else scope.joints
    return [part for part, own in SHOWN_PARTS.items() if own & joints or (part == PATH and scope.root)]


def _seconds(mask: np.ndarray, fps: float) -> list[tuple[float, float]]:
    return [(start / fps, stop / fps) for start, stop in runs(mask)]


def _marks(spans: Mapping[str, Sequence[tuple[float, float]]]) -> list[Mark]:
    return [
        Mark(name, number, float(start_s), float(end_s))
        for name, found in spans.items()
        for number, (start_s, end_s) in enumerate(found, 1)
    ]
