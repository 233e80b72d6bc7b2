"""The embedded model as a folder of weights (assets/language), and which model a configuration asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.torch import load_file

from engine.core.config import Config
from engine.core.device import choose_device
from engine.core.eightbit import load_weights
from engine.core.errors import UserError
from engine.core.plan import ActionSpec
from engine.language import vocabulary as V
from engine.language.adapter import AdapterConfig, MotionAdapter
from engine.language.clauses import load_tagger
from engine.language.interface import LanguageModel
from engine.language.loading import load_llama
from engine.language.model import EmbeddedModel
from engine.language.phrases import Phrases
from engine.language.prior import PlanPrior
from engine.language.reader import tuned
from engine.retrieval.text_encoder import TextEncoder

FOLDER = "language"
ADAPTER_FILE = "adapter.safetensors"
ANSWERS_FILE = "answers.json"
EDITOR_FOLDER = "editor"


def read_catalogue(folder: Path) -> dict[str, ActionSpec]:
    """The actions a model was trained on (catalogue.json)."""
    rows = json.loads((folder / "catalogue.json").read_text())
    return {r["name"]: ActionSpec(**r | {"slots": {k: tuple(v) for k, v in r["slots"].items()}}) for r in rows}


def _read_answers(folder: Path) -> dict[str, list[str]]:
    """By topic, the sentences that questions are answered in; none for a model without the file."""
    path = folder / ANSWERS_FILE
    return json.loads(path.read_text()) if path.is_file() else {}


def load_editor(
    folder: Path, config: Config, encoder: TextEncoder, catalogue: Mapping[str, ActionSpec]
) -> EmbeddedModel | None:
    """The smaller sister that plans turns about a motion that is there; None where `folder` has none.

    Its adapter is one for a single code, since it never moves; its LLaMA is stored in 4 bit.
    """
    if not (folder / ADAPTER_FILE).is_file():
        return None
    device = choose_device(config.device)
    adapter = MotionAdapter(AdapterConfig(**json.loads((folder / "adapter.json").read_text())))
    adapter.load_state_dict(load_weights(folder / ADAPTER_FILE))
    llama = load_llama(folder, config.four_bit, device.name)
    return EmbeddedModel(
        llama, adapter.to(device.name), V.load_vocabulary(folder), catalogue, tuned(encoder, folder)
    )  # fmt: skip


def load_embedded(
    folder: Path, config: Config, encoder: TextEncoder | None = None, editor: Path | None = None
) -> EmbeddedModel:
    """The model of `folder`: config.json, model.safetensors, adapter.*, tokenizer.json, catalogue.json.

    editor: folder of the model that plans edits, if any.
    """
    if not (folder / ADAPTER_FILE).is_file():
        raise UserError(
            f"The language-motion model's weights are missing in {folder}. Fetch the whole repository with its assets, "
            "or train them: python -m engine train language."
        )
    device = choose_device(config.device)
    llama = load_llama(folder, config.four_bit, device.name)
    adapter = MotionAdapter(AdapterConfig(**json.loads((folder / "adapter.json").read_text())))
    takes_references = fill_adapter(adapter, folder)
    tagger, answers = load_tagger(folder), _read_answers(folder)
    frozen, prior = encoder or TextEncoder(config, device.name), PlanPrior.load(folder)
    catalogue = read_catalogue(folder)
    sister = load_editor(editor, config, frozen, catalogue) if editor else None
    parts = {"clause tagger": tagger, "answers to questions": answers, "plan prior": prior}
    lacking = [name for name, part in parts.items() if not part]
    size = _num_parameters(folder)
    bits = "4-bit NF4" if config.four_bit else "full precision"
    return EmbeddedModel(
        llama,
        adapter.to(device.name),
        V.load_vocabulary(folder),
        catalogue,
        tuned(frozen, folder),
        f"LLaMA of {size / 1e6:.0f} M parameters in {bits} on {device.reason}"
        + (f" It came without {' and '.join(lacking)}." if lacking else ""),
        tagger=tagger,
        answers=answers,
        prior=(prior.to(device.name), frozen) if prior else None,
        takes_references=takes_references,
        phrases=Phrases.load(folder),
        editor=sister,
    )


def fill_adapter(adapter: MotionAdapter, folder: Path) -> bool:
    """Read its weights; False for a model that has learnt without references, which stay as they are."""
    state, name = {k: v.float() for k, v in load_file(folder / ADAPTER_FILE).items()}, "reference.weight"
    adapter.load_state_dict({name: adapter.reference.weight} | state)
    return name in state


def _num_parameters(folder: Path) -> int:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "pt") as file:
        return sum(int(np.prod(file.get_slice(k).get_shape())) for k in file.keys())  # noqa: SIM118


def load_language_model(config: Config) -> LanguageModel:
    """The embedded model, or what KINETALK_LLAMA names: a folder trained by our recipe takes its place altogether;
    any other LLaMA plans, and the embedded model moves and answers."""
    from engine.language.planner import PlannerModel

    shipped, editor = config.assets / FOLDER, config.assets / EDITOR_FOLDER
    if config.llama is None:
        return load_embedded(shipped, config, editor=editor)
    if (Path(config.llama) / ADAPTER_FILE).is_file():
        return load_embedded(Path(config.llama), config, editor=editor)
    return PlannerModel.load(config, load_embedded(shipped, config, editor=editor))
