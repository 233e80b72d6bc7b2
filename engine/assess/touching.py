"""Which parts of two persons touch when, by the gaps from skin to skin: hands, feet and elbows of either.

contacts(a, b)   # (Touch(1.05, 2.3, "right hand", "right hand"),)
"""

from __future__ import annotations

import numpy as np

from engine.assess.events import spans
from engine.core.skin import FAR_M, LIMBS, PARTS, Bars, Touch, body_bars, gaps
from engine.core.types import Motion

Array = np.ndarray
NEAR_M, AWAY_M = 0.045, 0.065
"""A touch begins when skin is nearer to skin than the first, and ends when it is further away than the second."""
SWITCH_M = 0.025
"""A limb touches another part than before when that one is nearer by so much."""
LEAST_S, BRIDGE_S = 0.15, 0.2
"""A touch is at least so long; a touch that is broken off for less goes on."""
PRESSED, SETTLED_M = 30, 0.02
"""A touch lasts while the gap is no more than so much above this percentile of the gaps while skin is near skin."""
LEAST_FPS = 60.0
"""Motions are looked at so often a second, so that a quick clap is not between two frames."""


def contacts(a: Motion, b: Motion) -> tuple[Touch, ...]:
    """Which parts of a touch which of b, and when: hands and feet of either against any part, an elbow an elbow.

    Frame rates and lengths may differ; it is looked at up to the end of the shorter. In the order of time.
    """
    fps = max(a.fps, b.fps, LEAST_FPS)
    first, second = together(a, b, fps)
    bars = body_bars(first), body_bars(second)
    found = [((limb, part), near) for limb, part, near in _touching(*bars)]
    found += [((part, limb), near) for limb, part, near in _touching(*bars[::-1])]
    gap: dict[tuple[str, str], Array] = {}
    for pair, near in found:
        gap[pair] = np.minimum(gap[pair], near) if pair in gap else near
    touches = [
        Touch(*_pressed(near, start_s, end_s, fps), *pair)
        for pair, near in gap.items()
        for start_s, end_s in spans(near < FAR_M, fps, LEAST_S, BRIDGE_S)
    ]
    kept = [touch for touch in touches if not any(_says_more(other, touch) for other in touches)]
    return tuple(sorted(kept, key=lambda touch: (touch.start_s, touch.a, touch.b)))


def _pressed(near: Array, start_s: float, end_s: float, fps: float) -> tuple[float, float]:
    """The touch without its coming and going: from when to when the gap (T,) is about as small as it is in between."""
    first, last = round(start_s * fps), min(round(end_s * fps), len(near))
    inside = near[first:last]
    close = first + np.flatnonzero(inside <= np.percentile(inside, PRESSED) + SETTLED_M)
    start, end = close[0] / fps, close[-1] / fps
    if end - start < LEAST_S:
        start = max(start_s, min((start + end - LEAST_S) / 2, end_s - LEAST_S))
    start_s = round(float(start), 2)
    return start_s, round(max(float(end), start_s + LEAST_S), 2)


def _says_more(other: Touch, touch: Touch) -> bool:
    """Whether the touch is told by another one well enough: of the hand at the end of the forearm."""
    told = (touch.a.replace("forearm", "hand"), touch.b.replace("forearm", "hand"))
    common = min(other.end_s, touch.end_s) - max(other.start_s, touch.start_s)
    return touch != other and told == (other.a, other.b) and common > 0.5 * (touch.end_s - touch.start_s)


def together(a: Motion, b: Motion, fps: float) -> tuple[Motion, Motion]:
    """Both at one rate and cut to the shorter."""
    a, b = a.resample(fps), b.resample(fps)
    count = min(a.num_frames, b.num_frames)
    return a.slice(0, count), b.slice(0, count)


def _touching(limbs: Bars, body: Bars) -> list[tuple[str, str, Array]]:
    """Limb, part of the other body, and their gap (T,) in the frames in which they touch; FAR_M in the others."""
    gap, found = gaps(limbs, body), []
    for i, limb in enumerate(LIMBS):
        held = _held(gap[:, i])
        found += [(limb, PARTS[k], np.where(held == k, gap[:, i, k], FAR_M)) for k in np.unique(held) if k >= 0]
    return found


def _held(gap: Array) -> Array:
    """Index (T,) of the part that a limb with gaps (T, P) to all parts touches; -1 for none."""
    held, now = np.full(len(gap), -1), -1
    best = gap.argmin(1)
    for t in np.flatnonzero(gap.min(1) < AWAY_M):
        now = int(held[t - 1]) if t else -1
        stays = now >= 0 and gap[t, now] < AWAY_M
        if stays and gap[t, best[t]] > gap[t, now] - SWITCH_M:
            held[t] = now
        elif gap[t, best[t]] < NEAR_M or stays:
            held[t] = best[t]
    return held
