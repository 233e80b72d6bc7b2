"""Going together: a chase, following, walking side by side, hand in hand, past each other, one forward and one back."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, Stage
from engine.data.pairs.toolkit.steps import copy

SPEED = ("normal", "slow", "fast")


def _apart(stage: Stage, least_m: float, ahead: float, turn: float = 0.0) -> None:
    """Put b ahead of a (or behind, for -1) so that they come no nearer than least_m on their ways."""
    stage.face(0.0, 0.0, turn=turn)
    ways = [person.to_world(np.insert(person.c.root, 1, 0.0, axis=1))[:, 2] for person in (stage.a, stage.b)]
    between = ahead * (ways[1] - ways[0])
    stage.face(0.0, ahead * (least_m - float(between.min())), left=stage.rng.normal(0, 0.1), turn=turn)


@interaction(
    "chase",
    Facts(near_m=(0.8, 3.4), facing="same way"),
    slots={"speed": ("normal", "fast")},
    seconds=(2.4, 7.0),
    delay_s=0.3,
)
def chase(stage: Stage, speed: str) -> None:
    """A runs after B, B runs away, looking back."""
    seconds = stage.rng.uniform(2.6, 4.6)
    stage.a.act("run", seconds, direction="forward", speed=speed)
    stage.b.rest(stage.delay_s)
    stage.b.act("run", seconds, direction="forward", speed=speed)
    back = stage.rng.choice([-1.0, 1.0]) * 48
    start = stage.rng.uniform(1.0, 1.5)
    stage.level()
    on = stage.on(start, start + 0.3, 0.25, 0.3)
    stage.b.c.head[:, 1] += back * on
    stage.b.c.spine[:, 1] += 0.3 * back * on
    _apart(stage, stage.rng.uniform(1.3, 2.2), ahead=1.0)


@interaction(
    "flee",
    Facts(near_m=(1.0, 3.6), facing="any"),
    slots={"speed": ("normal", "fast")},
    seconds=(3.0, 8.0),
    delay_s=0.35,
)
def flee(stage: Stage, speed: str) -> None:
    """A comes running at B, B turns round and runs away."""
    turn = 1.3
    stage.b.rest(stage.delay_s)
    stage.b.act("turn", turn, side=str(stage.rng.choice(["left", "right"])), degrees="180")
    seconds = stage.rng.uniform(2.4, 3.4)
    stage.b.act("run", seconds, direction="forward", speed=speed)
    stage.a.act("run", seconds + turn, direction="forward", speed="normal")
    stage.level()
    _apart(stage, stage.rng.uniform(1.3, 2.0), ahead=1.0, turn=180.0)


@interaction(
    "follow",
    Facts(near_m=(0.7, 2.4), facing="same way"),
    slots={"speed": SPEED, "style": ("plain", "sneak")},
    seconds=(3.0, 9.0),
    delay_s=0.6,
)
def follow(stage: Stage, speed: str, style: str) -> None:
    """A walks off, B goes after, openly or stealthily."""
    seconds = stage.rng.uniform(3.4, 5.4)
    stage.a.act("walk", seconds, direction="forward", speed=speed)
    stage.b.rest(stage.delay_s)
    if style == "sneak":
        stage.b.act("sneak", seconds + 0.8)
    else:
        stage.b.act("walk", seconds, direction="forward", speed=speed)
    stage.level()
    _apart(stage, stage.rng.uniform(0.9, 1.4), ahead=-1.0)


@interaction(
    "approach_retreat",
    Facts(near_m=(0.6, 2.0)),
    slots={"style": ("plain", "angry"), "speed": ("normal", "slow")},
    seconds=(2.6, 8.0),
    delay_s=0.3,
)
def approach_retreat(stage: Stage, style: str, speed: str) -> None:
    """A walks up to B, B backs away."""
    seconds = stage.rng.uniform(2.6, 4.4)
    mood = "angry" if style == "angry" else "plain"
    stage.a.act("walk", seconds, direction="forward", speed="slow", style=mood)
    stage.b.rest(stage.delay_s)
    stage.b.act("walk", seconds, direction="backward", speed=speed)
    if style == "angry":
        stage.b.over("stop_sign", stage.delay_s + 0.4, min(2.0, seconds - 0.4), side="both")
    stage.level()
    _apart(stage, stage.rng.uniform(0.9, 1.3), ahead=1.0, turn=180.0)


@interaction(
    "walk_together",
    Facts(near_m=(0.5, 1.2), facing="same way", first="any"),
    slots={"speed": SPEED, "style": ("plain", "talking")},
    seconds=(2.4, 8.0),
    delay_s=0.06,
)
def walk_together(stage: Stage, speed: str, style: str) -> None:
    """They walk next to each other in the same direction; one may talk and the other listen."""
    seconds, side = stage.rng.uniform(3.0, 5.6), float(stage.rng.choice([-1.0, 1.0]))
    stage.a.act("walk", seconds, direction="forward", speed=speed)
    copy(stage.a, stage.b, stage.delay_s)
    stage.level()
    if style == "talking":
        stage.a.over("talk", 0.4, seconds - 0.8, style="calm")
        stage.b.over("nod", 0.45 * seconds, count="2")
    for person, way in ((stage.a, side), (stage.b, -side)):
        on = stage.on(0.35 * seconds, (0.8 if style == "talking" else 0.45) * seconds, 0.5, 0.5)
        person.c.head[:, 1] += way * stage.vary(34, 0.2) * on
    stage.face(0.0, 0.0, left=side * stage.rng.uniform(0.62, 0.8), turn=0.0)


@interaction(
    "hand_in_hand",
    Facts(touches=(("left_palm", "right_palm"),), near_m=(0.4, 0.9), facing="same way", first="any"),
    slots={"side": SIDE, "speed": SPEED},
    seconds=(3.0, 9.0),
    delay_s=0.0,
)
def hand_in_hand(stage: Stage, speed: str) -> None:
    """Side by side, hand in hand, they walk ahead."""
    seconds = stage.rng.uniform(3.0, 5.0)
    stage.a.rest(0.8)
    stage.a.act("walk", seconds, direction="forward", speed=speed)
    stage.a.rest(0.3)
    copy(stage.a, stage.b)
    stage.level()
    stage.face(0.0, 0.0, left=stage.vary(0.58, 0.03), turn=0.0)
    swing = stage.vary(0.06) * np.sin(2 * np.pi * (stage.t - 0.9) / 1.05) * stage.on(1.4, stage.now - 0.9)
    spot = stage.between(0.0, 0.92) + np.outer(swing + 0.06, AHEAD)
    on = stage.on(0.75, stage.now - 0.1, 0.6, 0.05)
    stage.reach("a", "left", spot + 0.013 * AHEAD, on, swivel=20)
    stage.reach("b", "right", spot - 0.013 * AHEAD, on, swivel=20)
    stage.touch("left_palm", "right_palm", 0.9, stage.now - 0.2)


@interaction(
    "pass_by",
    Facts(near_m=(0.5, 1.3), facing="any", first="any"),
    slots={"side": SIDE, "style": ("plain", "greeting", "turn")},
    seconds=(3.0, 9.0),
    delay_s=0.2,
)
def pass_by(stage: Stage, style: str) -> None:
    """They walk towards each other and past, with a look, a nod, or a turn after the other."""
    seconds = stage.rng.uniform(4.0, 5.2)
    stage.a.act("walk", seconds, direction="forward")
    stage.b.rest(stage.delay_s)
    stage.b.act("walk", seconds, direction="forward")
    stage.level()
    gap = float(stage.a.c.root[-1, 1]) * stage.rng.uniform(0.9, 1.05)
    stage.face(0.0, gap, left=stage.rng.uniform(0.66, 0.85))
    meet = 0.46 * seconds
    for who in ("a", "b"):
        look = stage.on(meet - 0.5, meet + 0.1, 0.5, 0.4)
        stage[who].c.head[:, 1] += stage.vary(28, 0.2) * look
        if style == "greeting":
            stage[who].over("nod", meet - 0.9 + (0.2 if who == "b" else 0.0), count="1")
    if style == "turn":
        back = stage.on(meet + 0.9, meet + 1.4, 0.4, 0.5)
        stage.b.c.head[:, 1] += 52 * back
        stage.b.c.spine[:, 1] += 24 * back


@interaction(
    "race",
    Facts(near_m=(0.6, 1.6), facing="same way", first="any"),
    slots={"speed": ("normal", "fast")},
    seconds=(2.2, 6.0),
    delay_s=0.1,
)
def race(stage: Stage, speed: str) -> None:
    """Next to each other they run the same way, each trying to be first."""
    seconds = stage.rng.uniform(2.6, 4.4)
    stage.a.act("run", seconds, direction="forward", speed=speed)
    stage.b.rest(stage.delay_s)
    stage.b.act("run", seconds, direction="forward", speed=speed)
    stage.level()
    stage.face(0.0, 0.0, left=stage.rng.choice([-1, 1]) * stage.rng.uniform(0.9, 1.2), turn=0.0)
