"""What both recipes share: loading, what trl's trainers need to be told, and their figures in the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback, TrainerCallback

from engine.core.config import Config
from engine.language.model import EmbeddedModel
from engine.language.shipped import load_embedded
from engine.loop.recall import load_recall
from engine.retrieval.text_encoder import TextEncoder
from engine.train.preference.goals import Goal, draw_goals
from engine.train.preference.policy import FlatPolicy
from engine.train.preference.rewards import Judge

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Setting:
    """A model with its goals and the judge of its drafts."""

    model: EmbeddedModel
    goals: list[Goal]
    judge: Judge


def load_setting(start: Path, assets: Path, work: Path, goals: int, seed: int) -> Setting:
    """The model of `start` in full precision with so many goals; rewards and references come from `assets`."""
    config = replace(Config.from_env(), assets=assets, four_bit=False, home=work / "home")
    model = load_embedded(start, config)
    encoder = model.text_encoder or TextEncoder(config)
    judge = Judge.load(config, encoder, model.catalogue)
    recall = load_recall(config, model) if model.takes_references else None
    return Setting(model, draw_goals(goals, seed, recall, judge.codec.encode), judge)


def trainer_settings(work: Path, seed: int, device: torch.device) -> dict[str, Any]:
    """Arguments of a trl configuration that are the same for all: nothing is saved, sent or shown in bars."""
    return {
        "output_dir": str(work), "save_strategy": "no", "report_to": "none", "disable_tqdm": True, "logging_steps": 5,
        "seed": seed, "use_cpu": device.type == "cpu", "bf16": False, "gradient_checkpointing": False,
        "lr_scheduler_type": "cosine", "warmup_steps": 3, "dataloader_pin_memory": False,
    }  # fmt: skip


def optimizer(policy: FlatPolicy, lr: float, lr_llama: float) -> torch.optim.Optimizer:
    """AdamW; lr: of the adapter, lr_llama: of the LLaMA's layers."""
    groups = [{"params": [p for p in policy.adapter.parameters() if p.requires_grad], "lr": lr}]
    layers = [p for p in policy.llama.model.layers.parameters() if p.requires_grad]
    if layers:
        groups.append({"params": layers, "lr": lr_llama})
    return torch.optim.AdamW(groups, weight_decay=0.0, betas=(0.9, 0.98))


class Told(TrainerCallback):
    """Writes the trainer's figures to the log."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        shown = " ".join(f"{name} {float(logs[name]):.4f}" for name in self.names if logs and name in logs)
        if shown:
            log.info("step %d of %d, %s", state.global_step, state.max_steps, shown)


class Quiet:
    """For trl's trainers: the policy scores rows by its own heads, and nothing is sent or printed."""

    def _send_telemetry(self) -> None:
        return

    def settle(self: Any, names: tuple[str, ...]) -> None:
        """Take back trl's head for a single vocabulary, and let the log tell the figures of these names."""
        self.model.__dict__.pop("forward", None)
        self.remove_callback(PrinterCallback)
        self.add_callback(Told(names))
