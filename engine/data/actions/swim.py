"""Swimming strokes in the air, standing bent forward: crawl or breaststroke."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import cycles, envelope

CRAWL = (
    (0.0, 0.38, 0.28),
    (-0.04, 0.02, 0.42),
    (0.0, -0.36, 0.16),
    (0.16, -0.28, -0.14),
    (0.30, 0.02, -0.02),
    (0.16, 0.34, 0.14),
)
BREAST = (
    (-0.13, 0.26, 0.40),
    (0.10, 0.24, 0.40),
    (0.26, 0.02, 0.28),
    (0.02, -0.16, 0.26),
    (-0.10, -0.12, 0.22),
    (-0.13, 0.04, 0.32),
)


def _path(points: tuple[tuple[float, float, float], ...], phase: np.ndarray) -> np.ndarray:
    """Smooth closed path (T, 3) through points, phase in radians: a trigonometric interpolation."""
    from scipy.interpolate import CubicSpline

    closed = np.array([*points, points[0]])
    return CubicSpline(np.linspace(0, 2 * np.pi, len(closed)), closed, bc_type="periodic")(phase % (2 * np.pi))


@action("swim", part="full", seconds=lambda args, rng: float(rng.uniform(3.0, 5.6)))
def swim(ctx: Ctx) -> Channels:
    """Lean forward and stroke; the trunk rolls with the crawl and rises with the breaststroke."""
    c, d, t = ctx.hold(), ctx.dur, ctx.t
    ready = min(0.75, 0.22 * d)
    crawl = bool(ctx.rng.random() < 0.65)
    n = max(1, round((d - 2 * ready) / ctx.vary(1.3, 0.08)))
    phase = cycles(t, n, 0.6 * ready, d - 0.6 * ready)
    on = envelope(t, ready, ready, 0.02, d - 0.02)
    lag = np.pi if crawl else 0.0
    for s in (0, 1):
        place = _path(CRAWL if crawl else BREAST, phase + lag * s) * ctx.vary(1, 0.04)
        c.set_hand(s, "shoulder", place, on, swivel=ctx.vary(132 if crawl else 60, 0.04))
        c.set_arm(s, on, pronate=ctx.vary(45, 0.2), wrist=0)
    roll = np.sin(phase + 0.4) * on
    c.pelvis[:, 0] += ctx.vary(32, 0.1) * on
    c.spine[:, 0] += ctx.vary(18, 0.1) * on
    c.head[:, 0] -= 24 * on
    c.sway[:, 1] -= 0.08 * on
    c.height -= 0.03 * on
    if crawl:
        c.spine[:, 1] -= ctx.vary(15) * roll
        c.head[:, 1] += 8 * roll
        c.sway[:, 0] += 0.02 * roll
    else:
        c.spine[:, 0] -= 7 * np.sin(phase - 0.8) * on
        c.height += 0.02 * np.sin(phase - 0.8) * on
    return c
