"""Turning to somebody: comfort, a tap on the shoulder, a pat on the back, beckoning over, stopping, startling."""

from __future__ import annotations

import numpy as np

from engine.data.pairs.registry import DISTANCE, SIDE, Facts, interaction
from engine.data.pairs.toolkit.stage import AHEAD, LEFT, UP, Stage
from engine.data.toolkit.curves import cycles, keys


@interaction(
    "comfort",
    Facts(touches=(("right_palm", "left_shoulder_top"),), near_m=(0.45, 0.9), first="any"),
    slots={"side": SIDE, "distance": DISTANCE},
    seconds=(3.4, 10.0),
)
def comfort(stage: Stage, distance: str) -> None:
    """B weeps; A lays a hand on B's shoulder and pats it."""
    now = stage.come(distance, stage.vary(0.64, 0.02))
    lay = now + 0.85
    end = lay + stage.rng.uniform(1.6, 2.6)
    stage.rest(end + 0.9 - now)
    stage.b.over("cry", 0.0, stage.now - 0.1)
    on = stage.on(lay, end, 0.65, 0.65)
    pats = int(stage.rng.integers(2, 4))
    pat = 0.05 * np.abs(np.sin(cycles(stage.t, pats / 2, lay + 0.3, end - 0.2)))
    stage.a.c.spine[:, 0] += 8 * on
    stage.a.c.spine[:, 1] += 8 * on
    stage.a.c.head[:, 0] += 10 * on
    stage.a.c.head[:, 2] += 5 * on
    top = stage.point("b", "left_shoulder_top") + 0.012 * UP
    stage.reach("a", "right", top + np.outer(pat, UP), on, AHEAD - 0.1 * UP + 0.1 * LEFT, -UP, swivel=35)
    stage.touch("right_palm", "left_shoulder_top", lay, lay + 0.25)


@interaction(
    "tap_shoulder",
    Facts(touches=(("right_palm", "right_shoulder_top"),), near_m=(0.45, 0.95), facing="any"),
    slots={"side": SIDE, "count": ("2", "1", "3"), "distance": DISTANCE},
    seconds=(2.6, 9.0),
    delay_s=0.35,
)
def tap_shoulder(stage: Stage, count: str, distance: str) -> None:
    """A taps B on the shoulder from behind, B turns round."""
    if distance == "far":
        stage.a.act("walk", round(stage.rng.uniform(1.8, 2.6), 1))
        stage.b.rest(stage.a.now)
    now = stage.now
    first = now + 0.65
    beats = [first + 0.4 * k for k in range(int(count))]
    stage.b.rest(beats[-1] + stage.delay_s - now)
    gap = stage.vary(0.66, 0.02)
    stage.b.act("turn", 1.6, side="right", degrees="180")
    stage.a.rest(stage.b.now - now + 0.3)
    stage.level()
    stage.face(now, gap, turn=0.0)
    lift = keys(stage.t, [p for b in beats for p in ((b - 0.18, 1.0), (b, 0.0), (b + 0.06, 0.0), (b + 0.22, 1.0))])
    held = np.minimum(np.arange(len(stage.t)), round((beats[-1] + 0.1) * 20))
    spot = stage.point("b", "right_shoulder_top")[held] - 0.04 * AHEAD + np.outer(lift, 0.07 * UP - 0.03 * AHEAD)
    on = stage.on(first - 0.25, beats[-1] + 0.1, 0.4, 0.5)
    stage.reach("a", "right", spot, on, AHEAD - 0.15 * UP, -UP, swivel=35)
    stage.a.c.spine[:, 1] += 9 * on
    look = stage.on(beats[-1] + 0.25, beats[-1] + 0.5, 0.25, 0.5)
    stage.b.c.head[:, 1] -= 34 * look
    for b in beats:
        stage.touch("right_palm", "right_shoulder_top", b, b + 0.06)


@interaction(
    "pat_back",
    Facts(touches=(("right_palm", "left_blade"),), near_m=(0.3, 0.75), facing="any"),
    slots={"side": SIDE, "count": ("3", "2", "4")},
    seconds=(2.4, 7.0),
    delay_s=0.4,
)
def pat_back(stage: Stage, count: str) -> None:
    """A, beside B, claps B on the back; B nods."""
    first = 0.85
    beats = [first + 0.42 * k for k in range(int(count))]
    end = beats[-1]
    stage.b.over("nod", first + stage.delay_s, 1.3, count="1")
    stage.rest(end + 1.1)
    stage.level()
    stage.face(0.0, 0.10, left=-stage.vary(0.46, 0.02), turn=8.0)
    lift = keys(stage.t, [p for b in beats for p in ((b - 0.2, 1.0), (b, 0.0), (b + 0.05, 0.0), (b + 0.22, 1.0))])
    on = stage.on(first - 0.2, end + 0.1, 0.5, 0.6)
    blow = keys(stage.t, [p for b in beats for p in ((b, 0.0), (b + 0.1, 1.0), (b + 0.35, 0.0))])
    stage.b.c.spine[:, 0] += 5 * blow
    stage.a.c.spine[:, 1] -= 10 * on
    stage.a.c.head[:, 1] -= 24 * on
    stage.b.c.head[:, 1] += 22 * stage.on(first + 0.2, end + 0.2, 0.4, 0.5)
    spot = stage.point("b", "left_blade") + np.outer(lift, -0.12 * AHEAD + 0.03 * UP)
    stage.reach("a", "right", spot, on, -LEFT + 0.3 * UP, AHEAD, swivel=50)
    for b in beats:
        stage.touch("right_palm", "left_blade", b, b)


@interaction("beckon_over", Facts(near_m=(0.8, 2.2)), slots={"side": SIDE, "count": ("3", "2", "4")},
             seconds=(3.0, 9.0), delay_s=0.9)  # fmt: skip
def beckon_over(stage: Stage, count: str) -> None:
    """A beckons, B comes."""
    stage.a.over("beckon", 0.15, side="right", count=count)
    stage.b.rest(stage.delay_s + 0.4)
    walk = stage.b.act("walk", stage.rng.uniform(2.4, 3.4), direction="forward")
    stage.a.rest(stage.delay_s + 0.4 + walk + 0.2)
    stage.level()
    stage.face(stage.now, stage.rng.uniform(0.95, 1.3))


@interaction(
    "halt",
    Facts(near_m=(0.8, 2.6), first="any"),
    slots={"side": SIDE, "style": ("stop", "back")},
    seconds=(3.0, 8.0),
    delay_s=0.4,
)
def halt(stage: Stage, style: str) -> None:
    """B walks up, A holds up a hand to stop, B halts, and may step back."""
    walk = stage.b.act("walk", stage.rng.uniform(2.2, 3.0), direction="forward")
    if style == "back":
        stage.b.act("step", None, direction="backward", count="1")
    end = stage.a.over("stop_sign", walk - 1.3, 2.4, side="right")
    stage.a.rest(max(stage.b.now, end + 0.2))
    stage.level()
    stage.face(walk, stage.rng.uniform(1.1, 1.7))


@interaction("startle", Facts(near_m=(0.7, 1.7)), slots={"style": ("boo", "clap")}, seconds=(2.2, 7.0), delay_s=0.15)
def startle(stage: Stage, style: str) -> None:
    """A suddenly throws up the arms or claps before B, B starts back."""
    pause = stage.rng.uniform(0.2, 0.5)
    stage.rest(pause)
    if style == "boo":
        stage.a.over("raise_arms", pause, 1.6, side="both", direction="up")
    else:
        stage.a.over("clap", pause, 1.1, count="1")
    stage.b.rest(0.2 + stage.delay_s)
    stage.b.act("get_startled")
    stage.a.rest(stage.b.now - pause)
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.0, 1.3))
    stage.a.c.spine[:, 0] += 8 * stage.on(pause + 0.4, pause + 0.8, 0.3, 0.5)


@interaction("goodbye", Facts(near_m=(0.9, 2.0), facing="any"), slots={"side": SIDE, "count": ("3", "2", "4")},
             seconds=(4.0, 10.0), delay_s=0.5)  # fmt: skip
def goodbye(stage: Stage, count: str) -> None:
    """A waves, turns and walks away; B waves after A."""
    end = stage.a.over("wave", 0.1, side="right", count=count)
    stage.a.rest(end - 0.2)
    stage.a.act("turn", 1.5, side="left", degrees="180")
    stage.a.act("walk", stage.rng.uniform(2.0, 2.8), direction="forward")
    stage.b.over("wave", 0.1 + stage.delay_s, None, side="right", count="4")
    stage.b.rest(stage.a.now)
    stage.level()
    stage.face(0.0, stage.rng.uniform(1.1, 1.6))


@interaction(
    "kneel_offer",
    Facts(touches=(("right_palm", "left_palm"),), near_m=(0.6, 1.1)),
    slots={"side": SIDE},
    seconds=(4.0, 9.0),
    delay_s=0.9,
)
def kneel_offer(stage: Stage) -> None:
    """A goes down on one knee and holds up a hand, B lays a hand in it."""
    down = stage.a.act("kneel", stage.vary(1.8, 0.06), side="right")
    meet = down + 0.5 + stage.delay_s
    stage.a.rest(meet + 2.0 - down)
    stage.b.rest(meet + 2.0)
    stage.level()
    stage.face(stage.now, stage.vary(0.78, 0.02))
    spot = stage.between(-0.05, 1.0, 0.58)
    end = stage.now - 0.8
    on = stage.on(down + 0.5, end, 0.6, 0.6)
    stage.reach("a", "right", spot - 0.015 * UP, on, AHEAD + 0.2 * UP, UP + 0.2 * LEFT, swivel=20)
    late = stage.on(meet, end - 0.15, 0.6, 0.6)
    stage.b.c.spine[:, 0] += 9 * late
    stage.b.c.head[:, 0] += 18 * stage.on(down, end, 0.6, 0.5)
    stage.a.c.head[:, 0] -= 16 * on
    stage.reach("b", "left", spot + 0.015 * UP, late, -AHEAD, -UP, swivel=20)
    stage.touch("right_palm", "left_palm", meet + 0.05, end - 0.2)
