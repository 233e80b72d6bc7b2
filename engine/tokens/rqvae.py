"""Residual-quantized autoencoder of motion: 4x in time, each part of the body in Q codebooks of K codes of its own.

After RVQ of SoundStream (Zeghidour et al. 2021) and MoMask (Guo et al. 2024): exponential moving average codebooks,
dead codes revived from the batch, random number of levels in training so that every prefix of levels decodes. Legs,
trunk and arms are encoded apart and decoded together: what they do combines freely, so few codes say much.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

from engine.core.features import NUM_FEATURES
from engine.tokens.features import TOKEN_PARTS, part_features

NUM_PARTS = len(TOKEN_PARTS)
BEAM = 16
"""Beginnings of a sum of codes that encoding keeps in sight (a beam search over the levels)."""


@dataclass(frozen=True)
class TokenizerConfig:
    """width, part_width: channels of the decoder and of each part's encoder; dim: size of a code vector; codes: K;
    levels: Q residual levels of each part; frames_per_step: 4 (two halvings)."""

    width: int = 384
    part_width: int = 192
    dim: int = 64
    codes: int = 512
    levels: int = 4
    frames_per_step: int = 4

    @property
    def codes_per_step(self) -> int:
        """Codes of one step: level by level, in each level those of the parts in the order of TOKEN_PARTS."""
        return self.levels * NUM_PARTS

    def to_dict(self) -> dict[str, int]:
        return asdict(self)


class ResidualBlock(nn.Module):
    """Dilated convolution block, (B, W, T) -> (B, W, T)."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.wide = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv1d(width, width, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.mix(F.silu(self.wide(F.silu(x))))


class ResidualQuantizer(nn.Module):
    """Q codebooks (Q, K, D), learned by moving averages of what they are assigned."""

    codebook: torch.Tensor
    usage: torch.Tensor
    total: torch.Tensor

    def __init__(self, levels: int, codes: int, dim: int, decay: float = 0.99) -> None:
        super().__init__()
        self.levels, self.codes, self.decay = levels, codes, decay
        self.register_buffer("codebook", torch.zeros(levels, codes, dim))
        self.register_buffer("usage", torch.zeros(levels, codes))
        self.register_buffer("total", torch.zeros(levels, codes, dim))

    def assign(self, residual: torch.Tensor, level: int) -> torch.Tensor:
        """(N, D) -> nearest codes (N,)."""
        book = self.codebook[level]
        return (book.square().sum(1) - 2 * residual @ book.T).argmin(1)

    def encode(self, z: torch.Tensor, beam: int = BEAM) -> torch.Tensor:
        """Latents (N, D) -> codes (N, Q): the best sums of codes that a search over the levels finds.

        beam: so many of the best beginnings are kept; 1 takes the nearest code at each level.
        """
        codes, residual = z.new_zeros((len(z), 1, 0), dtype=torch.long), z[:, None]
        for level in range(self.levels):
            book = self.codebook[level]
            far = residual.square().sum(-1, keepdim=True) - 2 * residual @ book.T + book.square().sum(-1)
            best = far.flatten(1).topk(min(beam, far[0].numel()), largest=False).indices
            parent, code = best // len(book), best % len(book)
            codes = torch.cat([codes.gather(1, parent[..., None].expand(-1, -1, level)), code[..., None]], -1)
            residual = residual.gather(1, parent[..., None].expand(-1, -1, z.shape[-1])) - book[code]
        return codes[:, 0]

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes (..., Q') with Q' <= Q -> latents (..., D), the sum of the levels' code vectors."""
        return sum((self.codebook[q][codes[..., q]] for q in range(codes.shape[-1])), torch.zeros(()))

    def forward(self, z: torch.Tensor, levels: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Training pass: latents (N, D) -> straight-through quantized latents (N, D) and the commitment loss."""
        residual, quantized, commit = z, torch.zeros_like(z), z.new_zeros(())
        for level in range(levels):
            if self.usage[level].sum() == 0:
                self._seed(level, residual.detach())
            index = self.assign(residual.detach(), level)
            vector = self.codebook[level][index]
            commit = commit + F.mse_loss(residual, vector)
            if self.training:
                self._learn(level, residual.detach(), index)
            quantized = quantized + vector
            residual = residual - vector
        return z + (quantized - z).detach(), commit

    @torch.no_grad()
    def _seed(self, level: int, data: torch.Tensor) -> None:
        pick = data[torch.randint(len(data), (self.codes,))]
        self.codebook[level], self.total[level], self.usage[level] = pick, pick, 1.0

    @torch.no_grad()
    def _learn(self, level: int, data: torch.Tensor, index: torch.Tensor) -> None:
        count = torch.bincount(index, minlength=self.codes).to(data.dtype)
        total = torch.zeros_like(self.total[level]).index_add_(0, index, data)
        self.usage[level].mul_(self.decay).add_(count, alpha=1 - self.decay)
        self.total[level].mul_(self.decay).add_(total, alpha=1 - self.decay)
        self.codebook[level] = self.total[level] / self.usage[level].clamp(min=1e-4)[:, None]
        dead = (self.usage[level] < 0.02).nonzero()[:, 0]
        if len(dead):
            pick = data[torch.randint(len(data), (len(dead),))]
            self.codebook[level][dead] = pick
            self.total[level][dead] = pick
            self.usage[level][dead] = 1.0


class MotionTokenizer(nn.Module):
    """Features (B, T, 136) with T a multiple of 4 <-> codes (B, T / 4, Q P), see `TokenizerConfig.codes_per_step`."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        self._features = [part_features(part) for part in TOKEN_PARTS]
        self.encoders = nn.ModuleList(_encoder(len(f), config.part_width, config.dim) for f in self._features)
        self.quantizers = nn.ModuleList(
            ResidualQuantizer(config.levels, config.codes, config.dim) for _ in self._features
        )
        self.decoder = _decoder(config.dim * NUM_PARTS, config.width)
        self.register_buffer("mean", torch.zeros(NUM_FEATURES))
        self.register_buffer("scale", torch.ones(NUM_FEATURES))

    def _parts(self) -> list[ResidualQuantizer]:
        return [q for q in self.quantizers if isinstance(q, ResidualQuantizer)]

    def latents(self, features: torch.Tensor) -> list[torch.Tensor]:
        """(B, T, 136) -> for every part (B, T / 4, D)."""
        x = ((features - self.mean) / self.scale).transpose(1, 2)
        return [enc(x[:, rows]).transpose(1, 2) for enc, rows in zip(self.encoders, self._features, strict=True)]

    def features(self, latents: torch.Tensor) -> torch.Tensor:
        """Latents of all parts (B, N, P D) -> (B, 4 N, 136)."""
        return self.decoder(latents.transpose(1, 2)).transpose(1, 2) * self.scale + self.mean

    def encode(self, features: torch.Tensor, beam: int = BEAM) -> torch.Tensor:
        """(B, T, 136) -> codes (B, T / 4, Q P) int64. beam: see `ResidualQuantizer.encode`."""
        pairs = zip(self._parts(), self.latents(features), strict=True)
        codes = [q.encode(z.reshape(-1, z.shape[-1]), beam).reshape(*z.shape[:2], -1) for q, z in pairs]
        return torch.stack(codes, -1).flatten(-2)

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes (B, N, Q' P), Q' <= Q whole levels -> features (B, 4 N, 136)."""
        return self.features(self.code_vectors(codes))

    def code_vectors(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes (B, N, Q' P) -> the latents (B, N, P D) that they stand for."""
        assert codes.shape[-1] % NUM_PARTS == 0, codes.shape
        return torch.cat([q.decode(codes[..., i::NUM_PARTS]) for i, q in enumerate(self._parts())], -1)

    def forward(self, features: torch.Tensor, levels: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Training pass with the first `levels` levels: reconstruction (B, T, 136) and the commitment loss."""
        quantized, commit = [], features.new_zeros(())
        for quantizer, z in zip(self.quantizers, self.latents(features), strict=True):
            with torch.autocast(features.device.type, enabled=False):
                flat, loss = quantizer(z.reshape(-1, z.shape[-1]).float(), levels)
            quantized.append(flat.reshape(z.shape))
            commit = commit + loss
        return self.features(torch.cat(quantized, -1)), commit


def _encoder(features: int, width: int, dim: int) -> nn.Sequential:
    """(B, features, T) -> (B, dim, T / 4)."""
    down: list[nn.Module] = [nn.Conv1d(features, width, 3, padding=1)]
    for _ in range(2):
        down += [nn.Conv1d(width, width, 4, 2, 1), ResidualBlock(width, 3), ResidualBlock(width, 1)]
    return nn.Sequential(*down, nn.Conv1d(width, dim, 3, padding=1))


def _decoder(dim: int, width: int) -> nn.Sequential:
    """(B, dim, N) -> (B, 136, 4 N)."""
    up: list[nn.Module] = [nn.Conv1d(dim, width, 3, padding=1)]
    for _ in range(2):
        up += [ResidualBlock(width, 3), ResidualBlock(width, 1), nn.Upsample(scale_factor=2)]
        up += [nn.Conv1d(width, width, 3, padding=1)]
    return nn.Sequential(*up, ResidualBlock(width, 1), nn.SiLU(), nn.Conv1d(width, NUM_FEATURES, 3, padding=1))
