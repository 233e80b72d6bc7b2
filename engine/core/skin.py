"""The skin of a body as round bars, and where two bodies are near: each part is a few lines with a thickness.

bars = body_bars(motion)                  # the lines of every frame
gap = gaps(bars, body_bars(other))        # from hands and feet to the parts of the other
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.rotations import normalize, quat_inv, quat_rotate
from engine.core.skeleton import J, rest_offsets
from engine.core.types import Motion

Array = np.ndarray
End = tuple[str, tuple[float, float, float]]
"""A joint, and metres from there in its own frame; of a hand the third is how far beyond the wrist."""
Bar = tuple[str, End, End, float]
"""A part, the two ends of a line in it, and its radius in metres."""
_MIDDLE: tuple[Bar, ...] = (
    ("head", ("head", (0, 0.02, 0.02)), ("head", (0, 0.11, 0.02)), 0.1),
    ("neck", ("neck", (0, 0.0, 0.0)), ("head", (0, 0.0, 0.0)), 0.06),
    ("chest", ("spine3", (0.08, 0.05, 0.012)), ("spine3", (-0.08, 0.05, 0.012)), 0.108),
    ("belly", ("spine2", (0.07, 0.0, 0.03)), ("spine2", (-0.07, 0.0, 0.03)), 0.105),
    ("belly", ("spine1", (0.06, 0.02, 0.033)), ("spine1", (-0.06, 0.02, 0.033)), 0.107),
    ("hip", ("pelvis", (0.07, -0.03, 0.0)), ("pelvis", (-0.07, -0.03, 0.0)), 0.115),
)
_SIDED: tuple[Bar, ...] = (
    ("shoulder", ("collar", (0.06, 0.02, 0)), ("shoulder", (0.02, 0, 0)), 0.055),
    ("upper arm", ("shoulder", (0.09, 0, 0)), ("elbow", (0, 0, 0)), 0.045),
    ("elbow", ("elbow", (0, 0, 0)), ("elbow", (0, 0, 0)), 0.045),
    ("forearm", ("elbow", (0, 0, 0)), ("wrist", (0, 0, 0)), 0.038),
    ("hand", ("hand", (0, 0, 0.02)), ("hand", (0, 0, 0.17)), 0.02),
    ("thigh", ("hip", (0, 0, 0)), ("knee", (0, 0, 0)), 0.075),
    ("shin", ("knee", (0, 0, 0)), ("ankle", (0, 0, 0)), 0.05),
    ("foot", ("ankle", (0, -0.035, -0.01)), ("foot", (0, 0.015, 0.05)), 0.038),
)


def _on_side(side: str, bar: Bar) -> Bar:
    flip = 1.0 if side == "left" else -1.0
    part, (first, (x, y, z)), (last, (u, v, w)), radius = bar
    return f"{side} {part}", (f"{side}_{first}", (flip * x, y, z)), (f"{side}_{last}", (flip * u, v, w)), radius


BARS: tuple[Bar, ...] = (*_MIDDLE, *(_on_side(side, bar) for bar in _SIDED for side in ("left", "right")))
"""All of a body."""
AROUND: dict[str, dict[str, tuple[int, int]]] = {
    "chest": {"chest": (2, 1), "back": (2, -1)},
    "belly": {"belly": (2, 1), "back": (2, -1), "waist": (0, 0)},
}
"""Bars that have a name for each side: (axis, direction) that it looks to, 0 for both directions."""
ROUND_M = 0.08
"""A side that does not look to the limb at all counts as so much further away."""
PARTS = (*dict.fromkeys([*(bar[0] for bar in BARS), "back", "waist"]),)
"""Every part that can be touched."""
LIMBS = tuple(f"{side} {part}" for part in ("hand", "foot", "elbow") for side in ("left", "right"))
"""What touches; an elbow only another elbow."""
ALONG = {"hand": (0.25, 0.75), "foot": (0.0, 1.0), "elbow": (0.0, 0.0)}
"""From where to where along a limb its distance is taken, as shares of it: of a hand from the palm to the knuckles."""
TRUNK = tuple(J[name] for name in ("pelvis", "spine1", "spine2", "spine3", "neck"))
FAR_M = 10.0
BY_CHANCE_M = {"foot": 0.06, "elbow": 0.07}
"""Feet by feet and elbows by elbows count as so much further apart: they come near when people stand close."""
_RADII = np.array([bar[3] for bar in BARS])
_LIMB_BARS = [next(i for i, bar in enumerate(BARS) if bar[0] == limb) for limb in LIMBS]
_SHARES = np.array([np.linspace(*ALONG[limb.split()[1]], 5) for limb in LIMBS])
_ELBOWS = [part.endswith("elbow") for part in PARTS]


@dataclass(frozen=True)
class Touch:
    """From start_s to end_s seconds the part `a` of the first person touches the part `b` of the second."""

    start_s: float
    end_s: float
    a: str
    b: str


@dataclass(frozen=True, eq=False)
class Bars:
    """The bars of a body in every frame. first, last: (T, N, 3) world metres.  turn: (T, N, 4) of their first joint."""

    first: Array
    last: Array
    turn: Array


def body_bars(motion: Motion) -> Bars:
    """The bars of BARS in every frame of a motion, float64."""
    pos, turns = (x.astype(np.float64) for x in motion.world())
    first = np.stack([_end(pos, turns, bar[1]) for bar in BARS], 1)
    last = np.stack([_end(pos, turns, bar[2]) for bar in BARS], 1)
    return Bars(first, last, turns[:, [J[_joint(bar[1][0])] for bar in BARS]])


def _joint(name: str) -> str:
    return name.replace("hand", "wrist")


def _end(pos: Array, turns: Array, end: End) -> Array:
    name, offset = end
    joint, way = J[_joint(name)], np.array(offset, np.float64)
    if joint != J[name]:
        along = rest_offsets()[J[name]]
        way = along / np.linalg.norm(along) * offset[2]
    return pos[:, joint] + quat_rotate(turns[:, joint], way)


def nearest_on(points: Array, first: Array, last: Array) -> Array:
    """Places (..., 3) on the lines from `first` to `last` (..., 3) that are nearest to points (..., 3)."""
    way = last - first
    share = ((points - first) * way).sum(-1) / np.maximum((way**2).sum(-1), 1e-9)
    return first + np.clip(share, 0, 1)[..., None] * way


def gaps(limbs: Bars, body: Bars) -> Array:
    """Metres (T, L, P) of skin to skin from each limb of LIMBS of one body to each part of PARTS of another.

    Below 0 where they are in each other. An elbow is far from everything but elbows.
    """
    first, last = limbs.first[:, _LIMB_BARS, None], limbs.last[:, _LIMB_BARS, None]
    points = (first + _SHARES[..., None] * (last - first))[:, :, :, None]
    near = nearest_on(points, body.first[:, None, None], body.last[:, None, None])
    away = points - near
    distance = np.linalg.norm(away, axis=-1)
    closest = distance.argmin(2)[:, :, None]
    gap = np.take_along_axis(distance, closest, 2)[:, :, 0] - _RADII[_LIMB_BARS, None] - _RADII
    away = np.take_along_axis(away, closest[..., None], 2)[:, :, 0]
    return _by_part(gap, normalize(quat_rotate(quat_inv(body.turn)[:, None], away)))


def _by_part(gap: Array, way: Array) -> Array:
    """Gaps (T, L, P) from those to the bars (T, L, N); way: from these to the limb in their own frames (T, L, N, 3)."""
    out = np.full((*gap.shape[:2], len(PARTS)), FAR_M)
    for i, (bar, *_) in enumerate(BARS):
        sides = AROUND.get(bar, {bar: (0, 0)})
        looks = [way[..., i, axis] * sign if sign else np.abs(way[..., i, axis]) for axis, sign in sides.values()]
        for part, look in zip(sides, looks, strict=True):
            k = PARTS.index(part)
            out[..., k] = np.minimum(out[..., k], gap[..., i] + ROUND_M * (np.max(looks, axis=0) - look))
    for i, limb in enumerate(LIMBS):
        own = limb.split()[1]
        same = [part.endswith(own) for part in PARTS]
        out[:, i, same] += BY_CHANCE_M.get(own, 0.0)
        out[:, i, [elbow != (own == "elbow") for elbow in _ELBOWS]] = FAR_M
    return out


def skin_point(body: Bars, part: str, points: Array, beyond_m: float = 0.0) -> Array:
    """Places (T, 3) on the skin of a part, or so far off it, that are nearest to points (T, 3)."""
    names = [name for name, sides in AROUND.items() if part in sides] or [part]
    indices = [i for i, bar in enumerate(BARS) if bar[0] in names]
    near = nearest_on(points[:, None], body.first[:, indices], body.last[:, indices])
    away = points[:, None] - near
    distance = np.linalg.norm(away, axis=-1)
    best = (distance - _RADII[indices]).argmin(1)
    rows = np.arange(len(points))
    radius = _RADII[indices][best] + beyond_m
    return near[rows, best] + away[rows, best] * (radius / np.maximum(distance[rows, best], 1e-6))[:, None]


def trunk_ways(a: Array, b: Array) -> Array:
    """Ways (T, 25, 3) from every joint of one trunk to every one of the other; a, b: joint positions (T, 22, 3)."""
    return (b[:, None, list(TRUNK)] - a[:, list(TRUNK), None]).reshape(len(a), -1, 3)
