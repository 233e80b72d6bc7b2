"""Decoding with transformers' logits processors: text under a grammar, motion codes level by level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer
from transformers import DynamicCache, LlamaForCausalLM, LogitsProcessor, LogitsProcessorList
from transformers.generation.logits_process import TemperatureLogitsWarper, TopPLogitsWarper

from engine.language.adapter import MotionAdapter, Steps


class GrammarProcessor(LogitsProcessor):
    """Leaves only the tokens that the grammar allows next. `advance` tells it which one was taken."""

    def __init__(self, tokenizer: LLTokenizer, grammar: str) -> None:
        self._matcher = LLMatcher(tokenizer, LLMatcher.grammar_from_lark(grammar))
        assert not self._matcher.is_error(), self._matcher.get_error()

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        bits = np.unpackbits(np.frombuffer(self._matcher.compute_bitmask(), np.uint8), bitorder="little")
        allowed = torch.from_numpy(bits[: scores.shape[-1]].astype(bool)).to(scores.device)
        return scores.masked_fill(~allowed, -torch.inf)

    def advance(self, token: int) -> bool:
        """Take a token; False once nothing more may follow."""
        self._matcher.consume_token(token)
        return not self._matcher.is_stopped()


@dataclass
class Stream:
    """A LLaMA with its cache: feed embeddings, read the last hidden state."""

    model: LlamaForCausalLM
    cache: DynamicCache
    hidden: torch.Tensor

    @staticmethod
    def begin(model: LlamaForCausalLM, embeds: torch.Tensor) -> Stream:
        """Run the prompt (B, L, hidden)."""
        stream = Stream(model, DynamicCache(config=model.config), embeds[:, -1])
        return stream.feed(embeds)

    def feed(self, embeds: torch.Tensor) -> Stream:
        """Append embeddings (B, L, hidden); `hidden` becomes the last position's state (B, hidden)."""
        out: Any = self.model.model(inputs_embeds=embeds, past_key_values=self.cache, use_cache=True)
        self.hidden = out.last_hidden_state[:, -1]
        return self

    def split(self, copies: int) -> Stream:
        """The same stream for `copies` candidates."""
        if copies > 1:
            self.cache.batch_repeat_interleave(copies)
            self.hidden = self.hidden.repeat_interleave(copies, 0)
        return self


def decode_text(
    stream: Stream, grammar: GrammarProcessor, end: int, limit: int, more: Sequence[LogitsProcessor] = ()
) -> Iterator[int]:
    """Most likely tokens under the grammar, up to the end mark (not yielded, but fed) or `limit` tokens.

    more: what else has a say in the scores of the tokens that the grammar allows.
    """
    processors = LogitsProcessorList([grammar, *more])
    ids = torch.zeros((1, 0), dtype=torch.long)
    for _ in range(limit):
        logits = stream.model.lm_head(stream.hidden).float()
        token = int(processors(ids, logits).argmax(-1))  # pyright: ignore[reportArgumentType]
        if token != end:
            yield token
        goes_on = grammar.advance(token)
        ids = torch.cat([ids, torch.tensor([[token]])], 1)
        stream.feed(stream.model.model.embed_tokens(torch.tensor([[token]], device=stream.hidden.device)))
        if token == end or not goes_on:
            return


def weigh_lines(model: LlamaForCausalLM, prompt: torch.Tensor, lines: Sequence[Sequence[int]]) -> list[float]:
    """How likely each of the token sequences is behind the prompt (1, L, hidden), among these; they sum to 1."""
    scores = []
    for ids in lines:
        tokens = torch.tensor([ids], device=prompt.device)
        embeds = torch.cat([prompt, model.model.embed_tokens(tokens).to(prompt.dtype)], 1)
        out: Any = model.model(inputs_embeds=embeds, use_cache=False)
        logits = model.lm_head(out.last_hidden_state[:, prompt.shape[1] - 1 : -1]).float()
        scores.append(logits.log_softmax(-1).gather(-1, tokens[..., None]).sum())
    return torch.stack(scores).softmax(0).tolist()


@dataclass(frozen=True)
class Sampling:
    """temperature and top_p of the first level; residual levels are sampled cooler."""

    temperature: float = 0.85
    top_p: float = 0.92
    residual_temperature: float = 0.5

    def processors(self, level: int) -> LogitsProcessorList:
        heat = self.temperature if level == 0 else self.residual_temperature
        return LogitsProcessorList([TemperatureLogitsWarper(heat), TopPLogitsWarper(self.top_p)])


FREE = -1
"""In codes that are kept: a place that is not, and is sampled."""


def decode_step(
    adapter: MotionAdapter,
    hidden: torch.Tensor,
    sampling: Sampling,
    generator: torch.Generator,
    keep: Sequence[int] | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes (S, Q) of one step from hidden states (S, hidden), and the log-probability (S,) of the first level.

    keep: Q codes of which those that are not FREE are taken as they are.
    """
    hidden = hidden.float()
    codes = torch.zeros((len(hidden), 0), dtype=torch.long, device=hidden.device)
    first = hidden.new_zeros(len(hidden))
    for level in range(adapter.config.levels):
        logits = adapter.level_logits(hidden, codes)
        warm = sampling.processors(level)(codes, logits)  # pyright: ignore[reportArgumentType]
        probs = warm.softmax(-1)
        pick = torch.multinomial(probs.cpu(), 1, generator=generator).to(hidden.device)
        if keep is not None and keep[level] != FREE:
            pick = torch.full_like(pick, keep[level])
        if level == 0:
            first = logits.log_softmax(-1).gather(-1, pick)[:, 0]
        codes = torch.cat([codes, pick], -1)
    return codes, first


def step_input(adapter: MotionAdapter, previous: torch.Tensor, elapsed: int, left: int, segment: int) -> torch.Tensor:
    """Embedding (S, 1, hidden) of the next step, after codes `previous` (S, Q)."""
    shape = previous.shape[:1]

    def full(value: int) -> torch.Tensor:
        return torch.full(shape, value, dtype=torch.long, device=previous.device)

    return adapter.embed_steps(Steps(previous, full(elapsed), full(left), full(segment)))[:, None]
