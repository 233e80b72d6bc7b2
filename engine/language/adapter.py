"""What lets a LLaMA hear the text encoder and speak motion: soft prompt, step embeddings, and heads for every level.

One motion step is one position of the LLaMA's stream. Its input is the sum of the code vectors of the step before and
of where it stands in the plan (steps elapsed, steps left, which segment); its output gives the codes of this step,
level by level: each residual level sees the levels before it (a depth head, after RQ-Transformer, Lee et al. 2022).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import nn

from engine.retrieval.text_encoder import DIM as TEXT_DIM
from engine.tokens.features import TOKEN_GROUPS

MAX_COUNT = 64
"""Steps elapsed and left are counted up to here (12.6 s)."""
MAX_SEGMENTS = 8
PREFIX_SEGMENT = MAX_SEGMENTS - 1
"""Segment number of motion that came before the plan (`append`)."""
REFERENCE_KINDS = tuple(TOKEN_GROUPS)
"""What of a reference is shown: all of it, or a group of parts of the motion tokenizer."""


@dataclass(frozen=True)
class AdapterConfig:
    """hidden: width of the LLaMA.  levels, codes: of the motion tokenizer, levels in all of one step (its
    codes_per_step).  head: width of the residual heads."""

    hidden: int = 384
    levels: int = 4
    codes: int = 512
    head: int = 384

    def to_dict(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Steps:
    """Where motion steps stand, each (...,) int64: the codes of the step before (..., Q), elapsed, left, segment."""

    previous: torch.Tensor
    elapsed: torch.Tensor
    left: torch.Tensor
    segment: torch.Tensor


class MotionAdapter(nn.Module):
    """Embeddings into, and heads out of, the hidden states of a causal LLaMA."""

    def __init__(self, config: AdapterConfig) -> None:
        super().__init__()
        self.config = config
        h, q, k = config.hidden, config.levels, config.codes
        self.soft = nn.Sequential(nn.Linear(TEXT_DIM, h), nn.SiLU(), nn.Linear(h, h))
        self.soft_sentence = nn.Linear(TEXT_DIM, h)
        self.code = nn.Embedding(q * (k + 1), h)
        self.elapsed = nn.Embedding(MAX_COUNT, h)
        self.left = nn.Embedding(MAX_COUNT, h)
        self.segment = nn.Embedding(MAX_SEGMENTS, h)
        self.reference = nn.Embedding(len(REFERENCE_KINDS), h)
        self.first = nn.Linear(h, k)
        self.residual = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(h), nn.Linear(h, config.head), nn.SiLU(), nn.Linear(config.head, k))
            for _ in range(q - 1)
        )
        for table in (self.code, self.elapsed, self.left, self.segment, self.reference):
            nn.init.normal_(table.weight, std=0.02)
        self.register_buffer("offset", torch.arange(q) * (k + 1), persistent=False)
        self.offset: torch.Tensor

    @property
    def no_code(self) -> int:
        """The code that stands for 'no step before'."""
        return self.config.codes

    def embed_text(self, pieces: torch.Tensor) -> torch.Tensor:
        """Word-piece states (..., 384) -> soft prompt vectors (..., hidden)."""
        return self.soft(pieces)

    def embed_sentence(self, sentence: torch.Tensor) -> torch.Tensor:
        """Sentence vectors (B, 384) -> one soft prompt vector each (B, hidden)."""
        return self.soft_sentence(sentence * TEXT_DIM**0.5)

    def embed_steps(self, steps: Steps) -> torch.Tensor:
        """Inputs (..., hidden) of motion steps."""
        codes = self.code(steps.previous + self.offset).sum(-2)
        place = self.elapsed(steps.elapsed.clamp(max=MAX_COUNT - 1)) + self.left(steps.left.clamp(max=MAX_COUNT - 1))
        return codes + place + self.segment(steps.segment)

    def embed_reference(self, kind: torch.Tensor, sentence: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Inputs (N + 1, hidden) of a reference: its caption's sentence vector (384,), then its N steps.

        kind: (), its number in REFERENCE_KINDS.  codes: (N, Q) int64, no_code where it is not shown.  A step stands in
        the reference as the step that it may serve stands in its segment.
        """
        count = torch.arange(len(codes), device=codes.device)
        place = self.elapsed(count.clamp(max=MAX_COUNT - 1)) + self.left(count.flip(0).clamp(max=MAX_COUNT - 1))
        steps = self.code(codes + self.offset).sum(-2) + place
        return torch.cat([self.embed_sentence(sentence[None]), steps]) + self.reference(kind)

    def level_logits(self, hidden: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """Logits (..., K) of the next level, given hidden states (..., hidden) and the codes known so far (..., q)."""
        q = known.shape[-1]
        if q == 0:
            return self.first(hidden)
        return self.residual[q - 1](hidden + self.code(known + self.offset[:q]).sum(-2) * 4)

    def all_logits(self, hidden: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """Teacher-forced logits (..., Q, K) for target codes (..., Q)."""
        seen = self.code(codes[..., :-1] + self.offset[:-1]).cumsum(-2) * 4
        rest = [head(hidden + seen[..., q, :]) for q, head in enumerate(self.residual)]
        return torch.stack([self.first(hidden), *rest], -2)
