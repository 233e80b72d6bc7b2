"""The part-level text-motion model: one motion encoder for the whole body and one for each of its six parts.

A text is read once, and asked seven times: each part has a query of its own that looks for the words that concern it,
so "walking while waving" lies near a walk for the legs and near a wave for the arms. After the part-level retrieval of
ReMoGPT and TMR (Petrovich et al. 2023), small, over frozen all-MiniLM-L6-v2.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from engine.core.eightbit import load_weights, save_eight_bit
from engine.core.features import NUM_FEATURES, joint_features
from engine.core.skeleton import PARTS
from engine.retrieval.text_encoder import DIM, EncodedText

FOLDER, WEIGHTS, CONFIG = "retriever", "model.safetensors", "config.json"
NAMES = ("whole", *PARTS)
"""What is encoded: the whole body, then its parts."""
STRIDE = 4
"""Frames of a step: 20 fps become 5 steps a second."""
WORD_SCALE = 8.0
"""Brings words without context to about the size of those in context."""
CHUNK = 64
"""Motions that are encoded together."""


def part_inputs(name: str) -> list[int]:
    """Indices of the features that the encoder of `name` sees; whatever moves the legs sees the root's way too."""
    if name == "whole":
        return list(range(NUM_FEATURES))
    way = list(range(4)) if name in ("root", "left_leg", "right_leg") else []
    return way + joint_features(PARTS[name])


@dataclass(frozen=True)
class RetrieverConfig:
    """width, part_width: of the encoders of the whole body and of a part.  dim: of each of the seven spaces."""

    width: int = 224
    part_width: int = 96
    dim: int = 128
    text_width: int = 256
    dropout: float = 0.1


class _Block(nn.Module):
    """A dilated convolution over time around what it is given."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, 2 * width, 3, padding=dilation, dilation=dilation)
        self.out = nn.Sequential(nn.Dropout(dropout), nn.Linear(width, width))

    def forward(self, x: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
        y = F.glu(self.conv((self.norm(x) * inside).transpose(1, 2)), 1).transpose(1, 2)
        return (x + self.out(y)) * inside


class MotionEncoder(nn.Module):
    """Some of the features of a motion -> a vector (B, dim): convolutions in time, then what attention picks out."""

    def __init__(self, count: int, width: int, dim: int, dropout: float) -> None:
        super().__init__()
        self.enter = nn.Conv1d(count, width, STRIDE, STRIDE)
        self.blocks = nn.ModuleList(_Block(width, d, dropout) for d in (1, 2, 4, 8))
        self.look = nn.Linear(width, 4)
        self.leave = nn.Sequential(nn.LayerNorm(6 * width), nn.Linear(6 * width, dim))

    def forward(self, x: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
        """x: (B, T, count) normalised; inside: (B, T / 4, 1) True where there is motion."""
        h = F.gelu(self.enter(x.transpose(1, 2))).transpose(1, 2) * inside
        for block in self.blocks:
            h = block(h, inside)
        picked = self.look(h).masked_fill(~inside, -torch.inf).softmax(1).transpose(1, 2) @ h
        mean = h.sum(1) / inside.sum(1)
        return self.leave(torch.cat([picked.flatten(1), mean, h.masked_fill(~inside, -torch.inf).amax(1)], -1))


class PartTextEncoder(nn.Module):
    """A text -> seven vectors (B, 7, dim): every part attends to the words that concern it."""

    def __init__(self, config: RetrieverConfig) -> None:
        super().__init__()
        width, count = config.text_width, len(NAMES)
        self.enter = nn.Sequential(nn.Linear(2 * DIM, width), nn.GELU(), nn.Dropout(config.dropout))
        layer = nn.TransformerEncoderLayer(
            width, 4, 2 * width, config.dropout, "gelu", batch_first=True, norm_first=True
        )
        self.around = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.query = nn.Parameter(torch.randn(count, width) * width**-0.5)
        self.key, self.value = nn.Linear(width, width), nn.Linear(width, width)
        self.hidden = nn.Parameter(torch.randn(count, width + DIM, width) * (width + DIM) ** -0.5)
        self.out = nn.Parameter(torch.randn(count, width, config.dim) * width**-0.5)

    def forward(self, text: EncodedText) -> torch.Tensor:
        x = self.around(
            self.enter(torch.cat([text.pieces, WORD_SCALE * text.words], -1)), src_key_padding_mask=~text.mask
        )
        heat = self.query @ self.key(x).transpose(1, 2) * x.shape[-1] ** -0.5
        picked = heat.masked_fill(~text.mask[:, None], -torch.inf).softmax(-1) @ self.value(x)
        sentence = 20.0 * text.sentence[:, None].expand(-1, len(NAMES), -1)
        h = torch.einsum("bnw,nwh->bnh", torch.cat([picked, sentence], -1), self.hidden)
        return torch.einsum("bnh,nhd->bnd", F.gelu(h), self.out)


class Retriever(nn.Module):
    """`embed_motion` and `embed_text` give unit vectors (B, 7, dim), one of each of NAMES.

    `weight` (7,), sums to 1: how much each part counts when similarities are added up.
    """

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, config: RetrieverConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or RetrieverConfig()
        self.version = "fresh"
        self.register_buffer("mean", torch.zeros(NUM_FEATURES))
        self.register_buffer("scale", torch.ones(NUM_FEATURES))
        self.inputs = {name: part_inputs(name) for name in NAMES}
        self.encoders = nn.ModuleDict(
            {n: MotionEncoder(len(i), c.part_width if n != "whole" else c.width, c.dim, c.dropout)
             for n, i in self.inputs.items()}
        )  # fmt: skip
        self.text = PartTextEncoder(c)
        self.log_weight = nn.Parameter(torch.tensor([1.0, *[0.0] * len(PARTS)]))
        self.log_temperature = nn.Parameter(torch.full((len(NAMES) + 1,), -2.5))

    @property
    def weight(self) -> torch.Tensor:
        return self.log_weight.softmax(0)

    def embed_motion(self, features: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """features: (B, T, 136) at 20 fps, T a multiple of 4, padded at will; lengths: (B,) frames, at least 4."""
        steps = lengths.clamp(min=STRIDE) // STRIDE
        inside = (torch.arange(features.shape[1] // STRIDE) < steps[:, None]).to(features.device)[..., None]
        x = (features - self.mean) / self.scale * inside.repeat_interleave(STRIDE, 1)
        every = [self.encoders[name](x[..., index], inside) for name, index in self.inputs.items()]
        return F.normalize(torch.stack(every, 1), dim=-1)

    def embed_text(self, text: EncodedText) -> torch.Tensor:
        """Sentences as the frozen encoder has read them."""
        return F.normalize(self.text(text), dim=-1)

    @torch.inference_mode()
    def motions(self, clips: Sequence[np.ndarray]) -> np.ndarray:
        """Vectors (B, 7, dim) of feature arrays (T, 136) of any length."""
        out = [np.zeros((0, len(NAMES), self.config.dim), np.float32)]
        for i in range(0, len(clips), CHUNK):
            padded, lengths = pad_clips(clips[i : i + CHUNK])
            out.append(self.embed_motion(padded.to(self.mean.device), lengths).cpu().numpy())
        return np.concatenate(out)

    @torch.inference_mode()
    def texts(self, text: EncodedText) -> np.ndarray:
        """Vectors (B, 7, dim) of sentences as the frozen encoder has read them."""
        return self.embed_text(text).cpu().numpy()

    def similarity(self, texts: np.ndarray, motions: np.ndarray) -> np.ndarray:
        """Weighted sums (A, B) of the cosines of all parts, in [-1, 1]. texts: (A, 7, dim); motions: (B, 7, dim)."""
        weight = self.weight.detach().cpu().numpy()
        return np.einsum("n,and,bnd->ab", weight, texts, motions)

    def save(self, folder: Path) -> None:
        """Write weights (8-bit numbers) and shape."""
        folder.mkdir(parents=True, exist_ok=True)
        save_eight_bit(self.state_dict(), folder / WEIGHTS)
        (folder / CONFIG).write_text(json.dumps(asdict(self.config), indent=2) + "\n")

    @staticmethod
    def load(folder: Path) -> Retriever | None:
        """The retriever of a folder; None when it is not there."""
        path = folder / WEIGHTS
        if not path.is_file():
            return None
        model = Retriever(RetrieverConfig(**json.loads((folder / CONFIG).read_text())))
        model.load_state_dict(load_weights(path))
        model.version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        return model.eval()


def pad_clips(clips: Sequence[np.ndarray], multiple: int = STRIDE) -> tuple[torch.Tensor, torch.Tensor]:
    """Feature arrays as one (B, T, 136) with their lengths (B,); a clip under 4 frames holds its last one.

    multiple: T is one of it, itself a multiple of 4.
    """
    lengths = torch.tensor([max(len(c), STRIDE) for c in clips])
    longest = -(-int(lengths.max()) // multiple) * multiple
    padded = np.stack([np.pad(c, ((0, longest - len(c)), (0, 0)), mode="edge") for c in clips])
    return torch.from_numpy(padded.astype(np.float32)), lengths
