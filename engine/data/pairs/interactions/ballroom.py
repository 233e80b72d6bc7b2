"""Dancing in hold: leading and following, the box of a waltz, a partner who spins under the arm, a circle of two."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.pairs.registry import SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.pairs.toolkit.steps import Spot, copy, go_to, partner
from engine.data.toolkit.curves import keys
from engine.data.toolkit.gait import Gait, arc, go

SPEED = ("normal", "slow", "fast")
WALTZ = {"normal": 0.5, "slow": 0.6, "fast": 0.4}
"""Seconds of a beat."""
BEAT = {"normal": 0.6, "slow": 0.8, "fast": 0.48}
HANDS = (("right", "left", -LEFT), ("left", "right", LEFT))


def _in_step(stage: Stage, spots: list[Spot], beat: float, late: float) -> None:
    """A goes through the spots, B does the same opposite, a little later and with the other foot."""
    stage.b.rest(late)
    go_to(stage.a, spots, beat, 0, lead=0.9)
    go_to(stage.b, partner(spots), beat, 1, lead=0.9)


@interaction(
    "lead_follow",
    Facts(touches=(("right_palm", "left_palm"), ("left_palm", "right_palm")), near_m=(0.6, 0.95)),
    slots={"speed": SPEED, "count": ("2", "1", "3")},
    seconds=(2.8, 10.0),
    delay_s=0.12,
)
def lead_follow(stage: Stage, speed: str, count: str) -> None:
    """Hand in hand face to face, A leads forward and back `count` times, B follows."""
    size = stage.vary(0.24)
    track = [size, 2 * size, size, 0.0] * int(count)
    _in_step(stage, [(0.0, ahead, 0.0) for ahead in track], BEAT[speed] * 0.85, stage.delay_s)
    stage.level()
    stage.face(0.0, stage.vary(0.74, 0.02))
    shut, loose = 0.75, stage.now - 0.5
    for who, way in (("a", 1.0), ("b", -1.0)):
        on = stage.on(shut + (0.1 if who == "b" else 0.0), loose, 0.55, 0.45)
        for side, _, out in HANDS:
            spot = stage.between(0.0, 1.06) + way * out * 0.2 + (-0.014 if who == "a" else 0.014) * UP
            face = UP if who == "a" else -UP
            stage.reach(who, side, spot, on, way * (AHEAD + 0.1 * out), face - 0.2 * way * out, swivel=40)
        stage[who].c.head[:, 0] -= 3 * on
    for mine, other in (("right_palm", "left_palm"), ("left_palm", "right_palm")):
        stage.touch(mine, other, shut + 0.2, loose - 0.05)


@interaction(
    "waltz_box",
    Facts(
        touches=(("left_palm", "right_palm"), ("right_palm", "left_armpit")),
        near_m=(0.25, 0.55),
        first="any",
        close=True,
    ),
    slots={"count": ("2", "1"), "speed": SPEED},
    seconds=(3.6, 10.0),
    delay_s=0.08,
)
def waltz_box(stage: Stage, count: str, speed: str) -> None:
    """In closed hold, A leads the box of a waltz: ahead, aside, close, back, aside, close."""
    size, wide, beat = stage.vary(0.24), stage.vary(0.22), WALTZ[speed]
    box = [(0.0, size), (-wide, size), (-wide, size), (-wide, 0.0), (0.0, 0.0), (0.0, 0.0)]
    _in_step(stage, [(left, ahead, 0.0) for _ in range(int(count)) for left, ahead in box], beat, stage.delay_s)
    stage.level()
    stage.face(0.0, stage.vary(0.40, 0.02), left=-0.07)
    shut, loose = 0.8, stage.now - 0.5
    t = stage.t
    rise = 0.5 - 0.5 * np.cos(2 * np.pi * (t - 0.9) / (3 * beat))
    for who in ("a", "b"):
        on, c = stage.on(shut, loose, 0.7, 0.5), stage[who].c
        c.foot_pitch += (5 * rise * on)[:, None]
        c.height += (0.018 * rise - 0.02) * on
        c.spine[:, 0] -= 5 * on
        c.head[:, 1] += 22 * on
        c.head[:, 0] -= 4 * on
    on = stage.on(shut, loose, 0.65, 0.5)
    hold = stage.between(0.45, 1.36)
    stage.reach("a", "left", hold - 0.014 * AHEAD, on, UP + 0.7 * LEFT, AHEAD, swivel=75)
    stage.reach("b", "right", hold + 0.014 * AHEAD, on, UP + 0.7 * LEFT, -AHEAD, swivel=75)
    stage.reach("a", "right", stage.point("b", "left_armpit"), on, LEFT + 0.2 * AHEAD, -AHEAD, swivel=75)
    stage.reach("b", "left", stage.point("a", "right_shoulder_top") - 0.02 * LEFT, on, -AHEAD + 0.2 * LEFT,
                -UP + 0.2 * LEFT, swivel=85)  # fmt: skip
    stage.touch("left_palm", "right_palm", shut + 0.1, loose - 0.05)
    stage.touch("right_palm", "left_armpit", shut + 0.1, loose - 0.05)


@interaction(
    "twirl",
    Facts(touches=(("right_palm", "right_palm"),), near_m=(0.4, 0.8), facing="any"),
    slots={"side": SIDE, "count": ("1", "2")},
    seconds=(3.0, 8.0),
    delay_s=0.35,
)
def twirl(stage: Stage, count: str) -> None:
    """A takes B's hand, lifts it over B's head, and B spins beneath."""
    begin = 0.8
    stage.b.rest(begin)
    turns = int(count)
    steps = 4 * turns
    spots = [(0.0, 0.0, 90.0 * (k + 1)) for k in range(steps)]
    first, last = go_to(stage.b, spots, stage.vary(0.34), 0, lead=0.45, tail=0.8)
    stage.a.rest(stage.b.now)
    stage.level()
    stage.face(0.0, stage.vary(0.52, 0.02))
    stage.b.c.root[:] *= 0.3
    t = stage.t
    high = keys(t, [(0.65, 0.0), (first, 1.0), (last - 0.1, 1.0), (last + 0.45, 0.0)])
    low, top = stage.between(-0.02, 1.1, 0.52), stage.between(0.0, 1.81, 0.6)
    spot = low + high[:, None] * (top - low)
    loose = stage.now - 0.6
    on_a, on_b = stage.on(0.55, loose, 0.5, 0.5), stage.on(0.7, loose, 0.45, 0.5)
    stage.reach("a", "right", spot + 0.012 * UP, on_a, AHEAD + np.outer(high, 0.5 * UP),
                LEFT + np.outer(high, -UP - 0.4 * LEFT), swivel=30 + 30 * high)  # fmt: skip
    stage.reach("b", "right", spot - 0.014 * UP, on_b, swivel=25 + 45 * high)
    stage.a.c.spine[:, 1] += 9 * on_a
    stage.a.c.head[:, 0] -= 5 * high
    stage.touch("right_palm", "right_palm", 0.75, loose - 0.05)


@interaction(
    "circle",
    Facts(touches=(("left_palm", "left_palm"),), near_m=(0.8, 1.6), facing="any", first="any"),
    slots={"side": SIDE, "speed": SPEED},
    seconds=(4.0, 10.0),
    delay_s=0.1,
)
def circle(stage: Stage, speed: str) -> None:
    """They go round each other, hand at hand in the middle like the spokes of a wheel."""
    radius = stage.vary(0.6, 0.04)
    seconds = {"normal": 5.4, "slow": 7.4, "fast": 4.2}[speed] * stage.vary(1.0, 0.05)
    stage.a.rest(0.7)
    ctx = stage.a.ctx(seconds)
    gait = replace(Gait(), width=0.06, swing=8.0)
    c, _ = go(ctx, gait, lambda metres: arc(360, radius))
    stage.a.add(c)
    stage.a.rest(0.7)
    copy(stage.a, stage.b)
    stage.level()
    stage.face(0.0, 0.0, left=2 * radius)
    centre = np.broadcast_to(np.array([radius, 1.32, 0.0]), (len(stage.t), 3))
    on = stage.on(0.7, stage.now - 0.75, 0.6, 0.55)
    for who, sign in (("a", 1.0), ("b", -1.0)):
        ahead = sign * AHEAD
        heading = np.radians(stage[who].c.yaw + stage[who].yaw)
        ahead = np.stack([np.sin(heading), 0 * heading, np.cos(heading)], 1)
        inward = np.stack([np.cos(heading), 0 * heading, -np.sin(heading)], 1)
        stage.reach(who, "left", centre - 0.014 * ahead, on, inward + 0.9 * UP, ahead, swivel=35)
        stage[who].c.head[:, 1] += 28 * on
        stage[who].c.spine[:, 2] += 3 * on
    stage.touch("left_palm", "left_palm", 0.75, stage.now - 0.8)
