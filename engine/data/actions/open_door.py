"""Opening a door that is not drawn, and stepping through."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, minjerk


def _walk_through(ctx: Ctx, c: Channels, first: int, begin: float, end: float, metres: float) -> np.ndarray:
    """Two steps ahead between two moments: how far the path is done (T,) 0..1."""
    t, half = ctx.t, 0.5 * (end - begin)
    for s, a in ((first, begin), (1 - first, begin + 0.9 * half)):
        w = np.clip((t - a) / (1.1 * half), 0, 1)
        c.foot_xz[:, s, 1] += metres * minjerk(w)
        c.foot_lift[:, s] += 0.06 * np.sin(np.pi * w)
        c.sway[:, 0] -= (1 - 2 * s) * 0.045 * np.sin(np.pi * np.clip((t - a + 0.12) / (1.1 * half), 0, 1))
        c.foot_pitch[:, s] += 16 * np.sin(2 * np.pi * w) * (w < 0.5)
    gone = minjerk((t - begin - 0.05) / (end - begin - 0.05))
    c.root[:, 1] += metres * gone
    return gone


@action(
    "open_door",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(3.0, 4.4)),
    slots={"side": ("right", "left"), "style": ("push", "pull")},
)
def open_door(ctx: Ctx, side: str, style: str) -> Channels:
    """Reach for the handle, turn it, push or pull the door and step through."""
    c, t, d, s = ctx.hold(), ctx.t, ctx.dur, sides(side)[0]
    flip, far = 1 - 2 * s, ctx.vary(0.52, 0.06)
    at = np.array([0.20, 0.30, 0.56, 0.64, 0.80]) * d
    handle = np.array([flip * 0.16, ctx.vary(1.02, 0.02), 0.50])
    turned = handle + (0, -0.03, 0)
    if style == "push":
        gone = _walk_through(ctx, c, 1 - s, 0.34 * d, 0.88 * d, far)
        opened = np.array([flip * 0.02, 1.04, 0.50 + 0.85 * far])
        shut = opened + (flip * 0.06, 0, 0.02)
    else:
        back = keys(t, [(0.30 * d, 0.0), (0.44 * d, 1.0), (0.62 * d, 1.0), (0.78 * d, 0.0)])
        c.foot_xz[:, s, 1] -= 0.26 * back
        for a, b in ((0.30, 0.44), (0.62, 0.78)):
            c.foot_lift[:, s] += 0.05 * np.sin(np.pi * np.clip((t / d - a) / (b - a), 0, 1))
        c.sway[:, 1] -= ctx.vary(0.13) * back
        gone = back
        opened = np.array([flip * 0.40, 1.02, 0.20])
        shut = np.array([flip * 0.52, 1.02, 0.06])
        _walk_through(ctx, c, 1 - s, 0.72 * d, 0.99 * d, 0.30)
    path = keys(t, [(at[0], handle), (at[1], turned), (at[2], opened), (at[3], shut)])
    grip = keys(t, [(at[0], 0.0), (at[1], 1.0), (at[2], 0.4)])
    swung = keys(t, [(at[1], 0.0), (at[2], 1.0)]) * (style == "pull")
    fingers = np.stack([-flip * (0.45 + 0.2 * grip - 0.8 * swung), 0.15 - 0.45 * grip, 0.85 - 0.2 * grip], 1)
    palm = np.stack([-flip * (0.4 - 0.5 * grip), -0.85 + 0.1 * grip, 0.2 + 0 * t], 1)
    w = keys(t, [(0.04 * d, 0.0), (at[0], 1.0), (at[3], 1.0), (at[4] + 0.06 * d, 0.0)])
    c.set_hand(s, "world", path, w, fingers, palm, swivel=ctx.vary(30, 0.2))
    lean = envelope(t, 0.18 * d, 0.2 * d, 0.06 * d, 0.62 * d)
    effort = keys(t, [(at[1], 0.0), (0.5 * (at[1] + at[2]), 1.0), (at[3], 0.0)])
    c.spine[:, 0] += ctx.vary(6) * lean + (7 if style == "push" else -8) * effort
    c.spine[:, 1] += flip * (-ctx.vary(11) * lean + (-8 if style == "push" else 22) * effort)
    c.head[:, 0] += ctx.vary(12, 0.2) * lean * (1 - gone)
    c.head[:, 1] += flip * 6 * lean
    return c
