"""The page: a chat beside one shared 3D viewer. Only this package imports gradio."""
