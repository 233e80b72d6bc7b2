"""Authored plans performed and turned into codes: what the language-motion model learns motion from.

Made in shards that are kept in the work folder, so that an interrupted call goes on where it ended.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.core.features import encode_features
from engine.core.plan import Plan, parse_plan
from engine.data.captured import captured_clips, draw_captured
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.sampling import with_length
from engine.tokens.rqvae import MotionTokenizer

log = logging.getLogger(__name__)
SHARD = 1000
LONG_SHARE = 0.15
"""Share of performances that are made long where their action can last."""


@dataclass(frozen=True)
class MotionSample:
    """A plan and the codes (N, Q) int64 of one performance of it, N = plan.num_steps."""

    plan: Plan
    codes: np.ndarray


def perform_sample(seed: int, index: int, captured: float = 0.0) -> tuple[str, np.ndarray]:
    """Plan line and features (4 N, 136) of performance `index`. captured: share drawn from labelled motion capture."""
    rng = np.random.default_rng([seed, index])
    if rng.random() < captured and captured_clips():
        return draw_captured(rng)
    plan = sample_plan(rng, catalogue())
    if rng.random() < LONG_SHARE:
        plan = with_length(rng, catalogue(), plan, performable=True)
    return str(plan), encode_features(perform_plan(plan, rng))


def _perform_range(job: tuple[int, int, int, float]) -> list[tuple[str, np.ndarray]]:
    seed, start, stop, captured = job
    return [perform_sample(seed, i, captured) for i in range(start, stop)]


def perform_shards(count: int, seed: int, folder: Path, workers: int = 2, captured: float = 0.0) -> list[Path]:
    """Write the features of `count` performances as shards of 1,000 under `folder`; skip those already there."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"features-{seed}-{start:06d}.npz" for start in range(0, count, SHARD)]
    missing = [
        (p, (seed, i * SHARD, min((i + 1) * SHARD, count), captured)) for i, p in enumerate(paths) if not p.is_file()
    ]
    if missing:
        with ProcessPoolExecutor(workers) as pool:
            for (path, _), rows in zip(missing, pool.map(_perform_range, [job for _, job in missing]), strict=True):
                features = np.concatenate([f for _, f in rows]).astype(np.float32)
                lengths = np.array([len(f) for _, f in rows], np.int32)
                part = path.with_suffix(".part.npz")
                np.savez(part, features=features, lengths=lengths, plans=np.array([p for p, _ in rows]))
                part.replace(path)
                log.info("performed %s", path.name)
    return paths


def read_features(paths: Sequence[Path], often: Collection[str] = (), times: int = 1) -> list[np.ndarray]:
    """Feature arrays (T, 136) of all performances in the shards; those with an action of `often` so many `times`."""
    out: list[np.ndarray] = []
    for path in paths:
        with np.load(path, allow_pickle=False) as z:
            clips = np.split(z["features"], np.cumsum(z["lengths"])[:-1])
            for line, clip in zip(z["plans"], clips, strict=True):
                names = {call.name for segment in parse_plan(str(line)).segments for call in segment.calls}
                out += [clip] * (times if names & set(often) else 1)
    return out


@torch.inference_mode()
def encode_shards(paths: Sequence[Path], model: MotionTokenizer) -> list[MotionSample]:
    """All performances as codes, each level's nearest one, which is easier to predict than a searched sum.

    Only clips of equal length share a batch, so that no padding reaches the encoder.
    """
    samples: list[MotionSample] = []
    for path in paths:
        with np.load(path, allow_pickle=False) as z:
            plans = [parse_plan(str(p)) for p in z["plans"]]
            clips = np.split(z["features"], np.cumsum(z["lengths"])[:-1])
        codes: dict[int, np.ndarray] = {}
        for length in sorted({len(c) for c in clips}):
            rows = [i for i, c in enumerate(clips) if len(c) == length]
            batch = model.encode(torch.from_numpy(np.stack([clips[i] for i in rows])), beam=1).numpy()
            codes |= dict(zip(rows, batch, strict=True))
        samples += [MotionSample(plan, codes[i]) for i, plan in enumerate(plans)]
    return samples
