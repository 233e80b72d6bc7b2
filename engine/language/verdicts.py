"""What a verdict may say: sentences of the model's templates, in which what was wanted is what the plan says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from engine.assess.report import NOT_AS_PLANNED
from engine.core.plan import Call, Plan

UNLIKE = "unlike"
SIDE_WORDS = {"left": "the left side", "right": "the right side", "both": "both sides"}
Templates = Mapping[str, Sequence[str]]
"""Sentences by what is wrong: 'fits', 'action', 'missing', 'order', 'physical', a slot, or 'other'; and UNLIKE,
where the request was misread, with the <number> of a reference.

<wanted> is what the plan says, <seen> what is done instead, <doing> all of the plan, <in> "In part 2, " or nothing.
"""
_MARK = re.compile(r"(<\w+>)")
_VALUE, _SLOT = "[a-z0-9 ]{1,16}", "[a-z_]{1,20}"


def slot_words(slot: str, value: str) -> str:
    """The value of a slot as a verdict says it."""
    return SIDE_WORDS.get(value, value) if slot == "side" else value


def verdict_grammar(
    plan: Plan,
    templates: Templates,
    phrases: Mapping[Call, str],
    doing: str,
    doubtful: Sequence[Call] = (),
    shown: Sequence[str] = (),
    measured: str = "",
) -> str:
    """Lark grammar of one or two sentences: one regular expression, since words could be cut up in many ways.

    phrases: each call of the plan in words.  doing: the whole plan in words.
    doubtful: calls that something is wrong with; where there are any, it is one of them.  shown: what may be seen
    instead of a call, in words.  measured: of the draft; what is not clean is one of the faults in it.
    """
    faults = [f.rstrip(".") for f in measured.partition(NOT_AS_PLANNED)[2].split("; ") if f]
    others = _either([s for s in shown if s not in phrases.values()])
    seen = dict.fromkeys(("action", "order"), others) | {
        "physical": _either(faults),
    }
    calls = list(doubtful) or [c for s in plan.segments for c in s.calls]
    wanted: dict[str, list[str]] = {}
    for call in calls:
        for kind in ("action", "missing", "order"):
            wanted.setdefault(kind, []).append(phrases[call])
        for slot, value in call.args.items():
            wanted.setdefault(slot if slot in templates else "other", []).append(slot_words(slot, value))
    parts = [f"In part {i}, " for i in range(1, len(plan.segments) + 1)] if len(plan.segments) > 1 else []
    lines = []
    for kind, sentences in templates.items():
        if kind == UNLIKE:
            continue
        if (kind == "fits" and not doubtful) or (kind == "physical" and faults) or wanted.get(kind):
            words = {"<seen>": seen.get(kind, _VALUE), "<slot>": _SLOT, "<doing>": doing}
            values = list(dict.fromkeys(wanted.get(kind, [])))
            for sentence in sentences:
                if kind != "side":
                    lines += _alternatives(sentence, values, parts, words)
                    continue
                for value in values:  # another side is seen than is wanted
                    others = {"<seen>": _either(w for w in SIDE_WORDS.values() if w != value)}
                    lines += _alternatives(sentence, [value], parts, words | others)
    sentence = f"({'|'.join(lines)})"
    expression = f"{sentence}( {sentence})?".replace("/", r"\/")
    return f"start: TEXT\nTEXT: /{expression}/\n"


def _either(texts: Iterable[str]) -> str:
    return f"({'|'.join(_escaped(t) for t in dict.fromkeys(texts))})"


def _alternatives(sentence: str, wanted: Sequence[str], parts: Sequence[str], words: Mapping[str, str]) -> list[str]:
    """The sentence as it begins with the part, and as it begins without."""
    rest = sentence.removeprefix("<in>")
    found = [_expression(rest, wanted, words, capital=True)]
    if rest != sentence and parts:
        found.append(f"({'|'.join(parts)}){_expression(rest, wanted, words, capital=False)}")
    return found


def _expression(text: str, wanted: Sequence[str], words: Mapping[str, str], capital: bool) -> str:
    pieces = []
    for piece in filter(None, _MARK.split(text)):
        first = capital and not pieces
        if piece == "<wanted>":
            pieces.append(_either(_begun(w, first) for w in wanted))
        elif piece == "<doing>":
            pieces.append(_escaped(_begun(words[piece], first)))
        else:
            pieces.append(words.get(piece) or _escaped(_begun(piece, first)))
    return "".join(pieces)


def _escaped(text: str) -> str:
    return re.sub(r"([^A-Za-z0-9 ,;:'/-])", r"\\\1", text)


def _begun(text: str, first: bool) -> str:
    return text[0].upper() + text[1:] if first else text
