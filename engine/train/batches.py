"""Batches for the language-motion model: examples as streams, streams as padded embeddings with their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from engine.core.plan import Plan, Segment, parse_plan
from engine.data.captions import caption_plan
from engine.data.compose import sample_plan
from engine.data.dialogues import ALL_KINDS, EDIT_KINDS, sample_turn
from engine.data.sampling import with_length
from engine.data.spoken import sample_spoken
from engine.language import vocabulary as V
from engine.language.adapter import MotionAdapter, Steps
from engine.language.clauses import clause_words
from engine.language.interface import MotionReference
from engine.language.numerals import numerals
from engine.language.stream import (
    CONTEXT_STEPS,
    REFERENCE_STEPS,
    StepPlaces,
    context_ids,
    judged_ids,
    reference_embeds,
    stack_steps,
    step_places,
    steps_from,
    window,
)
from engine.retrieval.text_encoder import EncodedText
from engine.train.corpus import MotionSample
from engine.train.references import ReferenceDrawer
from engine.train.tagging import LENGTH_SAID, several_actions
from engine.train.verdicts import Judged

TEXT_SHARES = {"single": 0.4, "composite": 0.35, "sequence": 0.25}
"""What dialogues ask for: more composites than are performed, since they are harder to understand."""
CLAUSE_SHARE = 0.4
"""Share of the text examples that are one clause of a request for several actions."""
SPOKEN_SHARE = 0.12
"""Share of the text examples that are one of the requests for one action that were written by hand."""
JUDGED_SHARE = 0.3
"""Share of the text examples that are judgements of a draft, where there are any."""
ANSWER_SHARE = 0.4
"""Share of dialogues that go on to the answer; answers follow a few patterns, and plans do not."""
MAX_PREFIX = CONTEXT_STEPS
"""Steps of earlier motion that an `append` example sees (2 s)."""
MAX_STEPS = 60
"""Longer motion is learnt in stretches of so many steps."""
WINDOW_SHARE = 0.1
"""Share of motions of ordinary length that are learnt from the middle on."""
LENGTH_MULTIPLE, ROWS_MULTIPLE = 16, 128
"""Streams are padded to multiples of these: the kernels of a CPU are compiled anew for every shape that they meet."""
NO_TARGET = -100
"""Target of the rows that only pad."""


@dataclass(frozen=True)
class Example:
    """One stream: token ids, which of them are targets, and the motion steps that follow.

    codes: (N, Q) targets, with the first `num_prefix` of them given.  inputs: (N, Q) codes as the model is shown them.
    places: (N,) where each step stands in its plan.  references: what generation is shown.
    """

    request: str
    ids: list[int]
    learn: list[bool]
    places: StepPlaces | None = None
    codes: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), np.int64))
    inputs: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), np.int64))
    num_prefix: int = 0
    references: Sequence[MotionReference] = ()

    @property
    def num_shown(self) -> int:
        """Positions that the references take: one for each caption and one for each step."""
        return sum(1 + min(len(r.codes), REFERENCE_STEPS) for r in self.references)

    @property
    def length(self) -> int:
        return self.num_shown + len(self.ids) + len(self.codes) + len(self.request) // 4


class ExampleMaker:
    """Draws examples: motion from performed plans, and turns of dialogues (plan and answer)."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerFast,
        samples: Sequence[MotionSample],
        catalogue: dict,
        num_codes: int,
        motion_share: float = 0.65,
        noise: float = 0.08,
        judged: Sequence[Judged] = (),
        edits: bool = False,
    ) -> None:
        """edits: nothing is drawn but turns about a motion that is there, without answers."""
        self.edits = edits
        self.tokenizer, self.samples, self.catalogue = tokenizer, samples, catalogue
        self.judged = judged
        self._drawer: ReferenceDrawer | None = None
        self.num_codes, self.motion_share, self.noise = num_codes, motion_share, noise

    def _mark(self, name: str) -> int:
        return V.mark_id(self.tokenizer, name)

    def draw(self, rng: np.random.Generator) -> Example:
        """One example."""
        if self.edits:
            return self.dialogue(rng)
        if len(self.samples) and rng.random() < self.motion_share:
            return self.motion(rng, self.samples[int(rng.integers(len(self.samples)))])
        if len(self.judged) and rng.random() < JUDGED_SHARE:
            return self.judgement(rng, self.judged[int(rng.integers(len(self.judged)))])
        kind = rng.random()
        if kind < SPOKEN_SHARE:
            text, _, plan = sample_spoken(rng, several=False)
            return self._planned(text, plan)
        return self.clause(rng) if kind < SPOKEN_SHARE + CLAUSE_SHARE else self.dialogue(rng)

    def clause(self, rng: np.random.Generator) -> Example:
        """One clause of a request for several actions, as the clause tagger cuts it out: its words -> its call."""
        while True:
            request, spans, plan = several_actions(rng, self.catalogue)
            call = spans[int(rng.integers(len(spans)))].call
            words = clause_words(request, [[s.start, s.stop] for s in spans if s.call == call])
            if words:
                break
        segment = plan.segments[call // 2]
        alone = Plan("make", (Segment(segment.calls[call % 2 : call % 2 + 1], segment.seconds),))
        return self._planned(words, alone)

    def judgement(self, rng: np.random.Generator, row: Judged) -> Example:
        """What was measured of a draft -> the verdict, and the instruction that mends it."""
        plan = parse_plan(row.plan)
        ids, end = judged_ids(self.tokenizer, plan, row.measured), self._mark(V.END)
        verdict = [*self.tokenizer.encode(row.verdict), end]
        instruction = [*self.tokenizer.encode(row.instruction), end]
        learn = [False] * len(ids) + [True] * len(verdict) + [False] + [True] * len(instruction)
        return Example(caption_plan(plan, rng), [*ids, *verdict, self._mark(V.REFINE), *instruction], learn)

    def _planned(self, request: str, plan: Plan) -> Example:
        """A request of a dialogue that begins -> its plan."""
        ids = context_ids(self.tokenizer, "", False, numbers=numerals(request))
        tokens = [*self.tokenizer.encode(str(plan)), self._mark(V.END)]
        return Example(request, ids + tokens, [False] * len(ids) + [True] * len(tokens))

    def _asked(self, rng: np.random.Generator) -> Plan:
        """A plan as people ask for in a dialogue."""
        plan = sample_plan(rng, self.catalogue, shares=TEXT_SHARES)
        return with_length(rng, self.catalogue, plan) if rng.random() < LENGTH_SAID else plan

    def dialogue(self, rng: np.random.Generator) -> Example:
        """A turn: context, request -> plan, answer."""
        turn = sample_turn(rng, self._asked, kinds=EDIT_KINDS if self.edits else ALL_KINDS)
        numbers = numerals(turn.request)
        ids = context_ids(self.tokenizer, turn.last_plan, turn.has_motion, turn.last_edit, numbers)
        learn = [False] * len(ids)
        answered = bool(turn.answer) and not self.edits and rng.random() < ANSWER_SHARE
        parts = ((turn.plan, V.ANSWER), (turn.answer, None)) if answered else ((turn.plan, None),)
        for text, after in parts:
            tokens = [*self.tokenizer.encode(text), self._mark(V.END)]
            ids += tokens + ([self._mark(after)] if after else [])
            learn += [True] * len(tokens) + ([False] if after else [])
        return Example(turn.request, ids, learn)

    def motion(self, rng: np.random.Generator, sample: MotionSample) -> Example:
        """A performed plan: request -> plan -> codes. Later segments of a sequence also serve as `append`."""
        plan, codes, start = sample.plan, sample.codes, 0
        references, shown = [], False
        if len(plan.segments) > 1 and rng.random() < 0.25:
            cut = int(rng.integers(1, len(plan.segments)))
            first = sum(s.num_steps for s in plan.segments[:cut])
            start = min(first, MAX_PREFIX)
            plan, codes = Plan("append", plan.segments[cut:]), codes[first - start :]
        else:
            self._drawer = self._drawer or ReferenceDrawer(self.samples, self.catalogue)
            references, done = self._drawer.draw(rng, sample)
            plan, codes, shown = done.plan, done.codes, done is not sample
        request = caption_plan(sample.plan if shown else plan, rng)
        known = rng.random() > (0.5 if shown else 0.15)
        if not known:
            request = caption_plan(sample_plan(rng, self.catalogue), rng)
        ids = context_ids(self.tokenizer, "", False)
        learn = [False] * len(ids)
        tokens = [*self.tokenizer.encode(str(plan)), self._mark(V.END)]
        learn += [known and plan.task == "make" and not references] * len(tokens) + [False]
        ids += [*tokens, self._mark(V.MOTION)]
        places = step_places(plan, start)
        if len(codes) > MAX_STEPS or (len(codes) > 2 * MAX_PREFIX and not start and rng.random() < WINDOW_SHARE):
            codes, places, start = _window(codes, places, start, rng)
        return Example(request, ids, learn, places, codes, self._spoil(codes, rng), start, references)

    def _spoil(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Codes as inputs: some replaced at random, so that the model learns to recover from its own slips."""
        swap = rng.random(codes.shape) < self.noise * rng.random()
        return np.where(swap, rng.integers(0, self.num_codes, codes.shape), codes)


def _window(
    codes: np.ndarray, places: StepPlaces, given: int, rng: np.random.Generator
) -> tuple[np.ndarray, StepPlaces, int]:
    """A stretch of a long motion as generation goes on with it: codes, places, and how many of them are given."""
    begin = int(rng.integers(0, max(1, len(codes) - 2 * MAX_PREFIX)))
    stop = min(len(codes), begin + MAX_STEPS)
    return codes[begin:stop], window(places, begin, stop), given if begin == 0 else MAX_PREFIX


@dataclass(frozen=True)
class Batch:
    """embeds: (B, L, hidden).  text_at, text_target: flat positions in (B * L) whose next token is a target.
    step_at, step_codes: flat positions of motion steps and their codes (M, Q); rows of NO_TARGET are padding."""

    embeds: torch.Tensor
    text_at: torch.Tensor
    text_target: torch.Tensor
    step_at: torch.Tensor
    step_codes: torch.Tensor


def collate(
    examples: Sequence[Example],
    llama: LlamaForCausalLM,
    adapter: MotionAdapter,
    text: EncodedText,
) -> Batch:
    """Embeddings and targets of some examples.

    text: `texts_of` them as read by the encoder (more rows may follow).
    """
    device = next(adapter.parameters()).device
    softs = [1 + w for w in text.mask[: len(examples)].sum(1).tolist()]
    lengths = (s + e.num_shown + len(e.ids) + len(e.codes) for s, e in zip(softs, examples, strict=True))
    longest = _up(max(lengths), LENGTH_MULTIPLE)
    shown_at: list[int] = []
    shown: list[torch.Tensor] = []
    soft_at, soft_from, token_at, tokens, step_at, learn_at = [], [], [], [], [], []
    text_at, text_target, codes, steps = [], [], [], []
    num_pieces = text.pieces.shape[1]
    for b, (example, soft) in enumerate(zip(examples, softs, strict=True)):
        base = b * longest
        soft_at += range(base, base + soft)
        soft_from += [b * (num_pieces + 1) + i for i in range(soft)]
        for reference in example.references:
            shown.append(reference_embeds(adapter, reference, text.sentence[len(examples) + len(shown)]))
        first = base + soft + example.num_shown
        shown_at += range(base + soft, first)
        token_at += range(first, first + len(example.ids))
        tokens += example.ids
        for i, wanted in enumerate(example.learn):
            if wanted:
                text_at.append(first + i - 1)
                text_target.append(example.ids[i])
        if len(example.codes):
            assert example.places is not None
            at = first + len(example.ids)
            step_at += range(at, at + len(example.codes))
            learn_at += range(at + example.num_prefix, at + len(example.codes))
            codes.append(example.codes[example.num_prefix :])
            steps.append(steps_from(example.inputs, example.places, adapter.no_code))

    def on(rows: list[int]) -> torch.Tensor:
        return torch.tensor(rows, dtype=torch.long, device=device)

    hidden = adapter.config.hidden
    embeds = torch.zeros(len(examples) * longest, hidden, device=device)
    sentence = adapter.embed_sentence(text.sentence.to(device))[:, None]
    soft = torch.cat([sentence, adapter.embed_text(text.pieces.to(device))], 1).reshape(-1, hidden)
    embeds = embeds.index_copy(0, on(soft_at), soft[on(soft_from)].float())
    embeds = embeds.index_copy(0, on(token_at), llama.model.embed_tokens(on(tokens)).float())
    if shown:
        embeds = embeds.index_copy(0, on(shown_at), torch.cat(shown).float())
    step_codes = np.zeros((0, adapter.config.levels), np.int64)
    if steps:
        joined = stack_steps(steps)
        joined = Steps(*(x.to(device) for x in (joined.previous, joined.elapsed, joined.left, joined.segment)))
        embeds = embeds.index_copy(0, on(step_at), adapter.embed_steps(joined).float())
        step_codes = np.concatenate(codes)
    rows = _up(len(text_at), ROWS_MULTIPLE) - len(text_at)
    moves = _up(len(learn_at), ROWS_MULTIPLE) - len(learn_at)
    return Batch(
        embeds.reshape(len(examples), longest, hidden),
        on(text_at + [0] * rows),
        on(text_target + [NO_TARGET] * rows),
        on(learn_at + [0] * moves),
        torch.from_numpy(np.pad(step_codes, ((0, moves), (0, 0)), constant_values=NO_TARGET)).to(device),
    )


def texts_of(examples: Sequence[Example]) -> list[str]:
    """What the encoder has to read: the requests of all examples, then the captions of all references."""
    return [e.request for e in examples] + [r.caption for e in examples for r in e.references]


def _up(count: int, multiple: int) -> int:
    return -(-count // multiple) * multiple
