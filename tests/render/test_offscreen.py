"""Frames from EGL: who is where, in which colour, and what is said when there is no EGL."""

import ctypes.util
import threading

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import MEAN_STANDING_HEIGHT
from engine.core.types import Motion, Scene
from engine.render import offscreen
from engine.render.offscreen import common_timeline, frame_rate, render_frames

needs_egl = pytest.mark.skipif(ctypes.util.find_library("EGL") is None, reason="libEGL is not installed")


def standing(x: float, num_frames: int = 3) -> Motion:
    return Motion(np.tile([x, MEAN_STANDING_HEIGHT, 0], (num_frames, 1)), R.quat_identity(num_frames, 22))


def columns_of(frame: np.ndarray, strong: int, weak: int) -> np.ndarray:
    """Columns of the pixels where channel `strong` stands out over `weak`."""
    return np.nonzero(frame[..., strong].astype(int) - frame[..., weak] > 60)[1]


@needs_egl
def test_two_persons_in_two_colours_each_on_its_side(body):
    frames = list(render_frames(Scene((standing(1.1), standing(-1.1))), body, (160, 120), view="front"))
    assert [f.shape for f in frames] == [(120, 160, 3)] * 3
    blue, orange = columns_of(frames[1], 2, 0), columns_of(frames[1], 0, 2)
    assert len(blue) > 50 and len(orange) > 50
    assert blue.min() > 80 > orange.max()


@needs_egl
def test_frames_change_with_the_motion_and_chosen_frames_equal_the_whole(body, motions):
    scene = Scene((motions.long,))
    frames = list(render_frames(scene, body, (64, 64)))
    assert len(frames) == 40
    assert (frames[0] != frames[20]).any()
    assert [(a == b).all() for a, b in zip(frames[5:40:30], render_frames(scene, body, (64, 64), numbers=[5, 35]))] == [
        True,
        True,
    ]


@needs_egl
def test_several_threads_and_an_abandoned_film(body, motions):
    scene = Scene((motions.short,))
    abandoned = render_frames(scene, body, (64, 64))
    expected = next(abandoned)
    abandoned.close()
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(next(iter(render_frames(scene, body, (64, 64)))))) for _ in "abc"
    ]
    for t in threads:
        t.start()
    for t in threads:
        t.join(30)
    assert len(results) == 3
    assert all((r == expected).all() for r in results)


def test_the_shorter_person_holds_the_last_pose(motions):
    scene = Scene((motions.long, motions.short))
    longer, shorter = common_timeline(scene, 20)
    assert longer.num_frames == shorter.num_frames == 40
    assert np.allclose(shorter.joint_quat[-1], motions.short.joint_quat[-1], atol=1e-6)
    assert frame_rate(Scene((motions.long.with_(fps=120.0),))) == 30


def test_missing_egl_names_the_packages(body, motions, monkeypatch):
    def fail():
        raise ImportError("Unable to load EGL library")

    monkeypatch.setattr(offscreen, "_open_context", fail)
    with pytest.raises(UserError, match=r"Unable to load EGL library.*apt-get install libegl1 libegl-mesa0"):
        next(render_frames(Scene((motions.short,)), body))
