"""The conversation: sessions, turns, versions, and the engine that they share."""
