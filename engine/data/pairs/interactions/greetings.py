"""Greetings without a touch, given and returned: a wave, a bow, a salute, a nod."""

from __future__ import annotations

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import Stage

COUNTS = ("3", "2", "4", "5")


@interaction(
    "wave_back",
    Facts(near_m=(1.2, 4.2)),
    slots={"side": SIDE, "count": COUNTS, "distance": ("near", "far")},
    seconds=(2.4, 8.0),
    delay_s=0.7,
)
def wave_back(stage: Stage, count: str, distance: str) -> None:
    """A waves, B waves back mostly with the same hand."""
    gap = stage.rng.uniform(2.6, 3.8) if distance == "far" else stage.rng.uniform(1.4, 2.2)
    start = stage.rng.uniform(0.1, 0.4)
    side = str(stage.rng.choice(["right", "left"], p=[0.75, 0.25]))
    ends = [
        stage.a.over("wave", start, side="right", count=count),
        stage.b.over("wave", start + stage.delay_s, side=side, count=count),
    ]
    if stage.rng.random() < 0.5:
        ends.append(stage.b.over("nod", start + stage.delay_s, count="1"))
    stage.rest(max(ends) + 0.3)
    stage.face(0.0, gap)


@interaction(
    "bow_back",
    Facts(near_m=(1.0, 2.2)),
    slots={"count": ("1", "2"), "distance": DISTANCE},
    seconds=(2.0, 9.0),
    delay_s=0.6,
)
def bow_back(stage: Stage, count: str, distance: str) -> None:
    """A bows, B bows in return."""
    now = stage.come(distance, stage.rng.uniform(1.35, 1.8))
    stage.b.rest(stage.delay_s)
    stage.a.act("bow", count=count)
    stage.b.act("bow", stage.a.now - now, count=count)


@interaction(
    "salute_back", Facts(near_m=(0.9, 2.4)), slots={"side": SIDE, "distance": DISTANCE}, seconds=(2.0, 8.0), delay_s=0.6
)
def salute_back(stage: Stage, distance: str) -> None:
    """A salutes, B returns the salute."""
    now = stage.come(distance, stage.rng.uniform(1.2, 1.8))
    ends = [stage.a.over("salute", now + 0.1, side="right"), stage.b.over("salute", now + 0.1 + stage.delay_s)]
    stage.rest(max(ends) + 0.2 - now)


@interaction(
    "nod_greeting",
    Facts(near_m=(1.0, 2.4), first="any"),
    slots={"count": ("1", "2"), "distance": DISTANCE},
    seconds=(1.6, 7.0),
)
def nod_greeting(stage: Stage, count: str, distance: str) -> None:
    """A nods at B in passing the time of day, B nods back."""
    now = stage.come(distance, stage.rng.uniform(1.2, 1.9))
    end = stage.a.over("nod", now, count=count)
    end = max(end, stage.b.over("nod", now + stage.delay_s, count=count))
    stage.rest(end + 0.2 - now)
