"""Pairs of a text and a motion: what the evaluator learns from, and the held-out ones that scores are taken on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core.plan import Plan, parse_plan
from engine.core.types import MODEL_FPS, Motion
from engine.data.captions import caption_plan
from engine.data.cmu import CmuClip, cmu_clips
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.sampling import MAX_SECONDS

log = logging.getLogger(__name__)
EVALUATOR_SEED, EVAL_SEED = 23, 880_001
"""Seeds of the plans that the evaluator learns from, and of those that scores are taken on: nothing else uses them."""
NUM_PAIRS = 352
"""Held-out pairs: eleven pools of 32."""
WINDOW = round(MAX_SECONDS * MODEL_FPS)
"""Most frames of a window of CMU motion: 10 s."""
MIN_WINDOW = 40


@dataclass(frozen=True, eq=False)
class Pair:
    """A text and the motion that it describes. key: equal for pairs that say the same, which no pool holds twice."""

    text: str
    motion: Motion
    key: str


@dataclass(frozen=True, eq=False)
class Performance:
    """A performed plan that captions are drawn of. features: (T, 136) float16."""

    plan: Plan
    features: np.ndarray


@dataclass(frozen=True, eq=False)
class CmuTrial:
    """A trial with its caption. features: (T, 136) float16, whole."""

    caption: str
    features: np.ndarray


def plan_key(plan: Plan) -> str:
    """What a caption without lengths says of a plan: its calls in their order."""
    return " ; ".join(" & ".join(map(str, s.calls)) for s in plan.segments)


def text_key(caption: str) -> str:
    """A caption without capitals, punctuation and doubled spaces."""
    return " ".join("".join(c if c.isalnum() else " " for c in caption.lower()).split())


def read_performances(shards: Sequence[Path]) -> list[Performance]:
    """The performances of up to 10 s in shards of `corpus.perform_shards`; captions of longer ones say their length."""
    out = []
    for path in shards:
        with np.load(path, allow_pickle=False) as z:
            clips = np.split(z["features"].astype(np.float16), np.cumsum(z["lengths"])[:-1])
            plans = [parse_plan(str(line)) for line in z["plans"]]
        out += [Performance(p, c) for p, c in zip(plans, clips, strict=True) if len(c) <= WINDOW]
    return out


def held_out_plans(count: int = NUM_PAIRS, seed: int = EVAL_SEED) -> dict[int, Plan]:
    """So many plans that all say something else, by the numbers that they were drawn with."""
    known, found, seen, index = catalogue(), {}, set(), 0
    while len(found) < count:
        plan = sample_plan(np.random.default_rng([seed, index]), known)
        if plan_key(plan) not in seen:
            seen.add(plan_key(plan))
            found[index] = plan
        index += 1
    return found


def held_out_pairs(count: int = NUM_PAIRS, seed: int = EVAL_SEED) -> list[Pair]:
    """Newly drawn plans in held-out wordings without lengths, and their performances at 20 fps.

    Short plans say what some training plan says too; their wordings and performances are new.
    """
    pairs = []
    for index, plan in held_out_plans(count, seed).items():
        text = caption_plan(plan, np.random.default_rng([seed, index, 1]), split="heldout", seconds=0.0)
        pairs.append(Pair(text, perform_plan(plan, np.random.default_rng([seed, index, 2])), plan_key(plan)))
    return pairs


def performed_again(count: int = NUM_PAIRS, seed: int = EVAL_SEED) -> list[Motion]:
    """Other performances of the plans of `held_out_pairs`: what a generator without fault would make of them."""
    plans = held_out_plans(count, seed)
    return [perform_plan(plan, np.random.default_rng([seed, index, 3])) for index, plan in plans.items()]


def cmu_windows(clip: CmuClip) -> list[Motion]:
    """A trial at 20 fps in windows of up to 10 s, one after another; a rest under 2 s is left out."""
    motion = clip.motion().resample(MODEL_FPS)
    starts = range(0, max(1, motion.num_frames - MIN_WINDOW + 1), WINDOW)
    return [motion.slice(i, i + WINDOW) for i in starts]


def cmu_held_out() -> list[Pair]:
    """The captioned held-out trials in windows; empty when the pack is not there."""
    clips = [c for c in cmu_clips() if c.held_out and c.caption]
    return [Pair(c.caption, window, text_key(c.caption)) for c in clips for window in cmu_windows(c)]
