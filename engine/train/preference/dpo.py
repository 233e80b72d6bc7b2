"""Direct preference optimisation (Rafailov et al. 2023) on drafts ranked by a dual reward. python -m engine train dpo

After McDPO of VimoRAG: a draft counts by how near it comes to a true performance and by how well it fits the words,
both in the spaces of the part-level retriever. The evaluator has no say in it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from datasets import Dataset
from trl import DPOConfig, DPOTrainer

from engine.train.preference.policy import FlatPolicy
from engine.train.preference.trainer import Quiet, Setting, load_setting, optimizer, trainer_settings

log = logging.getLogger(__name__)
AT_ONCE = 8
"""Pairs that are held in memory together."""
SHOWN = ("loss", "rewards/accuracies", "rewards/margins", "logps/chosen", "logps/rejected")


@dataclass(frozen=True)
class DpoRecipe:
    """goals: prompts; drafts: of each.  pairs: of each prompt at most, the best with the worst, the next with the next.

    truth_share: what nearness to the true performance counts beside the fit to the words.  margin: least difference
    of the rewards of a pair.  lr: of the adapter, lr_llama: of the LLaMA's layers, 0 leaves them as they are.
    """

    goals: int = 160
    drafts: int = 8
    pairs: int = 2
    truth_share: float = 0.5
    margin: float = 0.03
    steps: int = 20
    batch: int = 16
    beta: float = 0.1
    lr: float = 3e-5
    lr_llama: float = 6e-6
    seed: int = 0


class FlatDPOTrainer(Quiet, DPOTrainer):
    """trl's trainer on rows that are flat ids already."""

    def _prepare_dataset(self, dataset: Dataset, *_: object) -> Dataset:  # pyright: ignore[reportIncompatibleMethodOverride]
        return dataset

    def _precompute_ref_logps(self, dataset: Dataset, name: str, batch_size: int) -> Dataset:
        self.settle(SHOWN)
        return super()._precompute_ref_logps(dataset, name, batch_size)


def rank(rewards: np.ndarray, pairs: int, margin: float) -> list[tuple[int, int]]:
    """Numbers (better, worse) of drafts, best with worst first, then the next; rewards: (S,)."""
    order = np.argsort(-rewards).tolist()
    found = list(zip(order, reversed(order), strict=True))[: min(pairs, len(order) // 2)]
    return [(a, b) for a, b in found if rewards[a] - rewards[b] >= margin]


def draw_pairs(setting: Setting, policy: FlatPolicy, recipe: DpoRecipe) -> list[dict[str, list[int]]]:
    """Drafts of every goal, rewarded and ranked, as rows of flat ids."""
    rows, gaps = [], []
    for number, goal in enumerate(setting.goals):
        codes = policy.sample(number, recipe.drafts)
        motions = [setting.judge.motion(c) for c in codes]
        both = setting.judge.dual(goal.prompt.request, goal.truth, motions)
        rewards = both @ np.array([recipe.truth_share, 1 - recipe.truth_share])
        for better, worse in rank(rewards, recipe.pairs, recipe.margin):
            gaps.append(float(rewards[better] - rewards[worse]))
            chosen, rejected = policy.flat(codes[better]), policy.flat(codes[worse])
            rows.append({"prompt_ids": [policy.first_prompt + number], "chosen_ids": chosen, "rejected_ids": rejected})
        if (number + 1) % 20 == 0:
            log.info(
                "drafts of %d of %d goals: %d pairs, gap %.3f", number + 1, len(setting.goals), len(rows), np.mean(gaps)
            )
    return rows


def train_dpo(recipe: DpoRecipe, start: Path, assets: Path, work: Path, max_steps: int | None = None) -> Path:
    """Tune the model of `start`; the folder of the result, work/dpo."""
    setting = load_setting(start, assets, work, recipe.goals, recipe.seed)
    policy = FlatPolicy(setting.model, [g.prompt for g in setting.goals], llama=recipe.lr_llama > 0)
    policy.generator.manual_seed(recipe.seed)
    rows = draw_pairs(setting, policy, recipe)
    args = DPOConfig(
        **trainer_settings(work / "trl", recipe.seed, setting.model.device),
        per_device_train_batch_size=min(AT_ONCE, recipe.batch),
        gradient_accumulation_steps=max(1, recipe.batch // AT_ONCE),
        max_steps=min(recipe.steps, max_steps or recipe.steps),
        beta=recipe.beta,
        max_length=None,
        precompute_ref_log_probs=True,
    )
    trainer = FlatDPOTrainer(
        policy,
        args=args,
        train_dataset=Dataset.from_list(rows),
        processing_class=policy.tokenizer(),
        optimizers=(optimizer(policy, recipe.lr, recipe.lr_llama), None),
    )
    trainer.train()
    policy.export(start, work / "dpo")
    return work / "dpo"
