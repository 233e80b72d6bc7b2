"""What is between two persons, measured: the facts that an answer about a scene of two quotes.

contacts(a, b)               # (Touch(1.05, 2.3, "right hand", "right hand"),)
measure_pair(a, b).lines()   # ["from 2.6 m to 0.8 m apart, nearest at 1.2 s", "A moves first, B 0.4 s later", ...]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.assess.events import smoothed
from engine.assess.touching import contacts as contacts
from engine.assess.touching import together
from engine.core import rotations as R
from engine.core.mirror import mirror_motion
from engine.core.skeleton import J
from engine.core.skin import Touch as Touch
from engine.core.skin import trunk_ways
from engine.core.types import Motion

Array = np.ndarray
NEAR_M = 0.6
"""Facing is looked at while the distance is at most this much more than the least."""
FACING_DEG = 55.0
FACING_SHARE = 0.55
"""Somebody faces somewhere who does so for this share of the time in which they are near."""
STIRRED_M = 0.04
"""Somebody has begun to move when a joint is this far from where it was at first."""
AT_ONCE_S = 0.15
"""Who begins to move within so much of each other begin at once."""
FOLLOW_S = 1.5
"""Somebody who does what the other does is no more than so much behind."""
ALIKE, ALIKE_MORE = 0.75, 0.1
"""Least likeness (a correlation) of motions that mirror or copy each other; more than the other of both by so much."""
MOVES_M = 0.04
"""Hands, feet and head of somebody who moves at all are so far from their mean place, on average."""
LEVEL_M = 0.15
"""Distances that differ by less are the same."""
_ENDS = [J[f"{side}_{name}"] for name in ("elbow", "wrist", "knee", "ankle") for side in ("left", "right")] + [
    J["head"]
]


@dataclass(frozen=True)
class PairFacts:
    """Measured kinematics of two persons, a and b, up to the end of the shorter; lengths in metres, of the pelvises.

    start_m, end_m, least_m, most_m: distances along the floor, least at least_s.  facing: 'each other', 'same way',
    'a to b' (b looks elsewhere), 'b to a', 'apart', or '' for none of these most of the time.  began_s: when a and b
    begin to move, None for who never does.  mirrored, copied: likeness in [-1, 1] of what b does to the mirror image of
    what a does and to the same, b being behind_s later.
    """

    duration_s: float
    start_m: float
    end_m: float
    least_m: float
    least_s: float
    most_m: float
    facing: str
    began_s: tuple[float | None, float | None]
    mirrored: float
    copied: float
    behind_s: float
    touches: tuple[Touch, ...]

    @property
    def first(self) -> str:
        """Who moves first: 'a', 'b', 'both', or '' where nobody moves."""
        a, b = self.began_s
        if a is None or b is None:
            return "a" if a is not None else "b" if b is not None else ""
        return "both" if abs(a - b) < AT_ONCE_S else "a" if a < b else "b"

    @property
    def mirrors(self) -> bool:
        """Whether b does what a does, as in a mirror."""
        return self.mirrored >= ALIKE and self.mirrored > self.copied + ALIKE_MORE

    @property
    def copies(self) -> bool:
        """Whether b does what a does, on the same side."""
        return self.copied >= ALIKE and self.copied > self.mirrored + ALIKE_MORE

    def lines(self) -> list[str]:
        """The notable facts as short sentences in which the persons are A and B, most important first."""
        return [*_touch_lines(self.touches), _distance_line(self), *_facing_line(self.facing), *_order_lines(self)]


def measure_pair(a: Motion, b: Motion) -> PairFacts:
    """Measure two motions in one world; frame rates and lengths may differ."""
    first, second = together(a, b, max(a.fps, b.fps))
    distance = pelvis_distance(first, second)
    mirrored, copied, behind = _likeness(first, second)
    began_s = [None if began(m) >= m.duration_s else began(m) for m in (first, second)]
    return PairFacts(
        duration_s=first.duration_s,
        start_m=float(distance[0]),
        end_m=float(distance[-1]),
        least_m=float(distance.min()),
        least_s=float(distance.argmin() / first.fps),
        most_m=float(distance.max()),
        facing=_facing_word(first, second),
        began_s=(began_s[0], began_s[1]),
        mirrored=mirrored,
        copied=copied,
        behind_s=behind,
        touches=contacts(a, b),
    )


def pelvis_distance(a: Motion, b: Motion) -> Array:
    """Metres (T,) along the floor."""
    return np.linalg.norm((a.root_pos - b.root_pos)[:, [0, 2]], axis=1)


def trunk_distance(a: Motion, b: Motion) -> float:
    """The least distance of a joint of one trunk from a joint of the other, metres."""
    return float(np.linalg.norm(trunk_ways(a.joint_positions(), b.joint_positions()), axis=-1).min())


def began(motion: Motion) -> float:
    """Seconds until some joint is STIRRED_M from where it was at first; the whole time if none ever is."""
    pos = motion.joint_positions()
    away = np.linalg.norm(pos - pos[:1], axis=-1).max(1) > STIRRED_M
    return float(np.argmax(away)) / motion.fps if away.any() else motion.duration_s


def facing(a: Motion, b: Motion) -> dict[str, float]:
    """Shares of the near time in which they face 'each other', and in which they face the 'same way'."""
    to_b, to_a, between, near = _bearings(a, b)
    return {
        "each other": float((np.maximum(to_b, to_a) < FACING_DEG)[near].mean()),
        "same way": float((between < FACING_DEG)[near].mean()),
    }


def _bearings(a: Motion, b: Motion) -> tuple[Array, Array, Array, Array]:
    """Degrees (T,) by which a looks past b, b past a, and their headings differ; the frames in which they are near."""
    way = (b.root_pos - a.root_pos)[:, [0, 2]]
    distance = pelvis_distance(a, b)
    bearing = np.arctan2(way[:, 0], way[:, 1])
    headings = [R.hip_heading(m.joint_quat[:, 0].astype(np.float64)) for m in (a, b)]
    off = (headings[0] - bearing, headings[1] - bearing - np.pi, headings[0] - headings[1])
    to_b, to_a, between = (np.degrees(np.abs((angle + np.pi) % (2 * np.pi) - np.pi)) for angle in off)
    return to_b, to_a, between, distance <= distance.min() + NEAR_M


def _facing_word(a: Motion, b: Motion) -> str:
    to_b, to_a, between, near = _bearings(a, b)
    sees, seen, same = to_b < FACING_DEG, to_a < FACING_DEG, between < FACING_DEG
    past = (to_b > 180 - FACING_DEG) & (to_a > 180 - FACING_DEG)
    masks = {"each other": sees & seen, "same way": same, "a to b": sees & ~seen, "b to a": seen & ~sees, "apart": past}
    return next((word for word, mask in masks.items() if mask[near].mean() >= FACING_SHARE), "")


def _likeness(a: Motion, b: Motion) -> tuple[float, float, float]:
    """Correlations of b's limbs with the mirror image of a's and with a's own, and by how many seconds b is later.

    Each is the best of delays up to FOLLOW_S; the delay is that of the better one.
    """
    follower, best = _limbs(b), []
    for leader in (_limbs(mirror_motion(a)), _limbs(a)):
        found = [(0.0, 0)]
        for delay in range(min(round(FOLLOW_S * a.fps), len(follower) // 2) + 1):
            found.append((_correlation(leader[: len(leader) - delay], follower[delay:]), delay))
        best.append(max(found))
    return best[0][0], best[1][0], max(best)[1] / a.fps


def _limbs(motion: Motion) -> Array:
    """Places (T, 9, 3) of the ends of the limbs as the body sees them, smoothed."""
    pos, turns = (x.astype(np.float64) for x in motion.world())
    back = R.quat_from_axis("y", -R.hip_heading(turns[:, 0]))
    return smoothed(R.quat_rotate(back[:, None], pos[:, _ENDS] - pos[:, :1]), motion.fps)


def _correlation(x: Array, y: Array) -> float:
    """Of two series (T, J, 3) about their means; 0 where one of them hardly moves."""
    x, y = x - x.mean(0), y - y.mean(0)
    sizes = [float(np.sqrt((v**2).sum())) for v in (x, y)]
    if min(sizes) < MOVES_M * np.sqrt(len(x)):
        return 0.0
    return float((x * y).sum() / (sizes[0] * sizes[1]))


def _touch_lines(touches: tuple[Touch, ...]) -> list[str]:
    if not touches:
        return ["they do not touch"]
    out = []
    for pair in dict.fromkeys((t.a, t.b) for t in touches):
        found = [t for t in touches if (t.a, t.b) == pair]
        often = f" {len(found)} times" if len(found) > 1 else ""
        span = f"from {found[0].start_s:.1f} s to {found[-1].end_s:.1f} s"
        out.append(f"A's {pair[0]} touches B's {pair[1]}{often} {span}")
    return out


def _distance_line(facts: PairFacts) -> str:
    if facts.most_m - facts.least_m < LEVEL_M:
        return f"they stay {0.5 * (facts.least_m + facts.most_m):.1f} m apart"
    words = f"they begin {facts.start_m:.1f} m apart"
    if min(facts.start_m, facts.end_m) - facts.least_m > LEVEL_M:
        words += f", come as near as {facts.least_m:.1f} m at {facts.least_s:.1f} s"
    if facts.most_m - max(facts.start_m, facts.end_m) > LEVEL_M:
        words += f", are {facts.most_m:.1f} m apart at most"
    return f"{words} and end {facts.end_m:.1f} m apart"


def _facing_line(facing: str) -> list[str]:
    words = {
        "each other": "they face each other",
        "same way": "they face the same way",
        "a to b": "A faces B, who looks elsewhere",
        "b to a": "B faces A, who looks elsewhere",
        "apart": "they turn their backs on each other",
    }
    return [words[facing]] if facing else []


def _order_lines(facts: PairFacts) -> list[str]:
    a, b = facts.began_s
    out = ["neither moves"]
    if facts.first:
        who, other = ("A", "B") if facts.first != "b" else ("B", "A")
        later = f"{other} {abs(a - b):.1f} s later" if a is not None and b is not None else f"{other} does not move"
        out = ["they begin to move at once" if facts.first == "both" else f"{who} moves first, {later}"]
    if facts.mirrors or facts.copies:
        how = "mirrors what A does" if facts.mirrors else "does what A does"
        out.append(f"B {how}" + (f", {facts.behind_s:.1f} s later" if facts.behind_s >= AT_ONCE_S else ""))
    return out
