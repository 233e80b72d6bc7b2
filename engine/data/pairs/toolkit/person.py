"""One person of a scene while it is written: channels in the person's own frame, grown piece by piece, and layers.

The frame begins with the pelvis over the origin looking along +Z; `xz` and `yaw` say where it lies in the world.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from engine.core import rotations as R
from engine.core.plan import Call
from engine.core.points import PALM_M
from engine.core.skeleton import J, rest_offsets
from engine.core.types import MODEL_FPS, Motion
from engine.data.registry import ACTIONS, default_args, natural_seconds, perform
from engine.data.toolkit.arms import JOINTS, arm_rotations
from engine.data.toolkit.channels import FRAMES, Channels, Ctx, standing
from engine.data.toolkit.legs import pelvis_drop
from engine.data.toolkit.postures import at_rest
from engine.data.toolkit.solve import add_layers, solve
from engine.data.toolkit.torso import Torso, root_position, solve_torso

Array = np.ndarray


DRAWS, FASTEST_DEG_S = 4, 1400.0
"""An upper action in which a joint turns faster than this is drawn again, so many times."""


def turned(vectors: Array, yaw_deg: float) -> Array:
    """Vectors (..., 2) x, z or (..., 3) turned about the vertical, to the left for a positive angle."""
    a = np.radians(yaw_deg)
    out = np.array(vectors, np.float64)
    x, z = out[..., 0].copy(), out[..., -1].copy()
    out[..., 0], out[..., -1] = x * np.cos(a) + z * np.sin(a), z * np.cos(a) - x * np.sin(a)
    return out


def frames_of(seconds: float) -> int:
    """Frames that so many seconds have, at least 1."""
    return max(1, round(seconds * MODEL_FPS))


def _fastest(layer: Channels) -> float:
    """Degrees a second that the fastest joint turns at when the layer lies over somebody who stands."""
    quat = solve(standing(layer.num_frames), layer).joint_quat.astype(np.float64)
    dot = np.clip(np.abs((quat[1:] * quat[:-1]).sum(-1)), 0, 1)
    return float(np.degrees(2 * np.arccos(dot)).max(initial=0.0) * MODEL_FPS)


def palm_of(layer: Channels, torso: Torso, s: int) -> Array:
    """Where (T, 3) the palm of side s is, in the person's frame, when the arm is that of the layer alone."""
    offsets, name = rest_offsets(), ("left", "right")[s]
    turn, pos = torso.world[:, J["spine3"]], torso.pos[:, J["spine3"]]
    for joint, quat in zip(JOINTS, arm_rotations(layer, torso, s), strict=True):
        pos = pos + R.quat_rotate(turn, offsets[J[f"{name}_{joint}"]])
        turn = R.quat_mul(turn, quat)
    along = offsets[J[f"{name}_hand"]]
    return pos + R.quat_rotate(turn, along / np.linalg.norm(along) * PALM_M)


class Person:
    """Grows by `rest`, `act` and `add`; `over` puts upper actions on top. `c` may be written into at any time."""

    def __init__(self, rng: np.random.Generator, start: Channels | None = None) -> None:
        self.rng, self.start = rng, start or standing(1)
        self.c = self.start.map(lambda a: a[:0])
        self.layers: list[tuple[int, Channels]] = []
        self.xz, self.yaw = np.zeros(2), 0.0

    @property
    def num_frames(self) -> int:
        return self.c.num_frames

    @property
    def now(self) -> float:
        """Seconds that are written."""
        return self.num_frames / MODEL_FPS

    def ctx(self, seconds: float) -> Ctx:
        """What an action of that length is given, from where the person stands now."""
        return Ctx(self.rng, frames_of(seconds), at_rest(self.c) if self.num_frames else self.start)

    def add(self, part: Channels) -> Channels:
        """Go on with channels that begin in a frame of their own; returns them in the person's frame."""
        if self.num_frames:
            xz, yaw = self.c.root[-1], float(self.c.yaw[-1])
            part = replace(
                part,
                root=turned(part.root, yaw) + xz,
                yaw=part.yaw + yaw,
                foot_xz=turned(part.foot_xz, yaw) + xz,
                foot_yaw=part.foot_yaw + yaw,
            )
            world = part.hand_frame.round() == FRAMES.index("world")
            if world.any():
                part.hand[world] = turned(part.hand[world], yaw) + (xz[0], 0.0, xz[1])
        self.c = Channels(
            **{f.name: np.concatenate([getattr(self.c, f.name), getattr(part, f.name)]) for f in fields(part)}
        )
        return part

    def rest(self, seconds: float) -> None:
        """Stay as one is, breathing."""
        if round(seconds * MODEL_FPS) > 0:
            self.add(self.ctx(seconds).hold())

    def act(self, name: str, seconds: float | None = None, **args: str) -> float:
        """An action of the whole body or of the legs, for `seconds` or its natural time. Returns the time."""
        full = default_args(name, args)
        assert ACTIONS[name].spec.part != "upper", name
        seconds = seconds or natural_seconds(name, full, self.rng)
        self.add(perform(Call(name, full), self.ctx(seconds)))
        return frames_of(seconds) / MODEL_FPS

    def over(self, name: str, start_s: float, seconds: float | None = None, **args: str) -> float:
        """An upper action from `start_s` on, over what is or will be written there. Returns the time that it ends."""
        full = default_args(name, args)
        assert ACTIONS[name].spec.part == "upper", name
        seconds = seconds or natural_seconds(name, full, self.rng)
        ctx = Ctx(self.rng, frames_of(seconds), standing(1))
        layer = perform(Call(name, full), ctx)
        for _ in range(DRAWS):
            if _fastest(layer) < FASTEST_DEG_S:
                break
            layer = perform(Call(name, full), ctx)
        self.layers.append((round(start_s * MODEL_FPS), layer))
        return start_s + seconds

    def motion(self) -> Motion:
        """What is written, in the world."""
        local = solve(self.c, *(self._spread(*layer) for layer in self.layers))
        turn = R.quat_from_axis("y", np.asarray(np.radians(self.yaw), np.float32))
        root = R.quat_rotate(turn, local.root_pos) + np.array([self.xz[0], 0.0, self.xz[1]], np.float32)
        quat = local.joint_quat.copy()
        quat[:, 0] = R.quat_mul(np.broadcast_to(turn, quat[:, 0].shape), quat[:, 0])
        return local.with_(root_pos=root, joint_quat=quat)

    def torso(self, num_frames: int) -> Torso:
        """The trunk as written now in so many frames, in the person's own frame: what the arms hang from."""
        c = add_layers(self.c, tuple(self._spread(*layer) for layer in self.layers))
        torso = solve_torso(c, root_position(c, pelvis_drop(c)))
        return Torso(torso.local[:num_frames], torso.pos[:num_frames], torso.world[:num_frames])

    def _spread(self, start: int, layer: Channels) -> Channels:
        """A layer held before its start and after its end, over all frames."""
        frames = np.clip(np.arange(self.num_frames) - start, 0, layer.num_frames - 1)
        return layer.map(lambda a: a[frames])

    def to_world(self, points: Array) -> Array:
        """Points (..., 3) of the person's frame in the world."""
        return turned(points, self.yaw) + (self.xz[0], 0.0, self.xz[1])

    def to_local(self, points: Array) -> Array:
        """The inverse of `to_world`."""
        return turned(points - np.array([self.xz[0], 0.0, self.xz[1]]), -self.yaw)
