"""Says the instructions of the suite to the real engine, compares what is planned and holds edits to their guarantee.

A turn that goes wrong stays as it is for the turns that follow, as it would for a user.
"""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from engine.assess.when import find_events
from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.core.types import Motion, Scene
from engine.io import save
from engine.loop.events import SectionEnd
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.train.editing.compare import concrete, disagreement
from engine.train.editing.entries import SHARED, BaseClip, Case, Turn, base_clips
from engine.train.editing.guarantee import Carried, carry_out
from engine.train.editing.spans import Timing
from engine.train.metrics.generation import Sessions

log = logging.getLogger(__name__)
SEED = 61_000
"""First seed of sessions; each case has its own."""
OPTIONS = TurnOptions(candidates=1, retrieve=False, rounds=0)
"""What a new motion looks like does not matter here."""
KEPT, BROKEN, UNKNOWN = "kept", "broken", "unknown"


@dataclass(frozen=True)
class Outcome:
    """What became of a turn. planned: the line; why: what is wrong with it, or why it could not be carried out.

    number: of the turn in its dialogue, from 1.  guarantee: KEPT, BROKEN or UNKNOWN, '' where nothing was edited;
    broken: what changed that should not have, or why that is unknown.
    """

    group: str
    dialogue: bool
    clip: str
    number: int
    prompt: str
    expected: tuple[str, ...]
    planned: str
    why: str
    guarantee: str
    broken: str
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.why

    def to_dict(self) -> dict[str, Any]:
        return asdict(self) | {"passed": self.passed}


@dataclass(frozen=True)
class Said:
    """The planned line, and why the turn failed."""

    line: str
    error: str


def run_cases(
    cases: Sequence[Case], engine: Sessions | None, shared: Path = SHARED
) -> Iterator[tuple[Case, list[Outcome]]]:
    """Case after case with the outcome of its turns; none for one whose clip is not on this computer.

    engine None: the accepted lines of single instructions are carried out instead, which measures the operators.
    """
    motion_of = lru_cache(maxsize=None)(lambda name: base_clips()[name].motion(shared))
    with tempfile.TemporaryDirectory() as folder:
        for i, case in enumerate(cases):
            clips = [base_clips()[name] for name in case.clips]
            if any(clip.missing(shared) for clip in clips):
                yield case, []
                continue
            motions = [motion_of(clip.name) for clip in clips]
            if engine is None:
                outcomes = [] if case.dialogue else [_performed(case, clips, motions)]
            else:
                outcomes = list(_sent(engine.new_session(SEED + i), case, clips, motions, Path(folder)))
            passed = sum(o.passed for o in outcomes)
            log.info("%d of %d: %d of %d turns, %s", i + 1, len(cases), passed, len(outcomes), case.prompt)
            yield case, outcomes


def _sent(
    session: Session, case: Case, clips: Sequence[BaseClip], motions: Sequence[Motion], folder: Path
) -> Iterator[Outcome]:
    """The outcome of every turn of a case."""
    for clip, motion in zip(clips, motions, strict=True):
        path = folder / f"{clip.name}.npz"
        if not path.exists():
            save(Scene((motion,)), path)
        session.send("", [path])
    for number, turn in enumerate(case.turns, 1):
        begin = time.perf_counter()
        before, versions = session.scene, {v.id: v.scene.motions[0] for v in session.versions}
        said = _say(session, turn.say)
        why = disagreement(said.line, turn.expect, _timing(before, clips)) if said.line else "nothing was planned"
        guarantee = _guarantee(said, before, session.scene, versions)
        seconds = time.perf_counter() - begin
        yield _outcome(case, number, turn, said.line, why or said.error, guarantee, seconds)


def _say(session: Session, text: str) -> Said:
    line = error = ""
    try:
        for event in session.stream(text, options=OPTIONS):
            if isinstance(event, SectionEnd) and event.kind == "plan":
                line = event.step.text
    except UserError as problem:
        error = str(problem)
    return Said(line, error)


def _timing(scene: Scene | None, clips: Sequence[BaseClip]) -> Timing:
    if scene is None:
        return Timing(1.0, 20.0)
    motion = scene.motions[0]
    counts = clips[-1].events if clips else {}
    return Timing(motion.duration_s, motion.fps, counts, find_events(motion))


def _guarantee(said: Said, before: Scene | None, after: Scene | None, versions: Mapping[int, Motion]) -> Carried | None:
    """The edits carried out once more, each held to its scope; None where nothing was edited."""
    if said.error or before is None or after is None or not said.line.startswith("edit "):
        return None
    try:
        carried = carry_out(before, parse_plan(said.line).edits, versions)
    except UserError as error:
        return Carried(before, unknown=str(error))
    same = all(_identical(a, b) for a, b in zip(carried.scene.motions, after.motions, strict=True))
    return carried if same else Carried(after, unknown="the edit came out differently when it was carried out again")


def _identical(a: Motion, b: Motion) -> bool:
    return np.array_equal(a.root_pos, b.root_pos) and np.array_equal(a.joint_quat, b.joint_quat) and a.fps == b.fps


def _performed(case: Case, clips: Sequence[BaseClip], motions: Sequence[Motion]) -> Outcome:
    """The first accepted line of a single instruction, carried out."""
    turn, begin = case.turns[0], time.perf_counter()
    line, why, carried = concrete(turn.expect[0]), "", None
    scene = Scene((motions[-1],))
    try:
        carried = carry_out(scene, parse_plan(line).edits, dict(enumerate(motions, 1)))
    except UserError as error:
        why = str(error)
    why = why or disagreement(line, turn.expect, _timing(scene, clips))
    return _outcome(case, 1, turn, line, why, carried, time.perf_counter() - begin)


def _outcome(
    case: Case, number: int, turn: Turn, line: str, why: str, carried: Carried | None, seconds: float
) -> Outcome:
    guarantee = "" if carried is None else BROKEN if carried.broken else UNKNOWN if carried.unknown else KEPT
    broken = "" if carried is None else "; ".join(carried.broken) or carried.unknown
    return Outcome(
        case.group, case.dialogue, " ".join(case.clips), number, turn.say, turn.expect, line, why, guarantee, broken,
        round(seconds, 2),
    )  # fmt: skip
