"""How people type: capitals, punctuation, and now and then a typing mistake."""

from __future__ import annotations

import random
import re


def noise(rng: random.Random, text: str, typos: float = 0.04) -> str:
    """How people type: capitals or none, a full stop or none, and now and then one typing mistake."""
    style = rng.random()
    if style < 0.35:
        text = text[0].upper() + text[1:]
        text = re.sub(r"(?<=[.?!] )[a-z]", lambda m: m[0].upper(), text)
    elif style < 0.75:
        text = text.lower()
    elif style < 0.77:
        text = text.upper()
    if text[-1] not in ".?!" and rng.random() < 0.3:
        text += rng.choice(("." * 1, ".", ".", "!"))
    elif text[-1] in ".?" and rng.random() < 0.4:
        text = text[:-1]
    if rng.random() < typos:
        text = _typo(rng, text)
    return text


def _typo(rng: random.Random, text: str) -> str:
    spots = [m.start() + rng.randrange(1, len(m[0]) - 1) for m in re.finditer(r"[a-z]{5,}", text)]
    if not spots:
        return text
    at = rng.choice(spots)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at] + text[at:]
