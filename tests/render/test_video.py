"""MP4, GIF and GLB savers: what is in the files, and that `engine.io` knows them."""

import ctypes.util

import av
import numpy as np
import pytest
from PIL import Image

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io.formats import SAVERS
from engine.render import video
from engine.render.video import write_gif, write_mp4


def gradient(count: int, size: int = 64):
    """A white bar that moves across a dark picture."""
    for i in range(count):
        frame = np.full((size, size, 3), 40, np.uint8)
        frame[:, 4 * i : 4 * i + 4] = 240
        yield frame


def test_mp4_has_every_frame_in_order_and_starts_fast(tmp_path):
    path = tmp_path / "x.mp4"
    write_mp4(gradient(12), path, 20.0)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert float(stream.average_rate or 0) == 20
        frames = [f.to_ndarray(format="gray") for f in container.decode(stream)]
    assert [f.shape for f in frames] == [(64, 64)] * 12
    assert [int(f.mean(0).argmax()) // 4 for f in frames] == list(range(12))
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_gif_loops_with_every_frame(tmp_path):
    write_gif(gradient(10), tmp_path / "x.gif", 20.0)
    with Image.open(tmp_path / "x.gif") as picture:
        assert (picture.n_frames, picture.size, picture.info["loop"]) == (10, (64, 64), 0)
        assert picture.info["duration"] == 50


def test_a_film_that_cannot_be_rendered_leaves_no_file(tmp_path):
    def failing():
        raise UserError("no EGL")
        yield

    for write in (write_mp4, write_gif):
        with pytest.raises(UserError, match="no EGL"):
            write(failing(), tmp_path / "x", 20.0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(ctypes.util.find_library("EGL") is None, reason="libEGL is not installed")
@pytest.mark.parametrize(("save", "size"), [(video.save_mp4, 512), (video.save_gif, 320)])
def test_a_film_of_two_persons(tmp_path, body, motions, monkeypatch, save, size):
    monkeypatch.setattr(video, "shown_body", lambda: body)
    scene = Scene((motions.long.slice(0, 4), motions.short.slice(0, 4)))
    (path,) = save(scene, tmp_path / "film")
    with av.open(str(path)) as container:
        frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
    assert [f.shape for f in frames] == [(size, size, 3)] * 4
    assert frames[0].std() > 10
    assert (frames[0] != frames[3]).any()


def test_savers_are_registered():
    assert SAVERS[".mp4"] is video.save_mp4
    assert SAVERS[".gif"] is video.save_gif
    assert SAVERS[".glb"] is video.save_glb


@pytest.mark.parametrize("fps", [20.0, 30.0, 29.97, 12.5])
def test_mp4_keeps_the_rate(tmp_path, fps):
    write_mp4(gradient(3), tmp_path / "x.mp4", fps)
    with av.open(str(tmp_path / "x.mp4")) as container:
        assert float(container.streams.video[0].average_rate or 0) == pytest.approx(fps, rel=1e-3)


def test_glb_saver_writes_a_glb(tmp_path, body, motions, monkeypatch):
    monkeypatch.setattr(video, "shown_body", lambda: body)
    assert video.save_glb(Scene((motions.short,)), tmp_path / "x.glb") == (tmp_path / "x.glb",)
    assert (tmp_path / "x.glb").read_bytes()[:4] == b"glTF"
