"""What the untouched sentence encoder makes of a request: how likely each action and each slot value is.

The LLaMA knows the wordings it learnt from by heart and guesses at others; small heads on the frozen encoder know less,
but generalize. They see the sentence vector and the mean of the words without context. While a plan is written, both
are multiplied (a product of experts, Hinton 2002), token by token.
"""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from transformers import LogitsProcessor, PreTrainedTokenizerFast

from engine.core.plan import ActionSpec
from engine.language import vocabulary as V
from engine.retrieval.text_encoder import DIM, EncodedText

log = logging.getLogger(__name__)
FILE = "prior.safetensors"
SCALE, WORD_SCALE = 20.0, 60.0
"""Bring the entries of a unit sentence vector, and of the mean of word vectors, to about 1."""
HIDDEN, VALUE_HIDDEN = 512, 128
_FIRST_CALL = re.compile(r"^(?:make|append) ([a-z_]*)((?: [a-z_]+=[^ ]*)*)")
_VALUE = re.compile(r" ([a-z_]+)=([^ ]*)")


def request_vectors(text: EncodedText) -> torch.Tensor:
    """What the prior sees of requests, (B, 768): the sentence vector, and the mean of its words without context."""
    words = text.mask.float()[..., None]
    words[:, 0] = 0  # [CLS]
    mean = (text.words * words).sum(1) / words.sum(1)
    return torch.cat([text.sentence * SCALE, mean * WORD_SCALE], -1)


class Head(nn.Module):
    """Vectors (B, 768) -> logits (B, n): linear in the sentence, and a hidden layer over all of it."""

    def __init__(self, count: int, hidden: int) -> None:
        super().__init__()
        self.straight = nn.Linear(DIM, count)
        self.hidden, self.out, self.drop = nn.Linear(2 * DIM, hidden), nn.Linear(hidden, count), nn.Dropout(0.3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.drop(F.gelu(self.hidden(x)))) + self.straight(x[..., :DIM])


class PlanPrior(nn.Module):
    """Heads on what is seen of a request: one over all actions, one for each slot over its values in all actions."""

    def __init__(self, names: Sequence[str], slots: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.names, self.slots = tuple(names), {k: tuple(v) for k, v in slots.items()}
        self.action = Head(len(self.names), HIDDEN)
        self.value = nn.ModuleDict({k: Head(len(v), VALUE_HIDDEN) for k, v in self.slots.items()})

    @staticmethod
    def of(catalogue: Mapping[str, ActionSpec]) -> PlanPrior:
        """A fresh one for these actions."""
        slots: dict[str, set[str]] = {}
        for spec in catalogue.values():
            for slot, values in spec.slots.items():
                slots.setdefault(slot, set()).update(values)
        return PlanPrior(sorted(catalogue), {k: sorted(slots[k]) for k in sorted(slots)})

    @torch.inference_mode()
    def sureness(self, text: EncodedText) -> list[float]:
        """How likely, in [0, 1], each request's likeliest action is."""
        return self.action(request_vectors(text)).softmax(-1).amax(-1).tolist()

    @torch.inference_mode()
    def read(self, text: EncodedText) -> Belief:
        """Belief from a single request as the frozen encoder has read it."""
        x = request_vectors(text)
        actions = self.action(x)[0].log_softmax(-1).tolist()
        values = {k: self.value[k](x)[0].log_softmax(-1).tolist() for k in self.slots}
        return Belief(
            dict(zip(self.names, actions, strict=True)),
            {k: dict(zip(self.slots[k], row, strict=True)) for k, row in values.items()},
        )

    def save(self, folder: Path) -> None:
        """Write prior.safetensors, in float16, with the names that its rows stand for."""
        meta = {"names": json.dumps(self.names), "slots": json.dumps(self.slots)}
        save_file({k: v.half().contiguous().cpu() for k, v in self.state_dict().items()}, folder / FILE, metadata=meta)

    @staticmethod
    def load(folder: Path) -> PlanPrior | None:
        """The prior of a language model's folder; None for a model without one."""
        if not (folder / FILE).is_file():
            return None
        with safe_open(folder / FILE, "pt") as file:
            if "action.hidden.weight" not in file.keys():  # noqa: SIM118
                log.warning("%s is of an earlier kind and left out; train it again: train prior", folder / FILE)
                return None
            meta = file.metadata()
            prior = PlanPrior(json.loads(meta["names"]), json.loads(meta["slots"]))
            prior.load_state_dict({k: file.get_tensor(k).float() for k in file.keys()})  # noqa: SIM118
        return prior.eval()


@dataclass(frozen=True)
class Belief:
    """Log-probabilities of actions, and by slot of its values (over the values of all actions)."""

    actions: Mapping[str, float]
    values: Mapping[str, Mapping[str, float]]

    def among(self, names: Sequence[str]) -> Belief:
        """The belief if only these actions can be meant."""
        return Belief({n: self.actions[n] for n in names if n in self.actions}, self.values)

    def at_least(self, names: Collection[str], share: float) -> Belief:
        """The belief with these actions taken for at least that likely (not normalized)."""
        least = math.log(share)
        return Belief({n: max(v, least) if n in names else v for n, v in self.actions.items()}, self.values)

    @cached_property
    def _total(self) -> float:
        return _log_sum(self.actions.values())

    def of_text(self, text: str, catalogue: Mapping[str, ActionSpec]) -> float:
        """Log-probability of the beginning of a plan line; only its first call is judged, what follows is free."""
        found = _FIRST_CALL.match(text)
        if not found:
            return 0.0
        name, end = found[1], found.end(1)
        if end == len(text):
            return _log_sum(v for n, v in self.actions.items() if n.startswith(name)) - self._total
        if name not in self.actions or name not in catalogue:
            return 0.0
        score = self.actions[name] - self._total
        values = list(_VALUE.finditer(text, end, found.end()))
        for match in values:
            whole = match.end() < len(text)
            score += self._of_value(catalogue[name].slots.get(match[1], ()), match[1], match[2], whole)
        return score

    def _of_value(self, allowed: Sequence[str], slot: str, said: str, whole: bool) -> float:
        rows = {v: self.values[slot][v] for v in allowed if v in self.values.get(slot, {})}
        if not rows:
            return 0.0
        meant = [x for v, x in rows.items() if (v == said if whole else v.startswith(said))]
        return _log_sum(meant) - _log_sum(rows.values())


def _log_sum(values) -> float:
    rows = torch.tensor(list(values) or [-50.0], dtype=torch.float64)
    return float(rows.logsumexp(0))


class PriorProcessor(LogitsProcessor):
    """Adds to each token's score how much more (or less) likely it makes the plan in the eyes of a `Belief`."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerFast,
        belief: Belief,
        catalogue: Mapping[str, ActionSpec],
        weight: float,
    ) -> None:
        self._tokenizer, self._belief, self._catalogue, self._weight = tokenizer, belief, catalogue, weight

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        allowed = scores[0].isfinite().nonzero()[:, 0].tolist()
        written = input_ids[0].tolist()
        if len(allowed) < 2:
            return scores
        before = V.text_of(self._tokenizer, written)
        now = self._belief.of_text(before, self._catalogue)
        scores = scores.log_softmax(-1)
        for token in allowed:
            text = V.text_of(self._tokenizer, [*written, token])
            scores[0, token] += self._weight * (self._belief.of_text(text, self._catalogue) - now)
        return scores
