"""Scores of embedded motions and texts, by the protocol of Guo et al. 2022 (Generating Diverse and Natural 3D Human
Motions from Text, CVPR, section 5 and its supplement).

m_i: embedding of motion i, t_i: of its text, all (D,) unit vectors here, so distances lie between 0 and 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

POOL = 32
TOPS = (1, 2, 3)
REDRAWN = 20
"""Pools and pairs are drawn so often; the interval is over these."""
DIVERSITY_PAIRS = 300


@dataclass(frozen=True)
class Estimate:
    """A mean with the half width of its 95 % interval."""

    mean: float
    half: float = 0.0

    @staticmethod
    def of(values: Sequence[float]) -> Estimate:
        """1.96 standard errors of the mean over repeats (Guo et al. 2022); no width for a single value."""
        spread = float(np.std(values, ddof=1)) / np.sqrt(len(values)) if len(values) > 1 else 0.0
        return Estimate(float(np.mean(values)), 1.96 * float(spread))

    def __str__(self) -> str:
        return f"{self.mean:.3f} ± {self.half:.3f}" if self.half else f"{self.mean:.3f}"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def draw_pools(keys: Sequence[str], size: int, rng: np.random.Generator) -> list[list[int]]:
    """Indices in random pools of `size` that hold no key twice; what does not fill a pool is left out."""
    pools: list[dict[str, int]] = []
    for i in map(int, rng.permutation(len(keys))):
        pool = next((p for p in pools if len(p) < size and keys[i] not in p), None)
        if pool is None:
            pool = {}
            pools.append(pool)
        pool[keys[i]] = i
    return [list(pool.values()) for pool in pools if len(pool) == size]


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Euclidean distances (N, M) of rows (N, D) and (M, D)."""
    squared = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.maximum(squared, 0))


def r_precision(
    motions: np.ndarray, texts: np.ndarray, keys: Sequence[str], rng: np.random.Generator, size: int = POOL
) -> np.ndarray:
    """(3,): share of motions whose own text is among the nearest 1, 2, 3 of the `size` texts of its pool.

    A tie counts against the motion.
    """
    ranks = []
    for pool in draw_pools(keys, size, rng):
        apart = distances(motions[pool].astype(np.float64), texts[pool].astype(np.float64))
        ranks.append((apart <= np.diag(apart)[:, None]).sum(1) - 1)
    assert ranks, f"{len(set(keys))} different texts do not fill a pool of {size}"
    return np.array([(np.concatenate(ranks) < top).mean() for top in TOPS])


def mm_distance(motions: np.ndarray, texts: np.ndarray) -> float:
    """MM-Dist: mean of ||m_i - t_i||."""
    return float(np.linalg.norm(motions - texts, axis=1).mean())


def fid(real: np.ndarray, generated: np.ndarray) -> float:
    """||mu_r - mu_g||^2 + Tr(S_r + S_g - 2 (S_r S_g)^(1/2)) (Heusel et al. 2017) of rows (N, D).

    The trace of the root is taken from the eigenvalues of S_r^(1/2) S_g S_r^(1/2), which are real and not negative.
    """
    a, b = real.astype(np.float64), generated.astype(np.float64)
    cov_a, cov_b = np.atleast_2d(np.cov(a, rowvar=False)), np.atleast_2d(np.cov(b, rowvar=False))
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ cov_b @ root), 0)).sum()
    return float(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(cov_a) + np.trace(cov_b) - 2 * cross)


def diversity(motions: np.ndarray, rng: np.random.Generator, pairs: int = DIVERSITY_PAIRS) -> float:
    """1/S sum ||v_i - v'_i|| over S random pairs of different motions, S = `pairs` or as many as there are (N / 2)."""
    count = min(pairs, len(motions) // 2)
    assert count, "diversity needs two motions"
    order = rng.permutation(len(motions))
    return float(np.linalg.norm(motions[order[:count]] - motions[order[count : 2 * count]], axis=1).mean())


def multimodality(groups: Sequence[np.ndarray]) -> float:
    """Mean distance of two motions of the same text, over all pairs of its samples (S, D), then over texts."""
    means = []
    for group in groups:
        upper = np.triu_indices(len(group), 1)
        means.append(distances(group.astype(np.float64), group.astype(np.float64))[upper].mean())
    return float(np.mean(means))


@dataclass(frozen=True)
class Row:
    """Scores of one set of motions with their texts. pool: texts of a pool; None: not measured for this row."""

    name: str
    num_motions: int
    pool: int
    top: tuple[Estimate, ...]
    mm_dist: Estimate
    diversity: Estimate
    fid: Estimate | None = None
    multimodality: Estimate | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def score_row(
    name: str,
    repeats: Sequence[np.ndarray],
    texts: np.ndarray,
    keys: Sequence[str],
    real: np.ndarray | None = None,
    groups: Sequence[Sequence[np.ndarray]] = (),
    redrawn: int = REDRAWN,
) -> Row:
    """All scores of a row.

    repeats: embeddings (N, D) of the motions, once for each repeat of generation.  texts: (N, D).  real: embeddings of
    real motions, for the FID.  groups: for each repeat the samples (S, D) of some prompts.  redrawn: pools of a repeat.
    """
    pool = min(POOL, len(set(keys)))
    rng = np.random.default_rng(0)
    tops, spread = [], []
    for motions in repeats:
        tops += [r_precision(motions, texts, keys, rng, pool) for _ in range(redrawn)]
        spread += [diversity(motions, rng) for _ in range(redrawn)]
    return Row(
        name, len(texts), pool,
        tuple(Estimate.of([t[k] for t in tops]) for k in range(len(TOPS))),
        Estimate.of([mm_distance(motions, texts) for motions in repeats]),
        Estimate.of(spread),
        None if real is None else Estimate.of([fid(real, motions) for motions in repeats]),
        Estimate.of([multimodality(g) for g in groups]) if groups else None,
    )  # fmt: skip
