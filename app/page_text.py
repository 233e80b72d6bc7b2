"""The wording of the page, apart from its wiring."""

from __future__ import annotations

from collections.abc import Iterable

HEADER = """<header class="kt-header"><h1>Kinetalk</h1>
<p>Say it, watch it, and change it by talking.</p></header>"""

EMPTY_CHAT = """### What should the person do?
Write a sentence, pick one below, or attach a motion (.bvh, .glb, .vrm, .npz, .npy, .asf with .amc).

Afterwards go on talking: *slower*, *with the other hand*, *then sit down*, *undo that*."""

FIRST_IDEAS = (
    "a person walks forward and waves with the right hand",
    "someone jumps up three times",
    "the person kicks with the left leg",
    "do three squats",
    "someone runs fast",
)
NEXT_IDEAS = ("make it slower", "mirror it", "with the other hand", "repeat it twice", "then sit down")

MESSAGE_HINT = "Describe a motion, or how to change it…"
SECONDS_HINT = "Empty: as planned"
SEED_HINT = "Empty: a new one"
CANDIDATES_HINT = "Drafts; the best is kept"
ROUNDS_HINT = "How often a draft is mended"
REFERENCES_HINT = "Clips to move after"
NO_ROUNDS = "The drafts of a turn stand here with their scores: play them, use another one, or have a part made anew."
NO_REFERENCES = "The clips that a motion was made after stand here: play, pin or ban them."
INSTRUCTION = "Refinement"
PIN, UNPIN = "Pin", "Unpin"
BAN, UNBAN = "Ban", "Allow again"
SAVE, OPEN = "Save", "Open"
OPENED = "Opened `{name}`: {versions}."
USED = "Round {round} is version {version} now."
FILE_TYPES = [
    ".bvh", ".npz", ".npy", ".glb", ".gltf", ".vrm", ".vrma", ".fbx", ".asf", ".amc", ".json", ".txt", ".kinetalk",
]  # fmt: skip
"""What the picker offers; .kinetalk is a saved session. FBX needs Blender; else the answer says how to convert it."""
CAPTION, CAPTION_HINT, ADD = "What the motion shows", "What this motion shows", "Add it"
ADDED = "Added to your references: {caption}. Ask for it in any words; only you are shown it."


def hint_html(text: str) -> str:
    """A line in an empty panel."""
    return f'<p class="kt-hint">{text}</p>'


def choices_html(lines: Iterable[str]) -> str:
    """What the browser offers under the field for a refinement; the lines are ours."""
    return f'<datalist id="choices-list">{"".join(f"<option>{line}</option>" for line in lines)}</datalist>'


def notice_html(text: str, alarm: bool = False) -> str:
    """The line below the settings that says what is loaded; alarm: nothing could be, and that must be seen.

    `text` is ours, but a path in it may hold any character.
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<p class="kt-notice{" kt-alarm" if alarm else ""}" role="status">{safe}</p>'
