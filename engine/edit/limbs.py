"""Swinging a limb up at its root joint, and bending it at its hinge."""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.skeleton import J
from engine.edit.pose import level_axes, step

UP = np.array([0.0, 1.0, 0.0])
OWN_DEG = {"arm": (30.0, 60.0), "leg": (60.0, 90.0)}
"""A limb between these angles from hanging goes over from the plane it has on the whole to that of the moment."""
HANG_DEG, TOP_DEG = 2.0, 178.0
PLANE = 0.35
"""A limb that hangs on the whole with less than this sine of its angle is raised to its own side as well."""
FLEX_DEG = (5.0, 20.0)
MAX_BEND_DEG = 150.0


def elevation(direction: np.ndarray) -> np.ndarray:
    """Degrees (T,) between unit directions (T, 3) and straight down."""
    return np.degrees(np.arccos(np.clip(-direction[:, 1], -1, 1)))


def raising(
    direction: np.ndarray, world: np.ndarray, degrees: np.ndarray, limb: str, outward: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (T, 4) in the world that raise a limb with unit directions (T, 3) by degrees (T,), and by how many.

    world: (T, 4) of the joint that the limb hangs from the body by, whose heading the plane turns with.  limb: 'arm' or
    'leg'.  outward: how far left and forward it goes when it hangs straight down.
    """
    angle = elevation(direction)
    left, front = level_axes(world)
    flat = np.stack([(direction * left).sum(-1), (direction * front).sum(-1)], -1)
    mean = flat.mean(0)
    mean = mean + np.asarray(outward) * PLANE * np.clip(1 - np.linalg.norm(mean) / PLANE, 0, 1)
    mean = mean / max(float(np.linalg.norm(mean)), 1e-9)
    plane = mean[0] * left + mean[1] * front
    signed = np.degrees(np.arctan2((direction * plane).sum(-1), -direction[:, 1]))
    together = _limited(signed, degrees)
    first = R.quat_rotate(R.quat_from_aa(np.cross(plane, UP) * np.radians(together - signed)[:, None]), direction)
    level = R.normalize(direction * np.array([1.0, 0, 1]))
    goal = np.radians(_limited(angle, degrees))[:, None]
    second = np.sin(goal) * level - np.cos(goal) * UP
    own = step(angle, *OWN_DEG[limb])
    turn = R.quat_between(direction, R.normalize((1 - own[:, None]) * first + own[:, None] * second))
    return turn, (1 - own) * (together - signed) + own * (np.degrees(goal[:, 0]) - angle)


def _limited(angle: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """Raised angles, that stop before straight down and straight up but for limbs that are past them already."""
    return np.clip(angle + degrees, np.minimum(angle, HANG_DEG), np.maximum(angle, TOP_DEG))


def bending(
    pos: np.ndarray, world: np.ndarray, limb: tuple[str, str, str], degrees: np.ndarray, hinge: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (T, 4) in the world of the lower half of a limb that bend it by degrees (T,) more, and its bend (T,).

    limb: names of the joint it begins at, the one that bends, and the one it ends at.  hinge: (3,) axis of the bend in
    the frame of its upper half. It bends no further than straight and MAX_BEND_DEG.
    """
    root, middle, end = (J[name] for name in limb)
    upper, lower = R.normalize(pos[:, middle] - pos[:, root]), R.normalize(pos[:, end] - pos[:, middle])
    bend = np.degrees(np.arccos(np.clip((upper * lower).sum(-1), -1, 1)))
    usual = R.quat_rotate(world[:, root], hinge)
    usual = R.normalize(usual - upper * (usual * upper).sum(-1, keepdims=True))
    seen = R.normalize(np.cross(upper, lower))
    share = step(bend, *FLEX_DEG)[:, None]
    axis = R.normalize((1 - share) * usual + share * seen)
    goal = np.clip(bend + degrees, np.minimum(bend, 0.0), np.maximum(bend, MAX_BEND_DEG))
    return R.quat_from_aa(axis * np.radians(goal - bend)[:, None]), bend
