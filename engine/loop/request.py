"""What a user asks for in one turn, checked before anything is computed."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import numpy as np

from engine.core.errors import UserError
from engine.core.plan import STEP_S, Plan, Segment
from engine.loop.events import Reference

MAX_CHARACTERS = 1000
MAX_SECONDS = 60.0
MAX_CANDIDATES = 8
MAX_ROUNDS, DEFAULT_ROUNDS = 4, 1
"""Rounds of refinement."""
DEFAULT_CANDIDATES = 4
"""They are decoded side by side, so four take little longer than one."""


@dataclass(frozen=True)
class TurnOptions:
    """Settings of one turn. seconds: length of a new motion, None for the plan's own.

    candidates: drafts to choose the best of.  seed: instead of the one that follows from the session's seed.
    retrieve: look for reference clips.  rounds: how often, at most, what does not fit is made anew.
    pinned: clips that generation is shown in any case.  banned: ids of clips that it is never shown.
    """

    seconds: float | None = None
    candidates: int = DEFAULT_CANDIDATES
    seed: int | None = None
    retrieve: bool = True
    rounds: int = DEFAULT_ROUNDS
    pinned: tuple[Reference, ...] = ()
    banned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.seconds is not None and not 2 * STEP_S <= self.seconds <= MAX_SECONDS:
            raise UserError(f"The length is {self.seconds:g} s; choose between {2 * STEP_S} s and {MAX_SECONDS:g} s.")
        if not 1 <= self.candidates <= MAX_CANDIDATES:
            raise UserError(f"{self.candidates} candidates were asked for; choose between 1 and {MAX_CANDIDATES}.")
        if not 0 <= self.rounds <= MAX_ROUNDS:
            raise UserError(f"{self.rounds} rounds were asked for; choose between 0 and {MAX_ROUNDS}.")
        if self.seed is not None:
            check_seed(self.seed)


def check_seed(seed: int) -> int:
    """The seed. UserError for one that a generator cannot take."""
    if not 0 <= seed < 2**32:
        raise UserError(f"The seed is {seed}; it must lie between 0 and {2**32 - 1}.")
    return seed


@dataclass(frozen=True, eq=False)
class Request:
    """One turn's input. text: stripped; seed: of this turn; stop: set from another thread to end the turn.

    owner: whose reference clips are looked at besides everybody's.
    """

    text: str
    attachments: tuple[Path, ...]
    options: TurnOptions
    seed: int
    owner: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    @staticmethod
    def of(
        text: str,
        attachments: Sequence[str | PathLike[str]],
        options: TurnOptions | None,
        session_seed: int,
        turn: int,
        owner: str = "",
    ) -> Request:
        """A checked request. Its seed follows from the session's and the turn's number, unless options name one."""
        text, paths, options = text.strip(), tuple(map(Path, attachments)), options or TurnOptions()
        if not text and not paths:
            raise UserError("Nothing was asked. Describe a motion, for example 'a person walks forward and waves'.")
        if len(text) > MAX_CHARACTERS:
            raise UserError(f"The request has {len(text)} characters; at most {MAX_CHARACTERS} can be read at once.")
        if len(paths) > 2:
            raise UserError(f"{len(paths)} files are attached; a scene holds one person or two, so attach two at most.")
        seed = options.seed if options.seed is not None else turn_seed(session_seed, turn)
        return Request(text, paths, options, seed, owner)


def turn_seed(session_seed: int, turn: int) -> int:
    """The seed (32 bits) of the turn with that number, well mixed so that neighbours share nothing."""
    return int(np.random.SeedSequence([session_seed, turn]).generate_state(1)[0])


def rescale(plan: Plan, seconds: float | None) -> Plan:
    """The plan with its segments stretched to `seconds` in all, in whole tokenizer steps, at least one for each.

    UserError when there are more segments than steps.
    """
    if seconds is None:
        return plan
    total = max(1, round(seconds / STEP_S))
    if total < len(plan.segments):
        raise UserError(f"{len(plan.segments)} actions do not fit into {seconds:g} s. Ask for more seconds.")
    spare = total - len(plan.segments)  # beyond the one step that each segment keeps
    weights = [s.num_steps - 1 for s in plan.segments]
    if not sum(weights):
        weights = [1] * len(plan.segments)
    shares = [spare * w / sum(weights) for w in weights]
    steps = [1 + math.floor(s) for s in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (math.floor(shares[i]) - shares[i], i))
    for i in by_remainder[: total - sum(steps)]:
        steps[i] += 1
    segments = tuple(Segment(s.calls, round(n * STEP_S, 1)) for s, n in zip(plan.segments, steps, strict=True))
    return Plan(plan.task, segments=segments)
