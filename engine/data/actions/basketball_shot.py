"""A shot at the hoop: dip, ball from the chest over the head, wrist flicked after it."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, keys
from engine.data.toolkit.flight import Jump, fly, tiptoe_pitch
from engine.data.toolkit.sports_kit import flow


@action("basketball_shot", part="full", seconds=lambda args, rng: float(rng.uniform(2.2, 3.0)),
        slots={"style": ("jump", "set")})  # fmt: skip
def basketball_shot(ctx: Ctx, style: str) -> Channels:
    """Shoot a ball with the right hand, the left one guiding it; `jump` leaves the floor, `set` does not."""
    c, t, d = ctx.hold(), ctx.t, ctx.dur
    rise = ctx.vary(0.27) if style == "jump" else 0.0
    off = 0.44 * d
    air = np.sqrt(8 * rise / 9.81) if rise else 0.0
    shot = off + (0.5 * air if rise else 0.05)
    dip = keys(t, [(0.10 * d, 0.0), (off - 0.24, 1.0), (off, 0.0)])
    if rise:
        jumps = [Jump(0.10 * d, off, off + air, min(off + air + 0.55, 0.98 * d), rise)]
        crouch, up = fly(ctx, c, jumps, ctx.vary(0.17))
        c.foot_lift += up[:, None]
        c.foot_pitch += tiptoe_pitch(ctx, jumps, 42)[:, None]
    else:
        crouch = dip
        c.height += -0.14 * dip + 0.055 * keys(t, [(off - 0.2, 0.0), (shot, 1.0), (shot + 0.4, 1.0), (shot + 0.7, 0.0)])
        c.foot_pitch += 30 * keys(t, [(off - 0.2, 0.0), (shot, 1.0), (shot + 0.4, 1.0), (shot + 0.7, 0.0)])[:, None]
    c.sway[:, 1] -= 0.05 * crouch
    c.pelvis[:, 0] += 15 * crouch
    c.spine[:, 0] += 10 * crouch - 6 * envelope(t, 0.2, 0.4, off - 0.1, shot + 0.6)
    c.head[:, 0] -= 16 * crouch + 14 * envelope(t, 0.3, 0.5, 0.2 * d, shot + 0.7)
    on = envelope(t, 0.16 * d, 0.24 * d, 0.0, 0.98 * d)
    for s in (1, 0):
        shooting = s == 1
        side = 0.02 if shooting else 0.10
        over, ended = (0.06, 0.31, 0.20), (0.08, 0.47, 0.28) if shooting else (0.16, 0.34, 0.22)
        place = flow(t, [(0.0, (0.10, -0.12, 0.30)), (0.16 * d, (0.10, -0.06, 0.30)), (off - 0.26,
                         (side + 0.05, -0.20, 0.26)),
                         (off - 0.06, (side + 0.03, 0.14, 0.22)), (shot - 0.06, over), (shot + 0.07, ended),
                         (shot + 0.45, ended)])  # fmt: skip
        c.set_hand(s, "chest", place, on, swivel=ctx.vary(30))
        flick = keys(t, [(off - 0.16, 0.0), (off, -52.0), (shot - 0.05, -52.0), (shot + 0.09, 62.0),
                         (shot + 0.45, 55.0), (shot + 0.8, 0.0)])  # fmt: skip
        c.set_arm(s, on, pronate=keys(t, [(off - 0.2, -10.0), (off, 62.0)]), wrist=flick * (1.0 if shooting else 0.1))
    c.spine[:, 1] += 9 * envelope(t, 0.3, 0.4, off - 0.1, shot + 0.6)
    return c
