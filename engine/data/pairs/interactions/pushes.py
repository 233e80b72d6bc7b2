"""Pushing and pulling each other: a shove, a fall from a push, a tug of hands, being dragged along, breaking free."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.pairs.toolkit.steps import flail, go_to
from engine.data.toolkit.curves import keys

HANDS = (("right", "left", -LEFT), ("left", "right", LEFT))
BOTH = (("right_palm", "left_breast"), ("left_palm", "right_breast"))


def _push(stage: Stage, hit: float) -> None:
    """A's palms come to B's chest at `hit`, go on for 0.2 s and come back; B must be written already."""
    t = stage.t
    back = keys(t, [(hit - 0.25, 1.0), (hit, 0.0)])
    power = keys(t, [(hit - 0.3, -0.4), (hit, 0.3), (hit + 0.18, 1.0), (hit + 0.8, 0.0)])
    on = stage.on(hit - 0.28, hit + 0.16, 0.4, 0.5)
    c = stage.a.c
    c.spine[:, 0] += stage.vary(9) * on * power.clip(0, 1) - 4 * on * (-power).clip(0, 1)
    c.pelvis[:, 0] += 7 * on * power.clip(0, 1)
    c.sway[:, 1] += 0.09 * on * power
    held = np.minimum(np.arange(len(t)), round((hit + 0.12) * 20))
    for side, other, _ in HANDS:
        spot = stage.point("b", f"{other}_breast")[held] - 0.012 * AHEAD + np.outer(back, -0.17 * AHEAD + 0.03 * UP)
        stage.reach("a", side, spot, on, UP + 0.25 * AHEAD, AHEAD, swivel=50)
        stage.touch(f"{side}_palm", f"{other}_breast", hit, hit + 0.1)


@interaction(
    "shove",
    Facts(touches=BOTH, near_m=(0.45, 0.85)),
    slots={"count": ("2", "1", "3", "4"), "distance": DISTANCE},
    seconds=(2.2, 8.0),
    delay_s=0.06,
)
def shove(stage: Stage, count: str, distance: str) -> None:
    """A pushes B at the chest with both hands, B stumbles back `count` steps."""
    now = stage.come(distance, stage.vary(0.66, 0.02))
    hit = now + stage.vary(0.75)
    stage.a.rest(hit + 1.2 - now)
    stage.b.rest(hit + 0.06 - now)
    size = stage.vary(0.27)
    spots = [(stage.rng.normal(0, 0.02), -size * (k + 1), 0.0) for k in range(int(count))]
    _, last = go_to(stage.b, spots, 0.36, int(stage.rng.integers(2)), lead=0.28, tail=0.6, pitch=6)
    stage.level()
    c, t = stage.b.c, stage.t
    thrown = keys(t, [(hit, 0.0), (hit + 0.22, 1.0), (last - 0.1, 0.7), (last + 0.45, 0.0)])
    c.spine[:, 0] += stage.vary(13) * thrown - 24 * keys(t, [(hit, 0.0), (hit + 0.1, 1.0), (hit + 0.3, 0.0)])
    c.pelvis[:, 0] -= 5 * thrown
    c.head[:, 0] += 12 * thrown
    c.height -= 0.03 * thrown
    flail(stage.b, hit + 0.05, last + 0.5)
    _push(stage, hit)


@interaction(
    "push_over",
    Facts(touches=BOTH, near_m=(0.35, 0.85), falls=True),
    slots={"distance": DISTANCE},
    seconds=(3.4, 9.0),
    delay_s=0.06,
)
def push_over(stage: Stage, distance: str) -> None:
    """A pushes B at the chest, B falls on the back."""
    now = stage.come(distance, stage.vary(0.66, 0.02))
    hit = now + stage.vary(0.8)
    stage.b.rest(hit - now)
    stage.b.act("fall", stage.rng.uniform(2.6, 3.2), direction="backward")
    stage.a.rest(stage.b.now - now)
    stage.level()
    _push(stage, hit)


@interaction(
    "tug",
    Facts(touches=(("right_palm", "left_palm"), ("left_palm", "right_palm")), near_m=(0.8, 1.3)),
    slots={"count": ("2", "1", "3"), "distance": DISTANCE},
    seconds=(2.6, 10.0),
    delay_s=0.3,
)
def tug(stage: Stage, count: str, distance: str) -> None:
    """They hold each other's hands and lean back by turns, `count` times each, to pull the other over."""
    now = stage.come(distance, stage.vary(0.92, 0.02))
    grip, beat = now + 0.75, stage.vary(0.66)
    loose = grip + 0.2 + 2 * int(count) * beat
    stage.rest(loose + 0.9 - now)
    t = stage.t
    points = [(grip, 0.0)]
    for k in range(2 * int(count)):
        points.append((grip + 0.2 + (k + 0.5) * beat, 1.0 if k % 2 == 0 else -1.0))
    pull = keys(t, [*points, (loose + 0.1, 0.0)])
    spot = stage.between(0.0, 1.02) - np.outer(pull, 0.17 * AHEAD)
    for who, sign, late in (("a", 1.0, 0.0), ("b", -1.0, 0.2)):
        on, c = stage.on(grip + late - 0.2, loose, 0.5, 0.6), stage[who].c
        mine = sign * pull
        c.sway[:, 1] -= 0.10 * mine * on
        c.height -= (0.06 + 0.03 * mine) * on
        c.pelvis[:, 0] -= (8 * mine - 4) * on
        c.spine[:, 0] -= (6 * mine - 6) * on
        c.head[:, 0] += 8 * mine * on
    for who, way, late in (("a", 1.0, 0.0), ("b", -1.0, 0.2)):
        for side, _, out in HANDS:
            stage.reach(who, side, spot + way * out * 0.13 + way * 0.012 * -UP, stage.on(grip + late - 0.2, loose,
                        0.5, 0.6), way * AHEAD - 0.2 * way * out, way * UP - 0.5 * way * out, swivel=35)  # fmt: skip
    for mine, other in (("right_palm", "left_palm"), ("left_palm", "right_palm")):
        stage.touch(mine, other, grip + 0.05, loose)


@interaction(
    "pull_along",
    Facts(touches=(("right_palm", "right_wrist"),), near_m=(0.5, 1.0), facing="any"),
    slots={"side": SIDE},
    seconds=(4.0, 10.0),
    delay_s=0.14,
)
def pull_along(stage: Stage) -> None:
    """A takes B by the wrist and walks off backwards, B is dragged along."""
    grip, count, size = 0.75, int(stage.rng.integers(3, 6)), stage.vary(0.27)
    beat = stage.vary(0.55)
    for person, way, late in ((stage.a, -1.0, 0.0), (stage.b, 1.0, stage.delay_s)):
        person.rest(grip + 0.25 + late)
        go_to(person, [(0.0, way * size * (k + 1), 0.0) for k in range(count)], beat, 1 if way < 0 else 0, lead=0.45)
    loose = stage.b.now - 0.2
    stage.b.rest(0.7)
    stage.level()
    stage.face(0.0, stage.vary(0.62, 0.02))
    on = stage.on(grip, loose, 0.55, 0.6)
    pulled = stage.on(grip + 0.5, loose - 0.3, 0.4, 0.5)
    stage.a.c.spine[:, 0] += 3 * pulled
    stage.a.c.spine[:, 1] += 8 * on
    stage.b.c.spine[:, 0] += 9 * pulled
    stage.b.c.spine[:, 1] += 12 * pulled
    hold = stage.between(0.02, 1.06)
    stage.reach("b", "right", hold + 0.09 * -AHEAD, stage.on(grip, loose, 0.42, 0.6), -AHEAD - 0.2 * UP, -LEFT,
                swivel=20)  # fmt: skip
    stage.reach("a", "right", stage.point("b", "right_wrist") + 0.03 * UP, on, AHEAD + 0.25 * LEFT, -UP + 0.4 * LEFT,
                swivel=25)  # fmt: skip
    stage.touch("right_palm", "right_wrist", grip + 0.05, loose)


@interaction(
    "break_free",
    Facts(touches=(("right_palm", "right_wrist"),), near_m=(0.55, 1.0)),
    slots={"side": SIDE, "distance": DISTANCE},
    seconds=(2.6, 8.0),
    delay_s=0.5,
)
def break_free(stage: Stage, distance: str) -> None:
    """A seizes B's wrist, B tears the arm away and steps back."""
    now = stage.come(distance, stage.vary(0.78, 0.02))
    grip = now + 0.7
    free = grip + stage.delay_s + stage.vary(0.6)
    stage.a.rest(free + 1.2 - now)
    stage.b.rest(free - 0.1 - now)
    go_to(stage.b, [(0.0, -0.3, 0.0)], 0.4, int(stage.rng.integers(2)), lead=0.36, tail=0.5)
    stage.level()
    t = stage.t
    fight = 0.035 * np.sin(9 * (t - grip)) * stage.on(grip + 0.25, free - 0.05, 0.15, 0.1)
    tear = keys(t, [(free, 0.0), (free + 0.25, 1.0)])
    spot = stage.between(0.05, 1.02, 0.55) - np.outer(fight, AHEAD)
    up = np.outer(tear, 0.22 * AHEAD + 0.16 * UP)
    stage.reach("b", "right", spot - 0.09 * AHEAD + up, stage.on(grip, free + 0.25, 0.5, 0.55), -AHEAD - 0.1 * UP,
                -LEFT, swivel=25)  # fmt: skip
    wrist = stage.point("b", "right_wrist")
    held = np.minimum(np.arange(len(t)), round(free * 20))
    stage.reach("a", "right", wrist[held] + 0.02 * UP, stage.on(grip, free + 0.1, 0.55, 0.6), AHEAD + 0.2 * LEFT,
                -UP + 0.4 * LEFT, swivel=25)  # fmt: skip
    stage.b.c.spine[:, 1] -= 16 * tear * stage.on(free, free + 0.4, 0.2, 0.5)
    stage.b.c.spine[:, 0] -= 6 * tear * stage.on(free, free + 0.3, 0.2, 0.5)
    stage.a.c.spine[:, 0] += 7 * stage.on(grip, free, 0.5, 0.5)
    stage.touch("right_palm", "right_wrist", grip + 0.05, free)
