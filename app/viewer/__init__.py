"""The viewer's files for the browser, and three.js r140 (MIT), cut at start-up from the viewer in trimesh's wheel."""

from __future__ import annotations

import re
import zipfile
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
"""The scripts that the browser fetches."""
ON_LOAD = """
const root = window.gradio_config.root || window.location.origin;
const base = new URL(root, window.location.href).pathname.replace(/\\/?$/, '/');
const three = window.THREE ? Promise.resolve() : new Promise((resolve, reject) => {
  const script = document.createElement('script');
  Object.assign(script, { src: base + 'viewer/three.js', onload: resolve, onerror: reject });
  document.head.append(script);
});
const viewer = three.then(() => import(base + 'viewer/viewer.js'));
viewer.then((module) => module.mount(element, props, watch)).catch((error) => {
  element.querySelector('.kt-empty').textContent = 'The 3D view could not start: ' + (error.message || 'no script') +
    '. It needs a browser with WebGL switched on.';
});
"""
"""What gr.HTML runs once the template is on the page."""

_ARCHIVE = "resources/templates/viewer.zip"
_CORE_END = "(function(){const _changeEvent"
_LOADER_START = "(function(){class GLTFLoader"
_LOADER_END = "THREE.GLTFLoader=GLTFLoader;})();"


def template() -> str:
    """The viewer's HTML."""
    return (FOLDER / "template.html").read_text(encoding="utf-8")


def stylesheet() -> str:
    """The viewer's CSS; gr.HTML scopes it to the component."""
    return (FOLDER / "viewer.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def three_js() -> str:
    """three.js with its GLTFLoader, as one script that sets the global THREE.

    RuntimeError when the installed trimesh bundles another viewer than version 5.2 does.
    """
    with files("trimesh").joinpath(_ARCHIVE).open("rb") as stream, zipfile.ZipFile(stream) as archive:
        page = archive.read(archive.namelist()[0]).decode("utf-8")
    script = re.search(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    source = script.group(1) if script else ""
    marks = [source.find(mark) for mark in (_CORE_END, _LOADER_START, _LOADER_END)]
    if min(marks) < 0 or sorted(marks) != marks:
        raise RuntimeError("three.js was not found where trimesh 5.2 keeps it; install the pinned trimesh==5.2.0.")
    core, loader, end = marks
    return source[:core] + "\n" + source[loader : end + len(_LOADER_END)]
