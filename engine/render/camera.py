"""Named views, and where the camera stands: still when a near view holds the whole scene, else gliding along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.ndimage import gaussian_filter1d

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.types import Motion

VIEWS = {"front": 0.0, "side": -90.0, "back": 180.0, "left": 90.0, "front3/4": -40.0, "back3/4": 140.0}
"""Camera azimuth in degrees about the first frame's heading; 'side' sees the person facing the picture's right."""

FIELD_OF_VIEW = np.radians(38.0)
_STILL_RADIUS = 1.5  # metres; a path that stays within is framed as a whole
_SMOOTH_S = 0.5  # a following camera ignores the sway of single steps
_ELEVATION = np.radians(12.0)
_MARGIN = 0.2  # metres around the joints: flesh and some air


def azimuth(view: str) -> float:
    """Radians of a named view. UserError for an unknown name."""
    if view not in VIEWS:
        raise UserError(f"There is no view {view!r}; choose from {', '.join(VIEWS)}.")
    return float(np.radians(VIEWS[view]))


def best_view(motions: Sequence[Motion]) -> str:
    """The name of the view in which two persons stand further apart on the first frame; 'front3/4' for one."""
    away = motions[-1].root_pos[0] - motions[0].root_pos[0]

    def apart(view: str) -> float:
        angle = first_heading(motions[0]) + azimuth(view)
        return abs(float(away[0] * np.cos(angle) - away[2] * np.sin(angle)))

    return max(("front3/4", "side"), key=apart)


def first_heading(motion: Motion) -> float:
    """Yaw in radians that the pelvis faces on the first frame: atan2(x, z)."""
    forward = R.quat_rotate(motion.joint_quat[0, 0], np.array([0, 0, 1], np.float32))
    return float(np.arctan2(forward[0], forward[2]))


def look_at(eye: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Camera-to-world matrix (4, 4); a camera looks along its -Z. eye, target: (3,) metres, not above each other."""
    back = (eye - target) / np.linalg.norm(eye - target)
    right = np.cross([0.0, 1.0, 0.0], back)
    right /= np.linalg.norm(right)
    pose = np.eye(4)
    pose[:3] = np.stack([right, np.cross(back, right), back, eye], 1)
    return pose


def camera_path(motions: Sequence[Motion], view: str = "front3/4", aspect: float = 1.0) -> np.ndarray:
    """Camera-to-world matrices (T, 4, 4) that keep everybody in the picture.

    motions: one or two of equal length and rate.  view: a name of VIEWS, about the first person's first
    heading.  aspect: width / height.
    """
    joints = np.concatenate([m.joint_positions() for m in motions], 1)
    roots = np.stack([m.root_pos for m in motions], 1)[..., [0, 2]]
    middle = (roots.min(1) + roots.max(1)) / 2
    whole = (roots.min((0, 1)) + roots.max((0, 1))) / 2
    if np.linalg.norm(roots - whole, axis=-1).max() <= _STILL_RADIUS:
        ground = np.tile(whole, (len(middle), 1))
    else:
        ground = gaussian_filter1d(middle, _SMOOTH_S * motions[0].fps, axis=0, mode="nearest")
    angle = first_heading(motions[0]) + azimuth(view)
    top = max(1.75, float(joints[..., 1].max()) + 0.12)
    targets = np.stack([ground[:, 0], np.full(len(ground), top / 2), ground[:, 1]], 1)
    back = np.array([np.sin(angle), np.tan(_ELEVATION), np.cos(angle)]) * np.cos(_ELEVATION)
    beside, above, nearer = np.moveaxis((joints - targets[:, None]) @ look_at(back, np.zeros(3))[:3, :3], -1, 0)
    half = np.maximum(np.abs(above), np.abs(beside) / aspect) + _MARGIN
    slope = np.tan(FIELD_OF_VIEW / 2)
    away = back * max((top / 2 + _MARGIN) / slope, (half / slope + nearer).max())
    return np.stack([look_at(target + away, target) for target in targets])
