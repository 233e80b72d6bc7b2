"""Trains the editor, the model that plans turns about a motion that is there. Run: python -m engine train editor

It is the language-motion model's sister: begun from its weights, with a vocabulary that has whole words for edit
scripts, and learning nothing but such turns, so that neither spoils what the other knows. It is stored in 4 bit.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from engine.core.eightbit import save_eight_bit
from engine.language.adapter import AdapterConfig, MotionAdapter
from engine.language.loading import load_llama
from engine.language.reader import FILE as READER_FILE
from engine.language.shipped import ADAPTER_FILE
from engine.tokens.rqvae import TokenizerConfig
from engine.train.language import LanguageRecipe, LanguageTrainer


def train_editor(
    recipe: LanguageRecipe, codebooks: TokenizerConfig, work: Path, start: Path, out: Path, max_steps: int | None = None
) -> None:
    """Train on turns about a motion and write the editor to `out`. start: folder of the language-motion model."""
    trainer = LanguageTrainer(recipe, codebooks, list, work, start)
    trainer.run(max_steps)
    export_editor(trainer, out)


def export_editor(trainer: LanguageTrainer, out: Path) -> None:
    """Write what `engine.language.shipped.load_editor` reads: the LLaMA in NF4, and a text-only adapter and reader."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        trainer.export(Path(folder))
        load_llama(folder, True, "cpu").save_pretrained(out)
        (out / "tokenizer.json").write_bytes((Path(folder) / "tokenizer.json").read_bytes())
    hidden = trainer.adapter.config.hidden
    adapter = MotionAdapter(AdapterConfig(hidden, levels=1, codes=1, head=1))
    for name in ("soft", "soft_sentence"):
        getattr(adapter, name).load_state_dict(getattr(trainer.adapter, name).state_dict())
    save_eight_bit(adapter.state_dict(), out / ADAPTER_FILE)
    (out / "adapter.json").write_text(json.dumps(asdict(adapter.config), indent=2) + "\n")
    save_eight_bit(trainer.reader.matrices(), out / READER_FILE)
    (out / "generation_config.json").unlink(missing_ok=True)
