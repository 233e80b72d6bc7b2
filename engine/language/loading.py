"""Loading a LLaMA checkpoint, in 4-bit NF4 through bitsandbytes or in full precision, on CPU or GPU."""

from __future__ import annotations

import logging
from pathlib import Path

import torch
from transformers import BitsAndBytesConfig, LlamaForCausalLM

from engine.core.errors import UserError
from engine.core.quiet import quiet_transformers


def load_llama(source: str | Path, four_bit: bool, device: str) -> LlamaForCausalLM:
    """A LLaMA checkpoint from a folder or a hub id, ready for inference.

    four_bit: NF4 weights with bfloat16 arithmetic; every Linear's in_features must be a multiple of 64 (a limit of
    bitsandbytes on the CPU). UserError when the checkpoint is missing, is no LLaMA, or cannot be quantized.
    """
    options: dict = {"dtype": torch.bfloat16 if four_bit or device == "cuda" else torch.float32}
    if four_bit:
        # bitsandbytes warns that an optional kernel of the hub is not installed; the packaged one serves.
        logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
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
    if not four_bit:
        model = model.to(device)  # pyright: ignore[reportArgumentType]
    return model.eval()
