"""Talking: one speaks and the other listens, both argue, laugh, whisper; a question, a refusal, a scolding."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.toolkit.curves import keys

NEAR = (0.75, 1.9)


@interaction(
    "listen_nod",
    Facts(near_m=NEAR),
    slots={"style": ("calm", "excited"), "count": ("2", "3", "4")},
    seconds=(3.0, 9.0),
    delay_s=0.9,
)
def listen_nod(stage: Stage, style: str, count: str) -> None:
    """A tells something, B listens and nods `count` times."""
    end = stage.a.over("talk", 0.2, stage.rng.uniform(3.2, 5.0), style=style)
    stage.b.over("nod", 0.2 + stage.delay_s + stage.rng.uniform(0.0, 0.6), count=count)
    stage.rest(end + 0.4)
    stage.face(0.0, stage.rng.uniform(1.0, 1.5))
    stage.b.c.head[:, 2] += stage.rng.choice([-6, 6]) * stage.on(1.2, end - 0.5, 0.6, 0.6)


@interaction(
    "argue", Facts(near_m=NEAR), slots={"style": ("talk", "point", "refuse")}, seconds=(4.0, 10.0), delay_s=1.2
)
def argue(stage: Stage, style: str) -> None:
    """Both talk at each other with their hands; one may wag a finger, one may shake the head."""
    length = stage.rng.uniform(2.4, 2.9)
    end = stage.a.over("talk", 0.1, length, style="excited")
    answer = {"talk": ("talk", {"style": "excited"}), "point": ("finger_wag", {"count": "4"}),
              "refuse": ("shake_head", {"count": "4"})}[style]  # fmt: skip
    said = stage.b.over(answer[0], 0.1 + stage.delay_s, length if style == "talk" else None, **answer[1])
    again = max(said - 0.3, end + 0.1)
    end = stage.a.over("finger_wag" if style != "point" else "talk", again, 1.9)
    end = stage.b.over("talk", max(end - 0.6, said + 0.1), length, style="excited")
    stage.rest(end + 0.2)
    stage.face(0.0, stage.rng.uniform(0.95, 1.3))
    for who in ("a", "b"):
        lean = stage.on(0.6, end - 0.6, 0.6, 0.6)
        stage[who].c.spine[:, 0] += stage.vary(6, 0.2) * lean
        stage[who].c.head[:, 0] -= 3 * lean


@interaction(
    "laugh_together", Facts(near_m=(0.8, 1.9)), slots={"style": ("same", "joke")}, seconds=(2.0, 9.0), delay_s=0.35
)
def laugh_together(stage: Stage, style: str) -> None:
    """Both laugh; before it A may tell the joke."""
    if style == "joke":
        stage.a.over("talk", 0.1, 2.0, style="excited")
        stage.rest(2.2)
        stage.b.act("laugh", stage.rng.uniform(2.2, 3.2))
        stage.a.rest(stage.delay_s)
        stage.a.act("laugh", stage.rng.uniform(2.0, 3.0))
    else:
        stage.b.rest(stage.delay_s)
        for person in (stage.a, stage.b):
            person.act("laugh", stage.rng.uniform(2.2, 3.6))
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.1, 1.6))


@interaction("ask_shrug", Facts(near_m=NEAR), slots={"count": ("1", "2")}, seconds=(2.6, 8.0), delay_s=1.5)
def ask_shrug(stage: Stage, count: str) -> None:
    """A asks something, B shrugs and does not know."""
    end = stage.a.over("talk", 0.2, stage.rng.uniform(1.6, 2.2), style="calm")
    end = max(end, stage.b.over("shrug", 0.2 + stage.delay_s, count=count))
    stage.rest(end + 0.3)
    stage.face(0.0, stage.rng.uniform(1.0, 1.6))


@interaction(
    "ask_refuse",
    Facts(near_m=(0.7, 1.9)),
    slots={"side": SIDE, "style": ("head", "hands"), "distance": DISTANCE},
    seconds=(2.4, 9.0),
    delay_s=0.8,
)
def ask_refuse(stage: Stage, style: str, distance: str) -> None:
    """A holds out a hand, B declines: shakes the head or holds up the palms and leans away."""
    now = stage.come(distance, stage.rng.uniform(1.0, 1.25))
    end = now + 0.6 + stage.delay_s + 1.3
    if style == "head":
        stage.b.over("shake_head", now + stage.delay_s, count="3")
    else:
        stage.b.over("stop_sign", now + stage.delay_s, 1.7, side="both")
    stage.rest(end + 0.5 - now)
    on = stage.on(now + 0.65, end - 0.6, 0.55, 0.6)
    stage.reach("a", "right", stage.between(-0.08, 1.1, 0.42), on, AHEAD, UP + 0.6 * LEFT, swivel=15)
    stage.a.c.spine[:, 0] += 6 * on
    stage.b.c.spine[:, 0] -= stage.vary(5) * stage.on(now + stage.delay_s + 0.4, end - 0.3, 0.5, 0.5)


@interaction(
    "scold", Facts(near_m=NEAR), slots={"side": SIDE, "count": ("4", "3", "5")}, seconds=(2.2, 8.0), delay_s=0.6
)
def scold(stage: Stage, count: str) -> None:
    """A wags a finger at B, B hangs the head."""
    end = stage.a.over("finger_wag", 0.2, side="right", count=count)
    stage.rest(end + 0.6)
    stage.face(0.0, stage.rng.uniform(0.9, 1.25))
    stage.a.c.spine[:, 0] += 7 * stage.on(0.6, end - 0.4, 0.4, 0.5)
    sad = stage.on(0.4 + stage.delay_s + 0.5, end, 0.7, 0.5)
    c = stage.b.c
    c.head[:, 0] += stage.vary(32) * sad
    c.spine[:, 0] += stage.vary(13) * sad
    c.collar[:, :, 1] += (9 * sad)[:, None]


@interaction(
    "whisper",
    Facts(touches=(("right_palm", "left_cheek"),), near_m=(0.35, 0.8), facing="any"),
    slots={"side": SIDE, "style": ("plain", "laugh")},
    seconds=(3.0, 8.0),
    delay_s=0.5,
)
def whisper(stage: Stage, style: str) -> None:
    """A leans to B's ear behind a hand and whispers; B bends an ear and nods, or laughs behind the hand."""
    end = stage.rng.uniform(2.6, 3.6)
    stage.rest(end + 1.0)
    stage.level()
    stage.face(0.0, 0.5, left=0.24, turn=180.0)
    t = stage.t
    on, ear = stage.on(0.8, end - 0.3, 0.6, 0.6), stage.on(0.6 + stage.delay_s, end - 0.3, 0.5, 0.6)
    a, b = stage.a.c, stage.b.c
    a.spine[:, 0] += 15 * on
    a.spine[:, 2] += 7 * on
    a.head[:, 1] += (6 + 3 * np.sin(5 * t)) * on
    b.spine[:, 2] -= 3 * ear
    b.head[:, 1] -= 24 * ear
    b.head[:, 2] -= 6 * ear
    stage.b.over("nod", end - (0.1 if style == "laugh" else 1.2), 1.1, count="2")
    cheek = stage.point("b", "left_cheek") + (-0.035, -0.01, -0.02)
    stage.reach("a", "right", cheek, on, UP + 0.4 * AHEAD, LEFT + 0.3 * AHEAD, swivel=40)
    if style == "laugh":
        mouth = stage.point("b", "face") + (0.0, -0.05, -0.02)
        stage.reach("b", "right", mouth, stage.on(end - 0.9, end + 0.2, 0.5, 0.5), UP - 0.6 * LEFT, AHEAD, swivel=25)
    stage.touch("right_palm", "left_cheek", 0.85, end - 0.4)


@interaction(
    "point_at",
    Facts(near_m=(0.6, 1.7), facing="any"),
    slots={"side": SIDE, "direction": ("right", "up", "forward"), "style": ("look", "point")},
    seconds=(2.4, 8.0),
    delay_s=0.55,
)
def point_at(stage: Stage, direction: str, style: str) -> None:
    """Side by side, A points at something, B looks there and may point as well."""
    start = 0.2
    end = stage.a.over("point", start, stage.rng.uniform(2.2, 3.0), side="right", direction=direction)
    seen = start + stage.delay_s
    if style == "point":
        end = max(end, stage.b.over("point", seen + 0.4, 2.0, side="right", direction=direction))
    stage.rest(end + 0.3)
    stage.face(0.0, stage.rng.normal(0, 0.05), left=stage.rng.uniform(0.9, 1.2), turn=0.0)
    look = stage.on(seen + 0.35, end - 0.5, 0.4, 0.5)
    turn, up = {"right": (-58, 0), "up": (0, -32), "forward": (0, -4)}[direction]
    c = stage.b.c
    c.head[:, 1] += turn * look
    c.spine[:, 1] += 0.3 * turn * look
    c.head[:, 0] += up * look
    glance = keys(stage.t, [(seen, 0.0), (seen + 0.2, 1.0), (seen + 0.45, 0.0)])
    c.head[:, 1] -= 22 * glance


@interaction("applaud", Facts(near_m=(1.0, 3.0)), slots={"style": ("bow", "cheer"), "count": ("5", "4", "6", "8")},
             seconds=(2.6, 9.0), delay_s=0.5)  # fmt: skip
def applaud(stage: Stage, style: str, count: str) -> None:
    """A takes a bow or cheers, B claps."""
    if style == "bow":
        stage.a.act("bow", count="1")
    else:
        stage.a.rest(stage.a.over("cheer", 0.1) + 0.2)
    stage.b.over("clap", 0.25 + stage.delay_s, count=count)
    stage.b.rest(max(stage.a.now, 3.0) + 0.6)
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.4, 2.4))
