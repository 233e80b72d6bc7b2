"""Weights as 8-bit numbers: how near they come back, and that other files are read as they are."""

import pytest
import torch
from safetensors.torch import save_file

from engine.core.eightbit import load_weights, save_eight_bit


def test_matrices_come_back_nearly_and_the_rest_exactly(tmp_path):
    torch.manual_seed(0)
    state = {
        "matrix": torch.randn(64, 128) * torch.logspace(-3, 2, 64)[:, None],
        "bias": torch.arange(8.0),
        "zero": torch.zeros(64, 64),
    }
    state["kernel"] = torch.randn(32, 16, 3, 3)
    save_eight_bit(state, tmp_path / "w.safetensors")
    found = load_weights(tmp_path / "w.safetensors")
    assert (
        set(found) == set(state)
        and torch.equal(found["bias"], state["bias"])
        and torch.equal(found["zero"], state["zero"])
    )
    for name in ("matrix", "kernel"):
        rows = state[name].flatten(1)
        off = (found[name].flatten(1) - rows).abs() / rows.abs().amax(1, keepdim=True)
        assert off.max() < 0.006
    assert (tmp_path / "w.safetensors").stat().st_size < 0.7 * 2 * sum(v.numel() for v in state.values())


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_other_files_are_read_as_they_are(tmp_path, dtype):
    value = torch.randn(80, 80).to(dtype)
    save_file({"matrix": value}, tmp_path / "w.safetensors")
    assert torch.equal(load_weights(tmp_path / "w.safetensors")["matrix"], value.float())
