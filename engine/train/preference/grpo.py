"""Group-relative policy optimisation (Shao et al. 2024) on drafts as they are sampled. python -m engine train grpo

After the third stage of IRG-MotionLLM: a draft is rewarded for its form and for its alignment with the plan, which is
what the loop itself measures and chooses by. The evaluator has no say in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from engine.edit.clean import clean
from engine.train.preference.policy import FlatPolicy
from engine.train.preference.trainer import Quiet, Setting, load_setting, optimizer, trainer_settings

SHOWN = ("loss", "reward", "reward_std", "rewards/alignment/mean", "rewards/form/mean", "entropy")
Reward = Callable[..., list[float]]


@dataclass(frozen=True)
class GrpoRecipe:
    """steps of `prompts` goals with `drafts` each.  form, alignment: what each reward counts.

    lr: of the adapter, lr_llama: of the LLaMA's layers, 0 leaves them as they are.
    """

    goals: int = 100
    steps: int = 20
    prompts: int = 4
    drafts: int = 8
    form: float = 0.3
    alignment: float = 1.0
    lr: float = 5e-5
    lr_llama: float = 1e-5
    seed: int = 0


class FlatGRPOTrainer(Quiet, GRPOTrainer):
    """trl's trainer with the policy's own heads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.settle(SHOWN)


def rewards(setting: Setting, policy: FlatPolicy) -> list[Reward]:
    """The functions `alignment` and `form` as trl asks for them; a draft is decoded once for both."""
    judge = setting.judge
    decode = lru_cache(maxsize=256)(lambda ids: judge.codec.decode(policy.unflat(ids)))

    def alignment(completion_ids: Sequence[Sequence[int]], goal: Sequence[int], **_: Any) -> list[float]:
        drafts = zip((policy.prompts[i].plan for i in goal), map(tuple, completion_ids), strict=True)
        return [judge.alignment(plan, clean(decode(ids))) for plan, ids in drafts]

    def form(completion_ids: Sequence[Sequence[int]], goal: Sequence[int], **_: Any) -> list[float]:
        drafts = zip((policy.prompts[i].plan for i in goal), map(tuple, completion_ids), strict=True)
        return [judge.form(plan, decode(ids)) for plan, ids in drafts]

    return [alignment, form]


def train_grpo(recipe: GrpoRecipe, start: Path, assets: Path, work: Path, max_steps: int | None = None) -> Path:
    """Tune the model of `start`; the folder of the result, work/grpo."""
    setting = load_setting(start, assets, work, recipe.goals, recipe.seed)
    sampling = setting.model.sampling
    cool = [sampling.residual_temperature] * (setting.model.adapter.config.levels - 1)
    heats = [sampling.temperature, *cool]
    policy = FlatPolicy(setting.model, [g.prompt for g in setting.goals], recipe.lr_llama > 0, heats)
    policy.generator.manual_seed(recipe.seed)
    args = GRPOConfig(
        **trainer_settings(work / "trl", recipe.seed, setting.model.device),
        per_device_train_batch_size=recipe.drafts,
        gradient_accumulation_steps=recipe.prompts,
        num_generations=recipe.drafts,
        max_steps=min(recipe.steps, max_steps or recipe.steps),
        max_completion_length=1 + policy.levels * max(g.prompt.plan.num_steps for g in setting.goals),
        reward_weights=[recipe.alignment, recipe.form],
        scale_rewards="batch",  # by the group's own spread, drafts that are all good would be told apart by noise
        pad_to_multiple_of=None,
        beta=0.0,
    )
    names = [{"prompt": f"p{i}", "goal": i} for i in range(len(policy.prompts))]
    trainer = FlatGRPOTrainer(
        policy,
        rewards(setting, policy),
        args=args,
        train_dataset=Dataset.from_list(names),
        processing_class=policy.tokenizer(),
        optimizers=(optimizer(policy, recipe.lr, recipe.lr_llama), None),
    )
    trainer.train()
    policy.export(start, work / "grpo")
    return work / "grpo"
