"""Trials of the whole engine: an action that it has never seen, its parts switched off, and what should mislead it."""
