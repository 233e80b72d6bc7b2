"""Weights in a safetensors file with their matrices as 8-bit numbers, a scale for each row: half of float16's size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

SCALE = ".scale"
MIN_SIZE = 4096
"""Smaller tensors stay float16."""


def save_eight_bit(state: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write tensors of any float type; large matrices lose up to 1/254 of their rows' maxima."""
    out: dict[str, torch.Tensor] = {}
    for name, value in state.items():
        value = value.detach().float().cpu()
        if value.ndim < 2 or value.numel() < MIN_SIZE:
            out[name] = value.half().contiguous()
            continue
        rows = value.flatten(1)
        scale = (rows.abs().amax(1) / 127).clamp(min=1e-8).half().float()
        levels = (rows / scale[:, None].clamp(min=1e-8)).round().clamp(-127, 127)
        out[name], out[name + SCALE] = levels.to(torch.int8).reshape(value.shape), scale.half()
    save_file(out, path)


def load_weights(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a file as float32, whether their matrices are 8-bit numbers or not."""
    stored = load_file(path)
    state = {}
    for name, value in stored.items():
        if name.endswith(SCALE) and name.removesuffix(SCALE) in stored:
            continue
        scale = stored.get(name + SCALE)
        state[name] = (
            value.float() if scale is None else value.float() * scale.float().reshape(-1, *[1] * (value.ndim - 1))
        )
    return state
