"""Formats that people bring and that cannot be read: each says what to do instead."""

from __future__ import annotations

from pathlib import Path

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io.formats import LOADERS, LoadOptions

ADVICE = {
    ".blend": "Blender files are not read: export the armature as Motion Capture (.bvh) from Blender.",
    ".c3d": "Marker files (.c3d) are not read: solve them to a skeleton first and export BVH.",
    ".pkl": "Pickles are never opened, because they can run code: save the arrays as AMASS npz instead.",
    ".mp4": "Video is not read, only written. Upload a motion file: .bvh, .glb, .npz or .npy.",
}


def _explain(path: Path, options: LoadOptions) -> Scene:
    del options
    raise UserError(f"{path.name!r} cannot be read. {ADVICE[path.suffix.lower()]}")


LOADERS.register(*ADVICE)(_explain)
