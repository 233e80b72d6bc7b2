"""Residual-quantized autoencoder of motion: 4x in time, Q codebooks of K codes, each refining what the last left over.

After RVQ of SoundStream (Zeghidour et al. 2021) and MoMask (Guo et al. 2024): exponential moving average codebooks,
dead codes revived from the batch, random number of levels in training so that every prefix of levels decodes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

from engine.tokens.features import NUM_FEATURES


@dataclass(frozen=True)
class TokenizerConfig:
    """width: channels; dim: size of a code vector; codes: K; levels: Q; frames_per_step: 4 (two halvings)."""

    width: int = 320
    dim: int = 128
    codes: int = 512
    levels: int = 4
    frames_per_step: int = 4

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

    def encode(self, z: torch.Tensor) -> torch.Tensor:
        """Latents (N, D) -> codes (N, Q)."""
        out = []
        for level in range(self.levels):
            index = self.assign(z, level)
            z = z - self.codebook[level][index]
            out.append(index)
        return torch.stack(out, -1)

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
    """Features (B, T, 136) with T a multiple of 4 <-> codes (B, T / 4, Q)."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        w, d = config.width, config.dim
        down: list[nn.Module] = [nn.Conv1d(NUM_FEATURES, w, 3, padding=1)]
        up: list[nn.Module] = [nn.Conv1d(d, w, 3, padding=1)]
        for _ in range(2):
            down += [nn.Conv1d(w, w, 4, 2, 1), ResidualBlock(w, 3), ResidualBlock(w, 1)]
            up += [ResidualBlock(w, 3), ResidualBlock(w, 1), nn.Upsample(scale_factor=2), nn.Conv1d(w, w, 3, padding=1)]
        self.encoder = nn.Sequential(*down, nn.Conv1d(w, d, 3, padding=1))
        self.decoder = nn.Sequential(*up, ResidualBlock(w, 1), nn.SiLU(), nn.Conv1d(w, NUM_FEATURES, 3, padding=1))
        self.quantizer = ResidualQuantizer(config.levels, config.codes, d)
        self.register_buffer("mean", torch.zeros(NUM_FEATURES))
        self.register_buffer("scale", torch.ones(NUM_FEATURES))

    def latents(self, features: torch.Tensor) -> torch.Tensor:
        """(B, T, 136) -> (B, T / 4, D)."""
        return self.encoder(((features - self.mean) / self.scale).transpose(1, 2)).transpose(1, 2)

    def features(self, latents: torch.Tensor) -> torch.Tensor:
        """(B, N, D) -> (B, 4 N, 136)."""
        return self.decoder(latents.transpose(1, 2)).transpose(1, 2) * self.scale + self.mean

    def encode(self, features: torch.Tensor) -> torch.Tensor:
        """(B, T, 136) -> codes (B, T / 4, Q) int64."""
        z = self.latents(features)
        return self.quantizer.encode(z.reshape(-1, z.shape[-1])).reshape(*z.shape[:2], -1)

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Codes (B, N, Q') -> features (B, 4 N, 136)."""
        return self.features(self.quantizer.decode(codes))

    def forward(self, features: torch.Tensor, levels: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Training pass with the first `levels` codebooks: reconstruction (B, T, 136) and the commitment loss."""
        z = self.latents(features)
        with torch.autocast(features.device.type, enabled=False):
            flat, commit = self.quantizer(z.reshape(-1, z.shape[-1]).float(), levels)
        return self.features(flat.reshape(z.shape)), commit
