"""prompts/operators.yaml read: the wordings of exact edits, and which arguments each operator has.

A wording is one line of a block. (a|b) are alternatives; {marks} are filled by operators.py. {he} {him} {his} are the
person on screen, {p} the same as a subject and {o} as an object.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from engine.core.plan import Call
from engine.data.captions import polish
from engine.data.noise import noise
from engine.data.requests import fill, known_object, known_subject
from engine.data.voice import Voice, new_voice
from engine.data.wordings import PROMPTS, Pool, held_out, read_yaml

TYPOS = 0.1
"""People who edit type fast."""
TRIES = 20
"""So often a request is worded until it counts as one of its split."""
DEFAULTS: Mapping[str, str] = {"span": "all", "part": "all", "blend": "0.4"}


@lru_cache(maxsize=1)
def words() -> Mapping:
    """The mapping of prompts/operators.yaml."""
    return read_yaml(PROMPTS / "operators.yaml")


@lru_cache(maxsize=1)
def arguments() -> Mapping[str, tuple[str, ...]]:
    """Operator -> the names of its arguments in the order in which a plan writes them."""
    return {name: tuple(args) for name, args in words()["arguments"].items()}


@lru_cache(maxsize=4096)
def wording_pool(*path: str | int) -> Pool:
    """The wordings under a path of keys: a list, or a block of lines."""
    node = words()
    for key in path:
        node = node[key]
    if isinstance(node, str):
        node = [line for line in node.splitlines() if line.strip()]
    return Pool.of([str(text) for text in node])


def complete(name: str, given: Mapping[str, str]) -> Call:
    """The call with all arguments of the operator in order, defaults filled in."""
    order = arguments()[name]
    assert set(given) <= set(order), f"{name} has no {set(given) - set(order)}"
    return Call(name, {arg: given[arg] if arg in given else DEFAULTS[arg] for arg in order})


def changed(call: Call, **given: str) -> Call:
    """The same call with other values of some arguments."""
    return replace(call, args={**call.args, **given})


def new_speaker(rng: random.Random, held: bool) -> tuple[Voice, dict[str, str]]:
    """A voice that speaks of someone on screen, and the words for {p} and {o}."""
    voice = new_voice(rng, held)
    if rng.random() < 0.5:
        return voice, {"p": known_subject(voice), "o": known_object_of(voice)}
    return voice, {"o": known_object(voice), "p": voice.subject}


def known_object_of(voice: Voice) -> str:
    """The voice's subject as an object: "him", or "the man" as it stands."""
    return {"he": "him", "she": "her"}.get(voice.subject, voice.subject)


def finished(voice: Voice, text: str, said: Mapping[str, str]) -> str:
    """The text with its last marks filled, polished; not yet typed."""
    return polish(voice, fill(voice, text, said))


def typed(rng: random.Random, text: str) -> str:
    """The text as people type it."""
    return noise(rng, text, TYPOS)


def counts(split: str, text: str) -> bool:
    """Whether the text may be a sample of the split: held-out words must be in it, or must not."""
    return held_out().has(text) == (split == "heldout")
