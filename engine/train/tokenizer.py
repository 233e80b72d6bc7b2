"""Trains the motion tokenizer on authored and CMU motion. Run: python -m engine train tokenizer

Resumable: state is written to the work folder every two minutes, and a second call goes on from there.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.mirror import mirror_motion
from engine.core.types import Motion
from engine.data.cmu import cmu_clips
from engine.tokens.codec import load_tokenizer, save_tokenizer
from engine.tokens.features import NUM_POINTS, feature_joints
from engine.tokens.rqvae import MotionTokenizer, TokenizerConfig
from engine.train.muon import ConvOptimizer
from engine.train.progress import Checkpoint, rate_share

log = logging.getLogger(__name__)
FEET = (7, 8, 10, 11)
POINT_WEIGHTS = {12: 2.0, 15: 2.0, 16: 2.0, 17: 2.0, 18: 2.0, 19: 2.0, 20: 3.0, 21: 3.0, 22: 6.0, 23: 3.0, 24: 3.0}
"""Points whose small motions carry meaning count more: neck, head, shoulders, elbows, wrists, nose, fingertips."""
FINE_JOINTS = (12, 13, 14, 15)
"""Neck, collars and head: their rotations count FINE times as much, or nods and shrugs drown among the limbs."""
FINE = 4.0
SMALL_ACTIONS = frozenset({"nod", "shake_head", "shrug", "look_around", "clap"})
"""Actions that are over-represented SMALL_SHARE times in the tokenizer's authored motion."""
SMALL_SHARE = 4
WARM_STEPS = 300
DECODER_BEAM = 4
"""Width of the search for codes while only the decoder learns."""
RETIME = 0.18
"""CMU windows are played up to this share slower or faster."""


@dataclass(frozen=True)
class TokenizerRecipe:
    """steps of `batch` windows of `window` frames; cmu_share: part of each batch that is CMU; authored: clips made.

    lr: of the convolutions between hidden channels (Muon); lr_rest: of all else (AdamW).  decoder_only: what the codes
    mean stays as it is, and only how they are drawn as motion is learnt on.
    """

    steps: int = 6600
    batch: int = 28
    window: int = 80
    lr: float = 2e-3
    lr_rest: float = 6e-4
    cmu_share: float = 0.6
    authored: int = 4000
    seed: int = 0
    decoder_only: bool = False
    save_every_s: float = 120.0
    model: TokenizerConfig = field(default_factory=TokenizerConfig)


@dataclass(frozen=True)
class Corpus:
    """Feature arrays (T, 136) by source."""

    cmu: list[np.ndarray]
    authored: list[np.ndarray]


def cmu_features(held_out: bool, mirrored: bool = True) -> list[np.ndarray]:
    """Features of the CMU clips of one side of the split, each also mirrored if asked."""
    out = []
    for clip in cmu_clips():
        if clip.held_out == held_out:
            motion = clip.motion().resample(20.0)
            if motion.num_frames >= 32:
                out.append(encode_features(motion))
                if mirrored:
                    out.append(encode_features(mirror_motion(motion)))
    return out


def authored_features(count: int, seed: int, make: Callable[[np.random.Generator], Motion]) -> list[np.ndarray]:
    """Features of `count` motions that `make` draws from generators of their own."""
    return [encode_features(make(np.random.default_rng([seed, i]))) for i in range(count)]


def feature_scale(clips: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and scale (136,): rotations share one scale; root, neck and head count more (see docs/training.md)."""
    stacked = np.concatenate(clips)
    mean, scale = stacked.mean(0), stacked.std(0) + 1e-3
    scale[4:] = scale[4:].mean()
    for joint in FINE_JOINTS:
        scale[4 + 6 * joint : 10 + 6 * joint] /= FINE
    scale[:4] = np.maximum(scale[:4] / 4, 0.002)
    return mean, scale


def draw_windows(clips: list[np.ndarray], count: int, frames: int, rng: np.random.Generator) -> np.ndarray:
    """(count, frames, 136) random windows; longer clips are drawn more often, short ones hold their last frame."""
    weight = np.sqrt([len(c) for c in clips])
    out = []
    for i in rng.choice(len(clips), count, p=weight / weight.sum()):
        clip = clips[i]
        start = rng.integers(0, max(1, len(clip) - frames + 1))
        piece = clip[start : start + frames]
        if len(piece) < frames:
            still = piece[-1:].copy()
            still[:, 1:4] = 0
            piece = np.concatenate([piece, np.repeat(still, frames - len(piece), 0)])
        out.append(piece)
    return np.stack(out)


def retime(windows: np.ndarray, frames: int, rng: np.random.Generator) -> np.ndarray:
    """Windows (B, W, 136) -> (B, frames, 136), each played at a random speed that W frames suffice for."""
    rate = rng.uniform(1 - RETIME, 1 + RETIME, (len(windows), 1))
    at = np.minimum(np.arange(frames) * rate, windows.shape[1] - 1.001)
    low, part = at.astype(int), (at % 1)[..., None]
    rows = np.arange(len(windows))[:, None]
    out = windows[rows, low] * (1 - part) + windows[rows, low + 1] * part
    out[..., 1:4] *= rate[..., None]
    return out


def reconstruction_loss(model: MotionTokenizer, x: torch.Tensor, levels: int) -> torch.Tensor:
    """Features, joints in the heading frame, joints along the path, velocities, and planted feet that stay put.

    levels: that the motion x (B, T, 136) is coded in; 0: all of them, with gradients for the decoder alone.
    """
    with torch.autocast(x.device.type, dtype=torch.bfloat16):
        y, commit = model(x, levels) if levels else _decoded(model, x)
    y = y.float()
    a, b = (y - model.mean) / model.scale, (x - model.mean) / model.scale
    weight = torch.tensor([[POINT_WEIGHTS.get(j, 1.0)] for j in range(NUM_POINTS)], device=x.device)
    here_y, here_x = (feature_joints(f, tips=True) * weight for f in (y, x))
    path_y, path_x = (feature_joints(f, True, tips=True) * weight for f in (y, x))
    speed_y, speed_x = path_y[:, 1:] - path_y[:, :-1], path_x[:, 1:] - path_x[:, :-1]
    planted = (speed_x[:, :, FEET].norm(dim=-1, keepdim=True) < 0.006).float()
    slide = (planted * speed_y[:, :, FEET].abs()).sum() / planted.sum().clamp(min=1) / 3
    return (
        F.smooth_l1_loss(a, b)
        + 0.5 * F.smooth_l1_loss(a[:, 1:] - a[:, :-1], b[:, 1:] - b[:, :-1])
        + 0.02 * commit
        + 6.0 * F.l1_loss(here_y, here_x)
        + 3.0 * F.l1_loss(path_y, path_x)
        + 14.0 * F.l1_loss(speed_y, speed_x)
        + 10.0 * slide
    )


def _decoded(model: MotionTokenizer, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad(), torch.autocast(x.device.type, enabled=False):
        latents = model.code_vectors(model.encode(x, DECODER_BEAM))
    return model.features(latents), x.new_zeros(())


def warm_start(model: MotionTokenizer, folder: Path) -> None:
    """Begin from an earlier tokenizer's weights; codebooks may have grown, their further codes are revived in use.

    UserError where the earlier shape does not fit.
    """
    own = model.state_dict()
    for name, value in load_tokenizer(folder).state_dict().items():
        if name.endswith((".usage", ".total")):
            continue
        if name.endswith(".codebook"):
            levels, codes = value.shape[:2]
            if own[name].shape[0] == levels and own[name].shape[1] >= codes:
                own[name][:, :codes] = own[name.replace("codebook", "total")][:, :codes] = value
                own[name.replace("codebook", "usage")][:, :codes] = 1.0
                continue
        if own[name].shape != value.shape:
            raise UserError(f"The tokenizer of {folder} has another shape than the recipe's: {name}.")
        own[name].copy_(value)


def train_tokenizer(
    recipe: TokenizerRecipe,
    corpus: Corpus,
    work: Path,
    out: Path,
    max_steps: int | None = None,
    start: Path | None = None,
) -> MotionTokenizer:
    """Train (or go on training) and save to `out`. work: folder of the resumable state. max_steps: stop early.

    start: folder of an earlier tokenizer to begin from.
    """
    torch.manual_seed(recipe.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = MotionTokenizer(recipe.model).to(device).train()
    mean, scale = feature_scale(corpus.cmu + corpus.authored)
    model.mean.copy_(torch.from_numpy(mean))
    model.scale.copy_(torch.from_numpy(scale))
    if start is not None:
        warm_start(model, start)
    optimizer = ConvOptimizer(model.decoder if recipe.decoder_only else model, recipe.lr, recipe.lr_rest)
    checkpoint = Checkpoint(work / "tokenizer.pt", {"model": model, "optimizer": optimizer}, recipe.save_every_s)
    step = checkpoint.restore(device)
    last = min(recipe.steps, max_steps or recipe.steps)
    rng = np.random.default_rng([recipe.seed, step])
    started, first_step = time.monotonic(), step
    while step < last:
        x = torch.from_numpy(_draw(recipe, corpus, rng)).to(device)
        levels = recipe.model.levels if rng.random() < 0.7 else int(rng.integers(1, recipe.model.levels + 1))
        levels = 0 if recipe.decoder_only else levels
        optimizer.scale_rates(rate_share(step, recipe.steps, WARM_STEPS))
        loss = reconstruction_loss(model, x, levels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        if checkpoint.keep(step, now=step == last):
            rate = (step - first_step) / (time.monotonic() - started)
            log.info("step %d of %d, loss %.3f, %.1f steps/s", step, recipe.steps, loss.item(), rate)
    save_tokenizer(model.cpu(), out)
    return model.eval()


def _draw(recipe: TokenizerRecipe, corpus: Corpus, rng: np.random.Generator) -> np.ndarray:
    real = recipe.batch if not corpus.authored else round(recipe.batch * recipe.cmu_share * bool(corpus.cmu))
    wide = math.ceil(recipe.window * (1 + RETIME)) + 1
    parts = [retime(draw_windows(corpus.cmu, real, wide, rng), recipe.window, rng)] if real else []
    if recipe.batch > real:
        parts.append(draw_windows(corpus.authored, recipe.batch - real, recipe.window, rng))
    windows = np.concatenate(parts).astype(np.float32)
    windows[:, 0, 1:4] = 0  # as every clip begins that is encoded
    return windows
