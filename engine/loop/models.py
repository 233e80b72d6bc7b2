"""What all sessions share: the language model, the motion codec, and the lock around each step of theirs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

from engine.assess.critic import Critic
from engine.core.errors import UserError
from engine.core.types import Motion
from engine.language.interface import LanguageModel
from engine.loop.recall import Recall

T = TypeVar("T")
_END = object()


class Codec(Protocol):
    """Motion <-> codes, as `engine.tokens.codec.MotionCodec` does it."""

    frames_per_step: int

    def encode(self, motion: Motion) -> np.ndarray:
        """Motion at any rate -> codes (N, Q)."""
        ...

    def decode(self, codes: np.ndarray) -> Motion:
        """Codes (N, Q) -> N * frames_per_step frames at the models' rate, from x = z = 0, heading 0."""
        ...


@dataclass(frozen=True, eq=False)
class Models:
    """What every session uses; lock guards each single step of theirs, never a whole turn.

    critic: helps to choose among drafts; None leaves that to the measured facts.  recall: finds reference clips.
    """

    language: LanguageModel
    codec: Codec
    critic: Critic | None = None
    recall: Recall | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def stream(self, pieces: Iterable[T], stop: threading.Event) -> Iterator[T]:
        """The pieces of a model's stream, each made under the lock, so that a slow listener holds nobody up.

        UserError as soon as `stop` is set.
        """
        iterator = iter(pieces)
        while True:
            with self.lock:
                piece = next(iterator, _END)
            if stop.is_set():
                raise UserError("Stopped. Everything is as it was before this request.")
            if piece is _END:
                return
            yield piece  # type: ignore[misc]
