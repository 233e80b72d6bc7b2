"""Motion <-> codes with the shipped tokenizer weights (assets/tokenizer)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import decode_features, encode_features
from engine.core.types import Motion
from engine.tokens.rqvae import MotionTokenizer, TokenizerConfig

FOLDER = "tokenizer"
_LEARNING = (".usage", ".total")
"""State that only training needs."""


class MotionCodec:
    """The tokenizer with its weights, on the CPU (it takes milliseconds there)."""

    def __init__(self, model: MotionTokenizer) -> None:
        self.model = model.eval()
        self.levels = model.config.levels
        self.codes_per_step = model.config.codes_per_step
        self.num_codes = model.config.codes
        self.frames_per_step = model.config.frames_per_step

    @staticmethod
    def load(config: Config | None = None) -> MotionCodec:
        """Read the shipped weights. UserError when they are missing."""
        return MotionCodec(load_tokenizer((config or Config.from_env()).assets / FOLDER))

    @torch.inference_mode()
    def encode(self, motion: Motion) -> np.ndarray:
        """Motion (any rate) -> codes (N, Q) int64, 5 a second; the last frame is held to fill the last step."""
        features = encode_features(motion)
        pad = -len(features) % self.frames_per_step
        if pad:
            still = features[-1:].copy()
            still[:, 1:4] = 0
            features = np.concatenate([features, np.repeat(still, pad, 0)])
        return self.model.encode(torch.from_numpy(features)[None])[0].numpy()

    @torch.inference_mode()
    def decode(self, codes: np.ndarray) -> Motion:
        """Codes (N, Q') int64, Q' <= Q levels -> Motion of 4 N frames at 20 fps from x = z = 0, heading 0."""
        return decode_features(self.model.decode(torch.from_numpy(np.ascontiguousarray(codes))[None])[0].numpy())


def load_tokenizer(folder: Path) -> MotionTokenizer:
    """Tokenizer from config.json and model.safetensors in `folder`. UserError when they are missing."""
    if not (folder / "model.safetensors").is_file():
        raise UserError(
            f"The motion tokenizer's weights are missing in {folder}. Fetch the whole repository with its assets, or "
            "train them: python -m engine train tokenizer."
        )
    model = MotionTokenizer(TokenizerConfig(**json.loads((folder / "config.json").read_text())))
    state = {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(k.endswith(_LEARNING) for k in missing), (missing, unexpected)
    return model


def save_tokenizer(model: MotionTokenizer, folder: Path) -> None:
    """Write config.json and model.safetensors (weights in float16, codebooks and scales in float32)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(model.config.to_dict(), indent=2) + "\n")
    state = {
        k: (v if k in ("mean", "scale") or k.endswith(".codebook") else v.half()).contiguous()
        for k, v in model.state_dict().items()
        if not k.endswith(_LEARNING)
    }
    save_file(state, folder / "model.safetensors")
