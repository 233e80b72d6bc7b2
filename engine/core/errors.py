"""The one exception meant for people. Anything else that escapes the engine is a bug."""


class UserError(Exception):
    """What happened, the value that caused it, and what to do about it, in one or two sentences."""
