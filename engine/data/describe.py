"""A plan in plain fixed words, for answers."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from itertools import product

from engine.core.plan import ActionSpec, Call, Plan
from engine.data.wordings import PRONOUN, frames, groups, wordings
from engine.language.phrases import FORMS, in_words


def describe(plan: Plan, form: str = "ing") -> str:
    """The plan in plain fixed words for answers: always the same text for the same plan ("walking forward ...")."""
    return in_words(plan, describe_call, form)


def call_phrases(known: Mapping[str, ActionSpec]) -> dict[str, list[str]]:
    """Every call of every action in each of phrases.FORMS, by the call as a plan writes it."""
    found = {}
    for spec in known.values():
        for values in product(*spec.slots.values()):
            call = Call(spec.name, dict(zip(spec.slots, values, strict=True)))
            found[str(call)] = [describe_call(call, form) for form in FORMS]
    return found


def describe_call(call: Call, form: str) -> str:
    """The first phrase of the action and the first wording of every slot."""
    wording = wordings()[call.name]
    phrase = next(p for p in wording.verbs if not p.held and not p.when and p.fits(call.args))
    pieces = list(phrase.pieces[form])
    for i in range(1, len(pieces), 2):
        group = groups()[pieces[i]]
        pieces[i] = group.tail[call.args[group.slot]].train[0]
    text = "".join(pieces)
    for slot, value in call.args.items():
        if slot not in phrase.covers and slot in wording.tails:
            group = groups()[wording.tails[slot]]
            if value in group.tail and (value != wording.slots[slot][0] or group.say_default > 0.2):
                text = f"{text} {group.tail[value].train[0]}"
    text = PRONOUN.sub(lambda m: frames().pronouns["they"][m[1]], text)
    return re.sub(r"\s+", " ", text).strip()


def steady_choice(plan_text: str, options: Sequence[str]) -> str:
    """One of the options, always the same for the same plan line."""
    return options[zlib.crc32(plan_text.encode()) % len(options)]
