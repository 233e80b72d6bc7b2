"""Makes the reference clips that ship: every action twice, and pairs of actions at once, performed by the data engine.

Run: python -m engine library build
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.plan import Call, Plan, Segment
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.describe import describe
from engine.data.registry import default_args, natural_seconds
from engine.data.sampling import sample_single
from engine.retrieval.clips import Clip, write_clips
from engine.retrieval.library import FOLDER, SHIPPED, write_vectors
from engine.retrieval.network import FOLDER as RETRIEVER
from engine.retrieval.network import Retriever

log = logging.getLogger(__name__)
SEED = 470_001
"""Of the performances: nothing else uses it."""
NUM_PAIRS = 140
"""Clips of two actions at once."""
COMPOSITE = {"single": 0.0, "composite": 1.0, "sequence": 0.0}
MAX_SECONDS = 8.0


def reference_plans() -> list[Plan]:
    """What the clips show: every action with its defaults and with other values, then actions at once."""
    known, plans = catalogue(), []
    for number, name in enumerate(sorted(known)):
        rng = np.random.default_rng([SEED, number])
        plain = Call(name, default_args(name))
        plans.append(Plan("make", (Segment((plain,), natural_seconds(name, plain.args, rng)),)))
        others = (sample_single(rng, known, name) for _ in range(8))
        plans.append(next((p for p in others if p.segments[0].calls[0] != plain), plans[-1]))
    rng = np.random.default_rng([SEED, len(known)])
    plans += [sample_plan(rng, known, shares=COMPOSITE, max_seconds=MAX_SECONDS) for _ in range(NUM_PAIRS)]
    return plans


def make_clips() -> list[Clip]:
    """The clips, performed."""
    clips = []
    for number, plan in enumerate(reference_plans()):
        rng = np.random.default_rng([SEED, number, 1])
        caption = f"a person {describe(plan, 'pres')}"
        clips.append(Clip.of(perform_plan(plan, rng), caption, "shipped"))
        if number % 100 == 0:
            log.info("performed %d clips", number)
    return clips


def build(config: Config) -> Path:
    """Write the clips and their vectors to the assets. UserError without a trained retriever."""
    retriever = Retriever.load(config.assets / RETRIEVER)
    if retriever is None:
        raise UserError("There is no retriever yet. Train it with: python -m engine train retriever")
    folder, clips = config.assets / FOLDER, make_clips()
    write_clips(folder / SHIPPED, clips)
    write_vectors(folder, retriever, clips)
    return folder
