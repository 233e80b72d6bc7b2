"""Going low: crawling on hands and knees, walking crouched under something, ducking."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.data.registry import action
from engine.data.toolkit.channels import LEFT, RIGHT, Channels, Ctx, standing
from engine.data.toolkit.curves import envelope, keys, minjerk, noise
from engine.data.toolkit.floor_poses import Stop, at, cleared, moved, palms, play
from engine.data.toolkit.gait import Gait, go, straight
from engine.data.toolkit.repeats import edges, sizes

HANDS, KNEES = 0.40, -0.76
PACE = {"normal": (1.05, 0.34), "slow": (1.6, 0.20), "fast": (0.66, 0.52)}
DUCK_WALK = Gait(
    speed=0.55, period=0.56, stance=0.64, ahead=0.45, lift=0.07, pitch_land=6, pitch_off=40, width=0.10, drop=0.02,
    bob=0.008, sway=0.04, twist=7, roll=2, lean=0, swing=8, elbow=0, pump=4,
)  # fmt: skip


def _ramp(t: np.ndarray, begin: float, end: float) -> np.ndarray:
    """0 before begin, 1 after end, steady between but for a soft start and stop."""
    fine = np.linspace(begin, end, 80)
    way = np.cumsum(envelope(fine, 0.18 * (end - begin), 0.18 * (end - begin)))
    return np.interp(t, fine, way / way[-1])


def _steps(t: np.ndarray, path: np.ndarray, offs: np.ndarray, swing: float) -> tuple[np.ndarray, np.ndarray]:
    """Where a limb is along the path and how far it is lifted (0..1), as it steps at the times `offs`."""
    place, lift = np.full(len(t), path[0]), np.zeros(len(t))
    for k, off in enumerate(offs):
        leave = offs[k + 1] if k + 1 < len(offs) else t[-1]
        goal = path[-1] if k + 1 == len(offs) else np.interp((off + swing + leave) / 2, t, path)
        w = (t - off) / swing
        place += minjerk(w) * (goal - place)
        lift += np.sin(np.pi * np.clip(w, 0, 1)) ** 1.2
    return place, lift


@action(
    "crawl",
    part="full",
    seconds=lambda args, rng: float(rng.uniform(6.4, 8.8)),
    slots={"direction": ("forward", "backward"), "speed": ("normal", "slow", "fast")},
)
def crawl(ctx: Ctx, direction: str, speed: str) -> Channels:
    """Get down on hands and knees, crawl with opposite hand and knee together, get up again."""
    period, pace = PACE[speed]
    first = int(ctx.rng.integers(2))
    order, t = (first, 1 - first), ctx.t
    begin, end = 0.26 * ctx.dur, 0.72 * ctx.dur
    count = max(2, round((end - begin) / ctx.vary(period, 0.04)))
    period = (end - begin) / (count + 0.45)
    size = (1.0 if direction == "forward" else -0.75) * ctx.vary(pace) * (end - begin)
    path = size * _ramp(t, begin, end)
    fours = palms(at(0.44, -0.10, 70, 6, -30, (KNEES, KNEES), 0.12, 55), HANDS)
    fold = palms(at(0.72, -0.10, 82, 60, 0), HANDS)
    there = [moved(pose, float(path[-1])) for pose in (fours, fold, standing(1))]
    stops = [Stop(0.02, 0.14, fold), Stop(0.13, 0.25, fours, order, 0.05), Stop(0.26, 0.72, there[0])]
    stops += [Stop(0.74, 0.87, there[1], order, 0.05), Stop(0.86, 0.99, there[2])]
    c, during = play(ctx, stops), (t >= begin) & (t <= end)
    on = envelope(t, 0.3, 0.3, begin, end)
    for s in (LEFT, RIGHT):
        for hand in (False, True):
            turn = 0.0 if (s == first) != hand else 0.5
            place, lift = _steps(t, path, begin + period * (np.arange(count) + turn), 0.46 * period)
            if hand:
                c.hand[during, s, 2] = (HANDS + place)[during]
                c.hand[during, s, 1] += 0.07 * lift[during]
            else:
                c.foot_xz[during, s, 1] = (KNEES + place)[during]
                c.foot_lift[during, s] = 0.03 * lift[during]
    c.root[during, 1] = path[during]
    beat = np.cos(2 * np.pi * (t - begin) / period) * on * (1 - 2 * first)
    c.sway[:, 0] += 0.018 * np.sin(2 * np.pi * (t - begin) / period) * on * (2 * first - 1)
    c.pelvis[:, 1] += 5 * beat
    c.spine[:, 1] -= 8 * beat
    c.head[:, 1] += 4 * beat + noise(ctx.rng, ctx.num_frames, 3) * on
    return c


@action("army_crawl", part="full", seconds=lambda args, rng: float(rng.uniform(7.6, 9.4)))
def army_crawl(ctx: Ctx) -> Channels:
    """Down onto the belly, ahead on the forearms with one knee after the other drawn up to the side, up again."""
    first = int(ctx.rng.integers(2))
    order, t = (first, 1 - first), ctx.t
    begin, end = 0.30 * ctx.dur, 0.70 * ctx.dur
    count = max(2, round((end - begin) / ctx.vary(1.25, 0.05)))
    period = (end - begin) / (count + 0.45)
    path = ctx.vary(0.30) * (end - begin) * _ramp(t, begin, end)
    fold = palms(at(0.72, -0.10, 82, 60, 0), HANDS)
    fours = palms(at(0.44, -0.10, 70, 6, -30, (KNEES, KNEES), 0.12, 55), HANDS)
    belly = palms(at(0.135, -0.12, 86, -14, -26, (-1.09, -1.09), 0.11, 80), HANDS + 0.14, 0.16)
    there = [moved(pose, float(path[-1])) for pose in (belly, fours, fold, standing(1))]
    stops = [Stop(0.02, 0.12, fold), Stop(0.11, 0.21, fours, order, 0.05), Stop(0.20, 0.29, belly)]
    stops += [
        Stop(0.31, 0.69, there[0], None, 0.0),
        Stop(0.71, 0.80, there[1]),
        Stop(0.79, 0.90, there[2], order, 0.05),
    ]
    c, during = play(ctx, [*stops, Stop(0.89, 0.99, there[3])]), (t >= begin) & (t <= end)
    on = envelope(t, 0.25, 0.25, begin, end)
    for s in (LEFT, RIGHT):
        turn = 0.0 if s == first else 0.5
        place, lift = _steps(t, path, begin + period * (np.arange(count) + turn), 0.42 * period)
        c.hand[during, s, 2] = (HANDS + 0.14 + place)[during]
        c.hand[during, s, 1] += 0.06 * lift[during]
        draw = np.maximum(np.sin(2 * np.pi * ((t - begin) / period - turn + 0.5)), 0) ** 0.8 * on
        c.set_leg(s, on, flex=6 * draw - 2, abd=3 + 58 * draw, twist=-100 * draw, knee=4 + 78 * draw, ankle=60)
    c.root[during, 1] = path[during]
    beat = np.sin(2 * np.pi * (t - begin) / period) * on * (1 - 2 * first)
    c.pelvis[:, 1] += 5 * beat
    c.pelvis[:, 2] += 4 * beat
    c.spine[:, 2] -= 12 * beat
    return cleared(c)


@action("crawl_under", part="lower", seconds=lambda args, rng: float(rng.uniform(3.6, 5.8)))
def crawl_under(ctx: Ctx) -> Channels:
    """Walk ahead deeply crouched, trunk over the thighs and head low, as under a low beam; rise at the end."""
    c, steps = go(ctx, DUCK_WALK, lambda metres: straight(0, metres))
    move = min(0.9, 0.25 * ctx.dur)
    on = envelope(ctx.t, move, move)
    c.height -= ctx.vary(0.36, 0.08) * on
    c.sway[:, 1] -= 0.10 * on
    c.foot_pitch += (10 * on)[:, None]
    c.knee_out += (10 * on)[:, None]
    c.pelvis[:, 0] += ctx.vary(38) * on
    c.spine[:, 0] += ctx.vary(34) * on
    c.head[:, 0] -= 34 * on
    swing = 7 * np.cos(np.pi * (ctx.t - steps.on[0]) / steps.period)
    for s, flip in ((0, 1), (1, -1)):
        c.set_arm(s, on, flex=ctx.vary(62) + flip * swing, abd=14, elbow=ctx.vary(58) + flip * swing, twist=16)
    return c


@action(
    "duck",
    part="lower",
    seconds=lambda args, rng: 0.5 + 1.15 * int(args["count"]),
    slots={"count": ("1", "2", "3")},
)
def duck(ctx: Ctx, count: str) -> Channels:
    """Drop the head and body fast under something that flies past, look up, come back up."""
    c, bounds = ctx.hold(), edges(ctx, int(count), 1.25, 0.12, 0.12)
    points, head = [(0.0, 0.0)], [(0.0, 0.0)]
    for a, b in pairwise(bounds):
        points += [(a, 0.0), (a + 0.30 * (b - a), 1.0), (a + 0.52 * (b - a), 0.96), (b, 0.0)]
        head += [(a, 0.0), (a + 0.22 * (b - a), 1.0), (a + 0.45 * (b - a), 1.0), (a + 0.72 * (b - a), -0.35), (b, 0.0)]
    size = sizes(ctx, bounds, 0.05)
    down, tuck = keys(ctx.t, points) * size, keys(ctx.t, head) * size
    side = ctx.rng.choice([-1.0, 1.0])
    c.height -= ctx.vary(0.37, 0.08) * down
    c.sway[:, 1] -= 0.11 * down
    c.pelvis[:, 0] += ctx.vary(30) * down
    c.spine[:, 0] += ctx.vary(34) * down
    c.spine[:, 2] += side * 4 * down
    c.head[:, 0] += 16 * tuck
    c.knee_out += (8 * down)[:, None]
    c.collar[:, :, 0] += (8 * tuck)[:, None]
    for s in (LEFT, RIGHT):
        c.set_arm(s, 0.9 * down, flex=ctx.vary(58), abd=14, elbow=ctx.vary(96), twist=20, pronate=30)
    return c
