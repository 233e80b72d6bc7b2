"""Long requests: lasting actions go on, others are done again, lengths stay."""

import pytest

from engine.core.plan import parse_plan
from engine.data.registry import catalogue
from engine.loop.lengths import fill_lengths, shorten


@pytest.mark.parametrize(
    "text, segments",
    [
        ("make march direction=place for 30.0", 1),
        ("make bow count=1 for 30.0", 6),
        ("make squat count=5 for 30.0", 1),
        ("make sit for 20.0", 1),
        ("make walk direction=forward speed=normal style=plain & wave side=left count=3 for 60.0", 1),
        ("make clap count=3 for 9.0", 1),
        ("make nod count=2 for 12.0 ; sit for 2.0", 3),
    ],
)
def test_what_cannot_last_is_done_again(text, segments):
    plan = parse_plan(text)
    filled = fill_lengths(plan, catalogue())
    assert len(filled.segments) == segments and filled.num_steps == plan.num_steps
    lengths = [s.num_steps for s in filled.segments if s.calls == plan.segments[0].calls]
    assert max(lengths) - min(lengths) <= 1


def test_what_is_done_a_number_of_times_sets_the_time_for_both():
    known = catalogue()
    walk = "walk direction=forward speed=normal style=plain"
    for line, seconds in [
        (f"make {walk} & wave side=right count=3 for 4.6", 3.2),
        (f"make {walk} & wave side=right count=3 for 2.4", 2.4),
        (f"make {walk} & wave side=right count=3 for 8.0", 8.0),
        (f"make {walk} & cross_arms for 4.6", 4.6),
        (f"make {walk} for 4.6", 4.6),
    ]:
        assert shorten(parse_plan(line), known).seconds == seconds, line
