"""Side gallops: the leading foot steps out, the other chases it in a low flight."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx
from engine.data.toolkit.curves import envelope, minjerk, smooth

OFF = {"lead": 0.04, "trail": 0.46}
ON = {"lead": 0.56, "trail": 0.92}


@action(
    "gallop_sideways",
    part="lower",
    seconds=lambda args, rng: 0.9 + 0.52 * int(args["count"]),
    slots={"direction": ("left", "right"), "count": ("4", "2", "3", "5", "6")},
)
def gallop_sideways(ctx: Ctx, direction: str, count: str) -> Channels:
    """`count` quick chassés to the side, knees bent, arms out for balance."""
    c, n, t = ctx.hold(), int(count), ctx.t
    lead, flip = (0, 1) if direction == "left" else (1, -1)
    ready = min(ctx.vary(0.38), 0.2 * ctx.dur)
    period, size = (ctx.dur - 2 * ready) / n, flip * ctx.vary(0.54, 0.07)
    begin = ready + period * np.arange(n)
    way, hop, reach = np.zeros(len(t)), np.zeros(len(t)), np.zeros(len(t))
    for k, start in enumerate(begin):
        w, part = (t - start) / period, size * (1 + 0.06 * ctx.rng.standard_normal())
        way += part * smooth((w - 0.02 + 0.25 * (k > 0)) / (0.98 + 0.25 * (k > 0) + 0.12 * (k < n - 1)))
        hop += np.sin(np.pi * np.clip((w - 0.22) / 0.6, 0, 1)) ** 2
        reach += np.sin(np.pi * np.clip(w, 0, 1)) ** 2
        for name, s in (("lead", lead), ("trail", 1 - lead)):
            x = np.clip((w - OFF[name]) / (ON[name] - OFF[name]), 0, 1)
            wide = 0.05 * flip * ((k < n - 1) if name == "lead" else 0)
            wide -= 0.05 * flip * ((k > 0) if name == "lead" else 0)
            c.foot_xz[:, s, 0] += (part + wide) * minjerk(x)
            c.foot_lift[:, s] += ctx.vary(0.075, 0.15) * np.sin(np.pi * x)
            c.foot_pitch[:, s] += 26 * np.sin(np.pi * x) ** 2
    on = envelope(t, ready, ready)
    c.root[:, 0] += way
    c.height += -ctx.vary(0.10) * on + ctx.vary(0.055) * hop
    c.pelvis[:, 0] += 6 * on
    c.spine[:, 0] += ctx.vary(7, 0.2) * on
    c.spine[:, 2] += flip * (3 * on - 5 * reach)
    c.head[:, 0] -= 9 * on
    c.head[:, 1] += flip * ctx.vary(24, 0.25) * on
    for s in (0, 1):
        c.set_arm(s, on, flex=ctx.vary(22, 0.3), abd=ctx.vary(38) + 12 * hop, elbow=ctx.vary(56) - 14 * hop, twist=14)
    return c
