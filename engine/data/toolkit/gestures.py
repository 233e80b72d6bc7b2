"""What gestures over another action share: their sides, the arm that comes up and goes down again."""

from __future__ import annotations

from engine.data.toolkit.channels import Array, Channels, Ctx, sides
from engine.data.toolkit.curves import envelope

SIDE = {"side": ("right", "left")}
SIDES = {"side": ("right", "left", "both")}
"""Slots of a gesture that one arm makes, and of one that either or both make."""


def raised(ctx: Ctx, side: str, up: float, down: float) -> tuple[Channels, Array]:
    """A layer whose arm (or arms) comes up over `up` seconds and goes down over `down`.

    side: 'left', 'right' or 'both'; up, down: seconds, each at most 38 % of the time that there is.
    Returns the layer and its weight (T,) 0..1, already written into `arm_over`.
    """
    c = ctx.layer()
    weight = envelope(ctx.t, min(ctx.vary(up), 0.38 * ctx.dur), min(ctx.vary(down), 0.38 * ctx.dur))
    for s in sides(side):
        c.arm_over[:, s] = weight
    return c, weight


def away(side: str) -> float:
    """1 for the left, -1 for the right, 0 for both: the sign of a lean towards that side."""
    return {"left": 1.0, "right": -1.0, "both": 0.0}[side]
