"""Going down and getting up: sit, kneel, crouch, lie down, stand up."""

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import RIGHT, Channels, Ctx, standing
from engine.data.toolkit.curves import envelope
from engine.data.toolkit.postures import kneeling, posture
from engine.data.toolkit.transitions import change


@action("sit", part="lower", seconds=lambda args, rng: float(rng.uniform(1.8, 3.4)), end="sit")
def sit(ctx: Ctx) -> Channels:
    """Sit down on a chair behind: lean forward, lower, settle."""
    move = min(ctx.vary(1.5, 0.1), 0.85 * ctx.dur)
    c = change(ctx, posture("sit"), 0.05, move)
    lean = envelope(ctx.t, 0.55 * move, 0.45 * move, 0.05, 0.05 + 1.05 * move)
    c.pelvis[:, 0] += ctx.vary(26) * lean
    c.spine[:, 0] += 12 * lean
    c.head[:, 0] -= 16 * lean
    return c


@action("crouch", part="lower", seconds=lambda args, rng: float(rng.uniform(1.4, 2.8)), end="crouch")
def crouch(ctx: Ctx) -> Channels:
    """Go down low on the balls of the feet."""
    move = min(ctx.vary(1.1, 0.1), 0.85 * ctx.dur)
    c = change(ctx, posture("crouch"), 0.05, move)
    c.spine[:, 0] += 6 * envelope(ctx.t, 0.5 * move, 0.5 * move, 0.05, 0.05 + move)
    return c


@action(
    "kneel",
    part="lower",
    seconds=lambda args, rng: float(rng.uniform(1.8, 3.0)),
    slots={"side": ("right", "left")},
    end="kneel",
)
def kneel(ctx: Ctx, side: str) -> Channels:
    """Step back and put one knee on the floor."""
    s = RIGHT if side == "right" else 0
    move = min(ctx.vary(1.5, 0.1), 0.88 * ctx.dur)
    c = change(ctx, kneeling(s), 0.05, move, lift=0.05, order=(1 - s, s))
    c.pelvis[:, 0] += 10 * envelope(ctx.t, 0.5 * move, 0.5 * move, 0.05, 0.05 + move)
    return c


@action("lie_down", part="lower", seconds=lambda args, rng: float(rng.uniform(3.0, 4.6)), end="lie")
def lie_down(ctx: Ctx) -> Channels:
    """Crouch, sit on the floor with the hands behind, roll back and stretch the legs."""
    return _through(ctx, [(posture("crouch"), 0.30), (_floor_sit(), 0.58), (posture("lie"), 0.93)])


@action("stand_up", part="lower", seconds=lambda args, rng: float(rng.uniform(1.6, 2.6)), start="any")
def stand_up(ctx: Ctx) -> Channels:
    """Get up from a chair, a knee, a crouch or the floor."""
    low = float(ctx.start.height[0])
    if ctx.start.pelvis[0, 0] < -45:
        return _through(ctx, [(_floor_sit(), 0.32), (posture("crouch"), 0.62), (standing(1), 0.96)])
    move = min(ctx.vary(1.4, 0.1), 0.9 * ctx.dur)
    order = None
    if abs(float(ctx.start.foot_pitch[0, 0] - ctx.start.foot_pitch[0, 1])) > 30:
        back = int(np.argmax(ctx.start.foot_pitch[0]))
        order = (back, 1 - back)
    c = change(ctx, standing(1), 0.05, move, lift=0.06, order=order)
    if low < -0.2:
        lean = envelope(ctx.t, 0.4 * move, 0.6 * move, 0.03, 0.05 + move)
        c.pelvis[:, 0] += ctx.vary(22) * lean
        c.spine[:, 0] += 9 * lean
        c.head[:, 0] -= 14 * lean
    return c


def _floor_sit() -> Channels:
    """Sitting on the floor, knees up, leaning back on the hands."""
    c = standing(1)
    c.height[:] = 0.13 - 0.94
    c.sway[:, 1] = -0.30
    c.foot_xz[..., 1] = 0.22
    c.knee_out[:] = 8
    c.pelvis[:, 0], c.spine[:, 0], c.head[:, 0] = -28, 22, 6
    c.set_arm("both", flex=-32, abd=22, elbow=12, twist=0, wrist=-55)
    return c


def _through(ctx: Ctx, stops: list[tuple[Channels, float]]) -> Channels:
    """Through several postures; each stop is (posture, share of the time when it is reached)."""
    c, begin = None, 0.02
    for goal, share in stops:
        end = share * ctx.vary(1.0, 0.02)
        c = change(ctx, goal, begin * ctx.dur, (end - begin) * ctx.dur, lift=0.03, over=c)
        begin = end - 0.04
    assert c is not None
    return c
