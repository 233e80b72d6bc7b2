"""Loading a LLaMA checkpoint, in 4-bit NF4 through bitsandbytes or in full precision, on CPU or GPU."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import torch
from transformers import BitsAndBytesConfig, LlamaForCausalLM

from engine.core.errors import UserError
from engine.core.quiet import quiet_transformers


def load_llama(source: str | Path, four_bit: bool, device: str) -> LlamaForCausalLM:
    """A LLaMA checkpoint from a folder or a hub id, ready for inference.

    A folder may hold NF4 weights already; without four_bit they are widened again.
    four_bit: NF4 weights with bfloat16 arithmetic; every Linear's in_features must be a multiple of 64 (a limit of
    bitsandbytes on the CPU). UserError when the checkpoint is missing, is no LLaMA, or cannot be quantized.
    """
    options: dict = {"dtype": torch.bfloat16 if four_bit or device == "cuda" else torch.float32}
    # bitsandbytes warns that an optional kernel of the hub is not installed; the packaged one serves.
    logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
    stored = _is_quantized(source)
    if stored:
        options["device_map"] = {"": device}
    elif four_bit:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=torch.bfloat16
        )
        options["device_map"] = {"": device}
    try:
        with quiet_transformers():
            model = LlamaForCausalLM.from_pretrained(str(source), **options)
    except (OSError, ValueError) as error:
        raise UserError(
            f"The LLaMA checkpoint {source} could not be loaded: {error}. Name a folder with config.json and "
            "safetensors, or a hub id that this machine can reach, in KINETALK_LLAMA."
        ) from error
    widths = {m.in_features for m in model.model.modules() if isinstance(m, torch.nn.Linear)}
    if four_bit and device == "cpu" and any(w % 64 for w in widths):
        odd = sorted(w for w in widths if w % 64)
        raise UserError(f"{source} has layers of width {odd}, not multiples of 64: set KINETALK_FOUR_BIT=0 to load it.")
    if stored and not four_bit:
        model = model.dequantize()
    if not four_bit:
        model = model.to(device=device, dtype=options["dtype"])  # pyright: ignore[reportArgumentType, reportCallIssue]
    return model.eval()


def _is_quantized(source: str | Path) -> bool:
    """Whether a folder's weights are stored in 4 bit already."""
    path = Path(source) / "config.json"
    return path.is_file() and "quantization_config" in json.loads(path.read_text())
