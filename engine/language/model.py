"""The embedded language-motion model: plans, moves and answers in one stream of one LLaMA (assets/language)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial

import numpy as np
import torch
from llguidance.hf import from_tokenizer
from transformers import LlamaForCausalLM, LogitsProcessor, PreTrainedTokenizerFast

from engine.core.plan import FACTS, ActionSpec, Plan, Segment, parse_plan, together_s
from engine.edit.registry import ArgSpec, edit_schemas
from engine.language import vocabulary as V
from engine.language.adapter import MotionAdapter
from engine.language.clauses import ClauseTagger, split_request
from engine.language.decoding import (
    GrammarProcessor,
    Sampling,
    Stream,
    decode_step,
    decode_text,
    step_input,
    weigh_lines,
)
from engine.language.grammar import (
    LEGS,
    MAX_PARTS,
    MAX_PLAN_TOKENS,
    PARTS,
    UPPER,
    answer_grammar,
    call_grammar,
    choice_grammar,
    instruction_grammar,
    plan_grammar,
    prose_grammar,
    segment_grammar,
)
from engine.language.interface import OPEN, DialogueContext, DraftProgress, Evidence, MotionReference
from engine.language.numerals import numerals
from engine.language.phrases import Phrases
from engine.language.prior import PlanPrior, PriorProcessor
from engine.language.stream import (
    CONTEXT_STEPS,
    StepPlaces,
    context_ids,
    judged_ids,
    reference_embeds,
    stack_steps,
    step_places,
    steps_from,
    window,
)
from engine.retrieval.text_encoder import TextEncoder

MAX_ANSWER_TOKENS, MAX_VERDICT_TOKENS = 60, 100
STRETCH_STEPS = 50
"""After so many steps generation begins a fresh stream from the last CONTEXT_STEPS (training saw 60 steps at most)."""
PRIOR_WEIGHT = 3.0
"""How much the prior's log-probabilities count beside the LLaMA's."""
KEPT_SHARE = 0.5
"""How likely the actions of the plan before are at least held to be those of the next."""
SURE, MARGIN = 0.7, 0.2
"""Every clause must have an action as likely as SURE, or at most MARGIN less likely than that of the whole request."""


class EmbeddedModel:
    """Every method is deterministic given its generator. Not thread-safe: the engine holds one lock around it."""

    def __init__(
        self,
        llama: LlamaForCausalLM,
        adapter: MotionAdapter,
        tokenizer: PreTrainedTokenizerFast,
        catalogue: Mapping[str, ActionSpec],
        encoder: TextEncoder,
        notice: str = "",
        sampling: Sampling | None = None,
        tagger: ClauseTagger | None = None,
        answers: Mapping[str, Sequence[str]] | None = None,
        prior: tuple[PlanPrior, TextEncoder] | None = None,
        takes_references: bool = True,
        phrases: Phrases | None = None,
        editor: EmbeddedModel | None = None,
    ) -> None:
        """prior: with the frozen encoder that it reads requests by.  takes_references: it has learnt to use them.

        phrases: what it may say of a plan; without them it finds words of its own.  editor: the model that plans turns
        about a motion that is there, see `shipped.load_editor`.
        """
        self.editor = editor
        self.phrases = phrases or Phrases()
        self.llama, self.adapter, self.tokenizer = llama, adapter.eval(), tokenizer
        self.catalogue, self.encoder, self.notice = catalogue, encoder, notice
        self.sampling, self.tagger, self.prior = sampling or Sampling(), tagger, prior
        self.takes_references, self.judges = takes_references, V.has_mark(tokenizer, V.ASSESS)
        self.text_encoder = prior[1] if prior else None
        self.device = next(adapter.parameters()).device
        self._guide = from_tokenizer(tokenizer, n_vocab=llama.config.vocab_size)
        self._plan_grammar = lru_cache(maxsize=64)(partial(plan_grammar, catalogue, edit_schemas()))
        self._segment_grammar = segment_grammar(catalogue)
        self._call_grammars: dict[tuple[str, ...], str] = {p: call_grammar(catalogue, p) for p in (PARTS, LEGS, UPPER)}
        self._answer_grammar = answer_grammar(FACTS)
        self._ask_grammars = {topic: choice_grammar(lines) for topic, lines in (answers or {}).items()}

    @torch.inference_mode()
    def stream_plan(
        self, request: str, context: DialogueContext, generator: torch.Generator, among: Sequence[str] = ()
    ) -> Iterator[str]:
        """Pieces of one plan line, the most likely one that the grammar allows.

        A request for several actions is read whole for its task, then clause by clause. One that the tagger does not
        cut has one segment, unless it may speak of several that are there.
        """
        if among:
            yield from self._plan(request, context, segment_grammar({n: self.catalogue[n] for n in among}), among)
            return
        only: tuple[str, ...] = ()
        if self.editor is not None and context.has_motion:
            pieces = self.editor.stream_plan(request, context, generator)
            line = _until_task(pieces)
            only = {"make": ("make", "append"), "append": ("append",)}.get(line.split(" ", 1)[0], ())
            if not only:
                yield line
                yield from pieces
                return
        segments = self._clauses(request)
        short = self.tagger is not None and " ; " not in context.last_plan
        limit = 1 if short else MAX_PARTS
        grammar = self._plan_grammar(limit, context.references, bool(context.last_edit), context.edits, only)
        whole = self._plan(request, context, grammar)
        if not segments:
            yield from whole
            return
        line = _until_task(whole)
        task = line.split(" ", 1)[0]
        if task not in ("make", "append"):
            yield line
            yield from whole
            return
        yield f"{task} "
        planned = [self._segment(clauses) for clauses in segments]
        names = {c.name for line in planned for s in parse_plan(f"make {line}").segments for c in s.calls}
        if len(names) == 1:  # two clauses about one action
            planned = [self._clause(request, self._segment_grammar)]
        yield " ; ".join(planned)

    def _clauses(self, request: str) -> list[list[str]]:
        """The clauses of a request by segment, [] for a request of one action.

        It is one, too, if the prior knows it well as a whole and one of its clauses hardly.
        """
        segments = split_request(request, self.tagger, self.encoder([request])) if self.tagger else []
        if self.prior is None or not segments:
            return segments
        prior, encoder = self.prior
        clauses = (clause for together in segments for clause in together)
        whole, *parts = prior.sureness(encoder([request, *clauses]))
        return segments if min(parts) >= min(SURE, whole - MARGIN) else []

    def _segment(self, clauses: Sequence[str]) -> str:
        """The segment of one clause, or of two that happen at once: one for the legs and an upper one over it."""
        if len(clauses) == 1:
            return self._clause(clauses[0], self._segment_grammar)
        first = self._call(clauses[0], PARTS)
        over = self.catalogue[first.calls[0].name].part in UPPER
        second = self._call(clauses[1], LEGS if over else UPPER)
        base, upper = (second, first) if over else (first, second)
        return str(Segment((*base.calls, *upper.calls), together_s(base.seconds, upper.seconds)))

    def _call(self, clause: str, parts: tuple[str, ...]) -> Segment:
        names = [n for n, s in self.catalogue.items() if s.part in parts]
        return parse_plan(f"make {self._clause(clause, self._call_grammars[parts], names)}").segments[0]

    def _clause(self, clause: str, grammar: str, names: Sequence[str] = ()) -> str:
        return "".join(self._plan(clause, DialogueContext(), grammar, names)).removeprefix("make ")

    def _plan(self, request: str, context: DialogueContext, grammar: str, names: Sequence[str] = ()) -> Iterator[str]:
        """names: of the actions that the grammar allows, all if there are none."""
        stream = Stream.begin(self.llama, self._prompt(request, context))
        yield from self._text(stream, grammar, MAX_PLAN_TOKENS, self._second_opinion(request, context, names))

    def _second_opinion(self, request: str, context: DialogueContext, names: Sequence[str]) -> list[PriorProcessor]:
        """The prior's say in the plan of a request, which may speak of the plan before without naming its actions."""
        if self.prior is None:
            return []
        prior, encoder = self.prior
        names = names or list(self.catalogue)
        belief = prior.read(encoder([request])).among(names)
        if context.last_plan:
            before = {c.name for s in parse_plan(context.last_plan).segments for c in s.calls}
            belief = belief.at_least(before, KEPT_SHARE)
        return [PriorProcessor(self.tokenizer, belief, self.catalogue, PRIOR_WEIGHT)]

    @torch.inference_mode()
    def weigh(self, request: str, context: DialogueContext, lines: Sequence[str]) -> list[float]:
        """How likely each line is as the plan of the request, among these; they sum to 1."""
        if self.editor is not None:
            return self.editor.weigh(request, context, lines)
        end = V.mark_id(self.tokenizer, V.END)
        ids = [[*self.tokenizer.encode(line), end] for line in lines]
        return weigh_lines(self.llama, self._prompt(request, context), ids)

    @torch.inference_mode()
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
        """Sample `candidates` motions of exactly plan.num_steps steps side by side, one progress a step."""
        assert keep is None or keep.shape == (plan.num_steps, self.adapter.config.levels), "what is kept does not fit"
        before = np.zeros((0, self.adapter.config.levels), np.int64) if prefix is None else prefix
        places = step_places(plan, len(before))
        prompt = self.motion_prompt(request, plan, references)
        stream = Stream.begin(self.llama, prompt)
        previous = torch.full((1, self.adapter.config.levels), self.adapter.no_code, device=self.device)
        if len(before):
            steps = steps_from(before, step_places(Plan("make"), len(before)), self.adapter.no_code, self.device)
            stream.feed(self._cast(self.adapter.embed_steps(steps)[None]))
            previous = torch.from_numpy(before[-1:]).to(self.device)
        stream.split(candidates)
        previous = previous.repeat_interleave(candidates, 0)
        done: list[torch.Tensor] = []
        begun = 0
        logprob = torch.zeros(candidates, device=self.device)
        for i in range(len(before), len(places.left)):
            if i - begun >= STRETCH_STEPS:
                begun, stream = i, self._resume(prompt, torch.stack(done[-CONTEXT_STEPS:], 1), places, i)
            at = (int(places.elapsed[i]), int(places.left[i]), int(places.segment[i]))
            stream.feed(self._cast(step_input(self.adapter, previous, *at)))
            kept = None if keep is None else keep[len(done)].tolist()
            previous, first = decode_step(self.adapter, stream.hidden, self.sampling, generator, kept)
            logprob = logprob + first
            done.append(previous)
            codes = torch.stack(done, 1).cpu().numpy()
            yield DraftProgress(len(done), plan.num_steps, codes, (logprob / len(done)).cpu().numpy())

    def _resume(self, prompt: torch.Tensor, recent: torch.Tensor, places: StepPlaces, at: int) -> Stream:
        """A fresh stream that has seen the codes (S, C, Q) before step `at`, as training saw them."""
        count = recent.shape[1]
        stream = Stream.begin(self.llama, prompt).split(len(recent))
        seen = window(places, at - count, at)
        rows = [steps_from(codes, seen, self.adapter.no_code, self.device) for codes in recent.cpu().numpy()]
        embeds = self.adapter.embed_steps(stack_steps(rows)).reshape(len(recent), count, -1)
        stream.feed(self._cast(embeds))
        return stream

    @torch.inference_mode()
    def stream_judgement(
        self, request: str, plan: Plan, measured: str, evidence: Evidence = OPEN
    ) -> Iterator[tuple[str, str]]:
        """Pieces of the verdict on a draft, then of the instruction that mends it; both the most likely ones."""
        stream = Stream.begin(self.llama, self._embedded(request, judged_ids(self.tokenizer, plan, measured)))
        grammar = self.phrases.verdict_grammar(plan, evidence, measured) or prose_grammar()
        for piece in self._text(stream, grammar, MAX_VERDICT_TOKENS):
            yield "assess", piece
        ids = torch.tensor([[V.mark_id(self.tokenizer, V.REFINE)]], device=self.device)
        stream.feed(self._cast(self.llama.model.embed_tokens(ids)))
        for piece in self._text(stream, instruction_grammar(plan, _mending(), evidence), MAX_VERDICT_TOKENS):
            yield "refine", piece

    @torch.inference_mode()
    def stream_answer(
        self, request: str, context: DialogueContext, plan: Plan, facts: Mapping[str, str]
    ) -> Iterator[str]:
        """Pieces of the answer; {placeholders} that the model writes are filled in from the measured facts.

        The model chooses among the sentences that are true of the plan, or of the topic of a question.
        """
        stream = Stream.begin(self.llama, self._prompt(request, context, plan, V.ANSWER))
        held = ""
        sentences = self.phrases.sentences(plan)
        grammar = choice_grammar(sentences) if sentences else self._answer_grammar
        if plan.task == "ask":
            grammar = self._ask_grammars.get(plan.topic, self._answer_grammar)
        for piece in self._text(stream, grammar, MAX_PLAN_TOKENS if sentences else MAX_ANSWER_TOKENS):
            held += piece
            if held.count("{") == held.count("}"):
                yield _fill(held, facts)
                held = ""
        if held:
            yield held.split("{")[0]

    @torch.inference_mode()
    def motion_prompt(self, request: str, plan: Plan, references: Sequence[MotionReference] = ()) -> torch.Tensor:
        """Embeddings (1, L, hidden) of everything before the first step of a motion."""
        return self._prompt(request, DialogueContext(), plan, V.MOTION, references)

    def _cast(self, embeds: torch.Tensor) -> torch.Tensor:
        return embeds.to(self.llama.dtype)

    def _prompt(
        self,
        request: str,
        context: DialogueContext,
        plan: Plan | None = None,
        then: str | None = None,
        references: Sequence[MotionReference] = (),
    ) -> torch.Tensor:
        """Embeddings (1, L, hidden): soft prompt, references, context, the plan with the mark of what comes next."""
        numbers = "" if then == V.MOTION else numerals(request)
        ids = context_ids(self.tokenizer, context.last_plan, context.has_motion, context.last_edit, numbers)
        if plan is not None and then is not None:
            ids += [
                *self.tokenizer.encode(str(plan)),
                V.mark_id(self.tokenizer, V.END),
                V.mark_id(self.tokenizer, then),
            ]
        return self._embedded(request, ids, references)

    def _embedded(self, request: str, ids: Sequence[int], references: Sequence[MotionReference] = ()) -> torch.Tensor:
        """Embeddings (1, L, hidden): soft prompt, references, tokens."""
        text = self.encoder([request])
        soft = self.adapter.embed_text(text.pieces.to(self.device))
        sentence = self.adapter.embed_sentence(text.sentence.to(self.device))[:, None]
        tokens = self.llama.model.embed_tokens(torch.tensor([ids], device=self.device))
        captions = self.encoder([r.caption for r in references]).sentence if references else ()
        shown = [reference_embeds(self.adapter, r, s)[None] for r, s in zip(references, captions, strict=True)]
        return torch.cat([*map(self._cast, (sentence, soft, *shown)), tokens], 1)

    def _text(self, stream: Stream, grammar: str, limit: int, more: Sequence[LogitsProcessor] = ()) -> Iterator[str]:
        end = V.mark_id(self.tokenizer, V.END)
        written, shown = [], ""
        for token in decode_text(stream, GrammarProcessor(self._guide, grammar), end, limit, more):
            written.append(token)
            text = V.text_of(self.tokenizer, written)
            if not text.endswith("�"):
                yield text[len(shown) :]
                shown = text


def _until_task(pieces: Iterator[str]) -> str:
    """The first pieces of a plan line, up to the end of its task."""
    line = ""
    while " " not in line and (piece := next(pieces, "")):
        line += piece
    return line


def _fill(text: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        text = text.replace("{" + name + "}", value)
    return text


def _mending() -> dict[str, dict[str, ArgSpec]]:
    """The operators that can mend a draft: those that need no other version."""
    return {name: schema for name, schema in edit_schemas().items() if "version" not in schema}
