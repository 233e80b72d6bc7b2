"""A scene of two while it is written: both persons, where they stand by each other, and hands that meet.

stage.a.act("walk"); stage.level()
stage.face(stage.now, 0.85)
stage.rest(2.0)
stage.reach("a", "right", points, weight, fingers, palm)
stage.touch("right_palm", "right_palm", 1.0, 1.6)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import STEP_S
from engine.core.points import place
from engine.core.types import MODEL_FPS, Motion
from engine.data.pairs.toolkit.person import Person, palm_of, turned
from engine.data.toolkit.channels import Channels, sides, zeros
from engine.data.toolkit.curves import envelope

Array = np.ndarray
Vector = Array | tuple[float, float, float]
AHEAD, UP, LEFT = np.eye(3)[[2, 1, 0]]
"""Directions of the world, as the actor sees them at first."""
STEP_FRAMES = round(STEP_S * MODEL_FPS)
SETTLE = 3
"""How often the aim of a reaching hand is corrected by what the arm misses."""
MISS_M = 0.06
"""The most that one correction moves the aim."""


@dataclass(frozen=True)
class Contact:
    """From start_s to end_s seconds the actor's place touches the reactor's; both are names of `points.POINTS`."""

    start_s: float
    end_s: float
    actor: str
    reactor: str


@dataclass(frozen=True, eq=False)
class _Reach:
    """The arm of side s of a person goes to goal (T, 3), in the person's frame, by a layer whose aim is corrected."""

    person: Person
    s: int
    layer: Channels
    goal: Array

    def settle(self) -> None:
        """Move the aim by what the palm misses, a few times."""
        torso, s = self.person.torso(len(self.goal)), self.s
        wanted = self.layer.arm_over[:, s, None] > 0.02
        for _ in range(SETTLE):
            off = self.goal - palm_of(self.layer, torso, s)
            off *= np.minimum(1, MISS_M / np.maximum(np.linalg.norm(off, axis=1, keepdims=True), 1e-6))
            self.layer.hand[:, s] += off * wanted


class Stage:
    """Two persons, a (the actor) and b (who reacts); a's frame is the world."""

    def __init__(self, rng: np.random.Generator, delay_s: float) -> None:
        self.rng, self.a, self.b = rng, Person(rng), Person(rng)
        self.delay_s = self.vary(delay_s, 0.2)
        self.contacts: list[Contact] = []
        self._reaches: list[_Reach] = []

    def __getitem__(self, who: str) -> Person:
        return {"a": self.a, "b": self.b}[who]

    def vary(self, value: float, share: float = 0.1) -> float:
        """The value times a random factor, about 1 +- share."""
        return float(value * np.clip(1 + share * self.rng.standard_normal(), 1 - 2 * share, 1 + 2 * share))

    @property
    def now(self) -> float:
        """Seconds that both are written for."""
        return min(self.a.now, self.b.now)

    @property
    def t(self) -> Array:
        """Seconds (T,) of the frames that both are written for."""
        return np.arange(min(self.a.num_frames, self.b.num_frames)) / MODEL_FPS

    def rest(self, seconds: float) -> None:
        """Both stay as they are."""
        self.a.rest(seconds)
        self.b.rest(seconds)

    def level(self) -> float:
        """Who has less time written waits for the other, up to a whole step. Returns the time."""
        longest = -(-max(self.a.num_frames, self.b.num_frames) // STEP_FRAMES) * STEP_FRAMES
        for person in (self.a, self.b):
            person.rest((longest - person.num_frames) / MODEL_FPS)
        return self.now

    def face(self, at_s: float, gap: float, left: float = 0.0, turn: float = 180.0) -> None:
        """Put b so that at that time b stands `gap` metres ahead of a and `left` to a's left, turned by `turn` degrees
        from a's heading; both must be written up to there."""
        i = max(min(round(at_s * MODEL_FPS), min(self.a.num_frames, self.b.num_frames)) - 1, 0)
        a, b = self.a.c, self.b.c
        spot = a.root[i] + turned(np.array([left, gap]), float(a.yaw[i]))
        self.b.yaw = float(a.yaw[i]) + turn - float(b.yaw[i])
        self.b.xz = spot - turned(b.root[i], self.b.yaw)

    def align(self, at_s: float, actor: str, reactor: str) -> None:
        """Move b along the floor so that at that time the two places are above each other or meet."""
        i = min(round(at_s * MODEL_FPS), len(self.t) - 1)
        off = self.point("a", actor)[i] - self.point("b", reactor)[i]
        self.b.xz = self.b.xz + off[[0, 2]]

    def come(self, distance: str, gap: float, left: float = 0.0, turn: float = 180.0) -> float:
        """'far': a walks up to b, who may walk as well; then they stand `gap` apart. Returns the time."""
        if distance == "far":
            self.a.act("walk", round(self.rng.uniform(2.0, 2.8), 1))
            if self.rng.random() < 0.35:
                self.b.rest(self.delay_s)
                self.b.act("walk", max(self.a.now - self.delay_s, 1.6))
            self.level()
        else:
            self.rest(self.rng.uniform(0.1, 0.25))
        self.face(self.now, gap, left, turn)
        return self.now

    def on(self, start_s: float, end_s: float, up: float = 0.5, down: float = 0.6) -> Array:
        """Weight (T,) that is 1 from start_s to end_s; it comes over `up` seconds before and goes over `down` after."""
        return envelope(self.t, up, down, start_s - up, end_s + down)

    def motions(self) -> tuple[Motion, Motion]:
        """Both as they are written now."""
        return self.a.motion(), self.b.motion()

    def point(self, who: str, name: str) -> Array:
        """World positions (T, 3) of a place on that person's body as written now."""
        return place(self[who].motion(), name).astype(np.float64)

    def between(self, left: float, up: float, share: float = 0.5) -> Array:
        """World points (T, 3) that share of the way from a's path to b's, so far to a's left, so high; metres."""
        ends = [person.to_world(np.insert(person.c.root, 1, 0.0, axis=1)) for person in (self.a, self.b)]
        way = ends[1] - ends[0]
        across = np.stack([way[:, 2], 0 * way[:, 0], -way[:, 0]], 1)
        across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
        return ends[0] + share * way + left * across + (0.0, up, 0.0)

    def reach(
        self,
        who: str,
        side: str,
        points: Array,
        weight: Array | float,
        fingers: Vector | None = None,
        palm: Vector | None = None,
        swivel: Array | float = 30.0,
    ) -> None:
        """Bring that person's palm to world points (T, 3) as far as weight (T,) says.

        fingers, palm: world directions, (3,) or (T, 3), in which the fingers point and the palm faces; without them the
        hand goes on in line with the forearm.  swivel: degrees; 0: elbow below, 90: out to the side.
        """
        person, s = self[who], sides(side)[0]
        assert self.a.num_frames == self.b.num_frames, "both must be written for the same time"
        layer = zeros(person.num_frames)
        layer.arm_over[:, s] = weight
        goal = person.to_local(points)
        if fingers is not None and palm is not None:
            ways = [turned(np.broadcast_to(v, goal.shape), -person.yaw) for v in (fingers, palm)]
            layer.set_hand(side, "world", goal, 1.0, *ways, swivel=swivel)
        else:
            layer.set_hand(side, "world", goal, 1.0, swivel=swivel)
        person.layers.append((0, layer))
        self._reaches.append(_Reach(person, s, layer, goal))
        self._reaches[-1].settle()

    def settle(self) -> None:
        """Correct every reach for what was written into the trunks after it."""
        for reach in self._reaches:
            reach.settle()

    def touch(self, actor: str, reactor: str, start_s: float, end_s: float) -> None:
        """Note a contact of the finished scene."""
        self.contacts.append(Contact(round(start_s, 2), round(end_s, 2), actor, reactor))
