"""The data engine: an animation toolkit, authored actions, composition, dialogues."""
