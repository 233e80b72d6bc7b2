"""One action by itself, standing: for looking at it while it is written.

preview("wave", {"side": "left"}, seed=0) -> Motion
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.core.plan import Call
from engine.core.types import Motion
from engine.data.registry import ACTIONS, default_args, natural_seconds, perform
from engine.data.toolkit.channels import Ctx, standing
from engine.data.toolkit.solve import solve


def preview(name: str, args: Mapping[str, str] | None = None, seed: int = 0, seconds: float | None = None) -> Motion:
    """Perform one action from standing, for `seconds` or its natural time. UserError for an unknown name."""
    rng = np.random.default_rng(seed)
    full = default_args(name, args)
    num_frames = round((seconds or natural_seconds(name, full, rng)) * 20)
    ctx = Ctx(rng, num_frames, standing(1))
    channels = perform(Call(name, full), ctx)
    return solve(ctx.hold(), channels) if ACTIONS[name].spec.part == "upper" else solve(channels)
