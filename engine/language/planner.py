"""Another LLaMA as the planner: it writes the plan line from a few examples, under the same grammar.

Any causal LLaMA checkpoint of the hub's format will do, for example an 8B instruct model; it needs no training, because
the embedded model still turns the plan into motion and words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from llguidance.hf import from_tokenizer
from transformers import AutoTokenizer

from engine.core.config import ROOT, Config
from engine.core.device import choose_device
from engine.core.errors import UserError
from engine.core.plan import ActionSpec, Plan
from engine.edit.registry import edit_schemas
from engine.language.decoding import GrammarProcessor, Stream, decode_text, weigh_lines
from engine.language.grammar import MAX_PLAN_TOKENS, plan_grammar, segment_grammar
from engine.language.interface import OPEN, DialogueContext, DraftProgress, Evidence, LanguageModel, MotionReference
from engine.language.loading import load_llama

PROMPT = ROOT / "prompts" / "planner.txt"


class PlannerModel:
    """Plans with the LLaMA that the user names, moves and answers with `inner`."""

    def __init__(self, source: str, config: Config, inner: LanguageModel) -> None:
        self.inner, self.catalogue = inner, inner.catalogue
        device = choose_device(config.device)
        self.llama = load_llama(source, config.four_bit, device.name)
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(source)
        except (OSError, ValueError) as error:
            raise UserError(f"The checkpoint {source} has no tokenizer that could be loaded: {error}") from error
        if not self.tokenizer.is_fast or self.tokenizer.eos_token_id is None:
            raise UserError(f"The tokenizer of {source} must be a fast one with an end-of-text token.")
        self._guide = from_tokenizer(self.tokenizer, n_vocab=self.llama.config.vocab_size)
        self._grammar = plan_grammar(self.catalogue, edit_schemas())
        self.takes_references, self.judges = inner.takes_references, inner.judges
        self.text_encoder = inner.text_encoder
        bits = "4-bit NF4" if config.four_bit else "full precision"
        self.notice = f"Plans by {source} in {bits} on {device.reason}; motion by the embedded {inner.notice}"

    @staticmethod
    def load(config: Config, inner: LanguageModel) -> PlannerModel:
        """The planner that KINETALK_LLAMA names, in front of the embedded model."""
        assert config.llama is not None
        return PlannerModel(config.llama, config, inner)

    @torch.inference_mode()
    def stream_plan(
        self, request: str, context: DialogueContext, generator: torch.Generator, among: Sequence[str] = ()
    ) -> Iterator[str]:
        """Pieces of one plan line, the most likely one that the grammar allows."""
        ids = self.tokenizer(self._prompt(request, context), return_tensors="pt").input_ids.to(self.llama.device)
        stream = Stream.begin(self.llama, self.llama.model.embed_tokens(ids))
        lines = segment_grammar({n: self.catalogue[n] for n in among}) if among else self._grammar
        grammar = GrammarProcessor(self._guide, lines)
        written, shown = [], ""
        for token in decode_text(stream, grammar, self.tokenizer.eos_token_id, MAX_PLAN_TOKENS):
            written.append(token)
            text = self.tokenizer.decode(written)
            yield text[len(shown) :]
            shown = text

    @torch.inference_mode()
    def weigh(self, request: str, context: DialogueContext, lines: Sequence[str]) -> list[float]:
        """How likely each line is as the plan of the request, among these; they sum to 1."""
        prompt = self.tokenizer(self._prompt(request, context), return_tensors="pt").input_ids.to(self.llama.device)
        ids = [self.tokenizer(line, add_special_tokens=False).input_ids for line in lines]
        return weigh_lines(self.llama, self.llama.model.embed_tokens(prompt), ids)

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
        """Motion of the embedded model for the plan."""
        return self.inner.stream_motion(request, plan, generator, candidates, prefix, references, keep)

    def stream_judgement(
        self, request: str, plan: Plan, measured: str, evidence: Evidence = OPEN
    ) -> Iterator[tuple[str, str]]:
        """Judgement of the embedded model."""
        return self.inner.stream_judgement(request, plan, measured, evidence)

    def stream_answer(
        self, request: str, context: DialogueContext, plan: Plan, facts: Mapping[str, str]
    ) -> Iterator[str]:
        """Answer of the embedded model."""
        return self.inner.stream_answer(request, context, plan, facts)

    def _prompt(self, request: str, context: DialogueContext) -> str:
        actions = "\n".join(_describe(spec) for spec in self.catalogue.values())
        return PROMPT.read_text().format(
            actions=actions,
            last=context.last_plan or ("an uploaded motion" if context.has_motion else "nothing"),
            request=request.strip(),
        )


def _describe(spec: ActionSpec) -> str:
    slots = " ".join(f"{k}={'|'.join(v)}" for k, v in spec.slots.items())
    return f"{spec.name} {slots}".strip() + f" ({spec.part})"
