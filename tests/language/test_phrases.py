"""Answers and verdicts: true of the plan, whatever the model would rather say."""

import numpy as np
import pytest
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer

from engine.core.config import Config
from engine.core.plan import parse_plan
from engine.data.answers import answer_for, make_answers
from engine.data.compose import catalogue, sample_plan
from engine.data.describe import call_phrases
from engine.data.verdicts import sample_verdict, verdict_templates
from engine.edit.registry import edit_schemas
from engine.language.grammar import instruction_grammar
from engine.language.interface import Evidence
from engine.language.phrases import Phrases
from engine.language.shipped import FOLDER
from engine.language.vocabulary import load_vocabulary

BOTH = parse_plan(
    "make walk direction=forward speed=normal style=plain & wave side=left count=3 for 2.0 ; bow count=1 for 1.0"
)
WALK, WAVE, BOW = (call for segment in BOTH.segments for call in segment.calls)
AGAINST_WAVE = Evidence(doubtful=(WAVE,))


@pytest.fixture(scope="module")
def vocabulary():
    return load_vocabulary(Config.from_env().assets / FOLDER)


@pytest.fixture(scope="module")
def phrases():
    return Phrases(call_phrases(catalogue()), make_answers(), verdict_templates())


def allows(vocabulary, grammar, text):
    matcher = LLMatcher(from_tokenizer(vocabulary), LLMatcher.grammar_from_lark(grammar))
    tokens = vocabulary.encode(text)
    return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()


def test_what_is_learnt_can_be_said(vocabulary, phrases):
    rng, known = np.random.default_rng(1), catalogue()
    for _ in range(60):
        plan = sample_plan(rng, known)
        verdict = sample_verdict(rng, plan, known)
        if not str(verdict.text).startswith("The order"):  # there both are whole segments
            assert allows(vocabulary, phrases.verdict_grammar(verdict.goal), verdict.text), verdict.text
        assert allows(vocabulary, instruction_grammar(verdict.goal, edit_schemas()), str(verdict.instruction))
        assert answer_for(plan) in phrases.sentences(plan)


def test_what_was_wanted_is_what_the_plan_says(vocabulary, phrases):
    grammar = phrases.verdict_grammar(BOTH)
    assert allows(vocabulary, grammar, "In part 2, it shows crouching down, not bowing once.")
    assert not allows(vocabulary, grammar, "In part 2, it shows crouching down, not kicking once.")
    assert not allows(vocabulary, grammar, "In part 3, it shows crouching down, not bowing once.")


def test_what_measurement_speaks_against_is_not_accepted(vocabulary, phrases):
    free, bound = phrases.verdict_grammar(BOTH), phrases.verdict_grammar(BOTH, AGAINST_WAVE)
    assert allows(vocabulary, free, "It does what was asked for.")
    assert not allows(vocabulary, bound, "It does what was asked for.")
    assert allows(vocabulary, bound, "In part 1, it happens 2 times instead of 3.")
    assert not allows(vocabulary, bound, "In part 2, it shows crouching down, not bowing once.")
    grammar = instruction_grammar(BOTH, edit_schemas(), AGAINST_WAVE)
    said = {line: allows(vocabulary, grammar, line) for line in ("accept", "redo all", "redo part 2", "redo part 1")}
    assert said == {"accept": False, "redo all": True, "redo part 2": False, "redo part 1": True}
    assert allows(vocabulary, grammar, "redo upper of part 1") and allows(vocabulary, grammar, "edit mirror")


def test_what_is_seen_is_an_action_or_a_measured_fault(vocabulary, phrases):
    measured = "lasts 3.0 s. Not as planned: claps: counted 2 instead of 3; the planted feet slide at 12 cm/s."
    grammar = phrases.verdict_grammar(BOTH, AGAINST_WAVE, measured)
    assert allows(vocabulary, grammar, "It is not clean: the planted feet slide at 12 cm/s.")
    assert not allows(vocabulary, grammar, "It is not clean: the planted feet slide at 40 cm/s.")
    assert not allows(vocabulary, phrases.verdict_grammar(BOTH, AGAINST_WAVE), "It is not clean: the feet slide.")
    wave = "waving with their left hand three times"
    assert not allows(vocabulary, grammar, f"In part 1, it shows {wave}, not {wave}.")


def test_a_sound_draft_is_accepted_and_a_misread_request_is_done_like_a_reference(vocabulary, phrases):
    sound, like = Evidence(sound=True), Evidence(like=2)
    assert allows(vocabulary, phrases.verdict_grammar(BOTH, sound), "It does what was asked for.")
    assert not allows(vocabulary, phrases.verdict_grammar(BOTH, sound), "In part 1, it happens 2 times instead of 3.")
    assert allows(vocabulary, phrases.verdict_grammar(BOTH, like), "Reference 2 is nearer to the request than this.")
    for evidence, only in ((sound, "accept"), (like, "redo like reference 2")):
        grammar = instruction_grammar(BOTH, edit_schemas(), evidence)
        said = [
            x for x in ("accept", "redo all", "redo like reference 2", "edit mirror") if allows(vocabulary, grammar, x)
        ]
        assert said == [only]


def test_another_side_is_seen_than_is_wanted(vocabulary, phrases):
    grammar = phrases.verdict_grammar(BOTH, AGAINST_WAVE)
    assert allows(vocabulary, grammar, "In part 1, it is the right side instead of the left side.")
    assert not allows(vocabulary, grammar, "In part 1, it is the left side instead of the left side.")


def test_one_thing_can_be_made_anew(vocabulary):
    assert allows(vocabulary, instruction_grammar(BOTH, edit_schemas(), Evidence(doubtful=(BOW,))), "redo part 2")


def test_unknown_calls_are_left_to_the_model(phrases):
    odd = parse_plan("make yodel for 2.0")
    assert phrases.sentences(odd) == [] and phrases.verdict_grammar(odd) == ""
    shown = phrases.sentences(parse_plan("make as_shown for 2.0"))
    assert shown and all("what the clip shows" in s for s in shown)


def test_shipped_phrases_are_those_of_the_data_engine(phrases):
    shipped = Phrases.load(Config.from_env().assets / FOLDER)
    assert {k: list(v) for k, v in shipped.forms.items()} == phrases.forms
    assert shipped.templates == phrases.templates and shipped.verdicts == phrases.verdicts
