"""What the model says back, as a fixed function of the plan (`prompts/answers.yaml`).

Facts that only the finished motion has stand as {seconds} {frames} {distance} ...; `plan.FACTS` names them. The engine
fills them in with measured values.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.core.plan import TOPICS, Call, Plan
from engine.data.describe import describe, steady_choice
from engine.data.wordings import PROMPTS, read_yaml

_CHANGE_LENGTH = ("speed", "trim", "keep", "repeat")


@lru_cache(maxsize=1)
def _answers() -> Mapping:
    return read_yaml(PROMPTS / "answers.yaml")


def topic_answers() -> dict[str, list[str]]:
    """The sentences that answer a question, by its topic."""
    return {topic: list(_answers()["ask"][topic]) for topic in TOPICS}


def make_answers() -> dict[str, list[str]]:
    """The sentences that answer a request for motion, by the task of its plan, with <doing> and <does>."""
    return {task: list(_answers()[task]) for task in ("make", "append")}


def _put(text: str, words: Mapping[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"<{name}>", value)
    return text


def _done(call: Call) -> str:
    """What one edit operator did, in words."""
    args, key = dict(call.args), call.name
    if key == "speed":
        args["percent"] = f"{float(args['factor']) * 100:.0f}"
    elif key == "turn":
        degrees = float(args["degrees"])
        args |= {"degrees": f"{abs(degrees):g}", "side": "left" if degrees >= 0 else "right"}
    elif key == "trim" and "0" in (args["start"], args["end"]):
        key = "trim_end" if args["start"] == "0" else "trim_start"
    elif key == "keep" and args["end"] == "0":
        key = "keep_from"
    return _put(_answers()["done"][key], args)


def answer_for(plan: Plan) -> str:
    """The answer to a turn with this plan."""
    table = _answers()
    if plan.task in ("make", "append"):
        template = steady_choice(str(plan), table[plan.task])
        return _put(template, {"doing": describe(plan), "does": describe(plan, "pres")})
    if plan.task == "edit":
        done = [_done(call) for call in plan.edits]
        text = " and then ".join([done[0], *(d[0].lower() + d[1:] for d in done[1:])])
        longer = any(c.name in _CHANGE_LENGTH for c in plan.edits)
        return _put(steady_choice(str(plan), table["edit" if longer else "edit_same_length"]), {"done": text})
    if plan.task == "ask":
        return steady_choice(str(plan), table["ask"][plan.topic])
    if plan.use is not None:
        return _put(steady_choice(str(plan), table["use"][plan.use.group]), {"number": str(plan.use.reference)})
    return steady_choice(str(plan), table[plan.task])
