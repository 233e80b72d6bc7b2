"""Two versions side by side: how far apart, on which side, and untouched otherwise."""

import numpy as np
import pytest

from engine.core.rotations import quat_from_axis, quat_identity
from engine.core.types import Motion, Scene
from engine.render.beside import place_beside


def person(x: float, z: float, yaw: float = 0.0) -> Motion:
    quat = quat_identity(3, 22)
    quat[:, 0] = quat_from_axis("y", np.float32(yaw))
    return Motion(np.array([[x, 0.9, z + 0.1 * t] for t in range(3)]), quat)


@pytest.mark.parametrize(("yaw", "left"), [(0.0, (1, 0)), (np.pi / 2, (0, -1)), (np.pi, (-1, 0))])
def test_the_other_version_begins_to_the_left_and_level(yaw, left):
    scene, other = Scene((person(0.5, 2.0, yaw),)), Scene((person(-3.0, 7.0),))
    [moved] = place_beside(other, scene).motions
    away = moved.root_pos[0] - scene.motions[0].root_pos[0]
    np.testing.assert_allclose(away[[0, 2]], 1.2 * np.array(left), atol=1e-5)
    np.testing.assert_allclose(np.diff(moved.root_pos, axis=0), np.diff(other.motions[0].root_pos, axis=0), atol=1e-5)
    assert np.array_equal(other.motions[0].root_pos[0], np.float32([-3.0, 0.9, 7.0]))


def test_between_two_pairs_the_gap_is_that_of_the_nearest():
    pair = Scene((person(0.0, 0.0), person(0.8, 0.0)))
    moved = place_beside(pair, pair)
    assert [round(float(m.root_pos[0, 0]), 3) for m in moved.motions] == [2.0, 2.8]
