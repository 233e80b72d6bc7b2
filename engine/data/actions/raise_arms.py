"""Raising arms: up, to the front or to the side, and lowering them again."""

from __future__ import annotations

from engine.data.registry import action
from engine.data.toolkit.channels import Channels, Ctx, sides
from engine.data.toolkit.curves import keys, noise

# flexion, abduction, twist, elbow, pronation at the top
TOP = {"up": (152, 26, -12, 10, -5), "forward": (86, 5, 6, 3, 55), "side": (4, 88, -4, 7, 5)}


@action(
    "raise_arms",
    part="upper",
    slots={"side": ("both", "left", "right"), "direction": ("up", "forward", "side")},
    seconds=lambda args, rng: rng.uniform(2.4, 3.4),
)
def raise_arms(ctx: Ctx, side: str, direction: str) -> Channels:
    """Raise one arm or both, hold, lower; the elbow leads on the way up and the hand follows."""
    c = ctx.layer()
    rise, fall = min(ctx.vary(0.9), 0.36 * ctx.dur), min(ctx.vary(1.0), 0.38 * ctx.dur)
    flex, abd, twist, elbow, pronate = TOP[direction]
    reach = ctx.vary(1, 0.03)
    for s in sides(side):
        begin = ctx.rng.uniform(0, 0.06) if side == "both" else 0.0
        down = ctx.dur - ctx.rng.uniform(0, 0.05)
        lift = keys(ctx.t, [(begin, 0.0), (begin + rise, 1.0), (down - fall, 1.0), (down, 0.0)], ease="minjerk")
        late = keys(ctx.t, [(begin + 0.1, 0.0), (begin + rise + 0.12, 1.0), (down - 0.9 * fall, 1.0), (down, 0.0)])
        busy = keys(ctx.t, [(begin, 0.0), (begin + 0.12, 1.0), (down - 0.12, 1.0), (down, 0.0)])
        bent = 4 * lift * (1 - lift)
        still = noise(ctx.rng, ctx.num_frames, 1.1)
        c.set_arm(s, lift, flex=flex * reach + still, abd=ctx.vary(abd, 0.03), twist=twist)
        c.set_arm(s, late, elbow=ctx.vary(elbow, 0.3), pronate=ctx.vary(pronate, 0.2), wrist=-4.0)
        c.arm[:, s, 3] += ctx.vary(16, 0.3) * bent
        c.arm[:, s, 5] += ctx.vary(22, 0.2) * (lift - late)
        c.arm_over[:, s] = busy
        sign = 1.0 if s == 0 else -1.0
        c.spine[:, 2] -= (1.0 if side == "both" else 3.0) * sign * lift
        c.sway[:, 0] -= 0.012 * sign * lift
    _carry(ctx, c, direction, rise, fall)
    return c


def _carry(ctx: Ctx, c: Channels, direction: str, rise: float, fall: float) -> None:
    """The trunk dips a little before, arches against the arms and settles; the eyes follow hands that go up."""
    points = [(0.0, 0.0), (0.3 * rise, -0.35), (1.1 * rise, 1.0), (ctx.dur - fall, 1.0), (ctx.dur, 0.0)]
    arch = keys(ctx.t, points)
    back, chin = {"up": (5, 14), "forward": (3.5, -2), "side": (2, 3)}[direction]
    c.spine[:, 0] -= ctx.vary(back, 0.25) * arch
    c.head[:, 0] -= ctx.vary(chin, 0.3) * arch
    c.sway[:, 1] -= (0.018 if direction == "forward" else 0.006) * arch
    c.height += 0.004 * arch.clip(-1, 0)
