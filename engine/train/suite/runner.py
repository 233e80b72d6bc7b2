"""Runs entries of the suite, through the engine or by performing their reference plans, and judges the motions."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.assess.when import find_events
from engine.core.errors import UserError
from engine.core.plan import Call, Plan, parse_plan
from engine.core.types import Motion, Scene
from engine.data.compose import perform_plan
from engine.edit.script import apply_edits
from engine.io import save
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.train.checks import judge
from engine.train.metrics.generation import Sessions
from engine.train.suite.changes import CHANGES
from engine.train.suite.entries import Entry
from engine.train.suite.track import Verdict

log = logging.getLogger(__name__)
SEED = 20_000
"""First seed of sessions and of performed references; each entry has its own."""


@dataclass(frozen=True)
class Result:
    """What became of an entry. plan: what was planned; task, actions, slots: its agreement with the reference."""

    category: str
    prompt: str
    passed: bool
    measured: str
    plan: str
    reference: str
    task: bool
    actions: bool
    slots: float
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def run_entries(
    entries: Sequence[Entry],
    engine: Sessions | None,
    recode: Callable[[Motion], Motion] | None = None,
    options: TurnOptions | None = None,
) -> Iterator[Result]:
    """One result after another. engine None: the reference plans are performed instead, and passed through `recode`.

    options: of every turn.
    """
    with tempfile.TemporaryDirectory() as folder:
        for i, entry in enumerate(entries):
            begin = time.perf_counter()
            try:
                if engine is None:
                    motions, plan = perform_entry(entry, SEED + i, recode), entry.plan
                else:
                    motions, plan = _send(engine.new_session(SEED + i), entry, Path(folder), SEED + i, options)
                verdict = judge_entry(entry, motions)
            except UserError as error:
                plan, verdict = None, Verdict(False, f"no motion: {error}")
            seconds = time.perf_counter() - begin
            said = str(plan) if plan else ""
            result = Result(
                entry.category, entry.prompt, verdict.passed, verdict.measured, said, str(entry.plan),
                *compare_plans(plan, entry.plan), round(seconds, 2),
            )  # fmt: skip
            log.info(
                "%d of %d %s %s (%.1f s)", i + 1, len(entries), "ok " if result.passed else "NO ", entry.prompt, seconds
            )
            yield result


def judge_entry(entry: Entry, motions: Sequence[Motion]) -> Verdict:
    """All checks of an entry; motions: of the session, oldest first, the last one is judged."""
    verdicts = [CHANGES[name](motions, **(args or {})) for name, args in entry.change.items()]
    if entry.check:
        verdicts.append(judge(entry.check, motions[-1]))
    failed = [v for v in verdicts if not v.passed]
    return Verdict(not failed, "; ".join(v.measured for v in failed or verdicts))


def _send(
    session: Session, entry: Entry, folder: Path, seed: int, options: TurnOptions | None
) -> tuple[list[Motion], Plan]:
    """Say what comes before, then the prompt; the motions after each turn and the plan of the last one."""
    turns: list[tuple[str, list[Path]]] = [(text, []) for text in entry.before]
    if entry.library:
        path = folder / "clip.npz"
        save(Scene((perform_plan(entry.before_plans[0], np.random.default_rng(seed)),)), path)
        turns[0] = ("", [path])
    motions, plan = [], None
    for text, files in [*turns, (entry.prompt, [])]:
        reply = session.send(text, files, options)
        assert reply.scene is not None
        motions.append(reply.scene.motions[0])
        plan = next((parse_plan(s.text) for s in reversed(reply.trace) if s.kind == "plan"), None)
    assert plan is not None
    return motions, plan


def perform_entry(entry: Entry, seed: int, recode: Callable[[Motion], Motion] | None = None) -> list[Motion]:
    """The motions that a perfect engine would make: reference plans performed and edited.

    recode: what happens to a performed motion, for example that it goes through the tokenizer.
    """
    motions: list[Motion] = []
    made = Plan("make")
    for plan in (*entry.before_plans, entry.plan):
        if plan.task in ("make", "append"):
            made = Plan("make", (*made.segments, *plan.segments) if plan.task == "append" else plan.segments)
            motion = perform_plan(made, np.random.default_rng(seed))
            motion = recode(motion) if recode else motion
            motions.append(_after(motions[-1], motion) if plan.task == "append" else motion)
        elif plan.task == "edit":
            motions.append(apply_edits(Scene((motions[-1],)), plan.edits, find_events).scene.motions[0])
        else:
            assert plan.task == "undo", f"{plan} has no reference"
            motions.append(motions[-2])
    return motions


def _after(before: Motion, whole: Motion) -> Motion:
    """The whole motion, with its beginning exactly as it was."""
    n = before.num_frames
    root = np.concatenate([before.root_pos, whole.root_pos[n:]])
    return whole.with_(root_pos=root, joint_quat=np.concatenate([before.joint_quat, whole.joint_quat[n:]]))


def compare_plans(plan: Plan | None, reference: Plan) -> tuple[bool, bool, float]:
    """Same task; same actions or operators, in order; share of the reference's arguments that are the same."""
    if plan is None:
        return False, False, 0.0
    ours, theirs = _calls(plan), _calls(reference)
    wanted = [(i, k, v) for i, call in enumerate(theirs) for k, v in call.args.items()]
    found = sum(i < len(ours) and ours[i].name == theirs[i].name and ours[i].args.get(k) == v for i, k, v in wanted)
    share = found / len(wanted) if wanted else float([c.name for c in ours] == [c.name for c in theirs])
    return plan.task == reference.task, [c.name for c in ours] == [c.name for c in theirs], share


def _calls(plan: Plan) -> list[Call]:
    return [*(c for s in plan.segments for c in s.calls), *plan.edits]
