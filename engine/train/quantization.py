"""Training with the rounding of 4-bit NF4 in the loop, so that the shipped 4-bit weights lose little.

Weights are rounded block by block of 64 to the 16 NormalFloat levels (Dettmers et al. 2023, QLoRA, appendix E) in the
forward pass; gradients go straight through to the full weights.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils import parametrize

BLOCK = 64


def nf4_levels() -> torch.Tensor:
    """The 16 levels of NF4 as bitsandbytes has them, ascending from -1 to 1."""
    from bitsandbytes.functional import get_4bit_type

    return get_4bit_type("nf4", device="cpu").float().sort().values


class RoundNF4(nn.Module):
    """Weight (out, in) -> the same weight as 4-bit NF4 would hold it. `in` must be a multiple of 64."""

    levels: torch.Tensor
    middles: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        levels = nf4_levels()
        self.register_buffer("levels", levels, persistent=False)
        self.register_buffer("middles", (levels[1:] + levels[:-1]) / 2, persistent=False)

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            blocks = weight.reshape(-1, BLOCK)
            scale = blocks.abs().amax(1, keepdim=True).clamp(min=1e-8)
            rounded = self.levels[torch.bucketize(blocks / scale, self.middles)] * scale
        return weight + (rounded.reshape(weight.shape) - weight).detach()


def round_weights(model: nn.Module) -> None:
    """Put the rounding into every Linear layer of `model`."""
    for module in model.modules():
        if isinstance(module, nn.Linear):
            parametrize.register_parametrization(module, "weight", RoundNF4().to(module.weight.device))


def unround_weights(model: nn.Module) -> None:
    """Take the rounding out again; the full weights stay."""
    for module in model.modules():
        if isinstance(module, nn.Linear) and parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight", leave_parametrized=False)
