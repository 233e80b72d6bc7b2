"""Motions of prompts, as a user gets them: the public engine, a new session a prompt, the clean-up included."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_STANDING_HEIGHT, NUM_JOINTS
from engine.core.types import MODEL_FPS, Motion
from engine.loop.request import TurnOptions
from engine.loop.session import Session

log = logging.getLogger(__name__)
GENERATION_SEED = 40_000
REPEAT_STRIDE, SAMPLE_STRIDE = 1_000_000, 10_000
"""Seeds of repeats and of further samples of a prompt are this far apart."""
TOLD_EVERY = 10
STILL_FRAMES = 40


class Sessions(Protocol):
    """What of an `Engine` is needed here."""

    def new_session(self, seed: int | None = None) -> Session: ...


@dataclass(frozen=True, eq=False)
class Generated:
    """motions: one a prompt, in their order.  failed: number of a prompt without a motion, where a still body stands in
    -> the prompt and why.  seconds: that a prompt took, on average."""

    motions: list[Motion]
    failed: dict[int, str]
    seconds: float

    @property
    def made(self) -> list[Motion]:
        """The motions without those that stand in."""
        return [m for i, m in enumerate(self.motions) if i not in self.failed]


def generate(
    engine: Sessions, prompts: Sequence[str], repeat: int = 0, sample: int = 0, options: TurnOptions | None = None
) -> Generated:
    """A motion of every prompt. repeat, sample: other seeds.  options: of every turn."""
    motions, failed, begin = [], {}, time.perf_counter()
    for i, prompt in enumerate(prompts):
        seed = GENERATION_SEED + repeat * REPEAT_STRIDE + sample * SAMPLE_STRIDE + i
        try:
            scene = engine.new_session(seed).send(prompt, options=options).scene
            if scene is None:
                raise UserError("the reply has no motion")
            motions.append(scene.motions[0])
        except UserError as error:
            failed[i] = f"{prompt}: {error}"
            motions.append(_still())
        if (i + 1) % TOLD_EVERY == 0 or i + 1 == len(prompts):
            rate = (time.perf_counter() - begin) / (i + 1)
            log.info("generated %d of %d (%.1f s each, %d failed)", i + 1, len(prompts), rate, len(failed))
    return Generated(motions, failed, (time.perf_counter() - begin) / max(1, len(prompts)))


def _still() -> Motion:
    """Two seconds of a body in its rest pose."""
    root = np.tile(np.array([[0, MEAN_STANDING_HEIGHT, 0]], np.float32), (STILL_FRAMES, 1))
    return Motion(root, R.quat_identity(STILL_FRAMES, NUM_JOINTS), MODEL_FPS)
