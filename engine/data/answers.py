"""What the model says back, as a fixed function of the plan (`prompts/answers.yaml`).

Facts that only the finished motion has stand as {seconds} {frames} {distance} ...; `plan.FACTS` names them. The engine
fills them in with measured values.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.core.plan import TOPICS, Plan
from engine.data.describe import describe, steady_choice
from engine.data.wordings import PROMPTS, read_yaml


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


def answer_for(plan: Plan) -> str:
    """The answer to a turn with this plan; none where the engine gives its own account, as of edits."""
    table = _answers()
    if plan.task in ("make", "append"):
        template = steady_choice(str(plan), table[plan.task])
        return _put(template, {"doing": describe(plan), "does": describe(plan, "pres")})
    if plan.task == "ask":
        return steady_choice(str(plan), table["ask"][plan.topic])
    if plan.use is not None:
        return _put(steady_choice(str(plan), table["use"][plan.use.group]), {"number": str(plan.use.reference)})
    return ""
