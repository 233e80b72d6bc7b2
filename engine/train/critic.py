"""Trains the critic on performed plans. Run: python -m engine train critic

Every segment of every performance is one example: its features, its calls and their slot values. State is kept in the
work folder; an interrupted run goes on from it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from engine.assess.critic import MAX_FRAMES, Critic
from engine.core.plan import Call, parse_plan
from engine.data.compose import catalogue
from engine.train.metrics.training import feature_scale
from engine.train.progress import Checkpoint, rate_share

log = logging.getLogger(__name__)
JITTER = 0.05
"""Noise on the normalised features: drafts are not as clean as performances."""
WARM_STEPS = 60
HELD_OUT = 40
"""One segment in so many is left out of training, to measure by."""


@dataclass(frozen=True)
class CriticRecipe:
    """steps of `batch` segments of `samples` performances, a share of them `captured`."""

    steps: int = 3000
    batch: int = 96
    lr: float = 2e-3
    samples: int = 24000
    captured: float = 0.12
    seed: int = 0
    save_every_s: float = 120.0


@dataclass(frozen=True)
class Stretch:
    """features (T, 136) float16 of one segment, and its calls. whole: it was not cut."""

    features: np.ndarray
    calls: tuple[Call, ...]
    whole: bool


def read_stretches(paths: Sequence[Path]) -> list[Stretch]:
    """The segments of all performances in the shards."""
    out: list[Stretch] = []
    for path in paths:
        with np.load(path, allow_pickle=False) as z:
            plans = [parse_plan(str(p)) for p in z["plans"]]
            clips = np.split(z["features"].astype(np.float16), np.cumsum(z["lengths"])[:-1])
        for plan, clip in zip(plans, clips, strict=True):
            at = 0
            for segment in plan.segments:
                stretch = clip[at : at + segment.num_steps * 4]
                at += segment.num_steps * 4
                if len(stretch) >= 4:
                    cut = len(stretch) > MAX_FRAMES
                    out.append(Stretch(stretch[:MAX_FRAMES], segment.calls, not cut))
    return out


class CriticTrainer:
    """Network, optimizer and the place in the schedule."""

    def __init__(self, recipe: CriticRecipe, stretches: Sequence[Stretch], work: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe = recipe
        self.unseen = [s for i, s in enumerate(stretches) if i % HELD_OUT == 0]
        self.seen = [s for i, s in enumerate(stretches) if i % HELD_OUT]
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = Critic.of(catalogue()).to(self.device)
        mean, scale = feature_scale([s.features for s in self.seen[::10]])
        self.model.mean.copy_(torch.from_numpy(mean))
        self.model.scale.copy_(torch.from_numpy(scale))
        self.optimizer = torch.optim.AdamW(self.model.parameters(), recipe.lr, weight_decay=0.05)
        parts = {"model": self.model, "optimizer": self.optimizer}
        self.checkpoint = Checkpoint(work / "critic.pt", parts, recipe.save_every_s)
        self.step = self.checkpoint.restore(self.device)

    def _loss(self, rows: Sequence[Stretch]) -> tuple[torch.Tensor, float, float]:
        """Loss, share of rows whose likeliest action is one of theirs, share of slot values read rightly."""
        model, device = self.model, self.device
        longest = max(len(s.features) for s in rows)
        longest += longest % 2
        clips = np.stack([np.pad(s.features, ((0, longest - len(s.features)), (0, 0))) for s in rows])
        features = torch.from_numpy(clips.astype(np.float32)).to(device)
        if model.training:
            features = features + JITTER * model.scale * torch.randn_like(features)
        lengths = torch.tensor([len(s.features) for s in rows])
        actions, values = model(features, lengths)
        target = torch.zeros_like(actions)
        at: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for row, stretch in enumerate(rows):
            for call in stretch.calls:
                target[row, model.names.index(call.name)] += 1 / len(stretch.calls)
                for slot, value in call.args.items():
                    if value in model.slots[call.name].get(slot, ()) and (stretch.whole or slot != "count"):
                        own = model.slots[call.name][slot]
                        at.setdefault(model.places[call.name, slot], []).append((row, own.index(value)))
        loss = F.cross_entropy(actions, target, label_smoothing=0.02)
        hits = total = 0
        slot_loss = torch.zeros((), device=device)
        for (first, last), found in at.items():
            logits = values[[row for row, _ in found], first:last]
            wanted = torch.tensor([v for _, v in found], device=device)
            slot_loss = slot_loss + F.cross_entropy(logits, wanted, reduction="sum")
            hits += int((logits.argmax(-1) == wanted).sum())
            total += len(found)
        right = float(target.gather(1, actions.argmax(-1, keepdim=True)).gt(0).float().mean())
        return loss + slot_loss / max(total, 1), right, hits / max(total, 1)

    @torch.no_grad()
    def measure(self) -> tuple[float, float]:
        """Shares of unseen segments whose action, and of their slot values, are read rightly."""
        self.model.eval()
        parts = [self._loss(self.unseen[i : i + 64])[1:] for i in range(0, len(self.unseen), 64)]
        self.model.train()
        return float(np.mean([p[0] for p in parts])), float(np.mean([p[1] for p in parts]))

    def run(self, max_steps: int | None = None) -> None:
        """Train to the recipe's last step or to `max_steps`; progress goes to the log."""
        recipe, rng = self.recipe, np.random.default_rng([self.recipe.seed, self.step])
        last, shown = min(recipe.steps, max_steps or recipe.steps), 0.0
        self.model.train()
        group: list[list[Stretch]] = []
        while self.step < last:
            if not group:
                drawn = [self.seen[i] for i in rng.integers(len(self.seen), size=16 * recipe.batch)]
                drawn.sort(key=lambda s: len(s.features))
                group = [drawn[i : i + recipe.batch] for i in range(0, len(drawn), recipe.batch)]
                rng.shuffle(group)  # pyright: ignore[reportArgumentType]
            for parameters in self.optimizer.param_groups:
                parameters["lr"] = recipe.lr * rate_share(self.step, recipe.steps, WARM_STEPS)
            loss, right, values = self._loss(group.pop())
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.step += 1
            shown = 0.95 * shown + 0.05 * loss.item()
            if self.step % 100 == 0:
                seen = (self.step, recipe.steps, shown, right, values)
                log.info("step %d of %d, loss %.3f, action %.2f, slots %.2f", *seen)
            self.checkpoint.keep(self.step)
        self.checkpoint.keep(self.step, now=True)
        log.info("on unseen segments: action %.3f, slot values %.3f", *self.measure())
        self.model.eval()
