"""Dancing with the upper body alone: headbang, shimmy, arm wave."""

from __future__ import annotations

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import envelope, keys, pulses
from engine.data.toolkit.dance_steps import TEMPO, later
from engine.data.toolkit.repeats import edges, phase, sizes


@action(
    "headbang",
    part="upper",
    seconds=lambda args, rng: 0.7 + 0.52 * int(args["count"]),
    slots={"count": ("4", "2", "3", "5", "6", "8")},
)
def headbang(ctx: Ctx, count: str) -> Channels:
    """Throw the head down `count` times, the chest going with it."""
    c, lead = ctx.layer(), min(0.3, 0.16 * ctx.dur)
    bounds = edges(ctx, int(count), 0.52, lead, lead, spread=0.03)
    beat, size = phase(ctx.t, bounds), sizes(ctx, bounds, 0.06)
    down = size * (0.5 - 0.5 * np.cos(beat + 0.3 * np.sin(beat)))
    on = envelope(ctx.t, lead, lead)
    ready = keys(ctx.t, [(0.0, 0.0), (bounds[0], 1.0), (bounds[0] + 0.25, 0.0)])
    c.head[:, 0] += ctx.vary(52, 0.08) * down - 12 * on * (1 - down) - 8 * ready
    body = later(ctx, down, -0.04)
    c.spine[:, 0] += ctx.vary(24, 0.1) * body + 4 * on
    c.pelvis[:, 0] += 6 * body
    c.sway[:, 1] -= 0.03 * body
    c.height -= 0.02 * body
    c.spine[:, 1] += ctx.rng.uniform(-4, 4) * down
    c.head[:, 1] += ctx.rng.uniform(-5, 5) * down
    return c


@action("shimmy", part="upper", seconds=lambda args, rng: float(rng.uniform(1.8, 3.4)), slots={"speed": tuple(TEMPO)})
def shimmy(ctx: Ctx, speed: str) -> Channels:
    """Quick shakes of the shoulders, one ahead, then the other, arms held low to the sides."""
    c, t = ctx.layer(), ctx.t
    ramp = min(0.45, 0.2 * ctx.dur)
    on, live = envelope(t, ramp, ramp), envelope(t, 1.4 * ramp, 1.2 * ramp)
    rate = ctx.vary({"normal": 2.9, "slow": 1.7, "fast": 4.2}[speed], 0.05)
    shake = np.sin(2 * np.pi * rate * t + ctx.rng.uniform(0, 6)) * live
    c.spine[:, 1] += ctx.vary(12, 0.1) * shake
    c.head[:, 1] -= ctx.vary(10, 0.1) * shake
    c.pelvis[:, 1] -= 2 * shake
    lean = keys(t, [(0, 0), (0.3 * ctx.dur, 1), (0.7 * ctx.dur, -1), (ctx.dur, 0)], "smooth") * ctx.rng.choice([-1, 1])
    c.spine[:, 0] += ctx.vary(9) * lean + 2 * on
    c.head[:, 0] -= 6 * lean
    for s in (0, 1):
        flip = 1 - 2 * s
        c.collar[:, s, 1] -= flip * ctx.vary(13) * shake
        c.collar[:, s, 0] += 4 * on + 4 * flip * shake
        c.set_arm(
            s, 1.0, flex=4 - 5 * flip * shake, abd=ctx.vary(40, 0.08), elbow=ctx.vary(48), twist=-6, pronate=40,
            wrist=-20 + 4 * flip * later(ctx, shake, 0.05),
        )  # fmt: skip
        c.arm_over[:, s] = on
    return c


@action(
    "arm_wave", part="upper", seconds=lambda args, rng: float(rng.uniform(2.6, 3.4)), slots={"side": ("right", "left")}
)
def arm_wave(ctx: Ctx, side: str) -> Channels:
    """A wave runs from the hand of `side` through both shoulders to the other hand, and back if there is time."""
    c, t, first = ctx.layer(), ctx.t, sides(side)[0]
    ramp = min(0.55, 0.22 * ctx.dur)
    on = envelope(t, ramp, ramp)
    passes = max(1, round((ctx.dur - 1.5 * ramp) / 1.9))
    length = (ctx.dur - 1.5 * ramp) / passes

    def at_joint(s: int, share: float) -> np.ndarray:
        """Bump when the wave is at this joint of side s; share 0 fingers to 0.5 breastbone."""
        times = []
        for k in range(passes):
            lead = first if k % 2 == 0 else 1 - first
            times.append(0.75 * ramp + length * (k + 0.06 + 0.88 * (share if s == lead else 1 - share)))
        return pulses(t, times, 0.36 * length)

    for s in (0, 1):
        tip, wrist, elbow, shoulder = (at_joint(s, share) for share in (0.02, 0.12, 0.24, 0.38))
        out = ctx.vary(0.575, 0.01) - 0.035 * wrist - 0.11 * elbow - 0.04 * shoulder
        up = 0.0 - 0.03 * tip + 0.10 * wrist - 0.07 * elbow - 0.10 * shoulder
        fingers = np.stack([1 + 0 * t, 0.5 * tip - 1.1 * wrist + 0.15 * elbow, 0.08 + 0 * t], 1)
        palm = np.stack([0.5 * tip - 1.1 * wrist, -1 + 0 * t, 0.05 + 0 * t], 1)
        c.set_hand(s, "shoulder", np.stack([out, up, 0.07 + 0 * t], 1), 1.0, fingers, palm, swivel=172)
        c.collar[:, s, 0] += 22 * shoulder + 6 * elbow
        c.arm_over[:, s] = on
        c.spine[:, 2] -= (1 - 2 * s) * ctx.vary(7) * shoulder
        c.head[:, 1] += (1 - 2 * s) * ctx.vary(26) * (wrist + elbow).clip(0, 1)
    middle = at_joint(0, 0.5)
    c.spine[:, 0] -= 7 * middle
    c.head[:, 0] -= 5 * middle
    return c
