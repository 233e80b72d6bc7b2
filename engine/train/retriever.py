"""Trains the part-level retriever on performed plans and CMU trials. Run: python -m engine train retriever

Contrastive in seven spaces and in their weighted sum (InfoNCE, van den Oord et al. 2018): in each, a motion must find
its caption and a caption its motion. What a part does may be the same in many pairs; these are not held apart.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from engine.core.plan import ActionSpec, Call, Plan
from engine.core.skeleton import PARTS
from engine.data.compose import catalogue
from engine.retrieval.network import NAMES, Retriever, RetrieverConfig, pad_clips
from engine.retrieval.text_encoder import TextEncoder
from engine.train.metrics.pairs import CmuTrial, Performance, plan_key
from engine.train.metrics.training import JITTER, MAX_LOG_SCALE, WARM_STEPS, contrastive_loss, draw_batch, feature_scale
from engine.train.progress import Checkpoint, rate_share

log = logging.getLogger(__name__)
READ_AT_ONCE = 24
LENGTH_MULTIPLE = 40
"""Clips are padded to multiples of so many frames: the kernels of a CPU are compiled anew for every length."""
PARTS_SHARE = 0.5
"""How much the seven spaces count beside their sum."""
REST = "-"
"""What a part does that no call is about."""


@dataclass(frozen=True)
class RetrieverRecipe:
    """steps of `batch` pairs, of which the share `cmu_share` are CMU windows; authored: performances made."""

    steps: int = 1400
    batch: int = 72
    lr: float = 1.2e-3
    cmu_share: float = 0.08
    authored: int = 24000
    captured: float = 0.12
    seed: int = 3
    save_every_s: float = 120.0
    model: RetrieverConfig = field(default_factory=RetrieverConfig)


def part_keys(plan: Plan, known: Mapping[str, ActionSpec]) -> list[str]:
    """For each of NAMES what a plan has it do; where two plans agree in that, the part cannot tell them apart."""
    segments = [[_part_call(name, s.calls, known) for s in plan.segments] for name in PARTS]
    return [plan_key(plan), *(" ; ".join(said) for said in segments)]


def _part_call(part: str, calls: Sequence[Call], known: Mapping[str, ActionSpec]) -> str:
    base = " ".join(str(c) for c in calls if known[c.name].part != "upper") or REST
    over = [c for c in calls if known[c.name].part == "upper"]
    if part in ("root", "left_leg", "right_leg") or not over:
        return base
    side = over[0].args.get("side", "both")
    if part in ("left_arm", "right_arm") and side in ("left", "right") and not part.startswith(side):
        return base
    return f"{base} & {over[0]}" if part == "torso" else str(over[0])


class RetrieverTrainer:
    """Network, optimizer and the place in the schedule."""

    def __init__(
        self, recipe: RetrieverRecipe, authored: Sequence[Performance], cmu: Sequence[CmuTrial], work: Path
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.authored, self.cmu, self.known = recipe, authored, cmu, catalogue()
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = Retriever(recipe.model).to(self.device)
        mean, scale = feature_scale([p.features for p in authored[::10]] + [t.features for t in cmu])
        self.model.mean.copy_(torch.from_numpy(mean))
        self.model.scale.copy_(torch.from_numpy(scale))
        self.encoder = TextEncoder(device=self.device)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), recipe.lr, betas=(0.9, 0.98), weight_decay=0.03)
        parts = {"model": self.model, "optimizer": self.optimizer}
        self.checkpoint = Checkpoint(work / "retriever.pt", parts, recipe.save_every_s)
        self.step = self.checkpoint.restore(self.device)

    def _texts(self, texts: Sequence[str]) -> torch.Tensor:
        """Vectors (B, 7, dim), read in batches of about equal length."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        parts = []
        for i in range(0, len(order), READ_AT_ONCE):
            with torch.no_grad(), torch.autocast(self.device, dtype=torch.bfloat16):
                text = self.encoder.read([texts[j] for j in order[i : i + READ_AT_ONCE]], 16)
            parts.append(self.model.embed_text(text))
        return torch.cat(parts)[torch.tensor(np.argsort(order), device=self.device)]

    def _motions(self, clips: Sequence[np.ndarray]) -> torch.Tensor:
        """Vectors (B, 7, dim), each taken together with clips of about its length."""
        order = sorted(range(len(clips)), key=lambda i: len(clips[i]))
        parts = []
        for i in range(0, len(order), READ_AT_ONCE):
            padded, lengths = pad_clips([clips[j] for j in order[i : i + READ_AT_ONCE]], LENGTH_MULTIPLE)
            padded = padded.to(self.device)
            padded = padded + JITTER * self.model.scale * torch.randn_like(padded)
            parts.append(self.model.embed_motion(padded, lengths))
        return torch.cat(parts)[torch.tensor(np.argsort(order), device=self.device)]

    def _loss(self, rng: np.random.Generator) -> tuple[torch.Tensor, float]:
        batch = draw_batch(self.authored, self.cmu, self.recipe.batch, self.recipe.cmu_share, rng)
        motion, text = self._motions(batch.clips), self._texts(batch.texts)
        scale = (-self.model.log_temperature).clamp(max=MAX_LOG_SCALE).exp()
        share = self.model.weight.sqrt()[:, None]
        loss, right = contrastive_loss((motion * share).flatten(1), (text * share).flatten(1), scale[-1], batch.keys)
        pairs = zip(batch.plans, batch.keys, strict=True)
        keys = [part_keys(plan, self.known) if plan else [key] * len(NAMES) for plan, key in pairs]
        for n in range(len(NAMES)):
            own = contrastive_loss(motion[:, n], text[:, n], scale[n], [row[n] for row in keys])[0]
            loss = loss + PARTS_SHARE / len(NAMES) * own
        return loss, right

    def run(self, max_steps: int | None = None) -> None:
        """Train to the recipe's last step or to `max_steps`; progress goes to the log."""
        recipe, rng = self.recipe, np.random.default_rng([self.recipe.seed, self.step])
        last, shown, found = min(recipe.steps, max_steps or recipe.steps), 0.0, 0.0
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
            shown, found = 0.95 * shown + 0.05 * loss.item(), 0.95 * found + 0.05 * right
            if self.step % 50 == 0:
                seen = (self.step, recipe.steps, shown, recipe.batch, 100 * found)
                log.info("step %d of %d, loss %.3f, first of %d: %.0f %%", *seen)
            self.checkpoint.keep(self.step)
        self.checkpoint.keep(self.step, now=True)
        self.model.eval()
