"""Which device the models run on, and why, said once."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.errors import UserError


@dataclass(frozen=True)
class Device:
    """name: 'cpu' or 'cuda'.  reason: a sentence for the user."""

    name: str
    reason: str


def choose_device(wanted: str = "auto") -> Device:
    """'auto', 'cpu' or 'cuda' -> the device and the reason. UserError for a GPU that is not there."""
    import torch

    if wanted not in ("auto", "cpu", "cuda"):
        raise UserError(f"KINETALK_DEVICE is {wanted!r}; it must be auto, cpu or cuda.")
    if wanted == "cpu":
        return Device("cpu", "the CPU, because KINETALK_DEVICE=cpu")
    if torch.cuda.is_available():
        return Device("cuda", f"the GPU {torch.cuda.get_device_name(0)}")
    if wanted == "cuda":
        raise UserError("KINETALK_DEVICE=cuda, but PyTorch finds no GPU. Install a CUDA build of torch or use cpu.")
    return Device("cpu", "the CPU, because PyTorch finds no GPU")
