"""FBX, through Blender where there is one: the optional Python package bpy, or the program `blender` on the path.

Blender runs in a process of its own and turns the file into a GLB, which is then read like any other.
"""

from __future__ import annotations

import importlib.util
import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io.checks import read_bytes
from engine.io.formats import LOADERS, LoadOptions
from engine.io.gltf import load_gltf

log = logging.getLogger(__name__)
SCRIPT = Path(__file__).with_name("_fbx_blender.py")
TIMEOUT_S = 180
_SIGNATURES = (b"Kaydara FBX Binary", b"; FBX")
ADVICE = (
    "Reading FBX needs Blender. Either install it here (pip install bpy, or put the program blender on the PATH), or "
    "convert the file: in Blender choose File > Import > FBX, then File > Export > glTF 2.0 (.glb) or Motion Capture "
    "(.bvh), and upload that."
)


def blender_command() -> list[str] | None:
    """How to run the script, or None without Blender."""
    if importlib.util.find_spec("bpy") is not None:
        return [sys.executable, str(SCRIPT)]
    program = shutil.which("blender")
    return [program, "-b", "--factory-startup", "--python", str(SCRIPT), "--"] if program else None


@LOADERS.register(".fbx")
def load_fbx(path: Path, options: LoadOptions) -> Scene:
    """Read the animation of an FBX file. UserError without Blender (how to get it), and for what it cannot read."""
    if not read_bytes(path)[:64].lstrip().startswith(_SIGNATURES):
        raise UserError(f"{path.name!r} is not an FBX file: it does not begin as one. Export it again.")
    command = blender_command()
    if command is None:
        raise UserError(f"{path.name!r} cannot be read. {ADVICE}")
    with tempfile.TemporaryDirectory(prefix="kinetalk-") as folder:
        target = Path(folder) / f"{path.stem[:80]}.glb"
        _convert(path, target, command)
        scene = load_gltf(target, options)
    return scene.with_(provenance={**scene.provenance, "source": path.name, "format": "fbx"})


def _convert(path: Path, target: Path, command: list[str]) -> None:
    """FBX -> GLB. UserError when Blender refuses, hangs or crashes."""
    try:
        done = subprocess.run(
            [*command, str(path.resolve()), str(target)], capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"{path.name!r} could not be read: Blender did not finish ({error}). {ADVICE}") from error
    if not target.is_file():
        said = (done.stderr + done.stdout).strip().splitlines() or ["nothing"]
        reason = next((line.removeprefix("KINETALK ") for line in said if line.startswith("KINETALK ")), said[-1])
        log.warning("Blender on %s: %s", path.name, "\n".join(said[-20:]))
        raise UserError(
            f"{path.name!r} could not be read by Blender: {reason[:200]}. FBX of version 6 and ASCII FBX must first be "
            "saved as binary FBX 2013 or later (Autodesk FBX Converter, Maya)."
        )
