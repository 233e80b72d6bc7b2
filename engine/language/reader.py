"""The text encoder tuned to read requests for motion: low-rank changes of its matrices (LoRA, Hu et al. 2022).

The encoder's own weights stay the verified ones; what training adds is small and shipped beside the language model.
"""

from __future__ import annotations

import math
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

from engine.core.eightbit import load_weights
from engine.retrieval.text_encoder import TextEncoder

FILE = "reader.safetensors"
RANK = 32
SCALE = 2.0


class LowRank(nn.Module):
    """A frozen linear layer plus SCALE * up @ down, which begins as zero."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.base(x) + SCALE * F.linear(F.linear(x, self.down), self.up)


class Reader(nn.Module):
    """The trainable changes of a text encoder, whose layers it takes over."""

    def __init__(self, encoder: TextEncoder, rank: int = RANK) -> None:
        super().__init__()
        self.changes = nn.ModuleDict()
        encoder.model.requires_grad_(False)
        for name, layer in _linears(encoder):
            change = LowRank(layer, rank).to(layer.weight.device)
            encoder.model.set_submodule(name, change)
            self.changes[name.replace(".", "/")] = change

    def matrices(self) -> dict[str, torch.Tensor]:
        """The changes alone, by name."""
        return {k: v for k, v in self.state_dict().items() if ".base." not in k}

    def load_matrices(self, state: dict[str, torch.Tensor]) -> None:
        """The inverse of `matrices`."""
        self.load_state_dict({**self.state_dict(), **state})

    def trainable(self) -> list[nn.Parameter]:
        return [p for p in self.parameters() if p.requires_grad]

    def save(self, folder: Path) -> None:
        """Write reader.safetensors, in float16."""
        save_file({k: v.half().contiguous().cpu() for k, v in self.matrices().items()}, folder / FILE)


def _linears(encoder: TextEncoder) -> list[tuple[str, nn.Linear]]:
    found = encoder.model.named_modules()
    return [(name, m) for name, m in found if isinstance(m, nn.Linear) and name.startswith("encoder.layer")]


def tuned(encoder: TextEncoder, folder: Path) -> TextEncoder:
    """A copy of the encoder with the changes of `folder` merged in; the encoder itself where there are none."""
    if not (folder / FILE).is_file():
        return encoder
    return merged(encoder.copy(), load_weights(folder / FILE))


def merged(encoder: TextEncoder, matrices: dict[str, torch.Tensor]) -> TextEncoder:
    """The encoder, its own weights changed by the matrices of a reader."""
    with torch.no_grad():
        for name, layer in _linears(encoder):
            key = f"changes.{name.replace('.', '/')}"
            change = matrices[f"{key}.up"] @ matrices[f"{key}.down"]
            layer.weight += SCALE * change.to(layer.weight.device)
    return encoder
