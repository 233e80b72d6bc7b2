"""What every training run shares: state that survives an interruption, and the course of its learning rate."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch

log = logging.getLogger(__name__)


class Stateful(Protocol):
    """A module or an optimizer."""

    def state_dict(self) -> Any: ...

    def load_state_dict(self, state_dict: Any) -> Any: ...


class Checkpoint:
    """One file with the states of a run's parts and its step; written whole or not at all."""

    def __init__(self, path: Path, parts: Mapping[str, Stateful], every_s: float) -> None:
        """every_s: how often `keep` writes; more often than that it does nothing."""
        self.path, self.parts, self.every_s = path, parts, every_s
        self._kept = time.monotonic()

    def restore(self, device: str = "cpu") -> int:
        """Fill the parts from the file; the step to go on from, 0 where there is no file."""
        if not self.path.is_file():
            return 0
        state = torch.load(self.path, weights_only=True, map_location=device)
        for name, part in self.parts.items():
            part.load_state_dict(state[name])
        log.info("going on from step %d", state["step"])
        return state["step"]

    def keep(self, step: int, now: bool = False) -> bool:
        """Write the state if it is time, or `now`; True if it was written."""
        if not now and time.monotonic() - self._kept < self.every_s:
            return False
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_suffix(".part")
        torch.save({name: p.state_dict() for name, p in self.parts.items()} | {"step": step}, part)
        part.replace(self.path)
        self._kept = time.monotonic()
        return True


def rate_share(step: int, steps: int, warm: int) -> float:
    """Share of the learning rate at a step: a linear rise over `warm` steps, then half a cosine down to 0.02."""
    return min(1.0, (step + 1) / warm) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / steps)))
