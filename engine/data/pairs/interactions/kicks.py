"""Kicks: one that throws the other over, and one that hits the air."""

from __future__ import annotations

import numpy as np

from engine.core.types import MODEL_FPS
from engine.data.pairs.registry import SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import Stage
from engine.data.toolkit.curves import keys

LAP_M = 0.96
"""Height of the middle of somebody who stands and begins to double up."""
FLEX_M = 1.6
"""About how much higher the toes are for a hip that is flexed twice as much, metres."""


def _kick(stage: Stage, height: str) -> float:
    """A kicks once; returns the second at which the foot is furthest out."""
    stage.rest(0.3)
    stage.a.act("kick", stage.vary(1.8, 0.05), side="right", height=height)
    foot = stage.point("a", "right_toes") - stage.point("a", "pelvis")
    return float(np.argmax(foot[:, 2] + foot[:, 1])) / MODEL_FPS


def _raise_to(stage: Stage, hit: float, height_m: float) -> None:
    """The kicking leg goes as high as it takes for the toes to be there at `hit`."""
    i = round(hit * MODEL_FPS)
    for _ in range(5):
        stage.a.c.leg[:, 1, 0] *= 1 + (height_m - stage.point("a", "right_toes")[i, 1]) / FLEX_M


@interaction(
    "kick_fall",
    Facts(touches=(("right_toes", "lap"),), near_m=(0.4, 1.1), falls=True),
    slots={"side": SIDE},
    seconds=(3.4, 7.0),
    delay_s=0.05,
)
def kick_fall(stage: Stage) -> None:
    """A's foot meets B's middle, B doubles up and falls back."""
    hit = _kick(stage, "high")
    _raise_to(stage, hit, LAP_M)
    stage.b.rest(hit - 0.05 - stage.b.now)
    stage.b.act("fall", stage.rng.uniform(2.6, 3.2), direction="backward")
    stage.level()
    stage.face(0.0, 1.0)
    jolt = keys(stage.t, [(hit - 0.03, 0.0), (hit + 0.12, 1.0), (hit + 0.7, 0.0)])
    stage.b.c.spine[:, 0] += 16 * jolt
    stage.b.c.head[:, 0] += 10 * jolt
    stage.align(hit, "right_toes", "lap")
    stage.touch("right_toes", "lap", hit, hit)


@interaction(
    "kick_evade",
    Facts(near_m=(0.7, 1.5)),
    slots={"side": SIDE, "style": ("jump", "step")},
    seconds=(2.0, 6.0),
    delay_s=0.3,
)
def kick_evade(stage: Stage, style: str) -> None:
    """A kicks, B jumps or steps back out of reach."""
    hit = _kick(stage, "normal")
    stage.b.rest(max(hit - (0.75 if style == "jump" else 0.95) - stage.b.now, 0.0))
    if style == "jump":
        stage.b.act("jump", 1.6, direction="backward", count="1")
    else:
        stage.b.act("step", 1.9, direction="backward", count="1")
    stage.level()
    stage.face(0.0, stage.vary(0.98, 0.03))
