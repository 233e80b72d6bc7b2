"""Exact edits in words: every operator is asked for, plans are complete, the numbers said are the numbers written."""

import random
import re

import pytest

from engine.core.plan import parse_plan
from engine.data.numbers import in_words, number
from engine.data.operators import kinds, sample_operator
from engine.data.operators_amounts import UNITS
from engine.data.operators_followups import FOLLOWUPS, sample_followup, sample_going_back
from engine.data.operators_spans import say_span, seconds_token
from engine.data.operators_words import arguments, new_speaker, wording_pool, words
from engine.data.wordings import held_out
from engine.edit.again import resolve
from engine.edit.registry import build

FLOAT = r"-?\d+(?:\.\d+)?"
PART = "all|left_arm|right_arm|arms|left_leg|right_leg|legs|torso|head|upper|lower"
AMOUNT = r"\d+(?:\.\d+)?s|\d+f|\d+%"
EVENT = "(?:jump|step|kick|punch|wave|clap|turn|squat|bow|left_hand_high|right_hand_high)"
SPAN = re.compile(
    rf"all|start|end|(?:(?:before|after):)?{EVENT}:(?:[1-9]|last)|(?:first|last|from|until):(?:{AMOUNT})"
    rf"|(?:{AMOUNT})-(?:{AMOUNT})"
)
WAYS = "forward|backward|left|right"
RANGES = {
    "speed factor": (0.1, 10), "duration seconds": (0.1, 600), "repeat count": (2, 10), "loop blend": (0.1, 5),
    "hold at": (0, 600), "hold seconds": (0.1, 60), "delay seconds": (-5, 5), "fps rate": (10, 240),
    "move meters": (0, 100),
    "scale_path factor": (0, 5), "bend_path degrees": (-360, 360), "start_at x": (-100, 100), "start_at z": (-100, 100),
    "raise degrees": (-180, 180), "bend degrees": (-150, 150), "crouch centimeters": (-20, 60), "lean degrees": (0, 90),
    "twist degrees": (-90, 90), "stance centimeters": (-40, 60), "look degrees": (0, 90), "amplify factor": (0, 3),
    "exaggerate factor": (1, 3), "soften amount": (0, 1), "smooth amount": (0, 1), "blend seconds": (0.1, 10),
    "insert at": (0, 600),
}  # fmt: skip
CHOICES = {
    "ease kind": "in|out|both", "face direction": WAYS, "lean direction": WAYS, "move direction": f"{WAYS}|up|down",
    "look direction": "left|right|up|down|forward", "reach hand": "left|right|both",
    "reach target": "head|face|chest|belly|hips|left_knee|right_knee|other_hand|other_shoulder|front|side|up|floor",
    "raise part": "left_arm|right_arm|arms|left_leg|right_leg|legs|head",
    "bend part": "left_arm|right_arm|arms|left_leg|right_leg|legs",
}  # fmt: skip
IN_WORDS = {in_words(n / 2): n / 2 for n in range(2, 1600)} | {in_words(n / 100): n / 100 for n in range(400)}
FACTORED = ("amplify", "speed", "scale_path")
SPLITS = ["train", "heldout"]


def check_call(call):
    assert tuple(call.args) == arguments()[call.name], call
    for arg, value in call.args.items():
        where = f"{call.name} {arg}"
        if arg == "span":
            assert SPAN.fullmatch(value), call
        elif where in CHOICES or arg == "part":
            assert re.fullmatch(CHOICES.get(where, PART), value), call
        elif arg == "version":
            assert value.isdecimal() and int(value) >= 1
        else:
            low, high = RANGES[where]
            assert low <= float(value) <= high, call
            assert value == number(float(value)), f"{value} has trailing zeros"


@pytest.mark.parametrize("split", SPLITS)
def test_plans_are_complete_and_every_operator_is_asked_for(split):
    rng, seen, several = random.Random(3), set(), 0
    for _ in range(2500 if split == "train" else 500):
        text, plan = sample_operator(rng, split)
        assert parse_plan(str(plan)) == plan and plan.task == "edit"
        assert not re.search(r"[{}|\[\]]|  ", text) and text == text.strip(), text
        assert held_out().has(text) <= (split == "heldout"), text
        several += len(plan.edits) > 1
        for call in plan.edits:
            if call.name in arguments():
                check_call(call)
            else:
                build(call.name, call.args)
            seen.add(call.name)
    assert seen >= set(arguments()) == set(kinds()) and "mirror" in seen
    assert split == "heldout" or 0.2 < several / 2500 < 0.36


@pytest.mark.parametrize("op", list(arguments()))
def test_every_operator_is_asked_for_in_many_ways(op):
    train = {
        t for k in kinds()[op] for f in set(k.forms) for t in wording_pool("kinds", op, k.name, f).train
    }  # fmt: skip
    held = [t for k in kinds()[op] for f in set(k.forms) for t in wording_pool("kinds", op, k.name, f).held]
    assert len(train) >= 40 and held


def test_what_is_asked_is_a_question():
    asked = [(k.op, k.name) for of in kinds().values() for k in of if "ask" in k.spec]
    assert asked
    for op, name in asked:
        for text in wording_pool("kinds", op, name, "ask").train:
            assert re.match(r"(c(an|ould)|why|how|what|would|any|shouldn't|isn't|\{is\}n't) ", text), text
            assert text[-1] not in ".?!", text


def test_held_out_samples_have_held_out_words():
    rng = random.Random(5)
    texts = [sample_operator(rng, "heldout")[0] for _ in range(300)]
    texts += [sample_followup(rng, "heldout")[1] for _ in range(300)]
    assert sum(held_out().has(text) for text in texts) > 0.8 * len(texts)


def test_spans_are_said_in_many_ways():
    voice, _ = new_speaker(random.Random(0), False)
    assert sum(len(wording_pool("spans", k, "when").train) for k in words()["spans"] if k != "fixed") > 100
    for form in ("when", "noun"):
        for _ in range(1500):
            token, said = say_span(voice, form)
            assert SPAN.fullmatch(token) and said
            if found := re.fullmatch(rf"({FLOAT})(s|f|%)-({FLOAT})\2", token):
                assert float(found[1]) < float(found[3])
    assert [seconds_token(v) for v in (1, 0.25, 2.5)] == ["1.0s", "0.25s", "2.5s"]


def spoken(text):
    """The number that a text begins with, in digits or in words."""
    if found := re.match(r"\d+(?:\.\d+)?", text):
        return float(found[0])
    found = [IN_WORDS[w] for w in (text.rsplit(" ", n)[0] for n in range(1, 3)) if w in IN_WORDS]
    return found[0] if found else {"a": 1.0, "an": 1.0}[text.split()[0]]


@pytest.mark.parametrize(
    ("unit", "factors", "values"),
    [
        ("deg", {"degrees": 1, "°": 1, "deg": 1}, (5, 12, 45, 180)),
        ("cm", {"inch(es)?": 2.54, "cm|centimeters": 1, "mm": 0.1, "m|metres|meters": 100, "foot": 30}, (3, 10, 25)),
        ("m", {"(feet|ft|foot)": 0.3048, "inches": 0.0254, "yards?": 0.9144, "cm": 0.01, "m|met.+": 1}, (0.4, 1, 2)),
        ("s", {"frames?": 0.05, "m(illi)?s(econds)?": 0.001, "s|secs?|seconds?": 1}, (0.15, 0.4, 1.0)),
        ("share", {"%|per ?cent": 1}, (10, 35, 100)),
    ],
)  # fmt: skip
def test_the_number_said_is_the_number_written(unit, factors, values):
    rng = random.Random(1)
    for value in values:
        for _ in range(300):
            written, said = UNITS[unit](rng, float(value))
            if re.search(r"half|quarter|tenth|couple|second and", said):
                continue
            name, factor = next((n, f) for n, f in factors.items() if re.search(rf"(?<![a-z])({n})$", said))
            assert spoken(said) * factor == pytest.approx(written, abs=0.5 if unit == "cm" else 0.006), (said, name)


@pytest.mark.parametrize(
    ("pattern", "ops", "arg", "shift"),
    [
        (rf"({FLOAT}) ?(?:degrees|deg|°)", ("raise", "bend", "lean", "look", "twist", "bend_path"), "degrees", None),
        (rf"({FLOAT}) ?cm\b", ("crouch", "stance"), "centimeters", None),
        (rf"({FLOAT}) ?(?:%|percent) (?:bigger|more|faster|longer)", FACTORED, "factor", 1),
        (rf"({FLOAT}) ?(?:%|percent) (?:smaller|less|slower|shorter)", FACTORED, "factor", -1),
        (rf"({FLOAT}) ?(?:fps|hz)", ("fps",), "rate", None),
    ],
)  # fmt: skip
def test_numbers_in_sentences_are_those_of_the_plan(pattern, ops, arg, shift):
    rng, found = random.Random(9), 0
    for _ in range(4000):
        text, plan = sample_operator(rng)
        if len(plan.edits) > 1 or plan.edits[0].name not in ops or not (said := re.search(pattern, text.lower())):
            continue
        found += 1
        value, written = float(said[1]), float(plan.edits[0].args[arg])
        assert written == pytest.approx(1 + shift * value / 100) if shift else abs(written) == value, (text, str(plan))
    assert found > 5


@pytest.mark.parametrize(
    ("word", "token"),
    [("first half", "first:50%"), ("second half", "last:50%"), ("middle third", "33%-67%"), ("last third", "last:33%")],
)
def test_parts_of_the_clip_are_spans(word, token):
    rng = random.Random(2)
    plans = [
        plan
        for text, plan in (sample_operator(rng) for _ in range(12000))
        if re.search(rf"(?<!and )the {word}(?: of the|[.,:!?]|$)", text.lower())
    ]
    assert plans and all(any(c.args.get("span") == token for c in plan.edits) for plan in plans)


def test_sides_in_sentences_are_those_of_the_plan():
    rng = random.Random(8)
    for _ in range(4000):
        text, plan = sample_operator(rng)
        (call, *more), low = plan.edits, text.lower()
        if more or not re.search(r"\b(left|right)\b", low) or re.search("_hand_high", str(plan)):
            continue
        sides = set(re.findall(r"(left|right)(?= (?:arm|hand|leg|foot|knee|elbow))", low))
        if call.name in ("raise", "bend", "freeze", "amplify") and len(sides) == 1:
            assert call.args["part"].startswith(tuple(sides)), (text, str(plan))
        if call.name in ("twist", "bend_path"):
            assert (float(call.args["degrees"]) > 0) == bool(re.search(r"\bleft\b", low)), (text, str(plan))


@pytest.mark.parametrize("split", SPLITS)
def test_followups_say_more_of_the_edit_before(split):
    rng = random.Random(4)
    for _ in range(1500 if split == "train" else 300):
        earlier, text, plan = sample_followup(rng, split)
        task, _, script = earlier.partition(" ")
        last = parse_plan(f"edit {script}").edits
        assert parse_plan(str(plan)) == plan and not re.search(r"[{}|]|  ", text)
        assert held_out().has(text) <= (split == "heldout"), text
        assert any(call.name == "again" for call in plan.edits)
        for call in resolve(plan.edits, last, task == "undo").calls:
            check_call(call)
            assert call.name == last[0].name


@pytest.mark.parametrize("split", SPLITS)
def test_going_back_names_an_operator_or_a_version(split):
    rng = random.Random(4)
    for _ in range(300):
        earlier, text, plan = sample_going_back(rng, split)
        assert parse_plan(earlier).edits and parse_plan(str(plan)) == plan and not re.search(r"[{}|]|  ", text)
        assert plan.topic.split()[-1] in arguments() if plan.task == "undo" else plan.topic.isdecimal()


@pytest.mark.parametrize(
    ("name", "earlier", "changes"),
    [
        ("more", "raise part=left_arm degrees=20 span=all", "times=0.5"),
        ("half", "raise part=left_arm degrees=20 span=all", "times=0.5"),
        ("double", "blend version=1 seconds=0.4", "times=2"),
        ("less", "crouch centimeters=20 span=all", "times=0.667"),
        ("other_too", "bend part=left_leg degrees=30 span=all", "side=other"),
        ("other_way", "twist degrees=20 span=all", "side=other"),
        ("again", "move direction=up meters=0.2", ""),
    ],
)
def test_what_a_followup_answers(name, earlier, changes):
    (before,) = parse_plan(f"edit {earlier}").edits
    assert FOLLOWUPS[name].fits(before)
    voice, _ = new_speaker(random.Random(0), False)
    assert FOLLOWUPS[name].answer(voice, before)[1] == changes


def test_nobody_can_know_which_arm_or_which_jump():
    rng = random.Random(1)
    asked = [sample_operator(rng) for _ in range(15000)]
    raised = [(text.lower(), plan.edits[0].args["part"]) for text, plan in asked if str(plan).startswith("edit raise")]
    unsaid = re.compile(r"(?!.*\b(left|right|[lr])\b).*\b(the|his|her|its) (arm|hand)\b")
    arms = {part for text, part in raised if unsaid.match(text)}
    which = re.compile(r"that (jump|step|kick|punch|wave|clap|turn|squat|bow)\b")
    spans = [c.args.get("span", "") for text, plan in asked for c in plan.edits if which.search(text.lower())]
    assert {"left_arm", "right_arm"} <= arms and len({s.rpartition(":")[2] for s in spans if ":" in s}) > 2
