"""Layer 2: pictures of a scene. glTF for the browser, MP4 and GIF by pyrender, contact sheets.

Importing this package registers the .mp4, .gif and .glb savers with `engine.io`.
"""

from engine.render.gltf import scene_to_glb
from engine.render.sheet import contact_sheet, stick_sheet
from engine.render.video import save_gif, save_glb, save_mp4

__all__ = ["contact_sheet", "save_gif", "save_glb", "save_mp4", "scene_to_glb", "stick_sheet"]
