"""Greetings by hand: a handshake, a high five, fists and elbows that bump, a low five."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.toolkit.channels import Channels
from engine.data.toolkit.curves import cycles, keys


@interaction(
    "handshake",
    Facts(touches=(("right_palm", "right_palm"),), near_m=(0.65, 1.05)),
    slots={"side": SIDE, "count": ("3", "2", "4", "5"), "distance": DISTANCE},
    seconds=(2.2, 8.0),
)
def handshake(stage: Stage, count: str, distance: str) -> None:
    """A holds the hand out, B takes it, they shake it `count` times."""
    now = stage.come(distance, stage.vary(0.84, 0.03))
    meet, beat = now + stage.vary(0.75), stage.vary(0.36)
    end = meet + 0.15 + int(count) * beat
    stage.rest(end + 0.9 - now)
    t = stage.t
    swing = np.sin(cycles(t, int(count), meet + 0.1, end - 0.05)) * stage.vary(0.05, 0.2)
    height = stage.vary(1.06, 0.02)
    spot = stage.between(0.0, height) + np.outer(swing, UP)
    tilt = np.outer(swing * 3, UP)
    stage.reach("a", "right", spot - 0.014 * LEFT, stage.on(meet - 0.25, end, 0.5, 0.6),
                AHEAD + 0.25 * LEFT + tilt, LEFT + 0.2 * UP, swivel=12)  # fmt: skip
    stage.reach("b", "right", spot + 0.014 * LEFT, stage.on(meet, end, 0.6, 0.65),
                -AHEAD - 0.25 * LEFT + tilt, -LEFT + 0.2 * UP, swivel=12)  # fmt: skip
    for person, late in ((stage.a, 0.0), (stage.b, stage.delay_s)):
        on = stage.on(meet - 0.1 + 0.3 * late, end, 0.5, 0.6)
        person.c.spine[:, 0] += stage.vary(7, 0.2) * on
        person.c.spine[:, 1] += stage.vary(9, 0.2) * on
        person.c.head[:, 1] -= 6 * on
        person.c.head[:, 0] += stage.vary(6) * on * np.sin(6 * t) ** 2 * 0.5 - 4 * on
    stage.touch("right_palm", "right_palm", meet, end)


@interaction(
    "high_five",
    Facts(touches=(("right_palm", "right_palm"),), near_m=(0.6, 1.1)),
    slots={"side": SIDE, "count": ("1", "2", "3"), "distance": DISTANCE},
    seconds=(1.6, 7.0),
    delay_s=0.2,
)
def high_five(stage: Stage, count: str, distance: str) -> None:
    """Both raise the right hand and clap the palms together above the shoulders."""
    _slap(stage, count, distance, height=1.62, up=True)


@interaction(
    "low_five",
    Facts(touches=(("right_palm", "right_palm"),), near_m=(0.6, 1.1)),
    slots={"side": SIDE, "count": ("1", "2", "3"), "distance": DISTANCE},
    seconds=(1.6, 7.0),
    delay_s=0.25,
)
def low_five(stage: Stage, count: str, distance: str) -> None:
    """A holds the palm up at the hip, B slaps it from above."""
    _slap(stage, count, distance, height=1.0, up=False)


def _slap(stage: Stage, count: str, distance: str, height: float, up: bool) -> None:
    now = stage.come(distance, stage.vary(0.86 if up else 0.8, 0.03))
    first, gap = now + stage.vary(0.75), 0.55
    hits = [first + gap * k for k in range(int(count))]
    stage.rest(hits[-1] + 1.0 - now)
    t = stage.t
    apart = keys(t, [p for h in hits for p in ((h - 0.26, 1.0), (h, 0.0), (h + 0.06, 0.0), (h + 0.28, 1.0))])
    spot = stage.between(0.0, height)
    for who, way in (("a", 1.0), ("b", -1.0)):
        on = stage.on(first - (0.28 if who == "a" else 0.2), hits[-1] + 0.1, 0.42, 0.6)
        ahead = AHEAD * way
        if up:
            back = np.outer(apart, -0.2 * ahead - 0.03 * UP)
            stage.reach(who, "right", spot - 0.016 * ahead + back, on,
                        UP + np.outer(0.5 - apart, 0.5 * ahead), ahead + 0.1 * UP, swivel=50)  # fmt: skip
        else:
            share = 0.25 if who == "a" else 1.0
            face = 1.0 if who == "a" else -1.0
            back = np.outer(apart * share, -face * 0.2 * UP - 0.03 * ahead)
            stage.reach(who, "right", spot - 0.016 * face * UP + back, on,
                        ahead + 0.3 * way * LEFT, face * UP, swivel=24)  # fmt: skip
        stage[who].c.spine[:, 0] += (3 if up else 9) * on
        stage[who].c.spine[:, 1] += stage.vary(11, 0.2) * (1 - 0.5 * apart) * on
        stage[who].c.head[:, 1] -= 7 * on
        stage[who].c.head[:, 0] += (-8 if up else 12) * on
    for h in hits:
        stage.touch("right_palm", "right_palm", h, h + 0.06)


@interaction(
    "high_ten",
    Facts(touches=(("right_palm", "left_palm"), ("left_palm", "right_palm")), near_m=(0.6, 1.1)),
    slots={"count": ("1", "2", "3"), "distance": DISTANCE},
    seconds=(1.6, 7.0),
    delay_s=0.2,
)
def high_ten(stage: Stage, count: str, distance: str) -> None:
    """Both clap both palms against those of the other."""
    now = stage.come(distance, stage.vary(0.84, 0.03))
    first = now + stage.vary(0.75)
    hits = [first + 0.6 * k for k in range(int(count))]
    stage.rest(hits[-1] + 1.0 - now)
    apart = keys(stage.t, [p for h in hits for p in ((h - 0.26, 1.0), (h, 0.0), (h + 0.06, 0.0), (h + 0.3, 1.0))])
    for who, way in (("a", 1.0), ("b", -1.0)):
        late = 0.12 if who == "b" else 0.0
        on, ahead = stage.on(first - 0.3 + late, hits[-1] + 0.1, 0.4, 0.6), AHEAD * way
        for side, x in (("left", way), ("right", -way)):
            spot = stage.between(0.19 * x, 1.56)
            stage.reach(who, side, spot - 0.016 * ahead + np.outer(apart, -0.17 * ahead), on,
                        UP + 0.15 * ahead, ahead, swivel=45)  # fmt: skip
        stage[who].c.spine[:, 0] += 5 * on * (1 - apart)
        stage[who].c.head[:, 0] -= 6 * on
    for h in hits:
        for side, other in (("right", "left"), ("left", "right")):
            stage.touch(f"{side}_palm", f"{other}_palm", h, h + 0.06)


@interaction(
    "fist_bump",
    Facts(touches=(("right_fist", "right_fist"),), near_m=(0.75, 1.3)),
    slots={"side": SIDE, "distance": DISTANCE},
    seconds=(1.6, 7.0),
    delay_s=0.25,
)
def fist_bump(stage: Stage, distance: str) -> None:
    """A holds a fist out, B knocks against it with the own."""
    now = stage.come(distance, stage.vary(0.92, 0.03))
    hit = now + stage.vary(0.8)
    stage.rest(hit + 1.0 - now)
    back = keys(stage.t, [(hit - 0.3, 1.0), (hit, 0.0), (hit + 0.1, 0.0), (hit + 0.4, 0.8)])
    for who, way, far in (("a", 1.0, 0.06), ("b", -1.0, 0.15)):
        on = stage.on(hit - (0.35 if who == "a" else 0.12), hit + 0.12, 0.45, 0.6)
        ahead = AHEAD * way
        spot = stage.between(0.0, 1.14) - 0.025 * ahead + 0.013 * way * UP + np.outer(back, -far * ahead)
        stage.reach(who, "right", spot, on, ahead + 0.1 * way * LEFT, way * 0.5 * LEFT - UP, swivel=25)
        _lean(stage, stage[who].c, on, 5, 8)
    stage.touch("right_fist", "right_fist", hit, hit + 0.1)


@interaction(
    "elbow_bump",
    Facts(touches=(("right_elbow", "right_elbow"),), near_m=(0.55, 1.0)),
    slots={"side": SIDE, "distance": DISTANCE},
    seconds=(1.6, 7.0),
    delay_s=0.25,
)
def elbow_bump(stage: Stage, distance: str) -> None:
    """Both put an elbow forward, with the hand at the chest, and knock them together."""
    now = stage.come(distance, 0.75)
    hit = now + stage.vary(0.8)
    stage.rest(hit + 1.0 - now)
    swing = keys(stage.t, [(hit - 0.3, 0.0), (hit, 1.0), (hit + 0.1, 1.0), (hit + 0.4, 0.3)])
    for who in ("a", "b"):
        on = stage.on(hit - (0.3 if who == "a" else 0.15), hit + 0.12, 0.45, 0.6)
        c = stage[who].c
        c.set_arm("right", on, flex=62 + 12 * swing, abd=10, twist=62, elbow=118, pronate=20, wrist=0)
        _lean(stage, c, on, 4, 16 + 10 * swing)
    stage.align(hit + 0.05, "right_elbow", "right_elbow")
    stage.touch("right_elbow", "right_elbow", hit, hit + 0.1)


def _lean(stage: Stage, c: Channels, on: np.ndarray, bend: float, turn: float | np.ndarray) -> None:
    """Bend towards the other and bring the right shoulder forward; the eyes stay on the other."""
    c.spine[:, 0] += stage.vary(bend, 0.2) * on
    c.spine[:, 1] += turn * on
    c.head[:, 1] -= 0.7 * turn * on
