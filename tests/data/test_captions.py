"""Captions and verb forms: everything can be worded, nothing is left unfilled, training never sees held-out words."""

import random
import re

import pytest

from engine.core.plan import Call, Plan, Segment, parse_plan
from engine.data.captions import caption_plan
from engine.data.describe import describe
from engine.data.registry import ACTIONS as ACTION_REGISTRY
from engine.data.wordings import PROMPTS, Pool, expand, frames, groups, held_out, inflect, read_yaml, wordings

ACTIONS = sorted(wordings())


def random_call(rng, parts=("lower", "full", "upper")):
    wording = wordings()[rng.choice([n for n in ACTIONS if wordings()[n].part in parts])]
    return Call(wording.name, {s: v[0] if rng.random() < 0.4 else rng.choice(v) for s, v in wording.slots.items()})


def random_plan(rng):
    segments = []
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        calls = (random_call(rng),)
        if rng.random() < 0.3:
            calls = (random_call(rng, ("lower",)), random_call(rng, ("upper",)))
        segments.append(Segment(calls, rng.choice((1.0, 2.4, 4.0))))
    return Plan("make", tuple(segments))


@pytest.mark.parametrize(
    "verb, pres, ing, past",
    [
        ("walk", "walks", "walking", "walked"),
        ("jog", "jogs", "jogging", "jogged"),
        ("squat", "squats", "squatting", "squatted"),
        ("raise", "raises", "raising", "raised"),
        ("crouch", "crouches", "crouching", "crouched"),
        ("carry", "carries", "carrying", "carried"),
        ("play", "plays", "playing", "played"),
        ("go", "goes", "going", "went"),
        ("lie", "lies", "lying", "lay"),
        ("tiptoe", "tiptoes", "tiptoeing", "tiptoed"),
        ("spin", "spins", "spinning", "spun"),
        ("look", "looks", "looking", "looked"),
        ("bow", "bows", "bowing", "bowed"),
        ("box", "boxes", "boxing", "boxed"),
        ("agree", "agrees", "agreeing", "agreed"),
        ("sneak", "sneaks", "sneaking", "sneaked"),
    ],
)
def test_verb_forms(verb, pres, ing, past):
    assert [inflect(verb, form) for form in ("base", "pres", "ing", "past")] == [verb, pres, ing, past]


def test_every_verb_of_the_prompts_inflects_to_letters():
    text = "".join(p.read_text() for p in PROMPTS.rglob("*.yaml"))
    verbs = set(re.findall(r"\"[^\"]*?\[([a-z-]+)\]", text)) | set(re.findall(r"\[([a-z-]+)\]", text))
    assert len(verbs) > 250
    for verb in verbs:
        assert all(re.fullmatch(r"[a-z-]+", inflect(verb, form)) for form in ("pres", "ing", "past")), verb


def test_the_words_match_the_catalogue():
    for name, item in ACTION_REGISTRY.items():
        assert wordings()[name].part == item.spec.part
        assert wordings()[name].slots == dict(item.spec.slots), name


def test_alternatives_expand():
    assert list(expand("a(| big) (bow|nod)")) == ["a bow", "a nod", "a big bow", "a big nod"]


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_and_slot_value_has_words(name):
    wording = wordings()[name]
    rng = random.Random(name)
    assert len({p.line for p in wording.verbs if not p.held}) >= 12
    base = {slot: values[0] for slot, values in wording.slots.items()}
    for slot, values in wording.slots.items():
        texts = {}
        for value in values:
            plan = Plan("make", (Segment((Call(name, {**base, slot: value}),), 2.0),))
            texts[value] = {caption_plan(plan, rng, seconds=0.0, noisy=False) for _ in range(60)}
        for value in values[1:]:
            shared = texts[value] & texts[values[0]]
            assert not shared, f"{name} {slot}={value} is said like the default: {sorted(shared)[:3]}"


def test_the_words_are_many():
    lines = sum(len({p.line for p in part}) for w in wordings().values() for part in w.phrases.values())
    held = sum(p.held for w in wordings().values() for part in w.phrases.values() for p in part)
    phrases = sum(len(part) for w in wordings().values() for part in w.phrases.values())
    assert lines >= 17000 and 0.01 < held / phrases < 0.2
    assert len(frames().pools["single"].train) > 80


def test_captions_are_whole():
    rng = random.Random(3)
    for _ in range(600):
        plan = random_plan(rng)
        text = caption_plan(plan, rng, noisy=False)
        assert not re.search(r"[\[\]{}|<>]|  | ,|\bNone\b", text.replace(" -> ", " ").replace(" > ", " ")), text
        assert not re.search(r"\b(\w+) \1\b", text.replace("that that", "")), text
        assert not re.search(r"\ba [aeio]", re.sub(r"\ba (one|once|u)", "", text.lower())), text
        assert 2 <= len(text) < 500


def test_training_never_says_a_held_out_word():
    rng = random.Random(5)
    pattern = held_out().pattern
    for _ in range(3000):
        text = caption_plan(random_plan(rng), rng).lower()
        assert not pattern.search(text), f"{pattern.search(text)} in {text!r}"


def test_held_out_frames_exist_and_are_kept_apart():
    texts = set()
    for name in ("frames.yaml", "edits.yaml"):
        texts |= set(re.findall(r"\"([^\"]+)\"", (PROMPTS / name).read_text()))
    listed = read_yaml(PROMPTS / "held_out.yaml")["frames"]
    assert set(listed) <= texts, sorted(set(listed) - texts)
    for pool in frames().pools.values():
        assert not set(pool.train) & set(listed)


def test_held_out_captions_use_held_out_words():
    rng = random.Random(6)
    plans = [random_plan(rng) for _ in range(300)]
    said = [held_out().has(caption_plan(p, rng, "heldout", noisy=False)) for p in plans]
    assert sum(said) > 0.9 * len(said)


def test_every_held_out_word_is_used_somewhere():
    text = " ".join(p.read_text().lower() for p in PROMPTS.rglob("*.yaml") if p.name != "held_out.yaml")
    text = re.sub(r"[\[\]]", "", text)
    unused = [w for w in held_out().words if w not in text]
    assert not unused


def test_slot_groups_have_training_words():
    for name, group in groups().items():
        for value, pool in group.tail.items():
            assert pool.train, f"{name} {value}"
            assert isinstance(pool, Pool)


def test_composites_and_orders():
    rng = random.Random(1)
    plan = parse_plan(
        "make walk direction=forward speed=normal style=plain & wave side=left count=3 for 4.0 ; sit for 2.0"
    )
    texts = [caption_plan(plan, rng, noisy=False) for _ in range(200)]
    assert all("left" in t for t in texts)
    assert describe(plan) == "walking forward while waving with their left hand three times and then sitting down"
    walk = [
        t
        for t in texts
        if "walk" in t and re.search(r"\bsit", t) and "after" not in t and "before" not in t and "but" not in t
    ]
    assert walk and sum(t.index("walk") < len(re.split(r"\bsit", t)[0]) for t in walk) > 0.85 * len(walk)


def test_seconds_are_said_when_asked_for():
    rng = random.Random(2)
    plan = parse_plan("make nod count=2 for 5.0")
    assert all(re.search(r"\b(5|five)", caption_plan(plan, rng, seconds=1.0, noisy=False)) for _ in range(50))


def test_same_chance_same_caption():
    plan = parse_plan("make clap count=5 for 2.0")
    assert caption_plan(plan, random.Random(9)) == caption_plan(plan, random.Random(9))
