"""Embraces: a hug, somebody lifted off the floor, a shoulder to lean on while walking."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.pairs.toolkit.steps import copy, go_to
from engine.data.toolkit.curves import envelope, keys

LEFT_FOOT = 0


@interaction(
    "hug",
    Facts(touches=(("right_palm", "left_blade"), ("left_blade", "right_palm")), near_m=(0.2, 0.45), close=True),
    slots={"style": ("plain", "long", "quick"), "distance": DISTANCE},
    seconds=(3.0, 10.0),
)
def hug(stage: Stage, style: str, distance: str) -> None:
    """They step up to each other, lay their arms around each other, sway, and let go."""
    now = stage.come(distance, 0.9)
    held = {"plain": 1.5, "long": 2.7, "quick": 0.7}[style] * stage.vary(1.0)
    way = 0.29
    stage.b.rest(stage.delay_s)
    for person in (stage.a, stage.b):
        go_to(person, [(0.0, 0.5 * way, 0.0), (0.0, way, 0.0)], 0.42, int(stage.rng.integers(2)), lead=0.4)
    shut = stage.level() - 0.1
    stage.rest(held + 0.5)
    for person in (stage.a, stage.b):
        go_to(person, [(0.0, -0.5 * way, 0.0), (0.0, -way, 0.0)], 0.42, lead=0.4, tail=0.45)
    stage.level()
    loose = shut + held
    stage.face(now, 0.9, left=-0.035)
    sway = 2.0 * np.sin(2.2 * (stage.t - shut)) * stage.on(shut, loose)
    for who, late in (("a", 0.0), ("b", 0.15)):
        on, c = stage.on(shut + late, loose, 0.5, 0.6), stage[who].c
        c.spine[:, 0] += 6 * on
        c.spine[:, 2] += (sway if who == "a" else -sway) - 3 * on
        c.head[:, 2] -= 12 * on
        c.head[:, 1] += 10 * on
        c.head[:, 0] += 4 * on
    _arms_around(stage, "a", "b", shut, loose, 0.0)
    _arms_around(stage, "b", "a", shut, loose, 0.12)
    for mine, other in (("right_palm", "left_blade"), ("left_palm", "right_loin")):
        stage.touch(mine, other, shut + 0.25, loose - 0.1)
    stage.touch("left_blade", "right_palm", shut + 0.25, loose - 0.1)


def _arms_around(stage: Stage, who: str, other: str, shut: float, loose: float, late: float) -> None:
    """The right arm over the other's left shoulder, the left one round the waist."""
    ahead = AHEAD if who == "a" else -AHEAD
    out = LEFT if who == "a" else -LEFT
    on = stage.on(shut + late, loose, 0.75, 0.65)
    open_ = keys(stage.t, [(shut - 0.5, 1.0), (shut + 0.15, 0.0), (loose, 0.0), (loose + 0.4, 1.0)])
    right = stage.point(other, "left_blade") + np.outer(open_, -0.32 * out + 0.05 * UP - 0.25 * ahead)
    left = stage.point(other, "right_loin") + np.outer(open_, 0.32 * out - 0.25 * ahead)
    stage.reach(who, "right", right, on, out + 0.3 * UP + 0.1 * ahead, -ahead + 0.2 * UP, swivel=62)
    stage.reach(who, "left", left, on, -out + 0.1 * ahead, -ahead, swivel=58)


@interaction(
    "lift",
    Facts(touches=(("right_palm", "left_loin"), ("left_palm", "right_loin")), near_m=(0.2, 0.45), close=True),
    slots={"style": ("plain", "long"), "distance": DISTANCE},
    seconds=(3.0, 10.0),
    delay_s=0.4,
)
def lift(stage: Stage, style: str, distance: str) -> None:
    """A takes B round the waist and lifts B off the floor for a moment."""
    now = stage.come(distance, 0.85)
    go_to(stage.a, [(0.0, 0.27, 0.0), (0.0, 0.54, 0.0)], 0.42, int(stage.rng.integers(2)), lead=0.4)
    grip = stage.a.now + 0.3
    held = {"plain": 0.7, "long": 1.4}[style] * stage.vary(1.0)
    up, down = grip + 0.9, grip + 0.9 + held
    stage.a.rest(down + 0.9 - stage.a.now)
    go_to(stage.a, [(0.0, -0.25, 0.0), (0.0, -0.5, 0.0)], 0.45, lead=0.4, tail=0.45)
    stage.level()
    stage.face(now, 0.85)
    t = stage.t
    high = keys(t, [(grip + 0.35, 0.0), (up, 1.0), (down, 1.0), (down + 0.55, 0.0)]) * stage.vary(0.17)
    on, late = stage.on(grip, down + 0.5, 0.5, 0.5), stage.on(grip + 0.2, down + 0.4, 0.5, 0.6)
    crouch = keys(t, [(grip - 0.3, 0.0), (grip + 0.2, 1.0), (up, 0.0), (down, 0.0), (down + 0.5, 0.7), (down + 0.9, 0)])
    stage.a.c.height -= 0.10 * crouch
    stage.a.c.pelvis[:, 0] += 6 * crouch
    stage.a.c.spine[:, 0] += 10 * crouch - 9 * high / 0.17
    stage.a.c.head[:, 0] -= 10 * on
    c = stage.b.c
    c.height += high
    c.foot_lift += high[:, None]
    c.foot_pitch += (180 * high)[:, None]
    c.toe -= (60 * high)[:, None]
    c.head[:, 0] += 12 * late
    for side, other, out in (("right", "left", LEFT), ("left", "right", -LEFT)):
        stage.reach("a", side, stage.point("b", f"{other}_loin"), on, out + 0.2 * AHEAD, -AHEAD, swivel=50)
        top = stage.point("a", f"{other}_shoulder_top") + 0.015 * UP
        stage.reach("b", side, top, late, -AHEAD + 0.1 * UP, -UP, swivel=45)
        stage.touch(f"{side}_palm", f"{other}_loin", grip + 0.05, down + 0.4)


@interaction(
    "support",
    Facts(touches=(("left_palm", "left_loin"), ("right_shoulder_top", "right_palm")), near_m=(0.3, 0.6),
          facing="same way", first="any", close=True),
    slots={"side": SIDE, "style": ("limping", "weak")},
    seconds=(4.0, 10.0),
)  # fmt: skip
def support(stage: Stage, style: str) -> None:
    """B leans on A, an arm over A's shoulders; A holds B round the waist, and they go ahead step by step."""
    count, size = int(stage.rng.integers(4, 8)), stage.vary(0.26)
    stage.a.rest(0.9)
    spots = [(0.0, size * (k + 1), 0.0) for k in range(count)]
    go_to(stage.a, spots, stage.vary(0.62), LEFT_FOOT, lead=0.5, tail=0.6)
    copy(stage.a, stage.b)
    stage.level()
    stage.face(0.0, 0.0, left=stage.vary(0.37, 0.02), turn=0.0)
    t = stage.t
    go = envelope(t, 0.7, 0.6, 0.2, stage.now)
    beat = np.gradient(stage.a.c.root[:, 1], t)
    c = stage.b.c
    c.spine[:, 2] -= 7 * go
    c.spine[:, 0] += (14 if style == "weak" else 6) * go
    c.head[:, 0] += (22 if style == "weak" else 4) * go
    c.height -= (0.03 if style == "weak" else 0.0) * go
    if style == "limping":
        c.height -= 0.035 * np.clip(beat / 0.6, 0, 1) * go
        c.spine[:, 0] += 6 * np.clip(beat / 0.6, 0, 1) * go
    stage.a.c.spine[:, 2] -= 3 * go
    stage.a.c.head[:, 1] += 12 * go
    on = stage.on(0.75, stage.now - 0.15, 0.7, 0.1)
    stage.reach("a", "left", stage.point("b", "left_loin"), on, LEFT + 0.1 * AHEAD, AHEAD, swivel=30)
    stage.reach("b", "right", stage.point("a", "right_shoulder_top") + (0, 0.02, 0.03), on,
                -LEFT + 0.35 * AHEAD - 0.3 * UP, -UP - 0.3 * LEFT, swivel=95)  # fmt: skip
    stage.touch("left_palm", "left_loin", 0.9, stage.now - 0.25)
    stage.touch("right_shoulder_top", "right_palm", 0.9, stage.now - 0.25)
