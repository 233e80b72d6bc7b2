"""The token stream of one turn: what stands where in the LLaMA's input. Training and inference build it here alike.

[sentence] [piece]* ([caption] [reference step]*)* (<last> plan <end>)? (<last> edit <end>)? (<numbers> numbers <end>)?
<empty>|<current> <plan> plan <end>
<motion> step*                       for make and append
<answer> answer <end>                instead of the motion, from the same plan
<measure> facts <end> <assess> verdict <end> <refine> instruction <end>      instead of it, of a motion for that plan
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from engine.core.plan import Plan
from engine.language import vocabulary as V
from engine.language.adapter import MAX_SEGMENTS, PREFIX_SEGMENT, REFERENCE_KINDS, MotionAdapter, Steps
from engine.language.interface import MotionReference
from engine.tokens.features import group_columns

REFERENCE_STEPS = 20
"""Steps of a reference (4 s) that generation is shown at most."""
MAX_REFERENCES = 2
AS_SHOWN = "as_shown"
"""The call of a plan for an action that no training knew: what the reference does."""
MAX_MEASURED = 640
"""Tokens of measured facts that the model reads at most."""
CONTEXT_STEPS = 10
"""Steps of earlier motion (2 s) that generation is shown when it goes on from them."""


@dataclass(frozen=True)
class StepPlaces:
    """Where each step of a motion stands in its plan: elapsed, left, segment, each (N,) int64."""

    elapsed: np.ndarray
    left: np.ndarray
    segment: np.ndarray


def step_places(plan: Plan, num_prefix: int = 0) -> StepPlaces:
    """Places of `num_prefix` steps that came before the plan, then of the plan's own steps."""
    elapsed, left = [0] * num_prefix, [0] * num_prefix
    segment = [PREFIX_SEGMENT] * num_prefix
    for i, part in enumerate(plan.segments):
        n = part.num_steps
        elapsed += range(n)
        left += range(n - 1, -1, -1)
        segment += [min(i, MAX_SEGMENTS - 2)] * n
    return StepPlaces(*(np.asarray(x, np.int64) for x in (elapsed, left, segment)))


def window(places: StepPlaces, start: int, stop: int) -> StepPlaces:
    """The places of steps [start, stop)."""
    return StepPlaces(*(x[start:stop] for x in (places.elapsed, places.left, places.segment)))


def context_ids(
    tokenizer: PreTrainedTokenizerFast, last_plan: str, has_motion: bool, last_edit: str = "", numbers: str = ""
) -> list[int]:
    """Token ids of everything up to and including <plan>, behind the soft prompt that holds the request.

    numbers: those of the request, see `engine.language.numerals`; a vocabulary from before does without.
    """

    def mark(name: str) -> int:
        return V.mark_id(tokenizer, name)

    ids: list[int] = []
    for line in filter(None, (last_plan, last_edit)):
        ids += [mark(V.LAST), *tokenizer.encode(line), mark(V.END)]
    if numbers and V.has_mark(tokenizer, V.NUMBERS):
        ids += [mark(V.NUMBERS), *tokenizer.encode(numbers), mark(V.END)]
    return [*ids, mark(V.CURRENT if has_motion else V.EMPTY), mark(V.PLAN)]


def judged_ids(tokenizer: PreTrainedTokenizerFast, plan: Plan, measured: str) -> list[int]:
    """Token ids, behind the soft prompt, of everything up to and including <assess>."""
    end = V.mark_id(tokenizer, V.END)
    facts = [V.mark_id(tokenizer, V.MEASURE), *tokenizer.encode(measured)[:MAX_MEASURED], end]
    return [
        *context_ids(tokenizer, "", False),
        *tokenizer.encode(str(plan)),
        end,
        *facts,
        V.mark_id(tokenizer, V.ASSESS),
    ]


def steps_from(codes: np.ndarray, places: StepPlaces, no_code: int, device: str | torch.device = "cpu") -> Steps:
    """Step inputs for codes (N, Q): the codes shifted by one, with `no_code` before the first."""
    previous = np.concatenate([np.full((1, codes.shape[1]), no_code, np.int64), codes[:-1]])
    return Steps(*(torch.from_numpy(x).to(device) for x in (previous, places.elapsed, places.left, places.segment)))


def shown_codes(codes: np.ndarray, kind: str, no_code: int) -> np.ndarray:
    """The codes (N, Q) of a reference as it is shown: its first steps, and only what belongs to its kind."""
    codes, own = np.asarray(codes[:REFERENCE_STEPS], np.int64), group_columns(kind, codes.shape[1])
    shown = np.full_like(codes, no_code)
    shown[:, own] = codes[:, own]
    return shown


def reference_embeds(adapter: MotionAdapter, reference: MotionReference, sentence: torch.Tensor) -> torch.Tensor:
    """Embeddings (N + 1, hidden) of a reference; sentence: (384,) of its caption."""
    device = next(adapter.parameters()).device
    kind = torch.tensor(REFERENCE_KINDS.index(reference.kind), device=device)
    codes = torch.from_numpy(shown_codes(reference.codes, reference.kind, adapter.no_code)).to(device)
    return adapter.embed_reference(kind, sentence.to(device), codes)


def stack_steps(steps: Sequence[Steps]) -> Steps:
    """Concatenate steps of several streams along their first axis."""
    return Steps(
        torch.cat([s.previous for s in steps]),
        torch.cat([s.elapsed for s in steps]),
        torch.cat([s.left for s in steps]),
        torch.cat([s.segment for s in steps]),
    )
