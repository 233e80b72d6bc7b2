"""Requests: limits in words, seeds, and the stretching of plans."""

import pytest

from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.loop.request import Request, TurnOptions, rescale, turn_seed

PLAN = parse_plan("make walk direction=forward for 4.0 ; bow count=1 for 2.0 ; clap count=3 for 0.2")


@pytest.mark.parametrize("seconds", [0.6, 1.0, 3.1, 6.2, 12.0, 29.8])
def test_rescaled_plans_have_exactly_the_length(seconds):
    plan = rescale(PLAN, seconds)
    assert plan.num_steps == round(seconds / 0.2)
    assert all(s.num_steps >= 1 for s in plan.segments)
    assert parse_plan(str(plan)) == plan


def test_rescaling_keeps_proportions_and_calls():
    plan = rescale(parse_plan("make walk for 4.2 ; bow count=1 for 2.2"), 12.4)
    assert str(plan) == "make walk for 8.2 ; bow count=1 for 4.2"
    assert rescale(PLAN, None) is PLAN


def test_too_many_actions_for_the_time():
    with pytest.raises(UserError, match="3 actions do not fit"):
        rescale(PLAN, 0.4)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"seconds": 0.1}, "length"),
        ({"seconds": 61}, "length"),
        ({"candidates": 0}, "candidates"),
        ({"seed": -1}, "seed"),
    ],
)
def test_options_have_limits(options, words):
    with pytest.raises(UserError, match=words):
        TurnOptions(**options)


def test_requests_are_checked():
    for text, files in (("  ", []), ("x" * 1001, []), ("two dance", ["a.bvh", "b.bvh", "c.bvh"])):
        with pytest.raises(UserError):
            Request.of(text, files, None, 0, 0)
    assert Request.of(" go ", [], TurnOptions(seed=5), 1, 2).seed == 5


def test_turn_seeds_differ_and_repeat():
    seeds = {turn_seed(s, t) for s in range(10) for t in range(10)}
    assert len(seeds) == 100
    assert turn_seed(3, 4) == turn_seed(3, 4)
