"""When things happen: spans in seconds of jumps, steps, kicks and so on, by which people speak of a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

import numpy as np

from engine.assess.arms import punch_frames, wave_runs
from engine.assess.events import smoothed, spans
from engine.assess.legs import flights, kick_frames, squat_frames, step_frames
from engine.assess.posture import Body, observe
from engine.assess.trunk import bow_frames, clap_frames
from engine.core.skeleton import J
from engine.core.types import Motion

Span = tuple[float, float]
AROUND_S = {"kick": 0.4, "punch": 0.3, "clap": 0.2, "squat": 0.7, "bow": 0.8, "high": 0.3}
"""How long before and after its middle something that has one lasts, at most."""
CROUCH_S, LAND_S = 0.35, 0.25
"""What of a jump comes before and after the flight."""
TURN_DEG_S, TURN_DEG = 25.0, 30.0
"""The body turns while its heading changes that fast, and it is a turn if it comes to so much."""
SIDES = ("left", "right")


def find_events(motion: Motion) -> Mapping[str, list[Span]]:
    """(start_s, end_s) of everything that happens, by name and in order; at any frame rate, floor at y = 0."""
    body = observe(motion)
    fps, end_s = body.fps, motion.duration_s
    arms = {side: body.chest[:, J[f"{side}_wrist"]] - body.chest[:, J[f"{side}_shoulder"]] for side in SIDES}

    def around(frames: Iterable[int], name: str) -> list[Span]:
        return _around(np.sort(np.fromiter(frames, int)) / fps, AROUND_S[name], end_s)

    def both(found: Callable[[str], Iterable[int]]) -> list[int]:
        return [int(frame) for side in SIDES for frame in found(side)]

    steps = sorted((a, b) for side in (0, 1) for a, b in step_frames(body, side))
    waves = sorted((a, b) for side in SIDES for a, b in wave_runs(body, side))
    highest = {f"{side}_hand_high": around([int(smoothed(arms[side][:, 1], fps).argmax())], "high") for side in SIDES}
    return {
        "jump": [(max(0.0, a - CROUCH_S), min(end_s, b + LAND_S)) for a, b in flights(body)],
        "step": [(a / fps, b / fps) for a, b in steps],
        "kick": around(both(lambda side: kick_frames(body, side)), "kick"),
        "punch": around(both(lambda side: punch_frames(arms[side], fps)), "punch"),
        "wave": [(a / fps, b / fps) for a, b in waves],
        "clap": around(clap_frames(body), "clap"),
        "turn": _turns(body),
        "squat": around(squat_frames(body), "squat"),
        "bow": around(bow_frames(body), "bow"),
        **highest,
    }


def _around(middles: np.ndarray, reach_s: float, end_s: float) -> list[Span]:
    """A span about each middle, seconds in order; neighbours part halfway between them."""
    cuts = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), end_s]
    return [
        (float(max(cuts[i], middle - reach_s)), float(min(cuts[i + 1], middle + reach_s)))
        for i, middle in enumerate(middles)
    ]


def _turns(body: Body) -> list[Span]:
    if len(body.heading) < 3:
        return []
    yaw = np.degrees(smoothed(body.heading, body.fps, 0.2))
    rate = np.gradient(yaw, 1 / body.fps)
    found = [s for way in (1, -1) for s in spans(way * rate > TURN_DEG_S, body.fps, 0.2)]

    def turned(span: Span) -> float:
        first, last = (min(round(t * body.fps), len(yaw) - 1) for t in span)
        return abs(yaw[last] - yaw[first])

    return sorted(s for s in found if turned(s) >= TURN_DEG)
