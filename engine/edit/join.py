"""One motion after another: place, heading and momentum carry on, and the seam decays like inertia.

Source of the seam: D. Bollo, "Inertialization: High-Performance Animation Transitions", GDC 2018; here the offset
and its velocity fade out along cubic Hermite polynomials.
"""

from __future__ import annotations

import numpy as np

from engine.core import rotations as R
from engine.core.contacts import floor_at
from engine.core.types import Motion
from engine.edit.anchor import Anchor


def place(a: Motion, b: Motion) -> Motion:
    """b turned and moved so that it begins one frame of travel after a's last frame, facing the same way.

    What b's feet are on at its beginning comes to the height of what a's are on at its end.
    """
    end, start = Anchor.of(a, -1), Anchor.of(b)
    turn = R.quat_from_axis("y", np.asarray(end.heading - start.heading))
    root = R.quat_rotate(turn, b.root_pos.astype(np.float64) - start.point)
    travel = np.zeros(3)
    if min(a.num_frames, b.num_frames) > 1:
        travel = 0.5 * (a.root_pos[-1] - a.root_pos[-2] + root[1] - root[0])
    root += end.point + travel
    root[:, 1] = b.root_pos[:, 1] + np.float32(floor_at(a, -1) - floor_at(b, 0))
    quat = b.joint_quat.copy()
    quat[:, 0] = R.quat_mul(turn, quat[:, 0].astype(np.float64))
    return b.with_(root_pos=root, joint_quat=quat)


def _fade(count: int, seconds: float, fps: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights (count,) of the offset and of its velocity (per second): Hermite curves from 1 to 0, ending at rest."""
    t = np.arange(count) / (seconds * fps)
    return 1 - 3 * t**2 + 2 * t**3, seconds * t * (1 - t) ** 2


def blend_start(a: Motion, b: Motion, blend_s: float) -> Motion:
    """b, its first `blend_s` bent so that pose, height and their velocities go on from a's last frames."""
    seconds = min(blend_s, b.duration_s)
    count = int(np.ceil(seconds * b.fps - 1e-6))
    previous = a.slice(max(a.num_frames - 2, 0))
    root_a, quat_a = previous.root_pos.astype(np.float64), previous.joint_quat.astype(np.float64)
    step = R.quat_mul(quat_a[-1], R.quat_inv(quat_a[0])) if len(quat_a) > 1 else np.tile([1.0, 0, 0, 0], (22, 1))
    next_root, next_quat = 2 * root_a[-1] - root_a[0], R.quat_mul(step, quat_a[-1])
    root_b, quat_b = b.root_pos.astype(np.float64), b.joint_quat.astype(np.float64)
    later = min(1, b.num_frames - 1)
    offset = next_root - root_b[0]
    speed = ((root_a[-1] - root_a[0]) - (root_b[later] - root_b[0])) * b.fps
    twist = _rotvec(next_quat, quat_b[0])
    spin = (_rotvec(quat_a[-1], quat_a[0]) - _rotvec(quat_b[later], quat_b[0])) * b.fps
    keep, rate = _fade(count, seconds, b.fps)
    root, quat = b.root_pos.copy(), b.joint_quat.copy()
    root[:count] = root_b[:count] + keep[:, None] * offset + rate[:, None] * speed
    bend = keep[:, None, None] * twist + rate[:, None, None] * spin
    quat[:count] = R.quat_mul(R.quat_from_aa(bend), quat_b[:count])
    return b.with_(root_pos=root, joint_quat=quat)


def _rotvec(to: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Axis-angle (J, 3) that takes rotations `start` to `to`."""
    return R.quat_to_aa(R.quat_mul(to, R.quat_inv(start)))


def concatenate(a: Motion, b: Motion, blend_s: float = 0.3) -> Motion:
    """a, then b going on from a's last position on the floor (or the step that it ends on) and heading.

    a's frames stay bit-identical, b's after the first `blend_s` seconds too but for their place on the floor and its
    height; with blend_s 0 the poses of b are untouched. b is resampled to a's rate and takes a's betas.
    """
    b = place(a, b.resample(a.fps)).with_(fps=a.fps, betas=a.betas)
    if blend_s > 0:
        b = blend_start(a, b, blend_s)
    root = np.concatenate([a.root_pos, b.root_pos])
    return a.with_(root_pos=root, joint_quat=np.concatenate([a.joint_quat, b.joint_quat]))
