"""The wordings of `prompts/` compiled for speed: verb forms, slot groups, phrases of every action, sentence frames.

A phrase such as "[take] a stroll (|{way})" marks the verbs that inflect with brackets, names slot groups (or the
pronouns of the subject: {his}, {him}, {he}, {himself}) in braces, and offers alternatives in parentheses. Phrases,
group wordings and frames that touch `prompts/held_out.yaml` are kept apart and never used for training.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from engine.core.config import ROOT

PROMPTS = ROOT / "prompts"
FORMS = ("base", "pres", "ing", "past")
PRONOUNS = ("he", "him", "his", "himself")
PRONOUN = re.compile(rf"\{{({'|'.join(PRONOUNS)})\}}")
KINDS = ("verbs", "nouns", "says", "withs")
_VERB = re.compile(r"\[([\w-]+)\]")
_GROUP = re.compile(r"\{(\w+)\}")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_VOWELS = "aeiou"
_OWNER = r"(?:his|her|their|the|your|its|my|\{his\})"


def read_yaml(path: Path) -> dict:
    """The mapping in a YAML file of prompts/."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


@lru_cache(maxsize=1)
def _irregular() -> Mapping[str, tuple[str, str, str]]:
    return {str(k): (v[0], v[1], v[2]) for k, v in read_yaml(PROMPTS / "verbs.yaml").items()}


def _doubles(verb: str) -> bool:
    """True for a one-syllable verb that ends in consonant, vowel, consonant (jog, nod, step, squat)."""
    bare = verb.replace("qu", "q")
    syllables = len(re.findall(r"[aeiouy]+", bare))
    return (
        syllables == 1
        and len(bare) > 2
        and bare[-1] not in "aeiouwxy"
        and bare[-2] in _VOWELS
        and bare[-3] not in _VOWELS
    )


def inflect(verb: str, form: str) -> str:
    """The verb (base form) as 'base', 'pres' (third person), 'ing' or 'past'."""
    if form == "base":
        return verb
    if verb in _irregular():
        return _irregular()[verb][FORMS.index(form) - 1]
    if form == "pres":
        if re.search(r"(s|x|z|ch|sh|o)$", verb):
            return verb + "es"
        return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"
    stem = verb + verb[-1] if _doubles(verb) else verb
    if form == "ing":
        return verb[:-1] + "ing" if re.search(r"[^eoy]e$", verb) else stem + "ing"
    if verb.endswith("e"):
        return verb + "d"
    return verb[:-1] + "ied" if re.search(r"[^aeiou]y$", verb) else stem + "ed"


def expand(text: str) -> Iterator[str]:
    """Every reading of a phrase with alternatives: "a(| big) bow" gives "a bow" and "a big bow"."""
    found = _CHOICE.search(text)
    if not found:
        yield re.sub(r"\s+", " ", text).strip()
        return
    for choice in found[1].split("|"):
        yield from expand(text[: found.start()] + choice + text[found.end() :])


@dataclass(frozen=True)
class HeldOut:
    """What training must not see. pattern: matches any held-out word in any form; frames: exact frame texts."""

    words: tuple[str, ...]
    frames: frozenset[str]
    pattern: re.Pattern[str]

    def has(self, text: str) -> bool:
        """True when the text contains a held-out word or phrase."""
        return self.pattern.search(_VERB.sub(r"\1", text).lower()) is not None


@lru_cache(maxsize=1)
def held_out() -> HeldOut:
    """The words and frames of prompts/held_out.yaml."""
    data = read_yaml(PROMPTS / "held_out.yaml")
    spellings: set[str] = set(data["phrases"])
    for verb in data["verbs"]:
        spellings |= {inflect(verb, form) for form in FORMS} | {verb + "s"}
    ordered = sorted(spellings, key=len, reverse=True)
    escaped = "|".join(re.escape(s).replace(r"\{his\}", _OWNER) for s in ordered)
    pattern = re.compile(rf"(?<![\w-])({escaped})(?![\w-])")
    return HeldOut((*data["verbs"], *data["phrases"]), frozenset(data["frames"]), pattern)


@dataclass(frozen=True)
class Pool:
    """Wordings of one meaning, apart: for training, and held out."""

    train: tuple[str, ...]
    held: tuple[str, ...]

    @staticmethod
    def of(texts: list[str]) -> Pool:
        expanded = [t for text in texts for t in expand(text)]
        held = [t for t in expanded if held_out().has(t) or t in held_out().frames]
        return Pool(tuple(t for t in expanded if t not in held), tuple(held))


@dataclass(frozen=True)
class Group:
    """How the values of one slot are said. tail: after the phrase or inside it; lead: in front of the verb."""

    slot: str
    tail: Mapping[str, Pool]
    lead: Mapping[str, Pool]
    say_default: float


@lru_cache(maxsize=1)
def groups() -> Mapping[str, Group]:
    """The slot groups of prompts/slots by name; two files may not define the same one."""
    found: dict[str, Group] = {}
    read = [pair for path in sorted((PROMPTS / "slots").glob("*.yaml")) for pair in read_yaml(path).items()]
    for name, data in read:
        assert name not in found, f"prompts/slots defines {name!r} twice"
        tail = {str(k): Pool.of(v) for k, v in data["say"].items()}
        lead = {str(k): Pool.of(v) for k, v in data.get("lead", {}).items()}
        found[name] = Group(data["slot"], tail, lead, float(data.get("say_default", 0.3)))
    return found


@dataclass(frozen=True)
class Phrase:
    """One reading of a phrase. pieces: for every verb form, literal text and group names in turn.

    covers: slots that the phrase says or implies; when: values it needs; held: True when training must not use it;
    line: number of the source line, so that lines with many alternatives are not preferred.
    """

    pieces: Mapping[str, tuple[str, ...]]
    group_names: tuple[str, ...]
    covers: frozenset[str]
    when: Mapping[str, tuple[str, ...]]
    held: bool
    line: int

    def fits(self, args: Mapping[str, str]) -> bool:
        """True when the phrase may be said of a call with these arguments."""
        if any(args.get(slot) not in values for slot, values in self.when.items()):
            return False
        return all(args.get(groups()[g].slot) in groups()[g].tail for g in self.group_names)


@dataclass(frozen=True)
class Wording:
    """Everything sayable about one action. tails: slot -> group that says it when the phrase does not.

    phrases: by kind: verbs ("[walk] along"), nouns ("a walk"), says (a whole request, as it stands), withs (an adjunct
    to another action: "with {his} arms folded").
    """

    name: str
    part: str
    slots: Mapping[str, tuple[str, ...]]
    tails: Mapping[str, str]
    phrases: Mapping[str, tuple[Phrase, ...]]

    @property
    def verbs(self) -> tuple[Phrase, ...]:
        return self.phrases["verbs"]


def _phrase(text: str, when: Mapping[str, tuple[str, ...]], line: int) -> Phrase:
    names = tuple(n for n in _GROUP.findall(text) if n not in PRONOUNS)
    assert all(n in groups() for n in names), f"{text!r} names an unknown slot group"
    pieces = {}
    for form in FORMS:
        inflected = _VERB.sub(lambda m, form=form: inflect(m[1], form), text)
        pieces[form] = tuple(re.split(r"\{(?!he\}|him\}|his\}|himself\})(\w+)\}", inflected))
    covers = frozenset(groups()[n].slot for n in names) | frozenset(when)
    return Phrase(pieces, names, covers, when, held_out().has(text), line)


def _phrases(data: Mapping, key: str) -> tuple[Phrase, ...]:
    entries = [(text, {}) for text in data.get(key, [])]
    for case in data.get("cases", []):
        when = {s: tuple(map(str, v if isinstance(v, list) else [v])) for s, v in case["when"].items()}
        entries += [(text, when) for text in case.get(key, [])]
    return tuple(_phrase(t, when, line) for line, (text, when) in enumerate(entries) for t in expand(text))


@lru_cache(maxsize=1)
def wordings() -> Mapping[str, Wording]:
    """Wordings of every action of prompts/actions, by name."""
    found = {}
    for path in sorted((PROMPTS / "actions").glob("*.yaml")):
        data = read_yaml(path)
        slots = {s: tuple(map(str, v)) for s, v in data.get("slots", {}).items()}
        phrases = {kind: _phrases(data, kind) for kind in KINDS}
        found[data["name"]] = Wording(data["name"], data["part"], slots, data.get("tails", {}), phrases)
    return found


@dataclass(frozen=True)
class Frames:
    """Sentence frames of prompts/frames.yaml. subjects: (text, pronoun class, is a bare pronoun).

    chains: what stands between the items of a plain list, and before the last.  looks, places: details that change
    nothing about the motion.
    """

    pools: Mapping[str, Pool]
    subjects: tuple[tuple[str, str, bool], ...]
    pronouns: Mapping[str, Mapping[str, str]]
    chains: tuple[tuple[str, str], ...]
    looks: tuple[str, ...]
    places: tuple[str, ...]


@lru_cache(maxsize=1)
def frames() -> Frames:
    """Frames, joiners, subjects and pronouns."""
    data = read_yaml(PROMPTS / "frames.yaml")
    subjects = [(text, kind, False) for kind, texts in data["subjects"].items() for text in texts]
    subjects += [(kind, kind, True) for kind in data["bare"]]
    usable = tuple(s for s in subjects if not held_out().has(s[0]))
    pools = {k: Pool.of(v) for k, v in data["frames"].items()}
    chains = tuple((str(between), str(last)) for between, last in data["chains"])
    return Frames(pools, usable, data["pronouns"], chains, tuple(data["looks"]), tuple(data["places"]))
