"""From channels to motion: torso, then legs with planted feet, then arms, then the layers over them."""

from __future__ import annotations

import numpy as np

from engine.core.rotations import quat_continuous
from engine.core.types import MODEL_FPS, Motion
from engine.data.toolkit.arms import solve_arms
from engine.data.toolkit.channels import Channels
from engine.data.toolkit.legs import pelvis_drop, solve_legs
from engine.data.toolkit.torso import root_position, solve_torso


def add_layers(base: Channels, layers: tuple[Channels, ...]) -> Channels:
    """A copy of `base` with the layers' torso, head and pelvis curves added."""
    out = base.copy()
    for layer in layers:
        for name in ("height", "sway", "pelvis", "spine", "head"):
            getattr(out, name)[:] += getattr(layer, name)
    return out


def solve(base: Channels, *layers: Channels) -> Motion:
    """Channels of T frames, with layers over them -> Motion of T frames at 20 fps, feet where the channels put them."""
    c = add_layers(base, layers)
    root = root_position(c, pelvis_drop(c))
    torso = solve_torso(c, root)
    solve_legs(c, torso)
    solve_arms(c, layers, torso)
    quat = quat_continuous(torso.local.astype(np.float32))
    return Motion(root.astype(np.float32), quat, MODEL_FPS)
