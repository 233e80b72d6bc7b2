"""Retrieval of motions by text and of texts by motion: the part-level retriever beside captions alone, and its speed.

Run: python -m engine eval retrieval
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.data.captions import caption_plan
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.data.describe import describe
from engine.retrieval.library import Library, connect
from engine.retrieval.network import FOLDER, NAMES, Retriever
from engine.retrieval.text_encoder import TextEncoder
from engine.train.metrics.goals import Goal
from engine.train.metrics.pairs import EVAL_SEED, NUM_PAIRS, plan_key

RANKS = (1, 5, 10)
KINDS = {
    "one or more actions": {"single": 0.6, "composite": 0.0, "sequence": 0.4},
    "two actions at once": {"single": 0.0, "composite": 1.0, "sequence": 0.0},
}
NUM_CLIPS = 20_000
NUM_SEARCHES = 100
BUDGET_MS = 15.0


@dataclass(frozen=True)
class RetrievalRow:
    """One way to search on one kind of request: shares found among the first 1, 5 and 10 and the median rank, from
    texts to motions and back."""

    kind: str
    by: str
    to_motion: tuple[float, float, float, float]
    to_text: tuple[float, float, float, float]

    def cells(self) -> list[str]:
        """Shares in per cent and median ranks, as they are shown."""
        return [cell for row in (self.to_motion, self.to_text)
                for cell in (*(f"{100 * share:.1f}" for share in row[:3]), f"{row[3]:.1f}")]  # fmt: skip


@dataclass(frozen=True)
class RetrievalFigures:
    """All rows, and the milliseconds of a search among NUM_CLIPS."""

    rows: tuple[RetrievalRow, ...]
    search_ms: float

    def goals(self) -> list[Goal]:
        """The parts must be ahead of captions alone on every kind of request, and a search quick enough."""
        goals = []
        for kind in KINDS:
            captions, _, parts = (row.to_motion[0] for row in self.rows if row.kind == kind)
            goals.append(Goal(f"retrieval, {kind}: R@1 over that of captions", 0.0, parts - captions, at_least=True))
        return [*goals, Goal(f"search among {NUM_CLIPS} clips", BUDGET_MS, self.search_ms, "ms")]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Pairs:
    """texts in held-out wordings, feature arrays of the motions, and a plain caption of each motion."""

    texts: list[str]
    clips: list[np.ndarray]
    captions: list[str]


def retrieval_pairs(kind: str, count: int = NUM_PAIRS) -> Pairs:
    """Newly drawn plans of a kind of KINDS that all say something else, said in held-out wordings and performed."""
    known, pairs, seen, index = catalogue(), Pairs([], [], []), set(), 0
    number = list(KINDS).index(kind)
    while len(seen) < count:
        rng = np.random.default_rng([EVAL_SEED, 7, number, index])
        index += 1
        plan = sample_plan(rng, known, shares=KINDS[kind])
        if plan_key(plan) not in seen:
            seen.add(plan_key(plan))
            pairs.texts.append(caption_plan(plan, rng, split="heldout", seconds=0.0))
            pairs.clips.append(encode_features(perform_plan(plan, rng)))
            pairs.captions.append(f"a person {describe(plan, 'pres')}")
    return pairs


def ranks(similarity: np.ndarray) -> np.ndarray:
    """Place (N,) from 1 of each row's own column in a matrix of similarities (N, N); ties count against it."""
    own = np.diag(similarity)[:, None]
    return (similarity >= own).sum(1)


def found_among(similarity: np.ndarray) -> tuple[float, float, float, float]:
    """R@1, R@5, R@10 and the median rank of the rows of a matrix of similarities (N, N)."""
    found = ranks(similarity)
    one, five, ten = (float(np.mean(found <= k)) for k in RANKS)
    return one, five, ten, float(np.median(found))


def measure_retrieval(config: Config, count: int = NUM_PAIRS) -> RetrievalFigures:
    """All figures. UserError without a retriever."""
    retriever, encoder = Retriever.load(config.assets / FOLDER), TextEncoder(config)
    if retriever is None:
        raise UserError(
            f"There is no retriever in {config.assets / FOLDER}. Train it: python -m engine train retriever"
        )
    rows = []
    for kind in KINDS:
        found = compare(retrieval_pairs(kind, count), retriever, encoder)
        rows += [RetrievalRow(kind, by, found_among(s), found_among(s.T)) for by, s in found.items()]
    return RetrievalFigures(tuple(rows), search_ms(retriever, encoder))


def format_retrieval(figures: RetrievalFigures) -> str:
    """The table, and the speed."""
    head = f"{'R@1':>7}{'R@5':>7}{'R@10':>7}{'median':>8}"
    lines = [f"{'requests':22}{'searched by':22}{head}{head}", f"{'':44}{'text to motion':^29}{'motion to text':^29}"]
    for row in figures.rows:
        widths = (7, 7, 7, 8) * 2
        cells = (f"{cell:>{width}}" for cell, width in zip(row.cells(), widths, strict=True))
        lines.append(f"{row.kind:22}{row.by:22}{''.join(cells)}")
    return "\n".join(
        [*lines, f"a search among {NUM_CLIPS} clips, whole body and six parts: {figures.search_ms:.1f} ms"]
    )


def compare(pairs: Pairs, retriever: Retriever, encoder: TextEncoder) -> dict[str, np.ndarray]:
    """Similarities (N, N) of texts and motions: by the captions alone, by the whole body, by all parts."""
    texts = encoder(pairs.texts)
    captions = encoder(pairs.captions).sentence.numpy()
    vectors, motions = retriever.texts(texts), retriever.motions(pairs.clips)
    return {
        "captions alone": texts.sentence.numpy() @ captions.T,
        "whole body": vectors[:, 0] @ motions[:, 0].T,
        "whole body and parts": retriever.similarity(vectors, motions),
    }


def search_ms(retriever: Retriever, encoder: TextEncoder, count: int = NUM_CLIPS) -> float:
    """Median milliseconds of a search among so many clips, for the whole body and each of the six parts."""
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        library = Library(connect(Config(), Path(folder)), retriever, encoder, Path(folder))
        for start in range(0, count, 4000):
            vectors = rng.normal(size=(min(4000, count - start), len(NAMES), retriever.config.dim))
            names = [f"{start + i:06d}" for i in range(len(vectors))]
            library.put(names, _unit(vectors), [{"caption": name, "source": "test"} for name in names])
        texts = _unit(rng.normal(size=(NUM_SEARCHES + 10, len(NAMES), retriever.config.dim)))
        times = []
        for text in texts:
            begun = time.perf_counter()
            library.search(text)
            times.append(time.perf_counter() - begun)
    return 1000 * float(np.median(times[10:]))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
