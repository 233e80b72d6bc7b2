"""Formats that people bring and that cannot be read: each says what to do instead."""

from __future__ import annotations

from pathlib import Path

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io.formats import LOADERS, LoadOptions

_BLENDER = "open it in Blender (File > Import) and export the armature as Motion Capture (.bvh)"

ADVICE = {
    ".fbx": f"FBX is not read here: {_BLENDER}.",
    ".glb": f"GLB files are written but not read yet: {_BLENDER}.",
    ".gltf": f"glTF files are not read yet: {_BLENDER}.",
    ".blend": "Blender files are not read: export the armature as Motion Capture (.bvh) from Blender.",
    ".asf": "Acclaim skeletons (.asf with .amc) are not read yet: convert the pair to BVH, for example with Blender.",
    ".amc": "Acclaim motion (.amc with .asf) is not read yet: convert the pair to BVH, for example with Blender.",
    ".json": "JSON motion (DeepMimic and others) is not read yet: convert it to BVH or AMASS npz.",
    ".txt": "Text files are not read: DeepMimic and similar motion must be converted to BVH or AMASS npz.",
    ".c3d": "Marker files (.c3d) are not read: solve them to a skeleton first and export BVH.",
    ".pkl": "Pickles are never opened, because they can run code: save the arrays as AMASS npz instead.",
    ".mp4": "Video is not read, only written. Upload a motion file: .bvh, .npz or .npy.",
}


def _explain(path: Path, options: LoadOptions) -> Scene:
    del options
    raise UserError(f"{path.name!r} cannot be read. {ADVICE[path.suffix.lower()]}")


LOADERS.register(*ADVICE)(_explain)
