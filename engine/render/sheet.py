"""Contact sheets: a motion, or many, as one still picture to judge at a glance.

`stick_sheet` draws stick figures with PIL alone (milliseconds a row, any machine); `contact_sheet` renders the body
(needs EGL).
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from engine.core import rotations as R
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS, PARENTS, sole_points
from engine.core.types import Motion, Scene
from engine.render.camera import azimuth, first_heading

if TYPE_CHECKING:
    from engine.body import Body

_LEFT, _RIGHT, _TORSO = (205, 40, 40), (35, 80, 200), (50, 50, 55)
_COLORS = [_LEFT if n.startswith("left") else _RIGHT if n.startswith("right") else _TORSO for n in JOINT_NAMES]
_SPAN_M = 2.45  # metres of height in a cell
_BELOW_M = 0.18  # of these, below the floor
_SCALE = 2  # drawn larger, then reduced: smooth lines
_LABEL_W = 130


def frame_numbers(num_frames: int, count: int) -> np.ndarray:
    """`count` frame numbers spread over the clip, first and last included; fewer for a clip that has fewer."""
    return np.unique(np.round(np.linspace(0, num_frames - 1, count)).astype(int))


def stick_sheet(
    motions: Sequence[tuple[str, Motion]],
    path: str | Path | None = None,
    frames: int = 10,
    views: Sequence[str] = ("front", "side"),
    cell: tuple[int, int] = (110, 150),
) -> Image.Image:
    """Stick figures: a row per motion and view, `frames` columns spread over the clip; written to `path` if given.

    motions: (label, motion) pairs.  views: names of camera.VIEWS, about the first heading.  cell: width and height in
    pixels.  Left limbs are red, right limbs blue. The camera follows the pelvis in x and z; the ticks under the floor
    line stand 0.5 m apart in the world, so a planted foot keeps its place between them.
    """
    width, height = cell[0] * _SCALE, cell[1] * _SCALE
    rows = len(motions) * len(views)
    sheet = Image.new("RGB", (_LABEL_W * _SCALE + width * frames, height * max(rows, 1)), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (label, motion) in enumerate(motions):
        numbers = frame_numbers(motion.num_frames, frames)
        points = _points(motion)
        for k, view in enumerate(views):
            top = (i * len(views) + k) * height
            caption = f"{label}\n{motion.duration_s:.1f} s, {motion.fps:g} fps\n[{view}]" if k == 0 else f"[{view}]"
            _label(draw, caption, top)
            turn = first_heading(motion) + azimuth(view)
            right = np.array([np.cos(turn), 0, -np.sin(turn)])
            for c, number in enumerate(numbers):
                origin = (_LABEL_W * _SCALE + c * width, top)
                _figure(draw, points[number], right, origin, (width, height))
                note = f"{number / motion.fps:.2f}"
                draw.text((origin[0] + 4, top + 2), note, (130, 130, 130), ImageFont.load_default(9 * _SCALE))
        draw.line([(0, i * len(views) * height), (sheet.width, i * len(views) * height)], (190, 190, 190), _SCALE)
    sheet = sheet.resize((sheet.width // _SCALE, sheet.height // _SCALE), Image.Resampling.BOX)
    if path is not None:
        sheet.save(path)
    return sheet


def contact_sheet(
    scene: Scene,
    path: str | Path | None = None,
    frames: int = 10,
    columns: int = 5,
    views: Sequence[str] = ("front3/4",),
    size: tuple[int, int] = (256, 320),
    body: Body | None = None,
) -> Image.Image:
    """Rendered bodies at `frames` moments spread over the scene, each with its time; written to `path` if given.

    columns: pictures in a row.  views: names of camera.VIEWS; each starts a row of its own.  size: width and height of
    one picture in pixels.  body: the shipped one if None. UserError for an unknown view or without EGL.
    """
    from engine.render.bodies import shown_body
    from engine.render.offscreen import common_timeline, frame_rate, render_frames

    body = body or shown_body()
    fps = frame_rate(scene)
    numbers = frame_numbers(common_timeline(scene, fps)[0].num_frames, frames)
    columns = min(columns, len(numbers))
    rows = -(-len(numbers) // columns)
    sheet = Image.new("RGB", (columns * size[0], rows * len(views) * size[1]), "white")
    draw = ImageDraw.Draw(sheet)
    for v, view in enumerate(views):
        for k, frame in enumerate(render_frames(scene, body, size, fps, view, samples=4, numbers=list(numbers))):
            corner = (k % columns * size[0], (v * rows + k // columns) * size[1])
            sheet.paste(Image.fromarray(frame), corner)
            note = f"{numbers[k] / fps:.2f} s" + (f"  {view}" if len(views) > 1 else "")
            draw.text((corner[0] + 8, corner[1] + 6), note, (70, 74, 84), ImageFont.load_default(14))
    if path is not None:
        sheet.save(path)
    return sheet


def _points(motion: Motion) -> np.ndarray:
    """(T, 29, 3): the 22 joints; heel, ball and toe tip of the left and of the right foot; the nose."""
    pos, world = motion.world()
    nose = pos[:, 15] + R.quat_rotate(world[:, 15], np.array([0, 0.05, 0.1], np.float32))
    return np.concatenate([pos, sole_points(pos, world).reshape(len(pos), 6, 3), nose[:, None]], 1)


def _label(draw: ImageDraw.ImageDraw, text: str, top: int) -> None:
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, 22) or [""]]
    draw.multiline_text((6, top + 6), "\n".join(lines), (0, 0, 0), ImageFont.load_default(11 * _SCALE))


def _figure(
    draw: ImageDraw.ImageDraw, points: np.ndarray, right: np.ndarray, origin: tuple[int, int], size: tuple[int, int]
) -> None:
    """One figure: points (29, 3), picture's right (3,) in the world, cell corner and size in pixels."""
    scale = size[1] / _SPAN_M
    center = origin[0] + size[0] / 2
    floor = origin[1] + size[1] - _BELOW_M * scale
    along = points @ right
    flat = np.stack([center + (along - along[0]) * scale, floor - points[:, 1] * scale], 1)
    flat[:, 0] = np.clip(flat[:, 0], origin[0], origin[0] + size[0])
    draw.line([(origin[0], floor), (origin[0] + size[0], floor)], (165, 165, 165), _SCALE)
    half = size[0] / 2 / scale
    for tick in np.arange(np.ceil((along[0] - half) / 0.5), np.floor((along[0] + half) / 0.5) + 1):
        x = center + (tick * 0.5 - along[0]) * scale
        draw.line([(x, floor), (x, floor + 4 * _SCALE)], (165, 165, 165), _SCALE)
    nearness = points @ np.cross(right, [0, 1, 0])
    bones = sorted(range(1, NUM_JOINTS), key=lambda j: nearness[[j, PARENTS[j]]].mean())
    for j in bones:
        draw.line([tuple(flat[PARENTS[j]]), tuple(flat[j])], _COLORS[j], 2 * _SCALE)
    for first, color in ((22, _LEFT), (25, _RIGHT)):
        draw.line([tuple(p) for p in flat[first : first + 3]], color, 2 * _SCALE)
    head, radius = flat[15] + (flat[15] - flat[12]) * 0.6, 0.09 * scale
    box = [*(head - radius), *(head + radius)]
    draw.ellipse(box, "white", _TORSO, _SCALE)
    if nearness[28] > nearness[15] - 0.05:
        draw.ellipse([*(flat[28] - 3), *(flat[28] + 3)], _TORSO)
