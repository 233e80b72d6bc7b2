"""Trains the language-motion model: plan, motion and answer in one stream. Run: python -m engine train language

First only text (requests, plans, answers), which is cheap and what understanding is learnt from; then motion too, with
the reader as it is by then (its gradient costs as much as all the rest).
Resumable: state is written to the work folder every three minutes, and a second call goes on from there. The same
code runs on a CPU (bfloat16 autocast) and on a GPU.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from engine.core.config import Config
from engine.core.plan import ActionSpec
from engine.data.answers import make_answers, topic_answers
from engine.data.compose import catalogue, sample_plan
from engine.data.describe import call_phrases
from engine.data.dialogues import sample_turn
from engine.data.verdicts import verdict_templates
from engine.language.adapter import AdapterConfig, MotionAdapter
from engine.language.clauses import FILE as CLAUSES_FILE
from engine.language.clauses import ClauseTagger
from engine.language.phrases import Phrases
from engine.language.reader import FILE as READER_FILE
from engine.language.reader import Reader, merged
from engine.language.shipped import ADAPTER_FILE, ANSWERS_FILE
from engine.language.vocabulary import load_vocabulary, train_vocabulary
from engine.retrieval.text_encoder import TextEncoder
from engine.tokens.rqvae import NUM_PARTS, TokenizerConfig
from engine.train.batches import LENGTH_MULTIPLE, NO_TARGET, Batch, Example, ExampleMaker, collate, texts_of
from engine.train.clauses import save_tagger
from engine.train.corpus import MotionSample
from engine.train.quantization import round_weights, unround_weights
from engine.train.tagging import tagged_request, tagging_loss
from engine.train.verdicts import Judged

log = logging.getLogger(__name__)
LEVEL_WEIGHTS = (1.5, 0.8, 0.5, 0.3)
"""How much each residual level of the parts counts, shared among the parts."""
TAG_WEIGHT = 0.5
EMBEDDING = "model.embed_tokens.weight"


@dataclass(frozen=True)
class LanguageRecipe:
    """steps of `batch` streams, before them text_steps of `text_batch` streams of text.

    samples: performed plans, of which a share is `captured` motion.  judged: judgements of drafts.
    tagged: requests that the tagger learns from in a step of text.  layers, ...: the LLaMA's shape.
    lr: of its matrices (Muon); lr_rest: of all else (AdamW).
    round_share: last part of the steps, trained with the rounding of 4-bit NF4 in the loop.
    edits: nothing is learnt but turns about a motion that is there (engine/train/editor.py).
    compiled: by torch.compile, which takes two minutes and a C++ compiler, and saves a fifth of every step on a CPU.
    """

    text_steps: int = 0
    text_batch: int = 64
    steps: int = 6000
    batch: int = 32
    tagged: int = 16
    lr: float = 4e-4
    lr_rest: float = 8e-4
    samples: int = 24000
    judged: int = 8000
    captured: float = 0.12
    vocabulary: int = 1280
    hidden: int = 384
    intermediate: int = 1024
    layers: int = 6
    heads: int = 6
    motion_share: float = 0.65
    round_share: float = 0.15
    compiled: bool = False
    edits: bool = False
    seed: int = 0
    save_every_s: float = 180.0


def build_llama(recipe: LanguageRecipe, vocab_size: int) -> LlamaForCausalLM:
    """A fresh LLaMA of the recipe's shape."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocab_size,
            hidden_size=recipe.hidden,
            intermediate_size=recipe.intermediate,
            num_hidden_layers=recipe.layers,
            num_attention_heads=recipe.heads,
            num_key_value_heads=recipe.heads,
            max_position_embeddings=1024,
            tie_word_embeddings=True,
            bos_token_id=None,
            eos_token_id=1,
            pad_token_id=0,
        )
    )


def build_vocabulary(size: int, seed: int, count: int = 20000) -> PreTrainedTokenizerFast:
    """A vocabulary learnt from freshly drawn plans and answers: what the model writes."""
    rng, known = np.random.default_rng([seed, 9]), catalogue()
    texts = []
    for _ in range(count // 2):
        turn = sample_turn(rng, lambda r: sample_plan(r, known))
        texts += [turn.plan, turn.answer, str(sample_plan(rng, known))]
    return train_vocabulary(texts, size)


def warm_start(module: nn.Module, path: Path) -> None:
    """Fill a module from saved weights as far as they go; what has more rows here keeps its fresh ones at the end.

    Word embeddings are left to `carry_words`.
    """
    own, left_out = module.state_dict(), []
    if not path.is_file():
        log.warning("%s is not there: this part begins afresh", path)
        return
    for name, value in load_file(path).items():
        if name == EMBEDDING:
            continue
        if name in own and own[name].shape[1:] == value.shape[1:]:
            rows = min(len(value), len(own[name])) if value.ndim else 1
            own[name].reshape(-1, *value.shape[1:])[:rows] = value.reshape(-1, *value.shape[1:])[:rows].float()
        else:
            left_out.append(name)
    if left_out:
        log.warning("of %s these do not fit and begin afresh: %s", path.name, ", ".join(left_out))
    module.load_state_dict(own)


def carry_words(llama: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, start: Path) -> None:
    """Give every token that the earlier model knew its embedding; the vocabularies may differ."""
    known, table = load_vocabulary(start).get_vocab(), load_file(start / "model.safetensors")[EMBEDDING].float()
    with torch.no_grad():
        for token, row in tokenizer.get_vocab().items():
            if token in known:
                llama.model.embed_tokens.weight[row] = table[known[token]]


def batch_loss(llama: LlamaForCausalLM, adapter: MotionAdapter, batch: Batch) -> tuple[torch.Tensor, dict[str, float]]:
    """Cross entropy of the text targets plus the level-weighted cross entropy of the motion codes."""
    device = batch.embeds.device.type
    with torch.autocast(device, dtype=torch.bfloat16):
        states = llama.model(inputs_embeds=batch.embeds, use_cache=False).last_hidden_state
        flat = states.reshape(-1, states.shape[-1])
        text_logits = llama.lm_head(flat[batch.text_at])
        code_logits = adapter.all_logits(flat[batch.step_at].float(), batch.step_codes.clamp(min=0))
    text = F.cross_entropy(text_logits.float(), batch.text_target, ignore_index=NO_TARGET)
    report = {"text": text.item()}
    loss = text
    if len(batch.step_codes):
        targets = batch.step_codes.flatten()
        every = F.cross_entropy(code_logits.float().flatten(0, 1), targets, reduction="none", ignore_index=NO_TARGET)
        told = (batch.step_codes[:, 0] != NO_TARGET).sum()
        each = (every.reshape(batch.step_codes.shape).sum(0) / told).reshape(-1, NUM_PARTS).mean(1)
        loss = loss + sum((w * e for w, e in zip(LEVEL_WEIGHTS, each, strict=False)), torch.zeros(()))
        report |= {f"level{q}": e.item() for q, e in enumerate(each)}
    return loss, report


class LanguageTrainer:
    """Model, optimizer and the place in the schedule; `run` goes on until the last step or `max_steps`."""

    def __init__(
        self,
        recipe: LanguageRecipe,
        codebooks: TokenizerConfig,
        samples: Callable[[], list[MotionSample]],
        work: Path,
        start: Path | None = None,
        judged: Callable[[Sequence[MotionSample]], list[Judged]] | None = None,
    ) -> None:
        """samples is called once text is done, and with what it gives, judged.

        start: folder of an earlier model to begin from, see `warm_start`.
        """
        torch.manual_seed(recipe.seed)
        self.recipe, self.work, self.step, self.samples, self.judged = recipe, work, 0, samples, judged
        work.mkdir(parents=True, exist_ok=True)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        if not (work / "tokenizer.json").is_file():
            build_vocabulary(recipe.vocabulary, recipe.seed).backend_tokenizer.save(str(work / "tokenizer.json"))
        self.tokenizer = load_vocabulary(work)
        self.llama = build_llama(recipe, len(self.tokenizer)).to(self.device)  # pyright: ignore[reportArgumentType]
        shape = AdapterConfig(recipe.hidden, codebooks.codes_per_step, codebooks.codes, recipe.hidden)
        self.adapter = MotionAdapter(shape).to(self.device)
        self.encoder = TextEncoder(Config.from_env(), self.device)
        self.reader = Reader(self.encoder)
        self._merged: TextEncoder | None = None
        self.tagger = ClauseTagger().to(self.device)
        if start is not None:
            carry_words(self.llama, self.tokenizer, start)
            for module, file in ((self.llama, "model.safetensors"), (self.adapter, ADAPTER_FILE),
                                 (self.reader, READER_FILE), (self.tagger, CLAUSES_FILE)):  # fmt: skip
                warm_start(module, start / file)
        self.known: dict[str, ActionSpec] = catalogue()
        self.maker = ExampleMaker(
            self.tokenizer, [], self.known, codebooks.codes, recipe.motion_share, edits=recipe.edits
        )
        self.params = [p for m in (self.llama, self.adapter, self.tagger) for p in m.parameters()]
        self.params += self.reader.trainable()
        self.optimizers = self._build_optimizers()
        self._restore()

    def _build_optimizers(self) -> dict[str, torch.optim.Optimizer]:
        """Muon (Jordan et al. 2024) for the matrices between the LLaMA's hidden states, AdamW for the rest."""
        matrices = [p for p in self.llama.model.layers.parameters() if p.ndim == 2]
        inside = {id(p) for p in matrices}
        rest = [p for p in self.params if id(p) not in inside]
        return {
            "muon": torch.optim.Muon(matrices, self.recipe.lr, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
            "adamw": torch.optim.AdamW(rest, self.recipe.lr_rest, betas=(0.9, 0.98), weight_decay=0.01, fused=True),
        }

    def _restore(self) -> None:
        path = self.work / "language.pt"
        if path.is_file():
            state = torch.load(path, weights_only=True, map_location=self.device)
            self.llama.load_state_dict(state["llama"])
            self.adapter.load_state_dict(state["adapter"])
            self.tagger.load_state_dict(state["tagger"])
            self.reader.load_matrices(state["reader"])
            for name, optimizer in self.optimizers.items():
                optimizer.load_state_dict(state[name])
            for group in self.optimizers["adamw"].param_groups:
                group["fused"] = True
            self.step = state["step"]
            log.info("going on from step %d", self.step)

    def _keep(self, rounded: bool = False) -> None:
        if rounded:
            unround_weights(self.llama.model.layers)
        part = self.work / "language.part"
        modules = {"llama": self.llama, "adapter": self.adapter, "tagger": self.tagger, **self.optimizers}
        state = {k: m.state_dict() for k, m in modules.items()}
        torch.save(state | {"reader": self.reader.matrices(), "step": self.step}, part)
        part.replace(self.work / "language.pt")
        if rounded:
            round_weights(self.llama.model.layers)

    def _batches(self, rng: np.random.Generator):
        """Endless batches of streams of about equal length; streams with motion as soon as text is done."""
        group = 12
        while True:
            size = self.recipe.text_batch
            if self.step >= self.recipe.text_steps:
                size = self.recipe.batch
                if not self.maker.samples:
                    self.maker.samples = self.samples()
                    self.maker.judged = self.judged(self.maker.samples) if self.judged else ()
            drawn = sorted((self.maker.draw(rng) for _ in range(size * group)), key=lambda e: e.length)
            for i in rng.permutation(group):
                yield drawn[i * size : (i + 1) * size]

    def _set_learning_rates(self) -> None:
        warm = min(1.0, (self.step + 1) / 100)
        done = max(0, self.step - self.recipe.text_steps) / self.recipe.steps
        share = warm * (0.03 + 0.485 * (1 + math.cos(math.pi * done)))
        for name, rate in (("muon", self.recipe.lr), ("adamw", self.recipe.lr_rest)):
            for group in self.optimizers[name].param_groups:
                group["lr"] = rate * share

    def _loss(self, examples: Sequence[Example], rng: np.random.Generator) -> tuple[torch.Tensor, dict[str, float]]:
        """Loss of one step: the streams, and while the reader learns the tags of some further requests, read with them.

        Once it does not, the tagger learns better by itself: python -m engine train clauses.
        """
        reads = self.step < self.recipe.text_steps
        tagged = [tagged_request(rng, self.known) for _ in range(self.recipe.tagged if reads else 0)]
        asked = texts_of(examples)
        requests = asked + [text for text, _ in tagged]
        with torch.autocast(self.device, dtype=torch.bfloat16), torch.set_grad_enabled(reads):
            text = (self.encoder if reads else self._settled()).read(requests, LENGTH_MULTIPLE)
        batch = collate(examples, self.llama, self.adapter, text)
        loss, report = batch_loss(self.llama, self.adapter, batch)
        if not tagged:
            return loss, report
        tag, right = tagging_loss(self.tagger, text.rows(len(asked)), [spans for _, spans in tagged])
        return loss + TAG_WEIGHT * tag, report | {"tag": tag.item(), "cut": right}

    def _settled(self) -> TextEncoder:
        """The encoder with what the reader has learnt merged in, which is faster. Once text is done it stays so."""
        if self._merged is None:
            self._merged = merged(TextEncoder(Config.from_env(), self.device), self.reader.matrices())
        return self._merged

    def run(self, max_steps: int | None = None) -> None:
        """Train; progress goes to the log."""
        rng = np.random.default_rng([self.recipe.seed, 1, self.step])
        total = self.recipe.text_steps + self.recipe.steps
        last = min(total, max_steps or total)
        kept, begun, first = time.monotonic(), time.monotonic(), self.step
        self.llama.train()
        if self.recipe.compiled:
            self.llama.model.compile(dynamic=True)
        mean: dict[str, float] = {}
        rounded = False
        for examples in self._batches(rng):
            if self.step >= last:
                break
            if not rounded and self.step >= total - self.recipe.round_share * self.recipe.steps:
                rounded = True
                round_weights(self.llama.model.layers)
                torch.compiler.set_stance("force_eager")
                log.info("from here on with 4-bit rounding")
            loss, report = self._loss(examples, rng)
            self._set_learning_rates()
            for optimizer in self.optimizers.values():
                optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.params, 1.0)
            for optimizer in self.optimizers.values():
                optimizer.step()
            self.step += 1
            mean = {k: 0.98 * mean.get(k, v) + 0.02 * v for k, v in report.items()} | {
                k: v for k, v in mean.items() if k not in report
            }
            if self.step % 100 == 0:
                rate = (self.step - first) / (time.monotonic() - begun)
                shown = " ".join(f"{k} {v:.3f}" for k, v in mean.items())
                log.info("step %d of %d, %s, %.2f steps/s", self.step, total, shown, rate)
            if time.monotonic() - kept > self.recipe.save_every_s:
                kept = time.monotonic()
                self._keep(rounded)
        unround_weights(self.llama.model.layers)
        torch.compiler.set_stance("default")
        self._keep()
        self.llama.eval()

    def export(self, out: Path) -> None:
        """Write the weights in float16 with everything that loading needs."""
        out.mkdir(parents=True, exist_ok=True)
        self.llama.config.save_pretrained(out)
        state = {k: v.half().contiguous().cpu() for k, v in self.llama.state_dict().items() if k != "lm_head.weight"}
        save_file(state, out / "model.safetensors", metadata={"format": "pt"})
        adapter = {k: v.half().contiguous().cpu() for k, v in self.adapter.state_dict().items()}
        save_file(adapter, out / ADAPTER_FILE)
        (out / "adapter.json").write_text(json.dumps(self.adapter.config.to_dict(), indent=2) + "\n")
        save_tagger(self.tagger, out)
        self.reader.save(out)
        self.tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
        Phrases(call_phrases(self.known), make_answers(), verdict_templates()).save(out)
        (out / ANSWERS_FILE).write_text(json.dumps(topic_answers(), indent=1) + "\n")
        rows = [asdict(s) | {"slots": {k: list(v) for k, v in s.slots.items()}} for s in self.known.values()]
        (out / "catalogue.json").write_text(json.dumps(rows, indent=1) + "\n")
