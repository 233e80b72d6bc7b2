"""What drafts are made for: requests with their plans, the true performances, and the references that are recalled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.features import encode_features
from engine.core.types import Motion
from engine.data.captions import caption_plan
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.loop.recall import Recall
from engine.train.preference.policy import Prompt

GOAL_SEED = 31
"""Seed of the plans: training and measuring use others."""
MAX_STEPS = 45
"""Longer plans are left out: inference would begin a second stream (model.STRETCH_STEPS)."""


@dataclass(frozen=True, eq=False)
class Goal:
    """A prompt, and the features (T, 136) of a performance of its plan."""

    prompt: Prompt
    truth: np.ndarray


def draw_goals(
    count: int, seed: int, recall: Recall | None = None, encode: Callable[[Motion], np.ndarray] | None = None
) -> list[Goal]:
    """So many goals in wordings of training. recall, encode: for the references that the engine would show."""
    known, goals, index = catalogue(), [], 0
    while len(goals) < count:
        rng = np.random.default_rng([GOAL_SEED, seed, index])
        plan, index = sample_plan(rng, known), index + 1
        if plan.num_steps > MAX_STEPS:
            continue
        request = caption_plan(plan, rng)
        shown: Sequence = ()
        if recall is not None and encode is not None:
            shown = [recall.shown(found, encode) for found in recall.find(request, plan)[1]]
        goals.append(Goal(Prompt(request, plan, shown), encode_features(perform_plan(plan, rng))))
    return goals
