"""Requests, their plans and answers: arithmetic, contexts, no leftovers, held-out words absent from training."""

import random
import re

import pytest
from test_captions import random_plan

from engine.core.plan import FACTS, Call, Plan, Segment, parse_plan
from engine.data.answers import answer_for
from engine.data.dialogues import sample_append, sample_replan, sample_turn
from engine.data.numbers import in_words
from engine.data.requests import edit_wordings, make_edit, pool, sample_edit, sample_history, sample_question
from engine.data.wordings import held_out
from engine.edit.registry import build


def length(call):
    return 1.0 + int(call.args.get("count", "1"))


LEFT_OVER = re.compile(r"[\[\]{}|<]|  | [,.]")


def test_edits_are_plans_that_the_operators_accept():
    rng = random.Random(0)
    for _ in range(1500):
        text, plan = sample_edit(rng)
        assert parse_plan(str(plan)) == plan and plan.task == "edit"
        assert not LEFT_OVER.search(text), text
        assert not held_out().pattern.search(text.lower()), text
        for call in plan.edits:
            build(call.name, call.args)


def test_numbers_in_words():
    said = {0.2: "zero point two", 1.5: "one and a half", 45: "forty-five", 115: "one hundred fifteen", 20: "twenty"}
    assert {value: in_words(value) for value in said} == said


def test_parts_and_multiples_agree_with_the_words():
    rng = random.Random(2)
    parts = {"a quarter": 0.25, "a third": 0.333, "two thirds": 0.667, "half": 0.5, "a tenth": 0.1}
    signs = {"fraction_of": (0, 1), "fraction_off": (1, -1), "fraction_more": (1, 1)}
    for _ in range(300):
        for op, (base, sign) in signs.items():
            call, words = make_edit(rng, op)
            if words["frac"] in parts:
                assert float(call.args["factor"]) == pytest.approx(base + sign * parts[words["frac"]])
        call, words = make_edit(rng, "times_slower")
        assert float(call.args["factor"]) == pytest.approx(1 / int(words["n"]), abs=1e-3)
        call, words = make_edit(rng, "repeat")
        extra = re.match(r"(?:another )?(\d+)", words["more"])
        assert extra is None or int(call.args["count"]) == int(extra[1]) + 1
        call, _ = make_edit(rng, "trim_even")
        assert call.args["start"] == call.args["end"]


def test_percentages_and_factors_agree_with_the_words():
    rng = random.Random(1)
    for _ in range(300):
        call, words = make_edit(rng, "pct_slower")
        digits = re.match(r"\d+", words["pct"])
        if digits:
            assert float(call.args["factor"]) == pytest.approx(1 - int(digits[0]) / 100)
        call, words = make_edit(rng, "pct_faster")
        digits = re.match(r"\d+", words["pct"])
        if digits:
            assert float(call.args["factor"]) == pytest.approx(1 + int(digits[0]) / 100)
        call, words = make_edit(rng, "turn")
        assert (float(call.args["degrees"]) > 0) == (words["side"] == "left")
        call, words = make_edit(rng, "factor")
        assert call.args["factor"] == words["n"]


@pytest.mark.parametrize("op", sorted(edit_wordings()["ops"]))
def test_every_kind_of_edit_has_training_words(op):
    kinds = [k for k in edit_wordings()["ops"][op] if k != "set"]
    assert kinds and all(pool("ops", op, kind).train for kind in kinds)


def test_turns_are_whole():
    rng = random.Random(2)
    tasks = {}
    for _ in range(1500):
        turn = sample_turn(rng, random_plan, lengths=length)
        plan = parse_plan(turn.plan)
        tasks[plan.task] = tasks.get(plan.task, 0) + 1
        assert str(plan) == turn.plan
        assert turn.has_motion or not turn.last_plan
        assert plan.task == "make" or turn.has_motion
        assert not held_out().pattern.search(turn.request.lower()), turn.request
        facts = re.findall(r"\{(\w+)\}", turn.answer)
        assert set(facts) <= set(FACTS)
        assert not LEFT_OVER.search(re.sub(r"\{\w+\}", "1", turn.answer)), turn.answer
        assert not LEFT_OVER.search(turn.request), turn.request
    assert set(tasks) == {"make", "edit", "append", "undo", "redo", "restore", "ask", "use"}
    assert 0.4 < tasks["make"] / 1500 < 0.7


def test_replans_change_one_thing():
    rng = random.Random(3)
    last = parse_plan("make wave side=right count=3 for 2.4")
    seen = {}
    for _ in range(400):
        found = sample_replan(rng, last, random_plan(rng), "train", length)
        if found is None:
            continue
        text, plan = found
        assert plan != last and not LEFT_OVER.search(text), text
        seen[str(plan)] = text.lower()
    assert "left" in seen["edit other_hand"]
    assert any(p.startswith("make wave side=right count=5") for p in seen)
    assert any(p.startswith("make wave side=right count=3 for ") for p in seen)
    assert any(p.startswith("make ") and "wave" not in p for p in seen)


def test_leg_sides_are_replanned_not_mirrored():
    rng = random.Random(4)
    last = Plan("make", (Segment((Call("hop", {"side": "right", "direction": "up", "count": "1"}),), 1.2),))
    plans = {str(f[1]) for _ in range(300) if (f := sample_replan(rng, last, last, "train", length))}
    assert "make hop side=left direction=up count=1 for 1.2" in plans
    assert "edit other_hand" not in plans


def test_appends_sound_like_a_continuation():
    rng = random.Random(5)
    cues = "then now let after next end fin con final add extend going append done follow proceed round here"
    cue = re.compile(f"{cues.replace(' ', '|')}|go on|from there", re.I)
    for form in ("base", "pres", "ing"):
        assert all(cue.search(template) for template in pool("append", form).train)
    without = []
    for _ in range(300):
        text, plan = sample_append(rng, random_plan(rng))
        assert plan.task == "append" and 1 <= len(plan.segments) <= 2
        without += [] if cue.search(text) else [text]
    assert len(without) <= 3, without  # a typing mistake may hide the cue


def test_history_and_questions():
    rng = random.Random(6)
    assert {str(sample_history(rng)[1]) for _ in range(60)} == {"undo", "redo"}
    topics = {str(sample_question(rng)[1]) for _ in range(200)}
    assert topics == {"ask duration", "ask content", "ask distance", "ask frames", "ask speed", "ask turn"}


def test_held_out_requests_use_held_out_words():
    rng = random.Random(7)
    said = [held_out().has(sample_edit(rng, "heldout")[0].lower()) for _ in range(200)]
    assert sum(said) > 160


@pytest.mark.parametrize(
    "plan, words",
    [
        ("make walk direction=forward speed=slow style=plain for 4.0", "walk"),
        ("ask duration", "{seconds}"),
    ],
)
def test_answers_say_what_was_done(plan, words):
    assert words in answer_for(parse_plan(plan))
    assert answer_for(parse_plan(plan)) == answer_for(parse_plan(plan))


def test_edits_are_told_by_the_operators():
    assert answer_for(parse_plan("edit mirror")) == ""


def test_content_is_told_from_what_is_measured():
    assert "{content}" in answer_for(parse_plan("ask content"))
    assert "{speed}" in answer_for(parse_plan("ask speed"))
