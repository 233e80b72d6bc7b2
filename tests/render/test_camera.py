"""The camera keeps people in the picture, and stands still when it can."""

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.skeleton import MEAN_STANDING_HEIGHT
from engine.core.types import Motion
from engine.render.camera import FIELD_OF_VIEW, VIEWS, best_view, camera_path, look_at


def walker(metres: float, x: float = 0.0, jump: float = 0.0) -> Motion:
    steps = np.linspace(0, 1, 80)
    height = MEAN_STANDING_HEIGHT + jump * np.sin(steps * np.pi)
    return Motion(np.stack([np.full(80, x), height, steps * metres], 1), R.quat_identity(80, 22))


def on_screen(poses: np.ndarray, motion: Motion) -> np.ndarray:
    """Picture coordinates (T, J, 2), -1 to 1 within the picture."""
    points = np.einsum("tba,tjb->tja", poses[:, :3, :3], motion.joint_positions() - poses[:, None, :3, 3])
    assert (points[..., 2] < 0).all(), "somebody stands behind the camera"
    return points[..., :2] / -points[..., 2:] / np.tan(FIELD_OF_VIEW / 2)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "motions",
    [(walker(0),), (walker(2.4),), (walker(12),), (walker(0, jump=0.6),), (walker(8), walker(-6, x=1.5))],
    ids=["stands", "walks 2 m", "walks 12 m", "jumps", "parting"],
)
def test_everybody_stays_in_the_picture(motions, view):
    poses = camera_path(motions, view)
    for motion in motions:
        assert np.abs(on_screen(poses, motion)).max() < 1


def test_a_short_path_does_not_move_the_camera():
    assert np.ptp(camera_path([walker(2.4)]), axis=0).max() == 0
    assert np.ptp(camera_path([walker(12)]), axis=0).max() > 8


def test_look_at_looks_along_minus_z():
    pose = look_at(np.array([3.0, 2.0, 1.0]), np.zeros(3))
    assert np.allclose(pose[:3, :3].T @ pose[:3, :3], np.eye(3))
    assert np.allclose(-pose[:3, 2], -np.array([3.0, 2.0, 1.0]) / np.sqrt(14))


@pytest.mark.parametrize(("x", "z", "view"), [(0.0, 0.8, "side"), (0.8, 0.0, "front3/4"), (-0.8, 0.1, "front3/4")])
def test_two_persons_are_seen_where_neither_hides_the_other(x, z, view):
    first = walker(0.0)
    assert best_view([first, first.with_(root_pos=first.root_pos + [x, 0, z])]) == view
    assert best_view([first]) == "front3/4"
