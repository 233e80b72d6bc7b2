"""Standing idle: breathing, the weight going from one leg to the other, the head looking about."""

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import minjerk, noise


@action("stand", part="lower", seconds=lambda args, rng: float(rng.uniform(2.0, 5.0)))
def stand(ctx: Ctx) -> Channels:
    """Stand and breathe."""
    c, n = ctx.hold(), ctx.num_frames
    fade = minjerk(np.minimum(ctx.t, ctx.dur - ctx.t) / 0.6)
    shift = noise(ctx.rng, n, 0.016, 18) * fade
    c.sway[:, 0] += shift
    c.sway[:, 1] += noise(ctx.rng, n, 0.006, 14) * fade
    c.pelvis[:, 2] += -70 * shift
    c.spine[:, 2] += 60 * shift
    c.spine[:, 1] += noise(ctx.rng, n, 1.6, 16) * fade
    c.head[:, 1] += noise(ctx.rng, n, 4.0, 14) * fade
    c.head[:, 0] += noise(ctx.rng, n, 1.5, 12) * fade
    return c
