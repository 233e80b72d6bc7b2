"""The critic: a small network that sees a stretch of motion and says which action it shows, with which slot values.

Drafts are ranked by how well it reads the plan out of them. It knows motion only, no text; the evaluator, by which
Kinetalk is measured, is another network and never used here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn

from engine.assess.agree import segment_frames
from engine.core.features import NUM_FEATURES
from engine.core.plan import ActionSpec, Call, Plan
from engine.core.types import MODEL_FPS

FOLDER, FILE = "critic", "critic.safetensors"
NUM_TOTALS = 9
MAX_FRAMES = 240
"""Of a longer segment its beginning is looked at, in training as in use, and counts are not."""
LEAST, LEAST_VALUE = -6.0, -3.0
"""No reading of an action, and of a slot value, counts for less than this log-probability."""


@dataclass(frozen=True)
class Reading:
    """How far, in [0, 1], the critic reads the planned calls out of a segment, and what it reads instead.

    segment: its number.  calls: the fit of each call of the segment, 1 for one that the critic does not know.
    doubts: for each call what it looks like instead, "" where nothing is doubtful.
    """

    fit: float
    segment: int = 0
    calls: tuple[float, ...] = ()
    doubts: tuple[str, ...] = ()


def totals(features: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
    """What a stretch adds up to, (B, 9): turn, its amount, way to the left and ahead, path, seconds, pelvis height at
    the beginning, at the end and at its lowest. features: (B, T, 136) as of engine.core.features, zero after lengths.
    """
    inside = torch.arange(features.shape[1], device=features.device) < lengths[:, None].to(features.device)
    turn = features[..., 3].cumsum(-1)
    left, ahead = features[..., 1], features[..., 2]
    cos, sin = turn.cos(), turn.sin()
    aside = ((cos * left + sin * ahead) * inside).sum(-1)
    forward = ((-sin * left + cos * ahead) * inside).sum(-1)
    height = features[..., 0]
    last = (lengths - 1).to(features.device)[:, None]
    return torch.stack(
        [
            turn.gather(1, last)[:, 0],
            (features[..., 3].abs() * inside).sum(-1),
            aside,
            forward,
            (torch.hypot(left, ahead) * inside).sum(-1),
            lengths.to(features.device) / (4.0 * MODEL_FPS),
            height[:, 0],
            height.gather(1, last)[:, 0],
            height.masked_fill(~inside, 9.0).amin(-1),
        ],
        -1,
    )


class _Block(nn.Module):
    """Residual dilated convolution over time."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.out = nn.Linear(width, width)

    def forward(self, x: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
        y = (self.norm(x) * inside).transpose(1, 2)
        return (x + self.out(F.gelu(self.conv(y)).transpose(1, 2))) * inside


class Critic(nn.Module):
    """Logits of actions, and of every action's own slot values side by side; `judge` holds them against a plan."""

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, slots: Mapping[str, Mapping[str, Sequence[str]]], width: int = 192, hidden: int = 320) -> None:
        """slots: by action, its slots and their values."""
        super().__init__()
        self.slots = {n: {k: tuple(v) for k, v in s.items()} for n, s in slots.items()}
        self.names, self.width, self.hidden = tuple(self.slots), width, hidden
        self.places: dict[tuple[str, str], tuple[int, int]] = {}
        count = 0
        for name, own in self.slots.items():
            for slot, values in own.items():
                self.places[name, slot] = (count, count + len(values))
                count += len(values)
        self.register_buffer("mean", torch.zeros(NUM_FEATURES))
        self.register_buffer("scale", torch.ones(NUM_FEATURES))
        self.step = nn.Conv1d(NUM_FEATURES, width, 5, stride=2, padding=2)
        self.blocks = nn.ModuleList(_Block(width, 2**i) for i in range(5))
        self.join = nn.Sequential(
            nn.Linear(2 * width + NUM_TOTALS, hidden), nn.GELU(), nn.LayerNorm(hidden), nn.Dropout(0.2)
        )
        self.action, self.value = nn.Linear(hidden, len(self.names)), nn.Linear(hidden, count)

    @staticmethod
    def of(catalogue: Mapping[str, ActionSpec]) -> Critic:
        """A fresh one for these actions."""
        return Critic({n: dict(catalogue[n].slots) for n in sorted(catalogue)})

    def forward(self, features: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of actions (B, A) and of all slot values (B, V).

        features: (B, T, 136) at 20 fps, T even, padded at will; lengths: (B,) frames.
        """
        inside = torch.arange(features.shape[1], device=features.device) < lengths[:, None].to(features.device)
        x = (features - self.mean) / self.scale * inside[..., None]
        half = inside[:, ::2, None]
        x = F.gelu(self.step(x.transpose(1, 2))).transpose(1, 2) * half
        for block in self.blocks:
            x = block(x, half)
        pooled = [x.sum(1) / half.sum(1), x.masked_fill(~half, -torch.inf).amax(1)]
        h = self.join(torch.cat([*pooled, totals(features * inside[..., None], lengths)], -1))
        return self.action(h), self.value(h)

    @torch.inference_mode()
    def judge(self, plan: Plan, features: np.ndarray) -> list[Reading]:
        """A reading of each segment that asks for known actions. features: (T, 136) of the whole motion."""
        if not plan.segments:
            return []
        readings = []
        for number, (start, stop) in enumerate(segment_frames(plan, len(features))):
            segment = plan.segments[number]
            calls = [c for c in segment.calls if c.name in self.slots]
            if calls:
                stretch = features[start : min(stop, start + MAX_FRAMES)]
                padded = np.pad(stretch, ((0, len(stretch) % 2), (0, 0)), mode="edge")
                logits, values = self(torch.from_numpy(padded[None]).float(), torch.tensor([len(stretch)]))
                # what happens over something else goes on as long as that, so its count is not kept
                counts = len(calls) == 1 and len(stretch) == stop - start
                reading = self._reading(calls, logits[0].log_softmax(-1), values[0], counts)
                own = iter(zip(reading.calls, reading.doubts, strict=True))
                every = [next(own) if c.name in self.slots else (1.0, "") for c in segment.calls]
                fits, doubts = zip(*every, strict=True)
                readings.append(replace(reading, segment=number, calls=fits, doubts=doubts))
        return readings

    def _reading(self, calls: Sequence[Call], actions: torch.Tensor, values: torch.Tensor, counts: bool) -> Reading:
        share = float(np.log(len(calls)))
        logs, fits, doubts = [], [], []
        for call in calls:
            own_from, worst, text = len(logs), 0.0, ""
            seen = min(0.0, float(actions[self.names.index(call.name)]) + share)
            logs.append(max(LEAST, seen))
            if logs[-1] < worst:
                worst = logs[-1]
                others = actions.clone()
                others[[self.names.index(c.name) for c in calls]] = -torch.inf
                text = f"it looks like {_words(self.names[int(others.argmax())])} rather than {_words(call.name)}"
            for slot, value in call.args.items():
                if (call.name, slot) not in self.places or value not in self.slots[call.name][slot]:
                    continue
                if slot == "count" and not counts:
                    continue
                own, (first, last) = self.slots[call.name][slot], self.places[call.name, slot]
                row = values[first:last].log_softmax(-1)
                logs.append(max(LEAST_VALUE, float(row[own.index(value)])))
                if logs[-1] < worst:
                    worst, text = logs[-1], f"it looks like {slot} {own[int(row.argmax())]} rather than {value}"
            fits.append(_fit(logs[own_from:]))
            doubts.append(text)
        return Reading(_fit(logs), calls=tuple(fits), doubts=tuple(doubts))

    def save(self, folder: Path) -> None:
        """Write critic.safetensors, in float16, with the actions that its rows stand for."""
        folder.mkdir(parents=True, exist_ok=True)
        meta = {"slots": json.dumps(self.slots), "width": str(self.width), "hidden": str(self.hidden)}
        save_file({k: v.half().contiguous().cpu() for k, v in self.state_dict().items()}, folder / FILE, metadata=meta)

    @staticmethod
    def load(folder: Path) -> Critic | None:
        """The critic of a folder; None where there is none."""
        if not (folder / FILE).is_file():
            return None
        with safe_open(folder / FILE, "pt") as file:
            meta = file.metadata()
            critic = Critic(json.loads(meta["slots"]), int(meta["width"]), int(meta["hidden"]))
            critic.load_state_dict({k: file.get_tensor(k).float() for k in file.keys()})  # noqa: SIM118
        return critic.eval()


def _fit(logs: Sequence[float]) -> float:
    """One figure in [0, 1] for some log-probabilities: between their mean and the worst of them."""
    return float(np.exp(0.5 * np.mean(logs) + 0.5 * min(logs)))


def _words(name: str) -> str:
    return name.replace("_", " ")
