"""Two folders of the language-motion model before the evaluator, which no reward knows: the same texts and seeds.

Drafts are single and made of the true plans, several of each, which shows what tuning changes; then every text goes
through the whole engine once, as a user gets it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from engine.core.config import Config
from engine.core.features import encode_features
from engine.core.types import Motion
from engine.edit.clean import clean
from engine.language.shipped import load_embedded
from engine.loop.engine import Engine
from engine.retrieval.text_encoder import TextEncoder
from engine.tokens.codec import MotionCodec
from engine.train.metrics.generation import GENERATION_SEED, generate
from engine.train.metrics.measure import COLUMNS, cells
from engine.train.metrics.network import FOLDER, load_evaluator
from engine.train.metrics.pairs import NUM_PAIRS, held_out_pairs, held_out_plans
from engine.train.metrics.scores import Row, score_row

log = logging.getLogger(__name__)
DRAFTS, MIN_PAIRS = 4, 4
"""Drafts of each plan; fewest pairs that scores make sense of."""


def compare(before: Path, after: Path, limit: int | None = None) -> str:
    """The table of both folders. limit: only so many of the held-out pairs. UserError for missing weights."""
    config = Config.from_env()
    evaluator, encoder = load_evaluator(config.assets / FOLDER), TextEncoder(config)
    count = min(max(limit or NUM_PAIRS, MIN_PAIRS), NUM_PAIRS)
    pairs = held_out_pairs(count)
    texts, keys = [p.text for p in pairs], [p.key for p in pairs]

    def embed(motions: Sequence[Motion]) -> np.ndarray:
        return evaluator.motions([encode_features(m) for m in motions])

    said, real = evaluator.texts(texts, encoder), embed([p.motion for p in pairs])
    rows = [score_row("real", [real], said, keys, real)]
    for name, folder in (("before", before), ("after", after)):
        log.info("drafts of %s", folder)
        repeats = [embed(motions) for motions in drafts_of(folder, config, texts)]
        rows.append(score_row(f"{name}, drafts", repeats, said, keys, real))
    for name, folder in (("before", before), ("after", after)):
        made = generate(Engine.load(replace(config, llama=str(folder))), texts)
        rows.append(score_row(f"{name}, engine", [embed(made.motions)], said, keys, real))
    return format_rows(rows)


def drafts_of(folder: Path, config: Config, texts: Sequence[str]) -> list[list[Motion]]:
    """DRAFTS motions of every held-out plan in its text, without references: a list for each draft."""
    model, codec = load_embedded(folder, config), MotionCodec.load(config)
    every = []
    for number, (text, plan) in enumerate(zip(texts, held_out_plans(len(texts)).values(), strict=True)):
        generator = torch.Generator().manual_seed(GENERATION_SEED + number)
        *_, last = model.stream_motion(text, plan, generator, DRAFTS)
        every.append([clean(codec.decode(codes)) for codes in last.codes])
    return [list(same) for same in zip(*every, strict=True)]


def format_rows(rows: Sequence[Row]) -> str:
    """The rows as the metrics show theirs."""
    table = [COLUMNS, *map(cells, rows)]
    widths = [max(len(line[i]) for line in table) + 2 for i in range(len(COLUMNS))]
    return "\n".join("".join(t.rjust(w) for t, w in zip(line, widths, strict=True)) for line in table)
