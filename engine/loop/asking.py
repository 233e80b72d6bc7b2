"""Edits that can be meant in several ways ("raise the arm", "that jump" where there are three): one short question with
choices instead of a guess, and the answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.assess.when import find_events
from engine.core.plan import Call, Plan, parse_plan
from engine.edit.again import SIDES
from engine.edit.spans import EVENTS, ORDINALS, Span
from engine.language.interface import DialogueContext
from engine.loop.events import Choice
from engine.loop.models import Models
from engine.loop.versions import Version

SURE = 0.95
"""So likely a reading must be, among those that there are, not to be asked about."""
CHOSEN = 0.8
"""So likely an answer must make one of the choices."""
MAX_ANSWER_WORDS = 6
"""What is longer is taken for a new request."""
MAX_CHOICES = 5
_BOTH = {"left_arm": "arms", "left_leg": "legs", "left": "both"}
_BOTH |= {SIDES[side]: both for side, both in _BOTH.items()}
_NUMBERED = re.compile(
    r"(?:the )?(?:(?:number|no\.?|option|#) ?)?(\d|" + "|".join(ORDINALS) + r")(?:st|nd|rd|th)?(?: one)?"
)


@dataclass(frozen=True)
class Question:
    """What is asked about a request, and the choices, each with the plan line that it stands for."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Asked:
    """A question that is open: the request that it is about, and what there is to choose from."""

    request: str
    choices: tuple[Choice, ...]


def question_about(
    models: Models, version: Version, context: DialogueContext, request: str, plan: Plan
) -> Question | None:
    """What to ask before edits are carried out; None where the model is sure enough which side or event is meant."""
    for place, call in enumerate(plan.edits):
        for noun, readings in (_sides(call), _times(call, version)):
            if len(readings) < 2:
                continue
            lines = [str(_with(plan, place, reading)) for _, reading in readings]
            asked = [line for line, (label, _) in zip(lines, readings, strict=True) if not label.startswith("both")]
            with models.lock:
                weights = models.language.weigh(request, context, asked)
            if weights[asked.index(str(plan))] >= SURE:
                continue
            labels = [label for label, _ in readings]
            text = f"Which {noun} do you mean: {', '.join(labels[:-1])} or {labels[-1]}?"
            return Question(text, tuple(map(Choice, labels, lines)))
    return None


def answered(models: Models, context: DialogueContext, asked: Asked, text: str) -> Plan | None:
    """The plan that an answer chooses; None where it is no answer but something new."""
    said = _plain(text)
    labels = [_plain(choice.label) for choice in asked.choices]
    if said in labels:
        return parse_plan(asked.choices[labels.index(said)].line)
    numbered = _NUMBERED.fullmatch(said)
    number = int(numbered[1]) if numbered and numbered[1].isdecimal() else 0
    if numbered and not number:
        number = ORDINALS.index(numbered[1]) + 1
    if 1 <= number <= len(labels):
        return parse_plan(asked.choices[number - 1].line)
    if len(said.split()) > MAX_ANSWER_WORDS:
        return None
    lines = [choice.line for choice in asked.choices]
    with models.lock:
        weights = models.language.weigh(f"{asked.request}, {said}", context, lines)
    best = max(range(len(lines)), key=weights.__getitem__)
    return parse_plan(lines[best]) if weights[best] >= CHOSEN else None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w# ]", " ", text.lower()).split())


def _with(plan: Plan, place: int, call: Call) -> Plan:
    return replace(plan, edits=(*plan.edits[:place], call, *plan.edits[place + 1 :]))


def _sides(call: Call) -> tuple[str, Sequence[tuple[str, Call]]]:
    """What has two sides, and the call for each of them and for both."""
    key = next((k for k in ("part", "hand") if call.args.get(k) in SIDES), None)
    if key is None or call.args.get("target", "").endswith("knee"):
        return "", ()
    value = call.args[key]
    left = value if value.startswith("left") else SIDES[value]
    noun = left.partition("_")[2] or key
    values = {f"the left {noun}": left, f"the right {noun}": SIDES[left], f"both {noun}s": _BOTH[left]}
    return noun, [(label, replace(call, args={**call.args, key: v})) for label, v in values.items()]


def _times(call: Call, version: Version) -> tuple[str, Sequence[tuple[str, Call]]]:
    """An event of which there are several, and the call for each of them."""
    span = Span(call.args.get("span", ""))
    name = span.event
    before, _, index = span.text.rpartition(":")
    if name not in EVENTS or name in ("start", "end") or not index.isdecimal():
        return "", ()
    found = find_events(version.scene.motions[0]).get(name, ())[:MAX_CHOICES]
    if not 1 <= int(index) <= len(found):
        return "", ()
    noun = name.replace("_", " ")
    return noun, [
        (f"the {ORDINALS[i]} one at {start_s:.1f} s", replace(call, args={**call.args, "span": f"{before}:{i + 1}"}))
        for i, (start_s, _) in enumerate(found)
    ]
