"""The person of a clip as a motion on our skeleton: what all readers of other skeletons have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.io.capture import capture
from engine.io.checks import MAX_PATH_M, check_numbers
from engine.io.clip import SkeletonClip
from engine.io.formats import LoadOptions
from engine.io.ground import place
from engine.io.humanoid import Rig, find_rig
from engine.io.retarget import retarget


def fit_person(name: str, clip: SkeletonClip, options: LoadOptions, rig: Rig | None = None) -> tuple[Motion, dict]:
    """The motion of a clip, and what was found out: 'up', 'unit', 'scale'. UserError for what is no person."""
    rig = rig or find_rig(name, clip.names, clip.parents)
    try:
        cap, found = capture(clip, rig, options.up)
    except UserError as error:
        raise UserError(f"{name!r} cannot be read as a person. {error}") from error
    check_numbers(name, "path", np.concatenate(list(cap.pos.values()), 1), MAX_PATH_M)
    motion, scale = retarget(cap, options.scale)
    return place(motion, options.recenter is not False), {**found, "scale": scale}


def fit_persons(
    name: str, clips: Sequence[tuple[SkeletonClip, Rig]], options: LoadOptions
) -> tuple[list[Motion], dict]:
    """One person or two of one world, which keep their distance: one scale, and their middle starts at x = z = 0."""
    if len(clips) == 1:
        motion, found = fit_person(name, clips[0][0], options, clips[0][1])
        return [motion], found
    apart = replace(options, recenter=False)
    fitted = [fit_person(name, clip, apart, rig) for clip, rig in clips]
    if options.scale is None:
        shared = replace(apart, scale=float(np.mean([found["scale"] for _, found in fitted])))
        fitted = [fit_person(name, clip, shared, rig) for clip, rig in clips]
    motions = [motion for motion, _ in fitted]
    return (motions if options.recenter is False else centered(motions)), fitted[0][1]


def centered(motions: list[Motion]) -> list[Motion]:
    """Persons of one world, moved together so that their common middle starts at x = z = 0."""
    shift = np.mean([m.root_pos[0] for m in motions], axis=0) * (1, 0, 1)
    return [m.with_(root_pos=m.root_pos - shift) for m in motions]


def provenance(name: str, form: str, found: dict, **more: Any) -> dict[str, Any]:
    """What a scene says of the file that it came from."""
    return {"source": name, "format": form, **found, **more}
