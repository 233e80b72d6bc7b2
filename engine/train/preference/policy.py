"""The language-motion model as trl sees it: a causal model over one flat vocabulary.

Ids: pad, end, the codes of every level one after another, then one id for each prepared prompt. A row is a prompt's id
and Q codes for every step of its plan, with the end behind them. The prompt stands for the embeddings that inference
begins with, and drafts are sampled by inference itself. The LLaMA runs with the rounding of 4-bit NF4, as it ships.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from torch.nn.utils import parametrize
from torch.nn.utils.rnn import pad_sequence
from transformers import GenerationConfig, PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerFast
from trl.trainer.utils import FusedCausalLMOutput

from engine.core.plan import Plan
from engine.language.interface import MotionReference
from engine.language.model import EmbeddedModel
from engine.language.shipped import ADAPTER_FILE
from engine.language.stream import stack_steps, step_places, steps_from
from engine.train.quantization import round_weights, unround_weights

PAD, END, FIRST_CODE = 0, 1, 2
FROZEN = ("soft.", "soft_sentence.", "reference.")
"""Parts of the adapter that only prompts are made of, which are prepared once."""


@dataclass(frozen=True, eq=False)
class Prompt:
    """What a draft is asked for. references: what the model is shown."""

    request: str
    plan: Plan
    references: Sequence[MotionReference] = ()


class FlatConfig(PreTrainedConfig):
    """Nothing but the marks: the shapes are those of the model inside."""

    model_type = "kinetalk_flat"
    pad_token_id: int | None = PAD
    eos_token_id: int | None = END


class FlatPolicy(PreTrainedModel):
    """Log-probabilities of flat rows, and drafts as flat rows.

    Trained are the LLaMA's layers, if `llama`, and what of the adapter reads and writes codes.
    """

    config_class = FlatConfig
    base_model_prefix = "llama"

    def __init__(
        self,
        model: EmbeddedModel,
        prompts: Sequence[Prompt],
        llama: bool = True,
        heats: Sequence[float] | None = None,
        rough: bool = True,
    ) -> None:
        """heats: temperature of each level's log-probabilities, 1 if None.  rough: reckon in bfloat16."""
        super().__init__(FlatConfig())
        self.generation_config = GenerationConfig(pad_token_id=PAD, eos_token_id=END)
        self.embedded, self.prompts = model, list(prompts)
        self.llama, self.adapter = model.llama, model.adapter
        self.levels, self.codes = model.adapter.config.levels, model.adapter.config.codes
        self.heats = torch.tensor([1.0] * self.levels if heats is None else list(heats))
        self.generator, self.rough = torch.Generator(), rough
        self.requires_grad_(False)
        if llama:
            self.llama.model.layers.requires_grad_(True)
        for name, weight in self.adapter.named_parameters():
            weight.requires_grad_(not name.startswith(FROZEN))
        round_weights(self.llama.model.layers)
        self._embeds = [self._embed(prompt) for prompt in prompts]

    def _embed(self, prompt: Prompt) -> torch.Tensor:
        """Embeddings (L, hidden) of everything before the first step."""
        return self.embedded.motion_prompt(prompt.request, prompt.plan, prompt.references)[0].clone()

    @property
    def first_prompt(self) -> int:
        """The id of the first prompt."""
        return FIRST_CODE + self.levels * self.codes

    def tokenizer(self) -> PreTrainedTokenizerFast:
        """Names for the ids: "p7" is the eighth prompt, "c7" the eighth code."""
        names = ["<pad>", "<end>", *(f"c{i}" for i in range(self.levels * self.codes))]
        names += [f"p{i}" for i in range(len(self.prompts))]
        words = Tokenizer(models.WordLevel({name: i for i, name in enumerate(names)}, unk_token="<pad>"))
        words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
        return PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="<end>")

    def flat(self, codes: np.ndarray) -> list[int]:
        """Codes (N, Q) as flat ids with the end behind them."""
        shift = FIRST_CODE + np.arange(self.levels) * self.codes
        return [*(codes + shift).flatten().tolist(), END]

    def unflat(self, ids: Sequence[int]) -> np.ndarray:
        """Codes (N, Q) of flat ids, whatever stands behind the last whole step left out."""
        codes = np.asarray([i for i in ids if FIRST_CODE <= i < self.first_prompt], np.int64)
        whole = len(codes) // self.levels * self.levels
        return (codes[:whole] - FIRST_CODE).reshape(-1, self.levels) % self.codes

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None, **_: Any
    ) -> FusedCausalLMOutput:
        """For rows (B, L): of every id but the first its log-probability, the entropy of its place, and so on.

        All of it is (B, L - 1), and zero for the end and for padding, which are not chosen.
        """
        device = self.embedded.device
        asked = (input_ids[:, 0] - self.first_prompt).tolist()
        places, prompts = [step_places(self.prompts[i].plan) for i in asked], [self._embeds[i] for i in asked]
        counts = [len(p.left) for p in places]
        codes = [self.unflat(row[1 : 1 + n * self.levels]) for row, n in zip(input_ids.tolist(), counts, strict=True)]
        steps = [steps_from(c, p, self.adapter.no_code, device) for c, p in zip(codes, places, strict=True)]
        inside = self.adapter.embed_steps(stack_steps(steps)).split(counts)
        rows = [torch.cat([p, s]) for p, s in zip(prompts, inside, strict=True)]
        targets = torch.from_numpy(np.concatenate(codes)).to(device)
        with torch.autocast(device.type, torch.bfloat16, enabled=self.rough):
            states = self.llama.model(inputs_embeds=pad_sequence(rows, batch_first=True), use_cache=False)
            ends = [s[len(p) : len(r)] for s, p, r in zip(states.last_hidden_state, prompts, rows, strict=True)]
            logits = self.adapter.all_logits(torch.cat(ends).float(), targets)
        return self._scored(logits.float() / self.heats[:, None].to(device), targets, counts, input_ids.shape[1] - 1)

    def _scored(
        self, logits: torch.Tensor, targets: torch.Tensor, counts: Sequence[int], length: int
    ) -> FusedCausalLMOutput:
        """Figures (B, length) from logits (M, Q, K) of the codes (M, Q) of all rows, which have `counts` steps."""
        logs = logits.log_softmax(-1)
        chosen = logs.gather(-1, targets[..., None])[..., 0]

        def spread(values: torch.Tensor) -> torch.Tensor:
            each = (row.flatten() for row in values.split(list(counts)))
            return torch.stack([F.pad(row, (0, length - len(row))) for row in each])

        return FusedCausalLMOutput(
            loss=-chosen.mean(),
            log_probs=spread(chosen),
            entropy=spread(-(logs.detach().exp() * logs.detach()).sum(-1)),
            mean_logits=spread(logits.detach().mean(-1)),
            is_top1=spread(logits.argmax(-1) == targets),
        )

    def sample(self, prompt: int, count: int) -> np.ndarray:
        """Codes (count, N, Q) of drafts of a prompt, by its number, as inference draws them."""
        asked = self.prompts[prompt]
        with parametrize.cached():
            *_, last = self.embedded.stream_motion(
                asked.request, asked.plan, self.generator, count, references=asked.references
            )
        return last.codes

    def generate(self, input_ids: torch.Tensor, **_: Any) -> torch.Tensor:
        """Rows (B, 1) of prompts, equal ones side by side -> the same with a draft of its own behind each, padded."""
        rows = []
        for prompt, same in groupby(input_ids[:, -1].tolist()):
            drafts = self.sample(prompt - self.first_prompt, len(list(same)))
            rows += [torch.tensor([prompt, *self.flat(codes)]) for codes in drafts]
        return pad_sequence(rows, batch_first=True, padding_value=PAD).to(input_ids.device)

    def export(self, start: Path, out: Path) -> None:
        """Write the weights that `start` has in float16, with its other files as they are."""
        unround_weights(self.llama.model.layers)
        if out.resolve() != start.resolve():
            shutil.copytree(start, out, dirs_exist_ok=True)
        llama = {k: v.half().contiguous().cpu() for k, v in self.llama.state_dict().items() if k != "lm_head.weight"}
        save_file(llama, out / "model.safetensors", metadata={"format": "pt"})
        state, known = self.adapter.state_dict(), load_file(start / ADAPTER_FILE)
        save_file({k: state[k].half().contiguous().cpu() for k in known}, out / ADAPTER_FILE)
