"""Blows and what becomes of them: a punch that is dodged, blocked or lands, an arm that is struck aside."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.pairs.toolkit.steps import go_to
from engine.data.toolkit.curves import envelope, keys

COUNTS = ("1", "2", "3")
GUARD = (0.10, -0.05, 0.22)
"""Where the fists wait, from the chest: out, up and ahead, metres."""


def _guard(stage: Stage, who: str, start_s: float, end_s: float) -> None:
    """Fists before the chest, knees soft."""
    c, on = stage[who].c, stage.on(start_s, end_s, 0.4, 0.5)
    for side in ("left", "right"):
        c.set_hand(side, "chest", GUARD, on, swivel=20)
    c.height -= 0.03 * on
    c.spine[:, 0] += 5 * on


def _strike(stage: Stage, hits: list[float], goal: np.ndarray, far: float = 0.0) -> None:
    """A's right fist goes to goal (T, 3) at each hit and back to the guard; far: metres by which it goes on."""
    t = stage.t
    out = keys(t, [p for h in hits for p in ((h - 0.24, 0.0), (h, 1.0), (h + 0.07, 1.0), (h + 0.36, 0.0))])
    draw = keys(t, [p for h in hits for p in ((h - 0.42, 0.0), (h - 0.24, 1.0), (h, 0.0))])
    on = stage.on(hits[0] - 0.3, hits[-1] + 0.3, 0.35, 0.4)
    c = stage.a.c
    c.spine[:, 1] += stage.vary(26, 0.1) * out - 12 * draw
    c.pelvis[:, 1] += 6 * out
    c.head[:, 1] -= 22 * out - 9 * draw
    c.spine[:, 0] += 6 * out
    c.sway[:, 1] += 0.05 * out
    chest, turn = stage.point("a", "chest"), stage.a.yaw
    assert turn == 0.0
    rest = chest - 0.10 * LEFT + 0.05 * UP + 0.10 * AHEAD
    spot = rest + out[:, None] * (goal + far * AHEAD - rest) - np.outer(draw, 0.06 * AHEAD)
    stage.reach("a", "right", spot, on, swivel=25 + 20 * out)


def _hits(stage: Stage, count: str, gap_s: float) -> list[float]:
    """Seconds at which the blows land."""
    first = stage.vary(1.05)
    return [first + gap_s * k for k in range(int(count))]


@interaction(
    "punch_dodge",
    Facts(near_m=(0.6, 1.1)),
    slots={"side": SIDE, "count": COUNTS, "style": ("aside", "back", "duck")},
    seconds=(1.8, 6.0),
    delay_s=0.12,
)
def punch_dodge(stage: Stage, count: str, style: str) -> None:
    """A punches at B's face, B gets out of the way each time."""
    hits = _hits(stage, count, 1.0)
    stage.rest(hits[-1] + 1.0)
    stage.level()
    stage.face(0.0, stage.vary(0.82, 0.02))
    _guard(stage, "a", 0.45, hits[-1] + 0.4)
    _guard(stage, "b", 0.7 + stage.delay_s, hits[-1] + 0.4)
    goal = stage.point("b", "face") + 0.03 * UP
    late = stage.delay_s - 0.12
    away = keys(stage.t, [p for h in hits for p in ((h - 0.3 + late, 0.0), (h - 0.02, 1.0), (h + 0.14, 1.0),
                                                    (h + 0.55, 0.0))])  # fmt: skip
    c = stage.b.c
    if style == "aside":
        c.sway[:, 0] += 0.13 * away
        c.height -= stage.vary(0.13) * away
        c.pelvis[:, 2] += 8 * away
        c.spine[:, 2] += stage.vary(30) * away
        c.spine[:, 0] += 10 * away
        c.head[:, 2] -= 12 * away
    elif style == "back":
        c.sway[:, 1] -= 0.12 * away
        c.pelvis[:, 0] -= 9 * away
        c.spine[:, 0] -= stage.vary(27) * away
        c.head[:, 0] += 15 * away
        c.height -= 0.06 * away
    else:
        c.height -= stage.vary(0.34) * away
        c.sway[:, 1] -= 0.08 * away
        c.pelvis[:, 0] += 22 * away
        c.spine[:, 0] += 20 * away
        c.head[:, 0] -= 18 * away
    _strike(stage, hits, goal)


@interaction(
    "punch_block",
    Facts(touches=(("right_wrist", "left_forearm"),), near_m=(0.6, 1.1)),
    slots={"side": SIDE, "count": COUNTS},
    seconds=(1.8, 6.0),
    delay_s=0.12,
)
def punch_block(stage: Stage, count: str) -> None:
    """A punches, B stops the arm with a raised forearm."""
    hits = _hits(stage, count, 1.0)
    stage.rest(hits[-1] + 1.0)
    stage.level()
    stage.face(0.0, stage.vary(0.84, 0.02))
    _guard(stage, "a", 0.45, hits[-1] + 0.4)
    _guard(stage, "b", 0.7 + stage.delay_s, hits[-1] + 0.4)
    up = keys(stage.t, [p for h in hits for p in ((h - 0.3, 0.0), (h - 0.05, 1.0), (h + 0.15, 1.0), (h + 0.5, 0.0))])
    jolt = keys(stage.t, [p for h in hits for p in ((h - 0.01, 0.0), (h + 0.06, 1.0), (h + 0.4, 0.0))])
    chest = stage.point("b", "chest")
    guard = chest + (-0.08, 0.02, -0.1)
    palm = guard + up[:, None] * ((-0.02, 0.30, -0.28) + chest - guard) + np.outer(jolt, (0, 0, 0.03))
    on = stage.on(hits[0] - 0.25, hits[-1] + 0.3, 0.25, 0.4)
    stage.reach("b", "left", palm, on, swivel=10)
    c = stage.b.c
    c.spine[:, 0] += -4 * up - 4 * jolt
    c.spine[:, 1] -= 12 * up
    c.head[:, 1] += 8 * up
    goal = stage.point("b", "left_forearm") + (0.0, 0.0, 0.07)
    _strike(stage, hits, goal, -0.005)
    for h in hits:
        stage.touch("right_wrist", "left_forearm", h, h + 0.06)


@interaction(
    "punch_hit",
    Facts(touches=(("right_fist", "left_cheek"),), near_m=(0.5, 1.0)),
    slots={"side": SIDE, "style": ("stagger", "reel")},
    seconds=(1.8, 6.0),
    delay_s=0.1,
)
def punch_hit(stage: Stage, style: str) -> None:
    """A's fist lands on B's cheek; B's head is thrown round, and B staggers back a step or only reels."""
    hit = stage.vary(1.1)
    stage.a.rest(hit + 1.3)
    stage.b.rest(hit)
    if style == "stagger":
        go_to(stage.b, [(0.0, -0.26, 0.0), (0.0, -0.46, 0.0)], 0.34, int(stage.rng.integers(2)), lead=0.3)
    stage.level()
    stage.face(0.0, stage.vary(0.72, 0.02))
    _guard(stage, "a", 0.45, hit + 0.5)
    t, c = stage.t, stage.b.c
    goal = stage.point("b", "left_cheek")[round(hit * 20)] + 0 * stage.point("b", "face")
    jolt = keys(t, [(hit, 0.0), (hit + 0.16, 1.0), (hit + 0.35, 0.8), (hit + 1.0, 0.0)])
    c.head[:, 1] -= stage.vary(34) * jolt
    c.head[:, 0] -= 14 * jolt
    c.spine[:, 1] -= stage.vary(20) * jolt
    c.spine[:, 0] -= 11 * jolt
    c.spine[:, 2] -= 8 * jolt
    c.set_arm("both", jolt, flex=24, abd=38, elbow=40)
    c.sway[:, 1] -= (0.02 if style == "stagger" else 0.07) * jolt
    _strike(stage, [hit], goal, -0.01)
    nurse = stage.on(hit + 0.75, stage.now - 0.45, 0.35, 0.4)
    if stage.now - 0.45 > hit + 0.9:
        stage.reach("b", "left", stage.point("b", "left_cheek") + (0.02, 0, 0), nurse, UP, (-0.8, 0, 0.4), swivel=30)
    stage.touch("right_fist", "left_cheek", hit, hit)


@interaction(
    "slap_away",
    Facts(touches=(("right_wrist", "left_palm"),), near_m=(0.6, 1.1)),
    slots={"side": SIDE},
    seconds=(2.0, 5.0),
    delay_s=0.3,
)
def slap_away(stage: Stage) -> None:
    """A reaches for B, B strikes the arm aside."""
    out, hit = 0.8, stage.vary(1.35)
    stage.rest(hit + 1.3)
    stage.level()
    stage.face(0.0, stage.vary(0.82, 0.02))
    t = stage.t
    fling = keys(t, [(hit, 0.0), (hit + 0.22, 1.0), (hit + 0.8, 1.0)])
    spot = stage.between(-0.06, 1.28, 0.62) + np.outer(fling, (0.26, -0.16, -0.20))
    on = stage.on(out, hit + 0.25, 0.55, 0.55)
    stage.reach(
        "a", "right", spot, on, AHEAD + np.outer(fling, 0.9 * LEFT), LEFT - 0.8 * UP - np.outer(fling, AHEAD), swivel=25
    )
    stage.a.c.spine[:, 0] += 6 * on * (1 - fling)
    stage.a.c.spine[:, 1] += on * (10 + 6 * fling)
    wrist = stage.point("a", "right_wrist")
    draw = keys(t, [(hit - 0.22, 1.0), (hit, 0.0)])
    sweep = wrist + np.outer(draw, (-0.24, 0.10, 0.10)) - (0.03, 0.0, 0.0)
    strike = envelope(t, 0.5, 0.5, hit - 0.65, hit + 0.75)
    stage.reach("b", "left", sweep, strike, -AHEAD + 0.6 * UP, LEFT - 0.1 * AHEAD, swivel=45)
    stage.b.c.spine[:, 1] -= 14 * strike
    stage.b.c.head[:, 1] += 9 * strike
    stage.touch("right_wrist", "left_palm", hit, hit + 0.1)
