"""What all trials share: models with a library of their own, sessions of changed models, a spread of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from engine.core.config import Config
from engine.core.errors import UserError
from engine.loop.engine import Engine
from engine.loop.models import Models
from engine.loop.recall import Recall
from engine.loop.session import Session

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Trial:
    """Sessions with these models, as an `Engine` makes them."""

    models: Models

    def new_session(self, seed: int | None = None) -> Session:
        """An empty session."""
        return Session(self.models, seed or 0)


def load_trial(config: Config, home: Path) -> Trial:
    """The engine of `config` with a library in `home`, where only the shipped clips are.

    UserError for missing weights.
    """
    return Trial(Engine.load(replace(config, home=home, chroma=None)).models)


def recall_of(models: Models) -> Recall:
    """What finds references. UserError for models without it."""
    if models.recall is None:
        raise UserError(
            "This language model takes no reference clips, or the retriever's weights are missing: there is nothing to "
            "try. Train them: python -m engine train language, python -m engine train retriever"
        )
    return models.recall


def spread(items: Sequence[T], limit: int | None) -> list[T]:
    """At most `limit` of the items, evenly spread over all of them."""
    if limit is None or limit >= len(items):
        return list(items)
    return [items[i] for i in np.unique(np.linspace(0, len(items) - 1, max(1, limit)).round().astype(int))]


def per_cent(passed: Sequence[bool]) -> float:
    """Share of what passed, in per cent."""
    return 100 * sum(passed) / max(1, len(passed))
