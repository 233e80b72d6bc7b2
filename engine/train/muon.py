"""Muon (Jordan et al. 2024) for convolutions, each kernel as the matrix (out, in * width); AdamW for the rest."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class ConvOptimizer:
    """Muon for the kernels between hidden channels, AdamW for what leads into and out of them."""

    def __init__(self, model: nn.Module, lr: float, lr_rest: float) -> None:
        """lr: of Muon.  lr_rest: of AdamW. A kernel counts as hidden when both its channel numbers are at least 128."""
        hidden = [p for p in model.parameters() if p.ndim == 3 and min(p.shape[:2]) >= 128]
        inside = {id(p) for p in hidden}
        rest = [p for p in model.parameters() if id(p) not in inside]
        self._pairs = [(p, nn.Parameter(p.data.view(len(p), -1))) for p in hidden]
        self._parts: list[tuple[str, torch.optim.Optimizer, float]] = []
        if hidden:
            matrices = [flat for _, flat in self._pairs]
            muon = torch.optim.Muon(matrices, lr, weight_decay=0.01, adjust_lr_fn="match_rms_adamw")
            self._parts.append(("muon", muon, lr))
        adamw = torch.optim.AdamW(rest, lr_rest, betas=(0.9, 0.99), weight_decay=1e-4)
        self._parts.append(("adamw", adamw, lr_rest))

    def scale_rates(self, share: float) -> None:
        """Set every learning rate to this share of its own."""
        for _, optimizer, rate in self._parts:
            for group in optimizer.param_groups:
                group["lr"] = rate * share

    def zero_grad(self) -> None:
        for kernel, _ in self._pairs:
            kernel.grad = None
        for _, optimizer, _ in self._parts:
            optimizer.zero_grad()

    def step(self) -> None:
        for kernel, flat in self._pairs:
            flat.grad = None if kernel.grad is None else kernel.grad.flatten(1)
        for _, optimizer, _ in self._parts:
            optimizer.step()

    def state_dict(self) -> dict[str, Any]:
        return {name: optimizer.state_dict() for name, optimizer, _ in self._parts}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        for name, optimizer, _ in self._parts:
            optimizer.load_state_dict(state_dict[name])
