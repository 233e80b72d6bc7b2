"""Judgements of drafts for the language model to learn from: goals with known faults beside what is measured.

Decoded performances stand in for drafts. Rows are kept in the work folder, so that an interrupted call goes on.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from engine.assess.critic import Critic
from engine.assess.physical import physical
from engine.assess.report import in_words, report
from engine.core.plan import ActionSpec, Plan
from engine.core.types import MODEL_FPS, Motion
from engine.data.verdicts import sample_verdict, spoilt
from engine.edit.clean import clean
from engine.tokens.codec import MotionCodec
from engine.train.corpus import MotionSample

log = logging.getLogger(__name__)
SPOILT_SHARE = 0.06
"""Share of motions that have a physical fault put in."""
FITS, FAILS = 0.45, 0.9
"""A motion without a fault that scores less, and one with a fault that scores more, is not learnt from: what was
measured says nothing of what is known."""
LONGEST_STEPS = 50
KEEP_EVERY = 250


@dataclass(frozen=True)
class Judged:
    """One judgement as text: the goal's plan, what was measured, the verdict, and the instruction that mends it."""

    plan: str
    measured: str
    verdict: str
    instruction: str


def read_judged(path: Path) -> list[Judged]:
    """The rows of a file of JSON lines; none where there is no file."""
    if not path.is_file():
        return []
    return [Judged(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def make_judged(
    samples: Sequence[MotionSample],
    known: Mapping[str, ActionSpec],
    codec: MotionCodec,
    critic: Critic | None,
    count: int,
    seed: int,
    path: Path,
) -> list[Judged]:
    """`count` judgements of performances, the file's own and then new ones, which it takes up as they are made."""
    usable = [s for s in samples if len(s.codes) <= LONGEST_STEPS and _known(s.plan, known)]
    rows = read_judged(path)
    with path.open("a", encoding="utf-8") as file:
        while len(rows) < count:
            rng = np.random.default_rng([seed, len(rows)])
            row = None
            while row is None:
                row = judge_one(rng, usable[int(rng.integers(len(usable)))], known, codec, critic)
            rows.append(row)
            file.write(json.dumps(asdict(row)) + "\n")
            if len(rows) % KEEP_EVERY == 0:
                file.flush()
                log.info("judged %d of %d", len(rows), count)
    return rows[:count]


def judge_one(
    rng: np.random.Generator,
    sample: MotionSample,
    known: Mapping[str, ActionSpec],
    codec: MotionCodec,
    critic: Critic | None,
) -> Judged | None:
    """A judgement of one performance; None where what is measured contradicts what is known."""
    motion = clean(codec.decode(sample.codes))
    if rng.random() < SPOILT_SHARE:
        motion = spoil(rng, motion)
        faults = physical(motion).lines()
        if not faults:
            return None
        verdict = spoilt(rng, sample.plan, faults[0])
    else:
        verdict = sample_verdict(rng, sample.plan, known)
    found = report(verdict.goal, motion, critic)
    right = verdict.instruction.accepts
    if (right and found.score < FITS) or (not right and verdict.goal != sample.plan and found.score > FAILS):
        return None
    return Judged(str(verdict.goal), in_words(verdict.goal, motion, found), verdict.text, str(verdict.instruction))


def spoil(rng: np.random.Generator, motion: Motion) -> Motion:
    """The motion with a physical fault: it slides, sinks, floats or shakes."""
    root, quat = motion.root_pos.copy(), motion.joint_quat.copy()
    kind = int(rng.integers(3))
    if kind == 0:
        heading = rng.uniform(0, 2 * np.pi)
        way = np.arange(len(root)) / MODEL_FPS * rng.uniform(0.25, 0.8)
        root += np.stack([np.sin(heading) * way, 0 * way, np.cos(heading) * way], 1).astype(np.float32)
    elif kind == 1:
        root[:, 1] += np.float32(rng.choice([-1, 1]) * rng.uniform(0.06, 0.15))
    else:
        quat = quat + rng.normal(0, rng.uniform(0.02, 0.05), quat.shape).astype(np.float32)
        quat /= np.linalg.norm(quat, axis=-1, keepdims=True)
    return motion.with_(root_pos=root, joint_quat=quat)


def _known(plan: Plan, known: Mapping[str, ActionSpec]) -> bool:
    return plan.task == "make" and all(
        c.name in known and set(c.args) == set(known[c.name].slots) for s in plan.segments for c in s.calls
    )
