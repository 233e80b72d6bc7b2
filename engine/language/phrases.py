"""What each call is in words, so that answers and verdicts speak of the plan (phrases.json of a model's folder)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.core.plan import Call, Plan
from engine.language.grammar import choice_grammar
from engine.language.interface import OPEN, Evidence
from engine.language.stream import AS_SHOWN
from engine.language.verdicts import UNLIKE, Templates, verdict_grammar

FILE = "phrases.json"
FORMS = ("ing", "pres")
SHOWN = ("doing what the clip shows", "does what the clip shows")


def in_words(plan: Plan, phrase: Callable[[Call, str], str], form: str = "ing") -> str:
    """A plan as part of a sentence. phrase: a call in one of FORMS.

    "walking forward while clapping and then bowing", "walks forward while clapping and then bows".
    """
    told = []
    for segment in plan.segments:
        first, *rest = (phrase(call, form if i == 0 else "ing") for i, call in enumerate(segment.calls))
        told.append(f"{first} while {rest[0]}" if rest else first)
    return " and then ".join(told)


@dataclass(frozen=True)
class Phrases:
    """forms: by call, its words in each of FORMS.  templates: by task, sentences with <doing> and <does> in them.

    verdicts: see `verdicts.Templates`.
    """

    forms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    templates: Mapping[str, Sequence[str]] = field(default_factory=dict)
    verdicts: Templates = field(default_factory=dict)

    def sentences(self, plan: Plan) -> list[str]:
        """What can be answered to a plan that makes motion; nothing where one of its calls is not known."""
        if plan.task not in self.templates or not self._knows(plan):
            return []
        doing, does = (in_words(plan, self._phrase, form) for form in FORMS)
        return [t.replace("<doing>", doing).replace("<does>", does) for t in self.templates[plan.task]]

    def verdict_grammar(self, plan: Plan, evidence: Evidence = OPEN, measured: str = "") -> str:
        """Lark grammar of verdicts on a motion for this plan; '' where one of its calls is not known."""
        if evidence.like and UNLIKE in self.verdicts:
            return choice_grammar([line.replace("<number>", str(evidence.like)) for line in self.verdicts[UNLIKE]])
        if not self.verdicts or not self._knows(plan):
            return ""
        doing = in_words(plan, self._phrase)
        if evidence.sound:
            fits = (line.replace("<doing>", doing) for line in self.verdicts["fits"])
            return choice_grammar([line[0].upper() + line[1:] for line in fits])
        shown = [forms[0] for forms in self.forms.values()]
        calls = {c: self._phrase(c, "ing") for s in plan.segments for c in s.calls}
        return verdict_grammar(plan, self.verdicts, calls, doing, evidence.doubtful, shown, measured)

    def _knows(self, plan: Plan) -> bool:
        return all(str(c) in self.forms or c.name == AS_SHOWN for s in plan.segments for c in s.calls)

    def _phrase(self, call: Call, form: str) -> str:
        return self.forms.get(str(call), SHOWN)[FORMS.index(form)]

    def save(self, folder: Path) -> None:
        """Write phrases.json."""
        record = {"templates": self.templates, "verdicts": self.verdicts, "forms": self.forms}
        (folder / FILE).write_text(json.dumps(record, indent=0) + "\n")

    @staticmethod
    def load(folder: Path) -> Phrases:
        """The phrases of a model's folder; none for a model that came without."""
        path = folder / FILE
        return Phrases(**json.loads(path.read_text())) if path.is_file() else Phrases()
