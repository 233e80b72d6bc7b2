"""What the clause tagger learns from: requests with the places where each action is spoken of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
import torch.nn.functional as F

from engine.core.plan import ActionSpec, Plan, parse_plan
from engine.data.captions import Span, caption_spans
from engine.data.compose import sample_plan
from engine.data.dialogues import sample_turn
from engine.data.sampling import with_length
from engine.data.spoken import sample_spoken
from engine.language.clauses import MAX_SEGMENTS, ClauseTagger
from engine.retrieval.text_encoder import EncodedText

CUT_SHARE = 0.5
"""Share of requests that name several actions."""
SEVERAL = {"single": 0.0, "composite": 0.35, "sequence": 0.65}
LENGTHS, LENGTH_SHARES = (2, 3, 4, 5, 6), (0.4, 0.3, 0.14, 0.09, 0.07)
MAX_SECONDS = 60.0
LENGTH_SAID = 0.12
"""Share of requests that ask for a length, besides those that happen to mention it."""
SPOKEN_SHARE = 0.4
"""Share of requests that are of those written by hand."""
MAX_CHARACTERS = 400
"""Longer requests would not fit into the encoder's word pieces."""


def several_actions(rng: np.random.Generator, known: Mapping[str, ActionSpec]) -> tuple[str, list[Span], Plan]:
    """A request for actions at once or one after another, its spans, and its plan."""
    if rng.random() < SPOKEN_SHARE:
        return sample_spoken(rng, several=True)
    while True:
        length = int(rng.choice(LENGTHS, p=LENGTH_SHARES))
        plan = sample_plan(rng, known, length, SEVERAL, MAX_SECONDS)
        if rng.random() < LENGTH_SAID:
            plan = with_length(rng, known, plan)
        assert len(plan.segments) <= MAX_SEGMENTS
        if sum(len(s.calls) for s in plan.segments) > 1:
            text, spans = caption_spans(plan, rng)
            if len(text) <= MAX_CHARACTERS:
                return text, spans, plan


def tagged_request(rng: np.random.Generator, known: Mapping[str, ActionSpec]) -> tuple[str, list[Span]]:
    """A request with the places of its clauses; none for a request of one action, an edit or a question."""
    if rng.random() < CUT_SHARE:
        return several_actions(rng, known)[:2]
    if rng.random() < SPOKEN_SHARE:
        return sample_spoken(rng, several=False)[0], []
    while True:
        turn = sample_turn(rng, lambda r: sample_plan(r, known))
        if sum(len(s.calls) for s in parse_plan(turn.plan).segments) < 2:
            return turn.request, []


def piece_tags(text: EncodedText, spans: Sequence[Sequence[Span]]) -> torch.Tensor:
    """Tags (B, W) int64 of word pieces: 1 + the call that a span speaks of, 0 outside, -100 for padding."""
    tags = torch.zeros(text.mask.shape, dtype=torch.long)
    for row, found in enumerate(spans):
        start, stop = text.places[row, :, 0], text.places[row, :, 1]
        for span in found:
            tags[row, (start >= span.start) & (stop <= span.stop) & (stop > 0)] = span.call + 1
    return tags.masked_fill(~text.mask.cpu(), -100)


def tagging_loss(
    tagger: ClauseTagger, text: EncodedText, spans: Sequence[Sequence[Span]]
) -> tuple[torch.Tensor, float]:
    """Cross entropy of the pieces' tags, and the share of requests tagged rightly from end to end."""
    logits = tagger(text)
    tags = piece_tags(text, spans).to(logits.device)
    right = ((logits.argmax(-1) == tags) | (tags < 0)).all(1).float().mean()
    return F.cross_entropy(logits.flatten(0, 1), tags.flatten()), right.item()
