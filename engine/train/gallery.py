"""A page of pictures: prompts with fixed seeds, the plan and the motion that each became. Run: python -m engine gallery

Prompts and seeds are data (prompts/gallery.yaml); every motion is made as a user gets it. A prompt that the engine
refuses stays on the page with what it said.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
import yaml
from PIL import Image

from engine.body import Body
from engine.core.config import ROOT
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.loop.engine import Engine
from engine.loop.session import Session
from engine.render.sheet import contact_sheet, stick_sheet

log = logging.getLogger(__name__)
PROMPTS = ROOT / "prompts" / "gallery.yaml"
FOLDER = ROOT / "docs" / "gallery"
FRAMES, COLUMNS, CELL = 10, 5, (208, 260)
"""Moments of a picture, how many stand in a row, and the pixels of each (width, height)."""
MAX_BYTES = 90_000
QUALITIES = (82, 74, 66, 58, 50, 40, 30)
"""A JPEG takes the best of these that keeps it below MAX_BYTES."""

Draw = Callable[[Scene], Image.Image]


class Sessions(Protocol):
    """What of an `Engine` is needed here."""

    body: Body

    def new_session(self, seed: int | None = None) -> Session: ...


@dataclass(frozen=True)
class Prompt:
    """number: its place in the whole list, from 1; group: its heading on the page; seed: of its session."""

    number: int
    group: str
    text: str
    seed: int


@dataclass(frozen=True)
class Picture:
    """What became of a prompt. plan: what was carried out; file: name of the picture; refused: why there is none."""

    prompt: Prompt
    plan: str = ""
    seconds: float = 0.0
    file: str = ""
    refused: str = ""


def run(folder: Path = FOLDER, limit: int | None = None) -> Path:
    """Make the gallery with the models that the environment names; gives its page.

    limit: only so many prompts, spread evenly over the list. UserError for a folder that cannot be written, for missing
    weights, and when not one prompt became a motion.
    """
    if limit is not None and limit < 1:
        raise UserError(f"The limit is {limit}; it must be at least 1.")
    _make_folder(folder)
    logging.getLogger("engine.train").setLevel(logging.INFO)
    engine = Engine.load()
    pictures = make_pictures(engine, _spread(load_prompts(), limit), folder)
    page = folder / "README.md"
    try:
        page.write_text(format_page(pictures, _command(folder, limit)), encoding="utf-8")
    except OSError as error:
        raise UserError(f"The page {str(page)!r} could not be written ({error}). Choose another folder.") from error
    total = sum((folder / p.file).stat().st_size for p in pictures if p.file)
    log.info("%d pictures, %.1f MB", sum(bool(p.file) for p in pictures), total / 1e6)
    return page


def load_prompts() -> list[Prompt]:
    """The list in the order of the file."""
    rows = yaml.safe_load(PROMPTS.read_text(encoding="utf-8"))
    return [Prompt(i, row["group"], row["prompt"], row["seed"]) for i, row in enumerate(rows, 1)]


def _spread(prompts: list[Prompt], limit: int | None) -> list[Prompt]:
    if limit is None or limit >= len(prompts):
        return prompts
    return [prompts[i] for i in np.linspace(0, len(prompts) - 1, limit).round().astype(int)]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"The folder {str(folder)!r} could not be made ({error}). Name another with --out.") from error


def make_pictures(engine: Sessions, prompts: Sequence[Prompt], folder: Path) -> list[Picture]:
    """Every prompt's motion as a picture in `folder`. UserError when there is not one motion."""
    pictures: list[Picture] = []
    draw: Draw | None = None
    for i, prompt in enumerate(prompts, 1):
        try:
            scene = engine.new_session(prompt.seed).send(prompt.text).scene
            assert scene is not None, "a turn without a motion ends in a UserError"
        except UserError as error:
            pictures.append(Picture(prompt, refused=str(error)))
            log.info("%d of %d NO  %s: %s", i, len(prompts), prompt.text, error)
            continue
        draw = draw or choose_draw(engine.body, scene)
        data, file = to_jpeg(draw(scene)), f"{prompt.number:02d}.jpg"
        try:
            (folder / file).write_bytes(data)
        except OSError as error:
            raise UserError(f"{file} could not be written into {str(folder)!r} ({error}).") from error
        pictures.append(Picture(prompt, scene.provenance.get("plan", ""), scene.duration_s, file))
        log.info("%d of %d ok  %s (%.1f s, %d KB)", i, len(prompts), prompt.text, scene.duration_s, len(data) // 1000)
    if not any(p.file for p in pictures):
        reason = pictures[0].refused if pictures else "there are no prompts"
        raise UserError(f"Not one of {len(pictures)} prompts became a motion; the first one: {reason}")
    return pictures


def choose_draw(body: Body, scene: Scene) -> Draw:
    """Bodies where they can be rendered, which is tried on `scene`; stick figures where not, and the log says why."""
    bodies: Draw = partial(contact_sheet, frames=FRAMES, columns=COLUMNS, size=CELL, body=body)
    try:
        bodies(scene)
    except UserError as error:
        log.warning("Drawing stick figures instead of bodies. %s", error)
        return _sticks
    return bodies


def _sticks(scene: Scene) -> Image.Image:
    return stick_sheet([("", m) for m in scene.motions], frames=FRAMES)


def to_jpeg(picture: Image.Image, max_bytes: int = MAX_BYTES) -> bytes:
    """JPEG of the best quality that fits into `max_bytes`; of the lowest one if none does."""
    data = b""
    for quality in QUALITIES:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        data = buffer.getvalue()
        if len(data) <= max_bytes:
            break
    return data


def _command(folder: Path, limit: int | None) -> str:
    """The command that makes the same page."""
    out = "" if folder.resolve() == FOLDER else f" --out {folder.as_posix()}"
    return "python -m engine gallery" + out + ("" if limit is None else f" --limit {limit}")


def format_page(pictures: Sequence[Picture], command: str) -> str:
    """The page as Markdown."""
    lines = [
        "# Gallery",
        "",
        f"{len(pictures)} prompts, each said once with the seed that is given here; none was left out afterwards. "
        "Time runs from left to right and from row to row.",
        "",
        f"Made by `{command}`.",
    ]
    group = None
    for picture in pictures:
        prompt = picture.prompt
        if prompt.group != group:
            group = prompt.group
            lines += ["", f"## {group[:1].upper()}{group[1:]}"]
        lines += ["", f"**{prompt.text}** (seed {prompt.seed})", ""]
        if picture.refused:
            lines += [f"No motion: {picture.refused}"]
        else:
            about = f"{prompt.text}: {picture.seconds:.1f} s".replace("[", "(").replace("]", ")")
            lines += [f"    {picture.plan}", "", f"![{about}]({picture.file})"]
    return "\n".join(lines) + "\n"
