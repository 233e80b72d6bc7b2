"""Savers of what is rendered: MP4 (H.264 by PyAV), GIF (PIL) and GLB, registered with `engine.io`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from engine.core.types import Scene
from engine.io.formats import SAVERS
from engine.render.bodies import shown_body
from engine.render.camera import best_view
from engine.render.gltf import scene_to_glb
from engine.render.offscreen import frame_rate, render_frames

SIZE = (512, 512)
GIF_SIZE, GIF_FPS = (320, 320), 20.0
_PALETTE_FRAMES = 8


@SAVERS.register(".mp4")
def save_mp4(scene: Scene, path: Path, size: tuple[int, int] = SIZE, view: str | None = None) -> tuple[Path, ...]:
    """Film the scene at its own rate (at most 30 fps), two persons from where they are seen best.

    size: width, height in pixels, even.  view: a name of VIEWS. UserError without EGL.
    """
    view = view or best_view(scene.motions)
    write_mp4(render_frames(scene, shown_body(), size, view=view), path, frame_rate(scene))
    return (path,)


@SAVERS.register(".gif")
def save_gif(scene: Scene, path: Path, size: tuple[int, int] = GIF_SIZE, view: str | None = None) -> tuple[Path, ...]:
    """Film the scene as an endless GIF at 20 fps or less. UserError without EGL."""
    fps = min(frame_rate(scene), GIF_FPS)
    write_gif(render_frames(scene, shown_body(), size, fps, view or best_view(scene.motions)), path, fps)
    return (path,)


@SAVERS.register(".glb")
def save_glb(scene: Scene, path: Path) -> tuple[Path, ...]:
    """The skinned, animated scene; two persons in one file."""
    path.write_bytes(scene_to_glb(scene, shown_body()))
    return (path,)


def write_mp4(frames: Iterable[np.ndarray], path: Path, fps: float) -> None:
    """Encode frames (height, width, 3) uint8 of even size as they come: H.264, yuv420p, playable while it loads."""
    import av

    frames = iter(frames)
    first = next(frames)  # before the file is opened: what fails here leaves none behind
    assert first.shape[0] % 2 == first.shape[1] % 2 == 0, f"yuv420p needs even sizes, not {first.shape[:2]}"
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        stream.height, stream.width = first.shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast"}
        for frame in itertools.chain([first], frames):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


def write_gif(frames: Iterable[np.ndarray], path: Path, fps: float) -> None:
    """Write frames (height, width, 3) uint8 as an endless GIF with one palette for all."""
    pictures = [Image.fromarray(f) for f in frames]
    sample = np.concatenate([np.asarray(p) for p in pictures[:: max(1, len(pictures) // _PALETTE_FRAMES)]], 1)
    palette = Image.fromarray(sample).quantize(128)
    indexed = [p.quantize(palette=palette, dither=Image.Dither.NONE) for p in pictures]
    indexed[0].save(path, "GIF", save_all=True, append_images=indexed[1:], duration=round(1000 / fps), loop=0)
