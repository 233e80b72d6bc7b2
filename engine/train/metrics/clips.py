"""Contact sheets of the report: a real performance beside the generated one, and one prompt with several seeds."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import numpy as np

from engine.core.types import Motion
from engine.render.sheet import stick_sheet
from engine.train.metrics.measure import Metrics

BESIDE, SEVERAL, SEEDS = 12, 4, 3
FRAMES, CELL = 10, (84, 116)


def sheet_png(motions: Sequence[tuple[str, Motion]]) -> bytes:
    """Stick figures of labelled motions, a row each, as PNG."""
    out = io.BytesIO()
    stick_sheet(motions, frames=FRAMES, views=("front3/4",), cell=CELL).quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _spread(count: int, wanted: int) -> list[int]:
    return np.unique(np.linspace(0, count - 1, min(count, wanted)).round().astype(int)).tolist()


def beside_sheets(metrics: Metrics) -> Iterator[tuple[str, bytes]]:
    """(prompt, PNG) of pairs spread over the held-out ones: performed above, generated below."""
    for i in _spread(len(metrics.pairs), BESIDE):
        pair = metrics.pairs[i]
        yield pair.text, sheet_png([("performed", pair.motion), ("generated", metrics.repeats[0].motions[i])])


def seed_sheets(metrics: Metrics) -> Iterator[tuple[str, bytes]]:
    """(prompt, PNG) of some prompts, each generated with different seeds."""
    chosen = list(metrics.samples)
    for k in _spread(len(chosen), SEVERAL):
        motions = metrics.samples[chosen[k]][:SEEDS]
        yield metrics.pairs[chosen[k]].text, sheet_png([(f"seed {n + 1}", m) for n, m in enumerate(motions)])
