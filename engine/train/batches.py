"""Batches for the language-motion model: examples as streams, streams as padded embeddings with their targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from engine.core.plan import Plan
from engine.data.captions import caption_plan, caption_spans
from engine.data.compose import sample_plan
from engine.data.dialogues import sample_turn
from engine.language import vocabulary as V
from engine.language.adapter import MotionAdapter, Steps
from engine.language.stream import context_ids, stack_steps, step_places, steps_from
from engine.retrieval.text_encoder import TextEncoder
from engine.train.corpus import MotionSample

TEXT_SHARES = {"single": 0.4, "composite": 0.35, "sequence": 0.25}
"""What dialogues ask for: more composites than are performed, since they are harder to understand."""
SEQUENCES = {"single": 0.0, "composite": 0.0, "sequence": 1.0}
CLAUSE_SHARE = 0.3
"""Share of the text examples that are one clause of a sequence."""
ANSWER_SHARE = 0.4
"""Share of dialogues that go on to the answer; answers follow a few patterns, and plans do not."""
SOFT_ONLY = 0.3
"""Share of requests that are heard through the soft prompt only."""
MAX_PREFIX = 10
"""Steps of earlier motion that an `append` example sees (2 s)."""


@dataclass(frozen=True)
class Example:
    """One stream: token ids, which of them are targets, and the motion steps that follow.

    codes: (N, Q) targets, with the first `num_prefix` of them given.  inputs: (N, Q) codes as the model is shown them.
    """

    request: str
    ids: list[int]
    learn: list[bool]
    plan: Plan | None = None
    codes: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), np.int64))
    inputs: np.ndarray = field(default_factory=lambda: np.zeros((0, 1), np.int64))
    num_prefix: int = 0

    @property
    def length(self) -> int:
        return len(self.ids) + len(self.codes) + len(self.request) // 4


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
    ) -> None:
        self.tokenizer, self.samples, self.catalogue = tokenizer, samples, catalogue
        self.num_codes, self.motion_share, self.noise = num_codes, motion_share, noise

    def _mark(self, name: str) -> int:
        return V.mark_id(self.tokenizer, name)

    def draw(self, rng: np.random.Generator) -> Example:
        """One example."""
        if len(self.samples) and rng.random() < self.motion_share:
            return self.motion(rng, self.samples[int(rng.integers(len(self.samples)))])
        return self.clause(rng) if rng.random() < CLAUSE_SHARE else self.dialogue(rng)

    def clause(self, rng: np.random.Generator) -> Example:
        """One clause of a sequence on its own, as the clause tagger cuts it out: its words -> its segment."""
        plan = sample_plan(rng, self.catalogue, shares=SEQUENCES)
        request, spans = caption_spans(plan, rng)
        k = int(rng.integers(len(spans)))
        words = request[slice(*spans[k])]
        ids = context_ids(self.tokenizer, words, "", False, rng.random() > SOFT_ONLY)
        tokens = [*self.tokenizer.encode(str(Plan("make", plan.segments[k : k + 1]))), self._mark(V.END)]
        return Example(words, ids + tokens, [False] * len(ids) + [True] * len(tokens))

    def dialogue(self, rng: np.random.Generator) -> Example:
        """A turn: context, request -> plan, answer."""
        turn = sample_turn(rng, lambda r: sample_plan(r, self.catalogue, shares=TEXT_SHARES))
        shown = rng.random() > SOFT_ONLY
        ids = context_ids(self.tokenizer, turn.request, turn.last_plan, turn.has_motion, shown)
        learn = [False] * len(ids)
        answered = rng.random() < ANSWER_SHARE
        parts = ((turn.plan, V.ANSWER), (turn.answer, None)) if answered else ((turn.plan, None),)
        for text, after in parts:
            tokens = [*self.tokenizer.encode(text), self._mark(V.END)]
            ids += tokens + ([self._mark(after)] if after else [])
            learn += [True] * len(tokens) + ([False] if after else [])
        return Example(turn.request, ids, learn)

    def motion(self, rng: np.random.Generator, sample: MotionSample) -> Example:
        """A performed plan: request -> plan -> codes. Later segments of a sequence also serve as `append`."""
        plan, codes, start = sample.plan, sample.codes, 0
        if len(plan.segments) > 1 and rng.random() < 0.25:
            cut = int(rng.integers(1, len(plan.segments)))
            first = sum(s.num_steps for s in plan.segments[:cut])
            start = min(first, MAX_PREFIX)
            plan, codes = Plan("append", plan.segments[cut:]), codes[first - start :]
        request = caption_plan(plan, rng)
        known = rng.random() > 0.15
        if not known:
            request = caption_plan(sample_plan(rng, self.catalogue), rng)
        ids = context_ids(self.tokenizer, request, "", False, rng.random() > SOFT_ONLY)
        learn = [False] * len(ids)
        tokens = [*self.tokenizer.encode(str(plan)), self._mark(V.END)]
        learn += [known and plan.task == "make"] * len(tokens) + [False]
        ids += [*tokens, self._mark(V.MOTION)]
        return Example(request, ids, learn, plan, codes, self._spoil(codes, rng), start)

    def _spoil(self, codes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Codes as inputs: some replaced at random, so that the model learns to recover from its own slips."""
        swap = rng.random(codes.shape) < self.noise * rng.random()
        return np.where(swap, rng.integers(0, self.num_codes, codes.shape), codes)


@dataclass(frozen=True)
class Batch:
    """embeds: (B, L, hidden).  text_at, text_target: flat positions in (B * L) whose next token is a target.
    step_at, step_codes: flat positions of motion steps and their codes (M, Q)."""

    embeds: torch.Tensor
    text_at: torch.Tensor
    text_target: torch.Tensor
    step_at: torch.Tensor
    step_codes: torch.Tensor


def collate(
    examples: Sequence[Example],
    llama: LlamaForCausalLM,
    adapter: MotionAdapter,
    encoder: TextEncoder,
    rng: np.random.Generator,
    drop_soft: float = 0.1,
) -> Batch:
    """Embeddings and targets of some examples. drop_soft: share that is shown its own tokens without soft prompt."""
    device = next(adapter.parameters()).device
    with torch.autocast(device.type, dtype=torch.bfloat16):
        text = encoder([e.request for e in examples])
    widths = text.mask.sum(1).tolist()
    keep = [rng.random() >= drop_soft or not any(e.learn) for e in examples]
    softs = [1 + w if k else 0 for w, k in zip(widths, keep, strict=True)]
    longest = max(s + len(e.ids) + len(e.codes) for s, e in zip(softs, examples, strict=True))
    soft_at, soft_from, token_at, tokens, step_at, learn_at = [], [], [], [], [], []
    text_at, text_target, codes, steps = [], [], [], []
    num_pieces = text.pieces.shape[1]
    for b, (example, soft) in enumerate(zip(examples, softs, strict=True)):
        base = b * longest
        soft_at += range(base, base + soft)
        soft_from += [b * (num_pieces + 1) + i for i in range(soft)]
        first = base + soft
        token_at += range(first, first + len(example.ids))
        tokens += example.ids
        for i, wanted in enumerate(example.learn):
            if wanted:
                text_at.append(first + i - 1)
                text_target.append(example.ids[i])
        if len(example.codes):
            assert example.plan is not None
            at = first + len(example.ids)
            step_at += range(at, at + len(example.codes))
            learn_at += range(at + example.num_prefix, at + len(example.codes))
            codes.append(example.codes[example.num_prefix :])
            steps.append(steps_from(example.inputs, step_places(example.plan, example.num_prefix), adapter.no_code))

    def on(rows: list[int]) -> torch.Tensor:
        return torch.tensor(rows, dtype=torch.long, device=device)

    hidden = adapter.config.hidden
    embeds = torch.zeros(len(examples) * longest, hidden, device=device)
    sentence = adapter.embed_sentence(text.sentence.clone().to(device))[:, None]
    soft = torch.cat([sentence, adapter.embed_text(text.pieces.clone().to(device))], 1).reshape(-1, hidden)
    embeds = embeds.index_copy(0, on(soft_at), soft[on(soft_from)].float())
    embeds = embeds.index_copy(0, on(token_at), llama.model.embed_tokens(on(tokens)).float())
    step_codes = torch.zeros(0, adapter.config.levels, dtype=torch.long, device=device)
    if steps:
        joined = stack_steps(steps)
        joined = Steps(*(x.to(device) for x in (joined.previous, joined.elapsed, joined.left, joined.segment)))
        embeds = embeds.index_copy(0, on(step_at), adapter.embed_steps(joined).float())
        step_codes = torch.from_numpy(np.concatenate(codes)).to(device)
    return Batch(embeds.reshape(len(examples), longest, hidden), on(text_at), on(text_target), on(learn_at), step_codes)
