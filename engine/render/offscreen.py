"""Frames of a scene by pyrender over EGL: bodies, their shadows and a checkered floor, without a display.

An OpenGL context belongs to the thread that made it, and callers come from any thread; so all GL runs on one worker
thread of this module. One 512x512 frame of one body takes about 20 ms on a CPU (Mesa's llvmpipe): multisampling is
off unless asked for, and the shadow is the body itself, flattened on the floor along the light.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion, Scene
from engine.render.camera import FIELD_OF_VIEW, camera_path, look_at
from engine.render.palette import PERSON_COLORS, linear, vertex_normals

if TYPE_CHECKING:
    from engine.body import Body

MAX_FPS = 30.0
NO_EGL = (
    "MP4, GIF and mesh pictures need EGL, which could not be started here ({reason}). On Debian or Ubuntu: "
    "apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri libgles2. GLB, BVH and npz work without it."
)
_BACKGROUND = (0.93, 0.94, 0.96)
_TILE, _SHADOW = (0.55, 0.59, 0.66), (0.70, 0.72, 0.76)  # sRGB
_TILE_ALPHA = 0.45
_TILE_M = 0.5
_SUN = np.array([-0.55, 1.0, 0.45])  # towards the key light: the camera's right, up, back
_UNDER_TILES = np.array([0.0, 0.001, 0.0], np.float32)
_CHUNK = 32  # frames whose vertices are computed at once

_gl_thread = ThreadPoolExecutor(1, "kinetalk-gl")


def frame_rate(scene: Scene) -> float:
    """Frames per second of a film of the scene: the first person's, at most MAX_FPS."""
    return min(scene.motions[0].fps, MAX_FPS)


def common_timeline(scene: Scene, fps: float) -> list[Motion]:
    """The persons sampled at `fps` for the whole scene; the shorter one holds its last pose."""
    times = np.arange(max(1, round(scene.duration_s * fps))) / fps
    return [m.sample_at(times * m.fps).with_(fps=fps) for m in scene.motions]


def render_frames(
    scene: Scene,
    body: Body,
    size: tuple[int, int] = (512, 512),
    fps: float | None = None,
    view: str = "front3/4",
    samples: int = 0,
    numbers: Sequence[int] | None = None,
) -> Iterator[np.ndarray]:
    """Pictures (height, width, 3) uint8 of the scene, one by one.

    size: width, height in pixels.  fps: defaults to `frame_rate`.  samples: multisampling, 0 or 4.  numbers: only
    these frames.  The next frame is drawn while the caller works on this one. UserError when there is no EGL.
    """
    motions = common_timeline(scene, fps or frame_rate(scene))
    poses = camera_path(motions, view, size[0] / size[1])
    chosen = np.arange(len(poses)) if numbers is None else np.asarray(numbers, int)
    setting = Setting(len(motions), np.asarray(body.faces), size, samples, *_floor_span(motions), _sun(poses[0]))
    stage = _gl_thread.submit(Stage, setting).result()
    try:
        pending: Future[np.ndarray] | None = None
        for start in range(0, len(chosen), _CHUNK):
            part = chosen[start : start + _CHUNK]
            vertices = np.stack([body.vertices(m, part) for m in motions], 1)
            for k, number in enumerate(part):
                following = _gl_thread.submit(stage.draw, vertices[k], poses[number])
                if pending is not None:
                    yield pending.result()
                pending = following
        if pending is not None:
            yield pending.result()
    finally:
        _gl_thread.submit(stage.close).result()


def _floor_span(motions: Sequence[Motion]) -> tuple[np.ndarray, float]:
    """Middle (2,) and radius in metres of the floor that the path needs."""
    roots = np.concatenate([m.root_pos[:, [0, 2]] for m in motions])
    middle = (roots.min(0) + roots.max(0)) / 2
    return middle, float(np.linalg.norm(roots - middle, axis=1).max()) + 5.0


def _pyrender() -> Any:
    """pyrender, bound to EGL. It still says np.infty, which numpy 2 has dropped."""
    os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
    if not hasattr(np, "infty"):
        np.infty = np.inf  # type: ignore[attr-defined]
    import pyrender

    return pyrender


@dataclass(frozen=True, eq=False)
class Setting:
    """What stays the same for all frames: faces (F, 3), size in pixels, floor disc in metres, sun (3,) in the world."""

    persons: int
    faces: np.ndarray
    size: tuple[int, int]
    samples: int
    floor_middle: np.ndarray
    floor_radius: float
    sun: np.ndarray


class Stage:
    """Persons, lights and floor, and what draws them. Make and use it on the GL thread only."""

    def __init__(self, setting: Setting) -> None:
        try:
            _open_context()
        except Exception as error:  # pyrender and PyOpenGL fail with whatever error comes first
            raise UserError(NO_EGL.format(reason=f"{type(error).__name__}: {error}")) from error
        pyrender = _pyrender()
        self._renderer = _new_renderer(setting.size, setting.samples)
        self._faces = setting.faces
        self._flatten = _flatten(setting.sun)
        self._scene = pyrender.Scene(bg_color=(*_BACKGROUND, 1.0), ambient_light=(0.34, 0.34, 0.37))
        self._camera = self._scene.add(pyrender.PerspectiveCamera(FIELD_OF_VIEW, znear=0.1, zfar=100.0))
        self._scene.add(pyrender.DirectionalLight(intensity=4.6), pose=look_at(setting.sun, np.zeros(3)))
        self._scene.add(_floor(pyrender, setting.floor_middle, setting.floor_radius))
        self._skins = [self._add(pyrender, _matte(pyrender, PERSON_COLORS[i])) for i in range(setting.persons)]
        self._shadows = [self._add(pyrender, _unlit(pyrender, _SHADOW)) for _ in range(setting.persons)]

    def _add(self, pyrender: Any, material: Any) -> Any:
        blank = np.zeros((int(self._faces.max()) + 1, 3), np.float32)
        primitive = pyrender.Primitive(positions=blank, normals=blank, indices=self._faces, material=material, mode=4)
        mesh = pyrender.Mesh([primitive])
        self._scene.add(mesh)
        return mesh

    def draw(self, vertices: np.ndarray, camera: np.ndarray) -> np.ndarray:
        """The picture (height, width, 3) uint8 of the persons' vertices (P, V, 3), seen from `camera` (4, 4)."""
        self._camera.matrix = camera
        for points, skin, shadow in zip(vertices, self._skins, self._shadows):
            points = points.astype(np.float32)
            normals = vertex_normals(points, self._faces)
            _upload(skin, points, normals)
            _upload(shadow, points @ self._flatten - _UNDER_TILES, normals)
        from pyrender.constants import RenderFlags

        return self._renderer.render(self._scene, RenderFlags.OFFSCREEN)

    def close(self) -> None:
        """Give the buffers back."""
        self._renderer.delete()


@functools.cache
def _open_context() -> Any:
    """The EGL context of the GL thread, made current once and kept: closing one ends all others of the process."""
    _pyrender()
    from pyrender.platforms import egl

    platform = egl.EGLPlatform(16, 16, device=egl.get_device_by_index(int(os.environ.get("EGL_DEVICE_ID", "0"))))
    platform.init_context()
    platform.make_current()
    return platform


def _new_renderer(size: tuple[int, int], samples: int) -> Any:
    """A pyrender renderer that can leave multisampling out and reads colour alone."""
    from OpenGL import GL
    from pyrender.renderer import Renderer

    class ColorRenderer(Renderer):
        def _configure_main_framebuffer(self) -> None:
            fresh = self._main_fb is None
            super()._configure_main_framebuffer()
            if fresh:
                for buffer, kind in ((self._main_cb_ms, GL.GL_RGBA), (self._main_db_ms, GL.GL_DEPTH_COMPONENT24)):
                    GL.glBindRenderbuffer(GL.GL_RENDERBUFFER, buffer)
                    GL.glRenderbufferStorageMultisample(GL.GL_RENDERBUFFER, samples, kind, *size)

        def _read_main_framebuffer(self, scene: Any, flags: int) -> np.ndarray:
            GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._main_fb_ms)
            GL.glBindFramebuffer(GL.GL_DRAW_FRAMEBUFFER, self._main_fb)
            GL.glBlitFramebuffer(0, 0, *size, 0, 0, *size, GL.GL_COLOR_BUFFER_BIT, GL.GL_NEAREST)
            GL.glBindFramebuffer(GL.GL_READ_FRAMEBUFFER, self._main_fb)
            data = GL.glReadPixels(0, 0, *size, GL.GL_RGB, GL.GL_UNSIGNED_BYTE)
            return np.frombuffer(bytes(data), np.uint8).reshape(size[1], size[0], 3)[::-1]

    return ColorRenderer(*size)


def _upload(mesh: Any, positions: np.ndarray, normals: np.ndarray) -> None:
    """New vertices and normals (V, 3) into a mesh's buffer, in place: much faster than a new mesh."""
    from OpenGL import GL

    primitive = mesh.primitives[0]
    primitive._positions, primitive._normals, primitive._bounds, mesh._bounds = positions, normals, None, None
    if primitive._in_context():
        data = np.ascontiguousarray(np.hstack([positions, normals]))
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, primitive._buffers[0])
        GL.glBufferData(GL.GL_ARRAY_BUFFER, data.nbytes, data, GL.GL_DYNAMIC_DRAW)
        GL.glBindBuffer(GL.GL_ARRAY_BUFFER, 0)


def _matte(pyrender: Any, srgb: tuple[float, ...]) -> Any:
    return pyrender.MetallicRoughnessMaterial(
        baseColorFactor=(*linear(srgb), 1.0), metallicFactor=0.0, roughnessFactor=0.75
    )


def _unlit(pyrender: Any, srgb: tuple[float, ...], alpha: float = 1.0) -> Any:
    """A surface that shows its colour whatever the light. pyrender squares the emissive factor."""
    return pyrender.MetallicRoughnessMaterial(
        baseColorFactor=(0.0, 0.0, 0.0, alpha),
        metallicFactor=1.0,
        emissiveFactor=np.sqrt(linear(srgb)),
        alphaMode="BLEND" if alpha < 1 else "OPAQUE",
    )


def _sun(camera: np.ndarray) -> np.ndarray:
    """Unit direction (3,) towards the sun, over the shoulder of a camera (4, 4)."""
    back = camera[:3, 2] * (1, 0, 1)
    direction = np.stack([camera[:3, 0], np.array([0.0, 1.0, 0.0]), back / np.linalg.norm(back)], 1) @ _SUN
    return direction / np.linalg.norm(direction)


def _flatten(sun: np.ndarray) -> np.ndarray:
    """The matrix (3, 3) that drops row vectors on y = 0 along the sun's rays. Faces towards it keep their winding."""
    matrix = np.eye(3, dtype=np.float32)
    matrix[1] = [-sun[0] / sun[1], 0, -sun[2] / sun[1]]
    return matrix


def _floor(pyrender: Any, middle: np.ndarray, radius: float) -> Any:
    """Every second tile of a disc, translucent and fading out; the background is the other half.

    Tiles lie over the shadows, so a shadow shows the pattern without being translucent itself.
    """
    reach_cells = int(np.ceil(radius / _TILE_M)) + 1
    span = np.arange(-reach_cells, reach_cells)
    cells = np.stack(np.meshgrid(span, span), -1).reshape(-1, 2) + np.round(middle / _TILE_M).astype(int)
    cells = cells[cells.sum(1) % 2 == 0]
    corners = (cells[:, None] + np.array([(0, 0), (0, 1), (1, 1), (1, 0)])) * _TILE_M
    reach = np.linalg.norm(corners - middle, axis=-1) / radius
    keep = reach.max(1) < 1
    corners, reach = corners[keep].reshape(-1, 2), reach[keep].reshape(-1)
    positions = np.stack([corners[:, 0], np.zeros(len(corners)), corners[:, 1]], 1).astype(np.float32)
    colors = np.ones((len(corners), 4), np.float32)
    colors[:, 3] = np.clip(1.6 * (1 - reach), 0, 1)
    quads = np.arange(len(corners)).reshape(-1, 4)
    return pyrender.Mesh(
        [
            pyrender.Primitive(
                positions=positions,
                normals=np.tile(np.array([0, 1, 0], np.float32), (len(positions), 1)),
                color_0=colors,
                indices=np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]),
                material=_unlit(pyrender, _TILE, _TILE_ALPHA),
                mode=4,
            )
        ]
    )
