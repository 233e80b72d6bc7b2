"""Working together: something handed over, thrown, carried or lifted, somebody helped up, the way pointed out."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.person import Person
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.pairs.toolkit.steps import go_to, partner
from engine.data.toolkit.curves import keys
from engine.data.toolkit.postures import kneeling, posture

HANDS = (("right", -LEFT), ("left", LEFT))


@interaction(
    "pass_object",
    Facts(touches=(("right_palm", "right_palm"),), near_m=(0.65, 1.05)),
    slots={"side": SIDE, "distance": DISTANCE},
    seconds=(2.4, 8.0),
    delay_s=0.35,
)
def pass_object(stage: Stage, distance: str) -> None:
    """A holds something small out, B takes it and draws it to the chest."""
    now = stage.come(distance, stage.vary(0.86, 0.02))
    meet = now + 0.7 + stage.delay_s
    stage.rest(meet + 1.7 - now)
    t = stage.t
    take = keys(t, [(meet + 0.15, 0.0), (meet + 0.75, 1.0)])
    spot = stage.between(0.0, stage.vary(1.12, 0.02))
    stage.reach("a", "right", spot - 0.014 * UP, stage.on(meet - stage.delay_s, meet + 0.2, 0.55, 0.65),
                AHEAD + 0.2 * LEFT, UP + 0.3 * LEFT, swivel=15)  # fmt: skip
    home = stage.point("b", "chest") + (-0.04, -0.1, -0.12)
    stage.reach("b", "right", spot + 0.014 * UP + take[:, None] * (home - spot), stage.on(meet, meet + 0.9, 0.5, 0.55),
                -AHEAD - np.outer(0.2 + take, LEFT), np.outer(take - 1, UP) - 0.5 * LEFT, swivel=20)  # fmt: skip
    for who in ("a", "b"):
        on = stage.on(meet - 0.2, meet + 0.2, 0.5, 0.6)
        stage[who].c.spine[:, 0] += stage.vary(7, 0.2) * on
        stage[who].c.spine[:, 1] += stage.vary(8, 0.2) * on
    look = stage.on(meet - 0.2, meet + 0.6, 0.4, 0.5)
    stage.b.c.head[:, 0] += 16 * look
    stage.a.c.head[:, 0] += 8 * look
    stage.touch("right_palm", "right_palm", meet, meet + 0.12)


@interaction(
    "hand_over_box",
    Facts(near_m=(0.7, 1.1)),
    slots={"distance": DISTANCE},
    seconds=(3.0, 9.0),
    delay_s=0.4,
)
def hand_over_box(stage: Stage, distance: str) -> None:
    """A holds a box out in both hands, B takes it from the sides and holds it to the body."""
    now = stage.come(distance, stage.vary(0.92, 0.02))
    meet = now + 1.0 + stage.delay_s
    end = meet + 1.9
    stage.rest(end - now)
    t, half = stage.t, stage.vary(0.16)
    given, taken = keys(t, [(now + 0.7, 0.0), (meet, 1.0)]), keys(t, [(meet + 0.2, 0.0), (meet + 0.9, 1.0)])
    middle = stage.between(0.0, 1.08)
    near_a = stage.point("a", "belly") + (0.0, 0.06, 0.16)
    near_b = stage.point("b", "belly") + (0.0, 0.06, -0.16)
    box = near_a + given[:, None] * (middle - near_a) + taken[:, None] * (near_b - middle)
    on_a, on_b = stage.on(now + 0.6, meet + 0.2, 0.55, 0.7), stage.on(meet - 0.05, end - 0.55, 0.6, 0.5)
    for side, out in HANDS:
        stage.reach("a", side, box + half * out - 0.05 * AHEAD, on_a, AHEAD - 0.15 * out, -out + 0.3 * UP, swivel=30)
        stage.reach("b", side, box - half * out + 0.05 * AHEAD, on_b, -AHEAD + 0.15 * out, out + 0.3 * UP, swivel=30)
    for who, on in (("a", on_a), ("b", on_b)):
        stage[who].c.spine[:, 0] += 7 * on * (given * (1 - taken))
        stage[who].c.head[:, 0] += 12 * on


@interaction(
    "throw_catch",
    Facts(near_m=(1.8, 4.2)),
    slots={"side": SIDE, "count": ("1", "2")},
    seconds=(2.4, 9.0),
    delay_s=0.5,
)
def throw_catch(stage: Stage, count: str) -> None:
    """A throws a ball to B, B catches it; with a count of 2 it comes back."""
    first = stage.a.act("throw", None, side="right")
    stage.b.rest(max(0.45 * first, 0.3))
    stage.b.act("catch")
    if count == "2":
        stage.level()
        start = stage.now
        stage.b.act("throw", None, side="right")
        stage.a.rest(0.45 * (stage.b.now - start))
        stage.a.act("catch")
    stage.level()
    stage.face(0.0, stage.rng.uniform(2.4, 3.8))


@interaction(
    "carry_together",
    Facts(near_m=(0.9, 1.6)),
    slots={"count": ("4", "3", "5", "6"), "style": ("light", "heavy")},
    seconds=(4.0, 10.0),
    delay_s=0.15,
)
def carry_together(stage: Stage, count: str, style: str) -> None:
    """They pick up something long, each at one end, and carry it; A goes backward, B forward."""
    size, beat = stage.vary(0.24), {"light": 0.5, "heavy": 0.62}[style] * stage.vary(1.0, 0.05)
    begin = {"light": 1.9, "heavy": 2.2}[style]
    spots = [(0.0, -size * (k + 1), 0.0) for k in range(int(count))]
    for person, way, first in ((stage.a, spots, 1), (stage.b, partner(spots), 0)):
        person.rest(begin)
        go_to(person, way, beat, first, lead=0.45)
    stage.b.c = stage.b.c.map(lambda a: np.concatenate([np.repeat(a[:1], round(stage.delay_s * 20), 0), a]))
    down = stage.a.now + 0.1
    stage.rest(1.8)
    stage.level()
    stage.face(0.0, stage.vary(1.24, 0.02))
    t = stage.t
    low = keys(t, [(0.1, 0.0), (0.75, 1.0), (0.95, 1.0), (begin - 0.2, 0.0), (down, 0.0), (down + 0.7, 1.0),
                   (down + 0.85, 1.0), (down + 1.6, 0.0)])  # fmt: skip
    heavy = 1.0 if style == "heavy" else 0.0
    on = stage.on(0.7, down + 0.8, 0.6, 0.6)
    for who, way, late in (("a", 1.0, 0), ("b", -1.0, round(stage.delay_s * 20))):
        c = stage[who].c
        bend = np.concatenate([np.zeros(late), low[: len(low) - late]])
        c.height -= 0.30 * bend + 0.03 * heavy * on
        c.sway[:, 1] -= 0.13 * bend
        c.pelvis[:, 0] += 30 * bend + 3 * heavy * on
        c.spine[:, 0] += 22 * bend
        c.head[:, 0] -= 18 * bend
        height = 0.93 - (0.40 + 0.06 * heavy) * bend
        for side, out in HANDS:
            share = 0.31 if who == "a" else 0.69
            spot = stage.between(0.0, 0.0, share) + np.outer(height, UP) + way * 0.2 * out
            stage.reach(who, side, spot, on, way * (AHEAD - 0.25 * out) - 0.3 * UP, UP - 0.3 * way * out, swivel=30)


@interaction(
    "lift_together",
    Facts(near_m=(0.8, 1.5)),
    slots={"style": ("light", "heavy"), "height": ("waist", "high")},
    seconds=(2.8, 8.0),
    delay_s=0.15,
)
def lift_together(stage: Stage, style: str, height: str) -> None:
    """Face to face they stoop, take a box by its sides and raise it together, then set it down."""
    slow = 1.25 if style == "heavy" else 1.0
    top = {"waist": 1.0, "high": 1.5}[height]
    stop = [0.15, 0.9, 1.1, 1.1 + 1.0 * slow, 1.7 + 1.0 * slow, 1.7 + 2.0 * slow, 1.9 + 2.0 * slow, 2.6 + 2.0 * slow]
    stage.rest(stop[-1] + 0.2)
    stage.level()
    stage.face(0.0, stage.vary(1.06, 0.02))
    t, half = stage.t, stage.vary(0.2)
    box = keys(t, [(stop[2], 0.42), (stop[3], top), (stop[4], top), (stop[5], 0.42)])
    on = stage.on(stop[1], stop[6], 0.6, 0.6)
    for who, way, late in (("a", 1.0, 0.0), ("b", -1.0, stage.delay_s)):
        c = stage[who].c
        low = keys(t - late, list(zip(stop, (0, 1, 1, 0, 0, 1, 1, 0))))
        c.height -= 0.34 * low
        c.sway[:, 1] -= 0.13 * low
        c.pelvis[:, 0] += 34 * low
        c.spine[:, 0] += 24 * low
        c.head[:, 0] -= 22 * low
        for side, out in HANDS:
            spot = stage.between(0.0, 0.0) + np.outer(box, UP) + way * (half * out - 0.07 * AHEAD)
            stage.reach(who, side, spot, on, way * (AHEAD - 0.1 * out), -way * out + 0.4 * UP, swivel=35)


def _down(stage: Stage, style: str) -> None:
    """B begins kneeling, crouched or on a chair."""
    start = {"kneeling": kneeling(int(stage.rng.integers(2))), "crouched": posture("crouch"), "seated": posture("sit")}
    stage.b = Person(stage.rng, start[style])


@interaction(
    "help_up",
    Facts(touches=(("right_palm", "right_palm"),), near_m=(0.4, 1.1)),
    slots={"side": SIDE, "style": ("kneeling", "crouched", "seated")},
    seconds=(3.0, 7.0),
    delay_s=0.4,
)
def help_up(stage: Stage, style: str) -> None:
    """A gives a hand to B, who is down, and draws B up."""
    _down(stage, style)
    grip = 0.8 + stage.delay_s
    rise = stage.vary(1.6)
    stage.b.rest(grip + 0.2)
    stage.b.act("stand_up", rise)
    stage.b.rest(0.9)
    stage.a.rest(stage.b.now)
    stage.level()
    stage.face(0.0, stage.vary({"kneeling": 0.84, "crouched": 0.9, "seated": 0.78}[style], 0.02))
    t = stage.t
    up = keys(t, [(grip + 0.25, 0.0), (grip + 0.1 + rise, 1.0)])
    loose = stage.now - 0.75
    c, low = stage.a.c, 1 - up
    on = stage.on(grip - stage.delay_s, loose, 0.6, 0.6)
    c.pelvis[:, 0] += 18 * low * on
    c.spine[:, 0] += 24 * low * on
    c.sway[:, 1] -= 0.07 * low * on
    c.height -= 0.06 * low * on
    c.spine[:, 1] += 9 * on
    c.head[:, 0] += 6 * low * on
    shoulders = [stage.point(who, "right_shoulder") for who in ("a", "b")]
    spot = 0.5 * shoulders[0] + 0.5 * shoulders[1] - np.outer(0.22 + 0.1 * up, UP)
    spot[:, 0] *= 0.3
    stage.reach("a", "right", spot - 0.013 * LEFT, on, AHEAD - np.outer(0.7 * low, UP) + 0.2 * LEFT, LEFT, swivel=18)
    stage.reach("b", "right", spot + 0.013 * LEFT, stage.on(grip, loose, 0.55, 0.6),
                -AHEAD + np.outer(0.4 * low, UP) - 0.2 * LEFT, -LEFT, swivel=18)  # fmt: skip
    stage.touch("right_palm", "right_palm", grip + 0.05, loose)


@interaction(
    "give_directions",
    Facts(near_m=(0.7, 3.0), facing="any"),
    slots={"side": SIDE, "style": ("stay", "go")},
    seconds=(3.4, 10.0),
    delay_s=0.6,
)
def give_directions(stage: Stage, style: str) -> None:
    """A points out the way to the right and explains, B looks there, nods, and may set off."""
    point = stage.a.over("point", 0.3, 2.0, side="right", direction="right")
    end = stage.a.over("talk", point - 0.1, 1.6, style="calm")
    nod = stage.b.over("nod", point + 0.2, count="2")
    stage.rest(max(end, nod) + 0.1)
    if style == "go":
        stage.b.act("turn", 1.2, side="left", degrees="90")
        stage.b.act("walk", 2.6, direction="forward")
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.0, 1.4))
    look = stage.on(0.5 + stage.delay_s, point - 0.2, 0.4, 0.5)
    stage.b.c.head[:, 1] += stage.vary(55) * look
    stage.b.c.spine[:, 1] += 20 * look
    stage.a.c.head[:, 1] -= 30 * stage.on(0.6, 1.4, 0.4, 0.5)
