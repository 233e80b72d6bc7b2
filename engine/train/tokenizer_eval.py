"""How much of a motion the tokenizer keeps: joint error by number of residual levels, and foot skate.

Measured on windows of 4 s of CMU clips that training never saw, and on newly performed plans. 'heading': every frame
in its own heading frame, pelvis over the origin; 'path': with the root path integrated over the window.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from engine.assess.physical import physical
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.types import MODEL_FPS, Motion
from engine.data.cmu import cmu_clips
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.edit.clean import clean
from engine.tokens.codec import MotionCodec
from engine.tokens.features import feature_joints
from engine.tokens.rqvae import NUM_PARTS

log = logging.getLogger(__name__)
WINDOW = 80
"""Frames of a window: 4 s."""
AUTHORED, AUTHORED_SEED = 60, 990_001
"""How many plans are performed, and their seed, which no training uses."""
LIMITS_MM = {("cmu", "heading"): 30.0, ("cmu", "path"): 60.0, ("authored", "heading"): 12.0}
SKATE_SLACK_CM_S = 0.5
"""'No worse than the source' allows for this much noise of the measure."""


@dataclass(frozen=True)
class Figure:
    """One row. levels: codebooks used, 0 for the source; errors in mm; skate in cm/s, decoded and after clean-up."""

    source: str
    levels: int
    windows: int
    heading_mm: float
    path_mm: float
    skate_cm_s: float
    cleaned_cm_s: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Target:
    """A limit of a figure, and whether it is met."""

    what: str
    limit: float
    figure: float
    unit: str

    @property
    def met(self) -> bool:
        return self.figure <= self.limit


def measure_tokenizer(limit: int | None = None, codec: MotionCodec | None = None) -> list[Figure]:
    """Figures of every number of levels on both kinds of motion. limit: at most so many windows of each kind."""
    codec = codec or MotionCodec.load()
    figures: list[Figure] = []
    for name, windows in {"cmu": cmu_windows(limit), "authored": authored_windows(limit)}.items():
        if not windows:
            raise UserError("The CMU pack is not there, so its motion cannot be measured; see engine/data/cmu.py.")
        log.info("%s: %d windows, levels 1 to %d", name, len(windows), codec.levels)
        skate = _skate(windows)
        figures.append(Figure(name, 0, len(windows), 0.0, 0.0, skate, _skate([clean(w) for w in windows])))
        for levels in range(1, codec.levels + 1):
            figures.append(_figure(name, windows, codec, levels))
            log.info("%s, %d levels: %.1f mm", name, levels, figures[-1].heading_mm)
    return figures


def cmu_windows(limit: int | None = None) -> list[Motion]:
    """Windows of 4 s of the held-out clips, one after another; a limit takes them from all over the clips."""
    windows = []
    for clip in cmu_clips():
        if clip.held_out:
            motion = clip.motion().resample(MODEL_FPS)
            windows += [motion.slice(i, i + WINDOW) for i in range(0, motion.num_frames - WINDOW + 1, WINDOW)]
    return _spread(windows, limit)


def authored_windows(limit: int | None = None) -> list[Motion]:
    """Newly performed plans, whole, up to 4 s of each."""
    known, out = catalogue(), []
    for i in range(min(limit or AUTHORED, AUTHORED)):
        rng = np.random.default_rng([AUTHORED_SEED, i])
        motion = perform_plan(sample_plan(rng, known), rng)
        out.append(motion.slice(0, min(motion.num_frames, WINDOW)))
    return out


def _spread(items: list[Motion], limit: int | None) -> list[Motion]:
    if limit is None or limit >= len(items):
        return items
    return [items[i] for i in np.linspace(0, len(items) - 1, max(1, limit)).round().astype(int)]


def joint_errors_mm(source: Motion, decoded: Motion) -> tuple[float, float]:
    """Mean joint error in mm, in the heading frame and along the path; both at 20 fps and as long as the shorter."""
    n = min(source.num_frames, decoded.num_frames)
    pair = [torch.from_numpy(encode_features(m)[:n])[None].double() for m in (source, decoded)]
    apart = [(feature_joints(pair[0], path) - feature_joints(pair[1], path)).norm(dim=-1) for path in (False, True)]
    return 1000 * float(apart[0].mean()), 1000 * float(apart[1].mean())


def _figure(name: str, windows: Sequence[Motion], codec: MotionCodec, levels: int) -> Figure:
    decoded = [codec.decode(codec.encode(w)[:, : levels * NUM_PARTS]).slice(0, w.num_frames) for w in windows]
    errors = np.mean([joint_errors_mm(w, d) for w, d in zip(windows, decoded, strict=True)], axis=0)
    skate, cleaned = _skate(decoded), _skate([clean(d) for d in decoded])
    return Figure(name, levels, len(windows), float(errors[0]), float(errors[1]), skate, cleaned)


def _skate(motions: Sequence[Motion]) -> float:
    return float(np.mean([physical(m).skate_cm_s for m in motions]))


def targets(figures: Sequence[Figure]) -> list[Target]:
    """The limits at the shipped setting (all levels)."""
    shipped: Mapping[str, Figure] = {f.source: f for f in figures if f.levels}
    source: Mapping[str, Figure] = {f.source: f for f in figures if not f.levels}
    rows = [
        Target(f"{name}, {frame}", limit, getattr(shipped[name], f"{frame}_mm"), "mm")
        for (name, frame), limit in LIMITS_MM.items()
    ]
    for name, figure in shipped.items():
        slack = source[name].skate_cm_s + SKATE_SLACK_CM_S
        rows.append(Target(f"{name}, foot skate after clean-up", slack, figure.cleaned_cm_s, "cm/s"))
    return rows


def format_tokenizer(figures: Sequence[Figure]) -> str:
    """Table of all figures, then the targets."""
    lines = [
        f"{'motion':10}{'levels':>8}{'windows':>9}{'heading mm':>12}{'path mm':>9}{'skate cm/s':>12}{'cleaned':>9}"
    ]
    for f in figures:
        errors = f"{f.heading_mm:>12.1f}{f.path_mm:>9.1f}" if f.levels else f"{'-':>12}{'-':>9}"
        level = f.levels or "source"
        lines.append(f"{f.source:10}{level:>8}{f.windows:>9}{errors}{f.skate_cm_s:>12.1f}{f.cleaned_cm_s:>9.1f}")
    lines.append(f"{'target':34}{'limit':>12}{'figure':>12}")
    for t in targets(figures):
        limit, figure = f"{t.limit:.1f} {t.unit}", f"{t.figure:.1f} {t.unit}"
        lines.append(f"{t.what:34}{limit:>12}{figure:>12}  {'met' if t.met else 'MISSED'}")
    return "\n".join(lines)
