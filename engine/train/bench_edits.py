"""How long every edit operator takes, from Enter to the bytes that the page draws; no language model is asked.

A typed edit script goes through a session as the page sends it. Timed with it: the strip under the viewer, and the
binary glTF of the new version with the one before as its ghost. Fetching and drawing them is the browser's.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.types import Motion, Scene
from engine.edit.registry import EDITS, schema
from engine.loop.engine import Engine
from engine.loop.session import Session
from engine.loop.timeline import timeline
from engine.loop.versions import History

SPANS = ("1.0s-2.0s", "all", "right_hand_high:1")
"""Of an operator that takes a span; the last one has to be found first."""
ARGS = {
    "amplify": "part=arms factor=1.5",
    "append": "version=1",
    "bend": "part=arms degrees=40",
    "bend_path": "degrees=60",
    "blend": "version=1 seconds=0.5",
    "crouch": "centimeters=20",
    "delay": "part=arms seconds=0.2",
    "duration": "seconds=7",
    "ease": "kind=both",
    "exaggerate": "factor=1.5",
    "face": "direction=left",
    "fps": "rate=30",
    "hold": "at=2 seconds=1",
    "insert": "version=1 at=2",
    "keep": "start=1 end=5",
    "lean": "direction=forward degrees=20",
    "look": "direction=left degrees=40",
    "move": "direction=left meters=1",
    "overlay": "version=1 part=upper",
    "prepend": "version=1",
    "raise": "part=left_arm degrees=20",
    "reach": "hand=both target=head",
    "repeat": "count=2",
    "scale_path": "factor=1.3",
    "smooth": "amount=0.7",
    "soften": "amount=0.6",
    "speed": "factor=0.8",
    "stance": "centimeters=10",
    "start_at": "x=1 z=-2",
    "take": "version=1 part=arms",
    "trim": "start=0.5 end=0.5",
    "twist": "degrees=25",
}
"""What is asked of an operator, without its span; version 1 is the motion to take from."""
KEEPS_SOME = ("cut",)
"""Operators that cannot be asked for the whole clip."""


@dataclass(frozen=True)
class EditTiming:
    """wait_s: of each repeat, seconds."""

    script: str
    wait_s: tuple[float, ...]

    @property
    def typical_s(self) -> float:
        """The median of the repeats."""
        return statistics.median(self.wait_s)


def scripts() -> Iterator[str]:
    """A typed script for every registered operator, and for each of SPANS where it takes one."""
    for name in sorted(EDITS):
        call = " ".join(filter(None, ("edit", name, ARGS.get(name))))
        spans = [span for span in SPANS if not (span == "all" and name in KEEPS_SOME)]
        yield from [f"{call} span={span}" for span in spans] if "span" in schema(EDITS[name]) else [call]


def time_edits(engine: Engine, motion: Motion, other: Motion, repeats: int = 3) -> list[EditTiming]:
    """Every one of `scripts` done to `motion`, each on its own; other: what parts are taken from."""
    history = History().add(Scene((other,)), "another one").add(Scene((motion,)), "the clip")
    _wait_s(engine, history, "edit mirror")
    return [EditTiming(s, tuple(_wait_s(engine, history, s) for _ in range(repeats))) for s in scripts()]


def _wait_s(engine: Engine, history: History, script: str) -> float:
    session = Session(engine.models, 0, history)
    begin = time.perf_counter()
    session.send(script)
    version = session.versions[-1]
    assert version.edit == script and version.parent is not None
    timeline(version)
    engine.glb(version.scene, ghost=session.history[version.parent].scene)
    return time.perf_counter() - begin
