"""How people say interactions: the scene, what the actor does, and the reaction as an instruction.

    caption_pair("handshake", {"count": "4"}, "scene", rng)      # "two people shake hands four times"
    caption_pair("handshake", {}, "reaction", rng, "held")       # a wording that training never sees

Wordings: `prompts/pairs`, a mapping from interaction to its views, each one wording a line. A mark such as {count}
stands where the words of that slot go; a slot that is not at its default and has no mark is said at the end. Wordings
that touch `prompts/held_out.yaml` are held as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from engine.core.errors import UserError
from engine.data.pairs.registry import INTERACTIONS
from engine.data.wordings import PROMPTS, held_out, read_yaml

VIEWS = ("scene", "actor", "reaction")
SPLITS = ("train", "held")
FOLDER = PROMPTS / "pairs"
SAY_DEFAULT = 0.2
"""How often a slot at its default is said all the same."""
APART = frozenset(
    ["they", "it", "who", "which", "so", "as", "after", "once", "and", "the", "though", "having", "when"]
    + ["one", "two", "three", "four", "five", "six", "eight"]
)
"""What begins with one of these words is said after a comma."""
_MARK = re.compile(r" ?\{(\w+)\}")


@dataclass(frozen=True)
class Wording:
    """wordings[split][view]: templates; said[slot][value][view]: what may be said of a value; none: it goes unsaid."""

    wordings: Mapping[str, Mapping[str, tuple[str, ...]]]
    said: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = field(default_factory=dict)


@cache
def pair_wordings() -> dict[str, Wording]:
    """The wordings of every interaction in `prompts/pairs`. UserError for a view without wordings."""
    shared = _said(read_yaml(FOLDER / "slots.yaml"))
    found: dict[str, Wording] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem != "slots":
            for name, entry in read_yaml(path).items():
                found[name] = _wording(name, entry, shared)
    return found


def _wording(name: str, entry: Mapping, shared: Mapping) -> Wording:
    split = {"train": entry, "held": entry.get("held", {})}
    wordings = {s: {view: _lines(split[s].get(view, "")) for view in VIEWS} for s in SPLITS}
    for view, lines in wordings["train"].items():
        apart = tuple(line for line in lines if held_out().has(line))
        wordings["train"][view] = tuple(line for line in lines if line not in apart)
        wordings["held"][view] += apart
    for s, views in wordings.items():
        for view, lines in views.items():
            if not lines:
                raise UserError(f"prompts/pairs has no {s} wordings of {name!r} for the view {view!r}; add some lines.")
    own = _said(entry.get("said", {}))
    slots = INTERACTIONS[name].slots
    return Wording(wordings, {slot: {**shared.get(slot, {}), **own.get(slot, {})} for slot in slots})


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _said(slots: Mapping) -> dict[str, dict[str, dict[str, tuple[str, ...]]]]:
    """Slot -> value -> view -> alternatives, from strings or mappings of views."""
    return {slot: {str(value): _views(words) for value, words in values.items()} for slot, values in slots.items()}


def _views(words: str | Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    by_view = {view: words for view in VIEWS} if isinstance(words, str) else words
    return {view: tuple(w.strip() for w in text.split("|")) for view, text in by_view.items()}


def caption_pair(name: str, args: Mapping[str, str], view: str, rng: np.random.Generator, split: str = "train") -> str:
    """One caption; every slot that is not at its default and has words is said. UserError for an unknown name."""
    assert view in VIEWS and split in SPLITS, (view, split)
    if name not in pair_wordings():
        raise UserError(f"There are no wordings for the interaction {name!r} in prompts/pairs.")
    wording, spec = pair_wordings()[name], INTERACTIONS[name]
    templates = wording.wordings[split][view]
    text = templates[int(rng.integers(len(templates)))]
    marks, full = set(_MARK.findall(text)), spec.default_args(args)
    for slot, value in full.items():
        options = wording.said[slot].get(value, {}).get(view, ())
        words = options[int(rng.integers(len(options)))] if options else ""
        if slot in marks:
            text = _MARK.sub(lambda m, s=slot, w=words: (f" {w}" if w else "") if m[1] == s else m[0], text)
        elif words and (value != spec.slots[slot][0] or rng.random() < SAY_DEFAULT):
            text = f"{text}, {words}" if "," in text or words.split()[0] in APART else f"{text} {words}"
    return text.strip()
