"""Dancing without hold: a mirror, the same steps side by side, a dance-off, a line of two."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.pairs.toolkit.steps import copy, go_to

ROUTINES = {
    "dance": ("dance", {"style": "step"}),
    "grapevine": ("grapevine", {}),
    "disco": ("dance", {"style": "disco"}),
    "charleston": ("charleston", {}),
    "macarena": ("macarena", {}),
    "hip_shake": ("hip_shake", {}),
    "clap_dance": ("clap_dance", {}),
}
GESTURES = ("arms", "wave", "circles", "bend", "squat")


@interaction(
    "mirror",
    Facts(near_m=(0.8, 2.0)),
    slots={"style": GESTURES},
    seconds=(2.0, 8.0),
    delay_s=0.25,
)
def mirror(stage: Stage, style: str) -> None:
    """Face to face, B does what A does, as A's picture in a mirror."""
    a = stage.a
    side = str(stage.rng.choice(["left", "right"]))
    if style == "arms":
        end = a.over("raise_arms", 0.2, side=side, direction="side")
        other = "left" if side == "right" else "right"
        end = a.over("raise_arms", end - 0.1, side=other, direction="up")
    elif style == "wave":
        end = a.over("wave", 0.2, side=side, count="3")
    elif style == "circles":
        end = a.over("arm_circles", 0.2, count="3")
    else:
        end = a.act("side_bend", side=side, count="2") if style == "bend" else a.act("squat", count="2")
    a.rest(end + 0.2 - a.now)
    copy(a, stage.b, stage.delay_s, mirror=True)
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.1, 1.6))


@interaction(
    "side_by_side",
    Facts(near_m=(0.7, 1.8), facing="same way", first="any"),
    slots={"style": tuple(ROUTINES)},
    seconds=(2.0, 10.0),
    delay_s=0.08,
)
def side_by_side(stage: Stage, style: str) -> None:
    """Next to each other they dance the same steps at the same time."""
    name, args = ROUTINES[style]
    stage.a.act(name, None, **args)
    copy(stage.a, stage.b, stage.delay_s)
    stage.level()
    stage.face(0.0, stage.rng.normal(0, 0.05), left=stage.rng.choice([-1, 1]) * stage.rng.uniform(1.0, 1.35), turn=0.0)


@interaction(
    "dance_off",
    Facts(near_m=(1.2, 2.6)),
    slots={"style": ("disco", "step", "sway")},
    seconds=(4.0, 10.0),
    delay_s=0.2,
)
def dance_off(stage: Stage, style: str) -> None:
    """A dances for B, who claps along; then B answers with a dance."""
    first = stage.a.act("dance", stage.rng.uniform(3.0, 4.2), style=style)
    stage.b.rest(first + stage.delay_s)
    stage.b.over("clap", 0.7, first - 0.9, count=str(stage.rng.choice(["3", "4", "5"])))
    answer = stage.b.act("dance", stage.rng.uniform(3.0, 4.2), style=str(stage.rng.choice(["disco", "sway", "step"])))
    stage.a.rest(answer + stage.delay_s)
    stage.a.over("nod", first + 0.5 * answer, count="2")
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.6, 2.1))


@interaction(
    "conga",
    Facts(touches=(("right_shoulder_top", "right_palm"), ("left_shoulder_top", "left_palm")), near_m=(0.4, 0.9),
          facing="same way", first="any"),
    slots={"speed": ("normal", "slow", "fast")},
    seconds=(3.0, 9.0),
)  # fmt: skip
def conga(stage: Stage, speed: str) -> None:
    """B behind A with the hands on A's shoulders, they march ahead in a line of two."""
    stage.a.rest(0.8)
    pace = {"normal": 0.5, "slow": 0.68, "fast": 0.4}[speed]
    count = int(stage.rng.integers(4, 9))
    go_to(stage.a, [(0.0, 0.22 * (k + 1), 0.0) for k in range(count)], stage.vary(pace, 0.05), 0, lead=0.5)
    stage.a.rest(0.5)
    copy(stage.a, stage.b)
    stage.level()
    stage.face(0.0, -stage.vary(0.56, 0.02), turn=0.0)
    on = stage.on(0.75, stage.now - 0.6, 0.6, 0.5)
    for person in (stage.a, stage.b):
        sway = np.gradient(person.c.foot_lift[:, 0] - person.c.foot_lift[:, 1], 0.05)
        person.c.spine[:, 2] += np.clip(8 * sway, -5, 5) * on
    for side, out in (("right", -LEFT), ("left", LEFT)):
        spot = stage.point("a", f"{side}_shoulder_top") + 0.015 * UP - 0.02 * AHEAD
        stage.reach("b", side, spot, on, AHEAD - 0.25 * out, -UP, swivel=45)
        stage.touch(f"{side}_shoulder_top", f"{side}_palm", 0.85, stage.now - 0.65)
