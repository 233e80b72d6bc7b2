"""The evaluator: a motion encoder and a text encoder that share a space, as in Guo et al. 2022. Only for measuring.

Both are bidirectional GRUs. Motion enters as features at 20 fps, five steps a second; text enters as the word vectors
of all-MiniLM-L6-v2 without context and its sentence vector, both frozen. The loop's own critic is another model, so
what is measured is not what was optimised.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from engine.core.errors import UserError
from engine.core.features import NUM_FEATURES
from engine.retrieval.network import pad_clips
from engine.retrieval.text_encoder import DIM, EncodedText, TextEncoder

FOLDER = "evaluator"
WEIGHTS, CONFIG = "model.safetensors", "config.json"
STRIDE = 4
"""Frames of a step: 20 fps become 5 steps a second."""
CHUNK = 64
"""Motions or sentences that are embedded together."""


@dataclass(frozen=True)
class EvaluatorConfig:
    """width: of every hidden layer.  dim: of the shared space.  dropout: of word vectors and pooled states."""

    width: int = 256
    dim: int = 256
    dropout: float = 0.15


class _Reader(nn.Module):
    """A bidirectional GRU over sequences of unequal length: mean and maximum of its states, (B, 4 width)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gru = nn.GRU(width, width, batch_first=True, bidirectional=True)

    def forward(self, x: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """x: (B, N, width); lengths: (B,) on the CPU, at least 1."""
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True, total_length=x.shape[1])
        inside = (torch.arange(x.shape[1]) < lengths[:, None]).to(x.device)[..., None]
        mean = (states * inside).sum(1) / inside.sum(1)
        return torch.cat([mean, states.masked_fill(~inside, -torch.inf).amax(1)], -1)


def _head(given: int, config: EvaluatorConfig) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(config.dropout), nn.Linear(given, config.width), nn.GELU(), nn.Linear(config.width, config.dim)
    )


class Evaluator(nn.Module):
    """`embed_motion` and `embed_text` give unit vectors (B, dim); a caption and its motion lie close together."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, config: EvaluatorConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or EvaluatorConfig()
        self.register_buffer("mean", torch.zeros(NUM_FEATURES))
        self.register_buffer("scale", torch.ones(NUM_FEATURES))
        self.step = nn.Conv1d(NUM_FEATURES, c.width, STRIDE, STRIDE)
        self.around = nn.Conv1d(c.width, c.width, 3, padding=1)
        self.motion_reader, self.motion_head = _Reader(c.width), _head(4 * c.width, c)
        self.word_in = nn.Sequential(nn.Dropout(c.dropout), nn.Linear(DIM, c.width), nn.GELU())
        self.text_reader, self.text_head = _Reader(c.width), _head(4 * c.width + DIM, c)
        self.log_temperature = nn.Parameter(torch.tensor(-2.5))

    def embed_motion(self, features: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """features: (B, T, 136) at 20 fps, T a multiple of 4, padded at will; lengths: (B,) frames, at least 4."""
        steps = lengths.clamp(min=STRIDE) // STRIDE
        inside = (torch.arange(features.shape[1] // STRIDE) < steps[:, None]).to(features.device)[:, None]
        x = (features - self.mean) / self.scale
        x = F.gelu(self.step(x.transpose(1, 2))) * inside
        x = F.gelu(self.around(x)) + x
        return F.normalize(self.motion_head(self.motion_reader(x.transpose(1, 2), steps)), dim=-1)

    def embed_text(self, text: EncodedText) -> torch.Tensor:
        """Sentences as read by the frozen encoder; only `words`, `mask` and `sentence` are looked at."""
        pooled = self.text_reader(self.word_in(text.words), text.mask.sum(1).cpu())
        return F.normalize(self.text_head(torch.cat([pooled, text.sentence], -1)), dim=-1)

    @torch.inference_mode()
    def motions(self, clips: Sequence[np.ndarray]) -> np.ndarray:
        """Embeddings (B, dim) of feature arrays (T, 136) of any length."""
        device = self.mean.device
        parts = [np.zeros((0, self.config.dim), np.float32)]
        for i in range(0, len(clips), CHUNK):
            padded, lengths = pad_clips(clips[i : i + CHUNK])
            parts.append(self.embed_motion(padded.to(device), lengths).cpu().numpy())
        return np.concatenate(parts)

    @torch.inference_mode()
    def texts(self, sentences: Sequence[str], encoder: TextEncoder) -> np.ndarray:
        """Embeddings (B, dim) of sentences."""
        parts = [np.zeros((0, self.config.dim), np.float32)]
        for i in range(0, len(sentences), CHUNK):
            parts.append(self.embed_text(encoder(list(sentences[i : i + CHUNK]))).cpu().numpy())
        return np.concatenate(parts)


def save_evaluator(model: Evaluator, folder: Path) -> None:
    """Write weights (float16) and shape."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.half().contiguous().cpu() for k, v in model.state_dict().items()}, folder / WEIGHTS)
    (folder / CONFIG).write_text(json.dumps(asdict(model.config), indent=2) + "\n")


def load_evaluator(folder: Path) -> Evaluator:
    """The evaluator, ready to measure. UserError when it is not there."""
    if not (folder / WEIGHTS).is_file():
        raise UserError(f"There is no evaluator in {folder}. Train it with: python -m engine train evaluator")
    model = Evaluator(EvaluatorConfig(**json.loads((folder / CONFIG).read_text())))
    model.load_state_dict({k: v.float() for k, v in load_file(folder / WEIGHTS).items()})
    return model.eval()
