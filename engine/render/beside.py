"""Two versions side by side: where the second one stands, so that both can be watched at once."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import hip_heading
from engine.core.types import Scene

GAP_M = 1.2


def place_beside(other: Scene, scene: Scene, gap_m: float = GAP_M) -> Scene:
    """`other`, moved on the floor so that it begins `gap_m` metres to the left of where `scene` begins, level with it.

    Left is that of the first person of `scene` in the first frame; between two pairs the gap is that of the nearest.
    """
    yaw = float(hip_heading(scene.motions[0].joint_quat[:1].astype(np.float64)[:, 0])[0])
    left, ahead = np.array([np.cos(yaw), 0, -np.sin(yaw)]), np.array([np.sin(yaw), 0, np.cos(yaw)])
    here, there = (np.stack([m.root_pos[0] for m in s.motions]).astype(np.float64) for s in (scene, other))
    sideways = (here @ left).max() + gap_m - (there @ left).min()
    shift = (sideways * left + (here @ ahead - (there @ ahead).mean()).mean() * ahead).astype(np.float32)
    return other.with_(motions=tuple(m.with_(root_pos=m.root_pos + shift) for m in other.motions))
