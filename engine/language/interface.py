"""What the loop asks of a language-motion model, so that tests can put a fake one with queued replies in its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from engine.core.plan import ActionSpec, Call, Plan
from engine.retrieval.text_encoder import TextEncoder


@dataclass(frozen=True)
class DialogueContext:
    """What the model is told of the dialogue so far.

    last_plan: the plan of the motion that is current, "" when there is none or it was uploaded.  has_motion: whether
    there is a current motion.  references: how many clips were shown last, which may now be spoken of.
    last_edit: the last edit script, "undo ..." in place of "edit ..." once it has been taken back; "" when the last
    change was no edit.  edits: the operators by which the current motion came about, which can be taken back.
    """

    last_plan: str = ""
    has_motion: bool = False
    references: int = 0
    last_edit: str = ""
    edits: tuple[str, ...] = ()


@dataclass(frozen=True)
class DraftProgress:
    """Motion as it is decoded. steps_done of num_steps; codes: (S, N, Q) int64 so far, S candidates, Q levels.

    logprob: (S,) mean log-probability of the codes of each candidate.
    """

    steps_done: int
    num_steps: int
    codes: np.ndarray
    logprob: np.ndarray


@dataclass(frozen=True, eq=False)
class MotionReference:
    """A clip that generation is shown. kind: one of adapter.REFERENCE_KINDS; codes: (N, Q) int64, all of them."""

    caption: str
    kind: str
    codes: np.ndarray


@dataclass(frozen=True)
class Evidence:
    """What measurement says of a draft, which no judgement contradicts.

    sound: it is accepted.  doubtful: calls that something is wrong with; where there are any, it is not accepted, and
    one of them is named; where it is all of them, all is made anew.  like: the number of a reference that fits the
    request far better; it is made anew like that.
    """

    sound: bool = False
    doubtful: tuple[Call, ...] = ()
    like: int = 0


OPEN = Evidence()
"""Nothing speaks for a draft, and nothing against it."""


class LanguageModel(Protocol):
    """Plans, moves and answers. Every call is reproducible from its `generator`."""

    catalogue: Mapping[str, ActionSpec]
    notice: str
    """One sentence on what was loaded, how, and on which device."""
    takes_references: bool
    """Whether it has learnt to look at reference clips."""
    judges: bool
    """Whether it has learnt to judge drafts."""
    text_encoder: TextEncoder | None
    """The frozen sentence encoder that it reads by, for others to share."""

    def stream_plan(
        self, request: str, context: DialogueContext, generator: torch.Generator, among: Sequence[str] = ()
    ) -> Iterator[str]:
        """Pieces of one plan line; joined they parse with `parse_plan`.

        among: where given, the line makes one segment, and of these actions.
        """
        ...

    def weigh(self, request: str, context: DialogueContext, lines: Sequence[str]) -> list[float]:
        """How likely each line is as the plan of the request, among these; they sum to 1."""
        ...

    def stream_motion(
        self,
        request: str,
        plan: Plan,
        generator: torch.Generator,
        candidates: int = 1,
        prefix: np.ndarray | None = None,
        references: Sequence[MotionReference] = (),
        keep: np.ndarray | None = None,
    ) -> Iterator[DraftProgress]:
        """One progress per step; the last holds exactly plan.num_steps steps. prefix: codes (N0, Q) to go on from.

        references: clips to learn from while generating; each may fit the request or not.  keep: codes
        (plan.num_steps, Q) that stay as they are where they are not FREE (-1), so that a part or a span is made anew.
        """
        ...

    def stream_judgement(
        self, request: str, plan: Plan, measured: str, evidence: Evidence = OPEN
    ) -> Iterator[tuple[str, str]]:
        """Pieces of the judgement of a draft, each with the kind of its section.

        "assess": in words what fits and what does not; then "refine": one instruction (engine.core.instruction).
        measured: what is known of the draft.
        """
        ...

    def stream_answer(
        self, request: str, context: DialogueContext, plan: Plan, facts: Mapping[str, str]
    ) -> Iterator[str]:
        """Pieces of a sentence or two for the user. facts: measured values by name, for example {"seconds": "4.2"}."""
        ...
