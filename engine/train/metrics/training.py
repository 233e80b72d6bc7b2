"""Trains the evaluator on performed plans and CMU trials. Run: python -m engine train evaluator

Contrastive: in a batch every motion must find its caption and every caption its motion (InfoNCE, van den Oord et al.
2018, both ways as in Radford et al. 2021). Captions are drawn anew each time. Resumable like the other recipes.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from engine.core.features import encode_features
from engine.core.plan import Plan
from engine.core.types import MODEL_FPS
from engine.data.captions import caption_plan
from engine.data.cmu import cmu_clips
from engine.retrieval.network import pad_clips
from engine.retrieval.text_encoder import EncodedText, TextEncoder
from engine.train.metrics.network import Evaluator, EvaluatorConfig, save_evaluator
from engine.train.metrics.pairs import MIN_WINDOW, WINDOW, CmuTrial, Performance, plan_key, text_key
from engine.train.progress import Checkpoint, rate_share

log = logging.getLogger(__name__)
HIDDEN = -1e4
"""Logit of a pair that is no negative of another because both say the same."""
MAX_LOG_SCALE = math.log(50.0)
JITTER = 0.03
"""Noise on the normalised features, so that no motion is known by its last digits."""
SCALE_FLOOR = 0.25
"""No rotation feature is scaled up further than as if it had this share of their mean deviation."""
WARM_STEPS = 60
READ_AT_ONCE = 16
"""Sentences that go through the text encoder together."""


@dataclass(frozen=True)
class EvaluatorRecipe:
    """steps of `batch` pairs, of which the share `cmu_share` are CMU windows; authored: performances made."""

    steps: int = 1000
    batch: int = 64
    lr: float = 1.5e-3
    cmu_share: float = 0.1
    authored: int = 8000
    seed: int = 0
    save_every_s: float = 120.0
    model: EvaluatorConfig = field(default_factory=EvaluatorConfig)


@dataclass(frozen=True)
class PairBatch:
    """texts, clips (T, 136), keys, and plans (None of a CMU window), one of each a pair."""

    texts: list[str]
    clips: list[np.ndarray]
    keys: list[str]
    plans: list[Plan | None]


def cmu_trials() -> list[CmuTrial]:
    """The captioned training trials; empty when the pack is not there."""
    return [
        CmuTrial(c.caption, encode_features(c.motion().resample(MODEL_FPS)).astype(np.float16))
        for c in cmu_clips()
        if not c.held_out and c.caption
    ]


def feature_scale(clips: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation (136,) of features; a rotation that hardly moves keeps a floor, see SCALE_FLOOR."""
    stacked = np.concatenate(clips).astype(np.float32)
    mean, scale = stacked.mean(0), stacked.std(0) + 1e-4
    scale[4:] = np.maximum(scale[4:], SCALE_FLOOR * scale[4:].mean())
    return mean, scale


def draw_batch(
    authored: Sequence[Performance], cmu: Sequence[CmuTrial], count: int, cmu_share: float, rng: np.random.Generator
) -> PairBatch:
    """`count` pairs drawn at random: performances with new captions, and for a share windows of 2 to 10 s of CMU."""
    batch = PairBatch([], [], [], [])
    for _ in range(count):
        plan = None
        if cmu and rng.random() < cmu_share:
            trial = cmu[int(rng.integers(len(cmu)))]
            length = min(len(trial.features), int(rng.integers(MIN_WINDOW, WINDOW + 1)))
            start = int(rng.integers(len(trial.features) - length + 1))
            text, clip, key = trial.caption, trial.features[start : start + length], text_key(trial.caption)
        else:
            done = authored[int(rng.integers(len(authored)))]
            plan = done.plan
            text, clip, key = caption_plan(plan, rng, seconds=0.0), done.features, plan_key(plan)
        batch.texts.append(text)
        batch.clips.append(clip)
        batch.keys.append(key)
        batch.plans.append(plan)
    return batch


def read_texts(encoder: TextEncoder, texts: Sequence[str], device: str) -> EncodedText:
    """Sentences read without gradients, with no contextual pieces and no places.

    The encoder is most of a step's time: it runs in bfloat16, on sentences of about equal length at once.
    """
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    parts: list[EncodedText] = []
    with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
        for i in range(0, len(order), READ_AT_ONCE):
            parts.append(encoder.read([texts[j] for j in order[i : i + READ_AT_ONCE]]))
    longest = max(p.mask.shape[1] for p in parts)
    back = torch.tensor(np.argsort(order), device=device)
    words = torch.cat([F.pad(p.words, (0, 0, 0, longest - p.words.shape[1])) for p in parts])[back]
    mask = torch.cat([F.pad(p.mask, (0, longest - p.mask.shape[1])) for p in parts])[back]
    sentence = torch.cat([p.sentence for p in parts])[back]
    nothing = torch.zeros(len(texts), 0)
    return EncodedText(nothing, mask, sentence.float(), words, nothing)


def contrastive_loss(
    motion: torch.Tensor, text: torch.Tensor, scale: torch.Tensor, keys: Sequence[str]
) -> tuple[torch.Tensor, float]:
    """InfoNCE both ways, and how many motions find their own text first.

    motion, text: (B, D) unit vectors.  scale: inverse temperature.  keys: pairs of equal keys are not told apart.
    """
    numbers = {key: i for i, key in enumerate(dict.fromkeys(keys))}
    same = torch.tensor([numbers[k] for k in keys], device=motion.device)
    others = (same[:, None] == same[None]) & ~torch.eye(len(keys), dtype=torch.bool, device=motion.device)
    logits = (scale * motion @ text.T).masked_fill(others, HIDDEN)
    wanted = torch.arange(len(keys), device=motion.device)
    loss = 0.5 * (F.cross_entropy(logits, wanted) + F.cross_entropy(logits.T, wanted))
    return loss, float((logits.argmax(1) == wanted).float().mean())


class EvaluatorTrainer:
    """Network, optimizer and the place in the schedule."""

    def __init__(
        self, recipe: EvaluatorRecipe, authored: Sequence[Performance], cmu: Sequence[CmuTrial], work: Path
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.authored, self.cmu = recipe, authored, cmu
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = Evaluator(recipe.model).to(self.device)
        mean, scale = feature_scale([p.features for p in authored] + [t.features for t in cmu])
        self.model.mean.copy_(torch.from_numpy(mean))
        self.model.scale.copy_(torch.from_numpy(scale))
        self.encoder = TextEncoder(device=self.device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), recipe.lr, betas=(0.9, 0.98), weight_decay=0.02)
        parts = {"model": self.model, "optimizer": self.optimizer}
        self.checkpoint = Checkpoint(work / "evaluator.pt", parts, recipe.save_every_s)
        self.step = self.checkpoint.restore(self.device)

    def _loss(self, rng: np.random.Generator) -> tuple[torch.Tensor, float]:
        batch = draw_batch(self.authored, self.cmu, self.recipe.batch, self.recipe.cmu_share, rng)
        clips, lengths = pad_clips(batch.clips)
        clips = clips.to(self.device)
        clips = clips + JITTER * self.model.scale * torch.randn_like(clips)
        text = self.model.embed_text(read_texts(self.encoder, batch.texts, self.device))
        scale = (-self.model.log_temperature).clamp(max=MAX_LOG_SCALE).exp()
        return contrastive_loss(self.model.embed_motion(clips, lengths), text, scale, batch.keys)

    def run(self, max_steps: int | None = None) -> None:
        """Train to the recipe's last step or to `max_steps`; progress goes to the log."""
        recipe = self.recipe
        rng = np.random.default_rng([recipe.seed, self.step])
        last = min(recipe.steps, max_steps or recipe.steps)
        begun, first, shown, found = time.monotonic(), self.step, 0.0, 0.0
        self.model.train()
        while self.step < last:
            for group in self.optimizer.param_groups:
                group["lr"] = recipe.lr * rate_share(self.step, recipe.steps, WARM_STEPS)
            loss, right = self._loss(rng)
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.step += 1
            keep = 0.95 if self.step > first + 1 else 0.0
            shown, found = keep * shown + (1 - keep) * loss.item(), keep * found + (1 - keep) * right
            if self.step % 50 == 0:
                speed = (self.step - first) / (time.monotonic() - begun)
                log.info(
                    "step %d of %d, loss %.3f, first of %d: %.0f %%, %.2f steps/s",
                    self.step, recipe.steps, shown, recipe.batch, 100 * found, speed,
                )  # fmt: skip
            self.checkpoint.keep(self.step)
        self.checkpoint.keep(self.step, now=True)
        self.model.eval()

    def export(self, out: Path) -> None:
        """Write the network for `load_evaluator`."""
        save_evaluator(self.model, out)
