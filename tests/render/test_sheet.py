"""Contact sheets: the picture's size, its colours, and what a view shows where."""

import ctypes.util

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_STANDING_HEIGHT
from engine.core.types import Motion, Scene
from engine.render.sheet import contact_sheet, frame_numbers, stick_sheet


def standing(num_frames: int = 12, yaw: float = 0.0) -> Motion:
    quat = R.quat_identity(num_frames, 22)
    quat[:, 0] = R.quat_from_axis("y", np.array(yaw, np.float32))
    root = np.zeros((num_frames, 3))
    root[:, 1] = MEAN_STANDING_HEIGHT
    return Motion(root, quat)


def center_x(picture: np.ndarray, channel: int) -> float:
    """Mean column of the pixels where one colour channel stands out."""
    others = [c for c in range(3) if c != channel]
    strong = picture[..., channel].astype(int) - picture[..., others].max(-1) > 60
    return float(np.nonzero(strong)[1].mean())


def test_sheet_has_a_row_per_motion_and_view(tmp_path):
    path = tmp_path / "sheet.png"
    picture = stick_sheet([("a", standing()), ("b", standing())], path, frames=4, views=("front", "side"))
    assert path.exists()
    assert picture.size == (130 + 4 * 110, 4 * 150)


@pytest.mark.parametrize("yaw", [0.0, 1.3])
def test_front_view_has_the_left_limbs_on_the_right_whatever_the_heading(yaw):
    picture = np.asarray(stick_sheet([("", standing(yaw=yaw))], frames=1, views=("front",)))
    assert center_x(picture, 0) > center_x(picture, 2) + 10
    back = np.asarray(stick_sheet([("", standing(yaw=yaw))], frames=1, views=("back",)))
    assert center_x(back, 0) < center_x(back, 2) - 10


def test_unknown_view_is_named():
    with pytest.raises(UserError, match="below"):
        stick_sheet([("", standing())], views=("below",))


def test_frame_numbers_hold_both_ends():
    assert frame_numbers(100, 3).tolist() == [0, 50, 99]
    assert frame_numbers(2, 10).tolist() == [0, 1]


@pytest.mark.skipif(ctypes.util.find_library("EGL") is None, reason="libEGL is not installed")
def test_contact_sheet_has_a_block_of_rows_per_view(tmp_path, body, motions):
    path = tmp_path / "sheet.png"
    picture = contact_sheet(
        Scene((motions.long,)), path, frames=5, columns=3, views=("front", "side"), size=(128, 160), body=body
    )
    assert path.exists()
    assert picture.size == (3 * 128, 4 * 160)
    pixels = np.asarray(picture)
    cells = [pixels[160 * r : 160 * r + 160, 128 * c : 128 * c + 128] for r in range(4) for c in range(3)]
    white = [(cell == 255).all() for cell in cells]
    assert white == [False] * 5 + [True] + [False] * 5 + [True]
    assert (cells[0] != cells[4]).any()
