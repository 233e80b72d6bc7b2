"""What the model may write: the plan language as a Lark grammar, enforced token by token by llguidance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.core.instruction import ACCEPT, REDO_ALL, Instruction, Target
from engine.core.plan import GROUPS, MAX_REFERENCE, TASKS, TOPICS, ActionSpec, Plan
from engine.edit.again import AGAIN, BACK, SETTABLE
from engine.edit.spans import ALL, PATTERN
from engine.edit.who import PERSONS, WHO
from engine.language.interface import OPEN, Evidence

_NUMBER = "/-?[0-9]{1,3}(\\.[0-9]{1,3})?/"
_INTEGER = "/-?[0-9]{1,3}/"
_TEXT = "/[A-Za-z0-9 ,.:;!?'()%°\\/^-]{1,300}/"
LEGS, UPPER = ("lower", "full"), ("upper",)
PARTS = (*LEGS, *UPPER)
MAX_PARTS = 6
"""Segments or operators of one plan."""
MAX_PLAN_TOKENS = 700
"""No plan of MAX_PARTS parts has more characters, so decoding under the grammar always comes to its end."""


def plan_grammar(
    catalogue: Mapping[str, ActionSpec],
    edits: Mapping[str, Mapping[str, Any]],
    segments: int = MAX_PARTS,
    references: int = 0,
    again: bool = False,
    done: Sequence[str] = (),
    only: tuple[str, ...] = (),
    persons: int = 1,
) -> str:
    """Lark grammar of plan lines. catalogue: the actions.  edits: operator -> argument -> schema with `.kind`.

    A schema's kind is 'number', 'integer' or 'choice' (with `.choices`). An upper action may join any lower one.
    segments: of one motion, at most.  references: clips that may be spoken of, at most MAX_REFERENCE.  again: whether
    there was an edit that may be spoken of, see `engine.edit.again`.  done: operators that `undo` may name.
    only: tasks that make motion, where nothing else is allowed.  persons: of two an edit may name one.
    """
    rules = ["start: make" if only else f"start: make | edit | ask{' | use' if references else ''} | undo"]
    more = f' (" ; " segment){{0,{segments - 1}}}' if segments > 1 else ""
    tasks = " | ".join(_quote(f"{task} ") for task in only or ("make", "append"))
    rules.append(f"make: ({tasks}) segment{more}")
    rules += _segment_rules(catalogue)
    rules += _edit_rules(edits, again, persons)
    if references:
        groups = " | ".join(map(_quote, GROUPS))
        rules.append(f'use: "use " ({groups}) " of " /[1-{min(references, MAX_REFERENCE)}]/')
    rules.append("ask: " + " | ".join(_quote(f"ask {t}") for t in TOPICS))
    one = f' (" keep"? " " ({" | ".join(map(_quote, done))}))?' if done else ""
    rules.append(f'undo: "undo"{one} | "redo" | "restore " /[1-9][0-9]?/')
    assert set(TASKS) == {"make", "append", "edit", "undo", "redo", "restore", "ask", "use"}
    return "\n".join(rules) + "\n"


def _edit_rules(edits: Mapping[str, Mapping[str, Any]], again: bool = False, persons: int = 1) -> list[str]:
    who = f' (" {WHO}=" ({" | ".join(map(_quote, PERSONS))}))?' if persons > 1 else ""
    rules = [f'edit: "edit " operator (" ; " operator){{0,{MAX_PARTS - 1}}}']
    rules.append("operator: " + " | ".join(f"op_{n}" for n in [*edits, *([AGAIN, BACK] if again else [])]))
    if again:
        rules += [f'op_{BACK}: "{BACK}"', _again_rule(edits) + who]
    for name, args in edits.items():
        rules.append(f'op_{name}: "{name}"' + "".join(_argument(k, a) for k, a in args.items()) + who)
    return rules


def _again_rule(edits: Mapping[str, Mapping[str, Any]]) -> str:
    """`again` with an amount, the other side, and any other argument that an operator has."""
    found = [(name, schema) for args in edits.values() for name, schema in args.items() if name in SETTABLE]
    known = dict(sorted(found, key=lambda item: len(item[1].choices)))
    more = "".join(f' (" {name}=" {_value(known[name])})?' for name in SETTABLE if name in known)
    return f'op_{AGAIN}: "{AGAIN}" (" side=other")?{more} (" " ("times" | "by" | "to") "=" {_NUMBER})?'


def _argument(name: str, schema: Any) -> str:
    """What is left out means all: of the clip, of the body."""
    rule = f' " {name}=" {_value(schema)}'
    return f" ({rule.strip()})?" if schema.default == ALL else rule


def instruction_grammar(plan: Plan, edits: Mapping[str, Mapping[str, Any]], evidence: Evidence = OPEN) -> str:
    """Lark grammar of the instructions (engine.core.instruction) that a draft of this plan can be mended by."""
    if evidence.like or evidence.sound:
        return choice_grammar([str(Instruction(like=evidence.like))])
    doubtful = evidence.doubtful
    every = {call for segment in plan.segments for call in segment.calls}
    targets = []
    for number, segment in enumerate(plan.segments, 1):
        if doubtful and (every <= set(doubtful) or not set(doubtful) & set(segment.calls)):
            continue
        targets += [Target(number)] if len(plan.segments) > 1 else []
        targets += [Target(number, group) for group in GROUPS[1:]] if len(segment.calls) > 1 else []
    accept = "" if doubtful else f"{_quote(ACCEPT)} | "
    rules = [f"start: {accept}{_quote(REDO_ALL)} | edit{' | redo' if targets else ''}"]
    if targets:
        more = f' (" ; " target){{0,{len(targets) - 1}}}' if len(targets) > 1 else ""
        rules.append(f"redo: target{more}")
        rules.append("target: " + " | ".join(_quote(str(t)) for t in targets))
    return "\n".join([*rules, *_edit_rules(edits)]) + "\n"


def prose_grammar() -> str:
    """Lark grammar of plain sentences."""
    return f"start: TEXT\nTEXT: {_TEXT}\n"


def segment_grammar(catalogue: Mapping[str, ActionSpec]) -> str:
    """Lark grammar of plan lines that make one segment."""
    return "\n".join(['start: "make " segment', *_segment_rules(catalogue)]) + "\n"


def call_grammar(catalogue: Mapping[str, ActionSpec], parts: Sequence[str] = PARTS) -> str:
    """Lark grammar of plan lines that make one segment of one call, of an action of these parts."""
    rules = [f'start: "make " ({" | ".join(parts)}) " for " SECONDS', *_segment_rules(catalogue)]
    return "\n".join(rules) + "\n"


def _segment_rules(catalogue: Mapping[str, ActionSpec]) -> list[str]:
    base, over = ([p for p in parts if any(s.part == p for s in catalogue.values())] for parts in (LEGS, UPPER))
    first = f"({' | '.join(base)})" + (' (" & " upper)?' if over else "") if base else ""
    rules = ['segment: calls " for " SECONDS', f"calls: {' | '.join(filter(None, [first, *over]))}"]
    rules.append("SECONDS: /0\\.[2468]|[1-5]?[1-9]\\.[02468]|[1-5]0\\.[02468]|60\\.0/")
    for part in PARTS:
        names = [n for n, s in catalogue.items() if s.part == part]
        rules.append(f"{part}: " + (" | ".join(f"act_{n}" for n in names) or '"nothing"'))
    for name, spec in catalogue.items():
        slots = "".join(f' " {k}=" ({" | ".join(_quote(v) for v in values)})' for k, values in spec.slots.items())
        rules.append(f'act_{name}: "{name}"{slots}')
    return rules


def answer_grammar(placeholders: tuple[str, ...]) -> str:
    """Lark grammar of answers: words and punctuation, and the placeholders that measured facts fill in."""
    names = " | ".join(_quote("{" + p + "}") for p in placeholders)
    return f"start: (TEXT | {names}){{1,40}}\nTEXT: {_TEXT}\n"


def choice_grammar(lines: Sequence[str]) -> str:
    """Lark grammar of exactly these lines."""
    return "start: " + " | ".join(_quote(line) for line in lines) + "\n"


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(schema: Any) -> str:
    if schema.kind == "span":
        return f"/{PATTERN}/"
    if schema.kind == "choice":
        return "(" + " | ".join(_quote(c) for c in schema.choices) + ")"
    return _INTEGER if schema.kind == "integer" else _NUMBER
