"""Pictures of a scene: glTF for the browser, MP4 and GIF by pyrender, contact sheets."""
